//! What each exit code means.

use super::layout::define;
use crate::exit::Exit;

/// All there is to say of exit codes.
pub(super) fn text() -> String {
    let mut text = "The command ends with one of these codes:\n".to_owned();
    for exit in Exit::ALL {
        define(&mut text, &(exit as u8).to_string(), meaning(exit));
    }
    text + NOTES
}

fn meaning(exit: Exit) -> &'static str {
    match exit {
        Exit::Done => {
            "done; for status whatever the verdicts are, for wait when the state is reached, for watch when it was ended"
        }
        Exit::Failed => {
            "the work failed, a part of an answer could not be read, or it was interrupted before its end"
        }
        Exit::Usage => "wrong usage or configuration; no service was asked for anything",
        Exit::Matched => {
            "done, and a verdict named by --fail-on was found; for wait --until healthy, a cluster is failing"
        }
        Exit::Refused => "a service refused the credentials, or they lack a permission",
        Exit::TimedOut => "wait: the time was up before the state was reached",
    }
}

const NOTES: &str = "
Where nothing at all could be learned, status ends with the code of the error. Where some of it
could not, that is part of the report. An interrupted status prints what it knows, says that it is
partial, and ends with 1 whatever --fail-on says; a second interrupt ends it at once. An
interrupted watch was meant to end: 0. A reader that closes the pipe is no failure.

`idsync doctor --help` tells what the codes mean for a check-up.
";
