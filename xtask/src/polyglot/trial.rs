//! One case for one operation: what is sent, what must come of it, and a wrong answer that must be noticed.

use serde_json::{Value, json};

use super::Language;
use super::driver::{Call, Driver, Outcome, Token};
use super::expectation::Expectation;
use crate::tools::Failure;

/// One case for one operation.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Trial {
    /// Name of the service, as in the name of its document.
    pub(super) service: &'static str,
    /// Name of the case.
    pub(super) case: String,
    pub(super) call: Call,
    pub(super) expectation: Expectation,
    /// Languages in which numbers are doubles, if that shows here.
    pub(super) doubles: Vec<Language>,
    /// The name that the emulator has for the operation where faults are set.
    pub(super) target: &'static str,
}

impl Trial {
    /// Lets the driver call, and tells how what came of it falls short.
    ///
    /// Then lets it call once more and sends what is not expected: a case in which that goes unnoticed proves nothing,
    /// and falls short as well.
    ///
    /// # Errors
    ///
    /// [`Failure`] if the driver cannot go on.
    pub(super) fn run(
        &self,
        language: Language,
        driver: &mut Driver,
    ) -> Result<Option<String>, Failure> {
        if let Some(shortfall) = self.shortfall(language, &driver.call(&self.call)?) {
            return Ok(Some(shortfall));
        }
        let noticed = self.shortfall(language, &driver.call(&self.wrong())?);
        Ok(match noticed {
            Some(_) => None,
            None => Some("another answer than the expected one went unnoticed".to_owned()),
        })
    }

    fn shortfall(&self, language: Language, outcome: &Outcome) -> Option<String> {
        if self.doubles.contains(&language) {
            return self
                .expectation
                .in_doubles()
                .shortfall(&outcome.in_doubles());
        }
        self.expectation.shortfall(outcome)
    }

    /// The same call with an answer that is not expected: another value, an error instead of a success, or the reverse.
    fn wrong(&self) -> Call {
        let (token, fault) = match &self.expectation {
            Expectation::Fields(fields) => match altered(fields) {
                Some(body) => (
                    self.call.token,
                    json!({"kind": "body", "body": body.to_string()}),
                ),
                None => (self.call.token, json!({"kind": "status", "status": 418})),
            },
            Expectation::Something => (self.call.token, json!({"kind": "status", "status": 418})),
            Expectation::Failure(_) => (Token::Issued, Value::Null),
        };
        Call {
            operation: self.call.operation,
            token,
            fault: aimed(fault, self.target),
        }
    }
}

/// A fault that strikes calls of one operation only.
pub(super) fn aimed(mut fault: Value, target: &str) -> Value {
    if let Value::Object(fields) = &mut fault {
        fields.insert("operation".to_owned(), target.into());
    }
    fault
}

/// The value with its first text, number or truth replaced by another; none if it has none.
///
/// The other number is far away: a double can hold one that is close as the same.
fn altered(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::Bool(truth) => Some((!truth).into()),
        Value::Number(number) => Some((!number.as_i64()?).into()),
        Value::String(text) => Some(format!("{text}, altered").into()),
        Value::Array(items) => {
            let mut items = items.clone();
            let found = items
                .iter_mut()
                .find_map(|item| Some((altered(item)?, item)));
            found.map(|(other, item)| *item = other)?;
            Some(items.into())
        }
        Value::Object(fields) => {
            let mut fields = fields.clone();
            let found = fields
                .values_mut()
                .find_map(|value| Some((altered(value)?, value)));
            found.map(|(other, value)| *value = other)?;
            Some(fields.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::refusal::Refusal;
    use super::*;

    fn trial(expectation: Expectation) -> Trial {
        Trial {
            service: "dws",
            case: "any".to_owned(),
            call: Call {
                operation: "listSyncRecords",
                token: Token::Wrong,
                fault: Value::Null,
            },
            expectation,
            doubles: Vec::new(),
            target: "records",
        }
    }

    #[test]
    fn exactly_one_value_is_altered_wherever_it_is() {
        let cases = [
            (
                json!({"a": null, "b": [{"c": null}, {"c": 1, "d": 2}]}),
                json!({"a": null, "b": [{"c": null}, {"c": -2, "d": 2}]}),
            ),
            (
                json!({"a": "x", "b": "y"}),
                json!({"a": "x, altered", "b": "y"}),
            ),
            (json!([false]), json!([true])),
        ];
        for (before, after) in cases {
            assert_eq!(altered(&before), Some(after));
        }
        assert_eq!(altered(&json!({"a": null, "b": []})), None);
    }

    #[test]
    fn an_expected_success_is_followed_by_other_values_or_by_an_error() {
        let wrong = trial(Expectation::Fields(json!({"count": 1}))).wrong();
        assert_eq!(
            wrong.fault,
            json!({"kind": "body", "body": "{\"count\":-2}", "operation": "records"})
        );
        let nothing_to_alter = trial(Expectation::Fields(json!({"count": null}))).wrong();
        let error = json!({"kind": "status", "status": 418, "operation": "records"});
        assert_eq!(nothing_to_alter.fault, error);
        assert_eq!(trial(Expectation::Something).wrong().fault, error);
    }

    #[test]
    fn an_expected_error_is_followed_by_the_truth_for_a_good_token() {
        let wrong = trial(Expectation::Failure(Refusal {
            status: 401,
            code: None,
        }))
        .wrong();
        assert_eq!((wrong.token, wrong.fault), (Token::Issued, Value::Null));
    }
}
