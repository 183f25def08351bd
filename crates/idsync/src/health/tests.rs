//! The rules of judgement, each at its boundary.

mod agreement;
mod case;
mod deletion;
mod given;
mod history;
mod ignored;
mod memory;
mod model;
mod promises;
mod records;
mod report;
mod schedule;
mod tasks;
