//! Lists against model servers that mean different things by `offset`, `limit` and total, and change.

mod model;
mod position;
mod properties;
mod rule;
