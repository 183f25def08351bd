//! What a hostile or broken server can answer, row by row: what the caller sees of it, and at what cost in requests.
//!
//! Each row is answered to all three operations over real HTTP. Nothing may hang, panic, or pass for an empty success.

mod documents;
mod encodings;
mod framing;
mod heads;
mod outcome;
mod row;
mod run;
mod statuses;
mod time;
