//! Whether the clock of this machine is right.

use jiff::SignedDuration;

use super::Check;

/// From here on, the limit of signatures is near enough to be told of.
const NEAR: SignedDuration = SignedDuration::from_mins(5);

const NAME: &str = "clock";

/// The gateway refuses a signature that is further off (API signing guide).
const LIMIT: SignedDuration = SignedDuration::from_mins(15);

/// What it means that this clock is `skew` behind; `None` if no answer carried a date.
pub(super) fn check(skew: Option<SignedDuration>) -> Check {
    const SET: &str = "set the clock of this machine, best by NTP";
    let Some(skew) = skew else {
        return Check::skipped(NAME, "no service gave an answer with a date");
    };
    let direction = if skew.is_negative() {
        "ahead"
    } else {
        "behind"
    };
    let shown = format!("{:#} {direction}", skew.abs());
    if skew.abs() > LIMIT {
        let message = format!("this clock is {shown}; signatures more than 15 min off are refused");
        Check::fail(NAME, message, SET)
    } else if skew.abs() >= NEAR {
        let message =
            format!("this clock is {shown}; signatures more than 15 min off will be refused");
        Check::warn(NAME, message, SET)
    } else if skew.is_zero() {
        Check::ok(NAME, "agrees with the services to the second")
    } else {
        Check::ok(NAME, format!("{shown}, which does no harm"))
    }
}
