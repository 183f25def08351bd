//! The rules of judgement, each at its boundary.

mod agreement;
mod given;
mod history;
mod records;
mod report;
mod schedule;
mod tasks;
