//! Tests that cross the crates of the workspace; see the folders beside this file.
