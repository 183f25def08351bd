//! The rules of judgement, each at its boundary.

mod agreement;
mod deletion;
mod given;
mod history;
mod ignored;
mod records;
mod report;
mod schedule;
mod tasks;
