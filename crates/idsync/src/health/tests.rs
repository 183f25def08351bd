//! The judgement, sentence by sentence, and what holds for every one.

mod given;
mod ignored;
mod properties;
mod records;
mod report;
#[cfg(feature = "config-files")]
mod rules;
mod schedule;
mod tasks;
mod world;
