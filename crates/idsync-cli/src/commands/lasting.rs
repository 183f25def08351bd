//! Which problems will be there at the next look too.

use idsync::ErrorKind;
use idsync::health::Problem;

/// Whether asking again will meet the same problem: somebody has to mend something first. All others may pass.
pub(super) fn is_lasting(problem: &Problem) -> bool {
    match problem.error.kind {
        ErrorKind::InvalidInput
        | ErrorKind::Configuration
        | ErrorKind::Credentials
        | ErrorKind::Authentication
        | ErrorKind::Permission
        | ErrorKind::NotFound
        | ErrorKind::Redirect => true,
        // What is wrong with a request is wrong with the next one too.
        ErrorKind::Service => is_of_the_request(problem),
        _ => false,
    }
}

/// Whether the service blames the request, as for the id of a cluster that DWS does not have.
fn is_of_the_request(problem: &Problem) -> bool {
    problem
        .error
        .status
        .is_some_and(|status| (400..500).contains(&status))
}
