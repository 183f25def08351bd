//! The walk against model services that mean different things by `offset`, `limit` and `total`, and change.

mod ahead;
mod case;
mod changing;
mod ends;
mod memory;
mod model;
mod still;
mod traces;
