//! What must come of a call, and how what came differs from it.

use serde_json::Value;

use super::doubles::rounded;
use super::driver::Outcome;
use super::refusal::Refusal;

/// What a generated client must make of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expectation {
    /// A success with exactly these values in its fields.
    Fields(Value),
    /// A success in which no field of the answer itself is null and no list empty. For what the emulator says unasked.
    Something,
    /// An error with this status, and this error code or none.
    Failure(Refusal),
}

impl Expectation {
    /// The same, for a language that keeps every number as a double.
    pub(super) fn in_doubles(&self) -> Self {
        match self {
            Self::Fields(fields) => Self::Fields(rounded(fields)),
            other => other.clone(),
        }
    }

    /// How `outcome` falls short; none if it is as it must be.
    pub(super) fn shortfall(&self, outcome: &Outcome) -> Option<String> {
        match (self, outcome) {
            (Self::Fields(expected), Outcome::Answer(read)) => difference("answer", expected, read),
            (Self::Something, Outcome::Answer(read)) => nothing(read),
            (Self::Failure(expected), Outcome::Failure(told)) => {
                (expected != told).then(|| format!("{expected} was expected, {told} was told"))
            }
            (Self::Failure(expected), Outcome::Answer(_)) => {
                Some(format!("{expected} was expected, and taken for a success"))
            }
            (_, Outcome::Failure(told)) => Some(format!("a success was expected, {told} was told")),
            (_, Outcome::Crash(error)) => Some(format!("an error without a status: {error}")),
        }
    }
}

/// The first place where two values differ.
fn difference(place: &str, expected: &Value, read: &Value) -> Option<String> {
    match (expected, read) {
        (Value::Object(expected), Value::Object(read)) => {
            let unknown = read.keys().find(|name| !expected.contains_key(*name));
            let missing = expected
                .iter()
                .find_map(|(name, value)| match read.get(name) {
                    Some(read) => difference(&format!("{place}.{name}"), value, read),
                    None => Some(format!("{place}.{name} was not read")),
                });
            missing.or_else(|| unknown.map(|name| format!("{place}.{name} is not in the document")))
        }
        (Value::Array(expected), Value::Array(read)) if expected.len() == read.len() => {
            let mut pairs = expected.iter().zip(read).enumerate();
            pairs.find_map(|(index, (value, read))| {
                difference(&format!("{place}[{index}]"), value, read)
            })
        }
        _ if expected == read => None,
        _ => Some(format!("{place}: {expected} was sent, {read} was read")),
    }
}

/// Why an answer tells nothing.
fn nothing(read: &Value) -> Option<String> {
    let Value::Object(fields) = read else {
        return Some(format!("answer: {read} has no fields"));
    };
    let empty = fields
        .iter()
        .find(|(_, value)| value.is_null() || value.as_array().is_some_and(Vec::is_empty));
    empty.map(|(name, value)| format!("answer.{name}: something was expected, {value} was read"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refusal(status: u16, code: Option<&str>) -> Refusal {
        let code = code.map(str::to_owned);
        Refusal { status, code }
    }

    fn told(status: u16, code: Option<&str>) -> Outcome {
        Outcome::Failure(refusal(status, code))
    }

    fn failing(status: u16, code: Option<&str>) -> Expectation {
        Expectation::Failure(refusal(status, code))
    }

    #[test]
    fn the_field_that_differs_is_named_with_both_values() {
        let expected = Expectation::Fields(json!({"things": [{"n": 1}, {"n": 2}]}));
        let read = Outcome::Answer(json!({"things": [{"n": 1}, {"n": 3}]}));
        assert_eq!(
            expected.shortfall(&read).unwrap(),
            "answer.things[1].n: 2 was sent, 3 was read"
        );
        assert_eq!(
            expected.shortfall(&Outcome::Answer(json!({"things": [{"n": 1}, {"n": 2}]}))),
            None
        );
    }

    #[test]
    fn a_field_that_a_driver_forgot_or_invented_is_named() {
        let expected = Expectation::Fields(json!({"a": null}));
        let forgot = expected.shortfall(&Outcome::Answer(json!({})));
        assert_eq!(forgot.unwrap(), "answer.a was not read");
        let invented = expected.shortfall(&Outcome::Answer(json!({"a": null, "b": 1})));
        assert_eq!(invented.unwrap(), "answer.b is not in the document");
    }

    #[test]
    fn lists_of_other_lengths_null_and_absent_text_are_told_apart() {
        for (sent, read) in [
            (json!([]), json!(null)),
            (json!([1]), json!([])),
            (json!(""), json!(null)),
        ] {
            let expected = Expectation::Fields(json!({ "a": sent }));
            assert!(
                expected
                    .shortfall(&Outcome::Answer(json!({ "a": read })))
                    .is_some()
            );
        }
    }

    #[test]
    fn a_failure_must_have_its_status_and_its_code() {
        let expected = failing(403, Some("APIGW.0302"));
        assert_eq!(expected.shortfall(&told(403, Some("APIGW.0302"))), None);
        assert!(expected.shortfall(&told(401, Some("APIGW.0302"))).is_some());
        assert!(expected.shortfall(&told(403, None)).is_some());
        assert!(
            failing(502, None)
                .shortfall(&told(502, Some("x")))
                .is_some()
        );
    }

    #[test]
    fn success_and_failure_are_never_taken_for_each_other() {
        assert!(
            failing(200, None)
                .shortfall(&Outcome::Answer(json!({})))
                .is_some()
        );
        assert!(
            Expectation::Fields(json!({}))
                .shortfall(&told(200, None))
                .is_some()
        );
        assert!(Expectation::Something.shortfall(&told(200, None)).is_some());
    }

    #[test]
    fn an_error_without_a_status_is_never_as_it_must_be() {
        for expected in [
            failing(200, None),
            Expectation::Something,
            Expectation::Fields(json!({})),
        ] {
            let shortfall = expected.shortfall(&Outcome::Crash("no JSON".to_owned()));
            assert_eq!(shortfall.unwrap(), "an error without a status: no JSON");
        }
    }

    #[test]
    fn an_answer_that_tells_nothing_is_not_something() {
        let shortfall = |answer| Expectation::Something.shortfall(&Outcome::Answer(answer));
        assert_eq!(
            shortfall(json!({"count": 7, "records": [{"id": null}]})),
            None
        );
        assert!(shortfall(json!({"count": null, "records": [{}]})).is_some());
        assert!(shortfall(json!({"count": 0, "records": []})).is_some());
        assert!(shortfall(json!(null)).is_some());
    }
}
