//! The official SDKs against the emulator: every operation, every parameter, every way to be refused.
//!
//! The SDKs are unchanged; small programs in `tests/peers` make the calls that they are told to. What must come of a call is
//! worked out here, from lists that were read without filters, and not asked from the emulator a second time.

mod call;
mod cases;
mod expected;
mod peer;
mod reference;
mod table;

use std::path::Path;

use self::cases::Case;
use self::expected::Expected;
pub(crate) use self::peer::PYTHON_PACKAGES;
use self::peer::Peer;
use self::reference::Reference;
use self::table::{Line, Table};
use crate::emulator::{self, Emulator};
use crate::tools::{Failure, Toolbox};

/// Lets both SDKs make every call; gives the table of what came of it.
///
/// # Errors
///
/// [`Failure`] if something cannot be installed or started, or with the table if one case did not end as expected.
pub fn run(root: &Path) -> Result<String, Failure> {
    let program = emulator::build(root, false)?;
    let emulator = Emulator::start(&program, &["--records", "25"])?;
    let mut table = Table::default();
    for mut peer in peer::start_all(root, &Toolbox::of(root), emulator.told("/url"))? {
        // Made when they are needed: some hold a time of day, and installing an SDK can take minutes.
        for case in &cases::all(&emulator)? {
            table.add(judged(&emulator, &mut peer, case)?);
        }
    }
    table.told()
}

/// Makes the calls of a case and holds what came against what must come.
fn judged(emulator: &Emulator, peer: &mut Peer, case: &Case) -> Result<Line, Failure> {
    let mut problems = Vec::new();
    let mut told_apart = !case.selects;
    for (call, expected) in &case.calls {
        // The data may change with the emulator's clock: what it was right before or right after the call is right.
        let before = Reference::read(emulator, call)?;
        let outcome = peer.ask(&call.json())?;
        let after = Reference::read(emulator, call)?;
        let found =
            [&before, &after].map(|reference| expected.check(peer, call, reference, &outcome));
        if let [Err(problem), Err(_)] = found {
            problems.push(problem);
        }
        told_apart |= matches!(expected, Expected::Answer) && before.is_changed_by(call);
    }
    if !told_apart {
        problems.push("no value of the parameter makes a difference to the answer".to_owned());
    }
    Ok(Line {
        sdk: peer.name,
        operation: case.operation(),
        case: case.name,
        calls: case.calls.len(),
        problems,
    })
}
