//! Development tasks of the workspace.
