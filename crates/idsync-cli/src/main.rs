//! The command `idsync`.

fn main() {}
