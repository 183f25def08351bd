//! How many connections the system allows at a time.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Asks for as many as this process may have at all: each connection takes one descriptor, and the usual limit is low.
pub(super) fn raise() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    // With what it has it serves too; connections beyond that wait until others are closed.
    let _ = setrlimit(Resource::Nofile, raised);
}
