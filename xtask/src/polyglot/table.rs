//! The cases, from `tests/polyglot/cases.json`: one table for all languages.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};

use super::Language;
use super::driver::{Call, Token};
use super::expectation::Expectation;
use super::operation::Operation;
use super::refusal::Refusal;
use super::trial::{Trial, aimed};
use crate::tools::Failure;

/// Where the table is, below the root of the workspace.
const FILE: &str = "tests/polyglot/cases.json";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// What it shows, for readers of the table.
    #[allow(dead_code, reason = "it must be there, and is for people")]
    about: String,
    #[serde(default)]
    token: Token,
    send: Option<Answer>,
    expect: Expect,
    /// Languages whose numbers are doubles, where integers that do not fit into one occur.
    #[serde(default)]
    doubles: Vec<Language>,
}

/// What the emulator is told to answer. Its body is one of `example`, `bodies` and `text`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    status: Option<u16>,
    content_type: Option<String>,
    /// An example of the operation's document.
    example: Option<String>,
    /// A body for each operation that the case is about, by `operationId`.
    bodies: Option<BTreeMap<String, Value>>,
    /// The same body for each operation, as it is.
    text: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Expect {
    /// What was sent, in the fields that the document knows.
    Sent,
    /// Some true answer.
    Something,
    /// This error.
    Failure(Refusal),
}

/// The trials of all cases whose name contains `filter`, in the order of the table.
///
/// # Errors
///
/// [`Failure`] if the table is not as it must be, or no case has such a name.
pub(super) fn trials(
    root: &Path,
    operations: &[Operation],
    filter: &str,
) -> Result<Vec<Trial>, Failure> {
    let text = fs::read_to_string(root.join(FILE))
        .map_err(|error| Failure::new(format!("{FILE} cannot be read: {error}")))?;
    let cases = parse(&text)?;
    let mut trials = Vec::new();
    for case in cases.iter().filter(|case| case.name.contains(filter)) {
        trials.extend(case.trials(operations)?);
    }
    if trials.is_empty() {
        let names: Vec<_> = cases.iter().map(|case| case.name.as_str()).collect();
        return Err(Failure::new(format!(
            "no case has {filter:?} in its name; there are: {}",
            names.join(", ")
        )));
    }
    Ok(trials)
}

fn parse(text: &str) -> Result<Vec<Case>, Failure> {
    serde_json::from_str(text)
        .map_err(|error| Failure::new(format!("{FILE}:{}: {error}", error.line())))
}

impl Case {
    fn trials(&self, operations: &[Operation]) -> Result<Vec<Trial>, Failure> {
        let bodies = self.send.as_ref().and_then(|send| send.bodies.as_ref());
        let named = |id: &str| bodies.is_none_or(|bodies| bodies.contains_key(id));
        let unknown = |id: &&String| !operations.iter().any(|operation| operation.id() == *id);
        if let Some(stranger) = bodies.and_then(|bodies| bodies.keys().find(unknown)) {
            return Err(self.wrong(&format!("there is no operation {stranger:?}")));
        }
        let operations = operations.iter().filter(|operation| named(operation.id()));
        let trials: Vec<_> = operations
            .map(|operation| self.trial(operation))
            .collect::<Result<_, _>>()?;
        if trials.is_empty() {
            return Err(self.wrong("`bodies` names no operation"));
        }
        Ok(trials)
    }

    fn trial(&self, operation: &Operation) -> Result<Trial, Failure> {
        let body = match &self.send {
            Some(send) => Some(send.body(operation).map_err(|why| self.wrong(&why))?),
            None => None,
        };
        let fault = match (&self.send, &body) {
            (Some(send), Some(body)) => aimed(send.fault(body), operation.fault_target()),
            _ => Value::Null,
        };
        Ok(Trial {
            service: operation.service(),
            case: self.name.clone(),
            call: Call {
                operation: operation.id(),
                token: self.token,
                fault,
            },
            expectation: self.expectation(operation, body.as_ref())?,
            doubles: self.doubles.clone(),
            target: operation.fault_target(),
        })
    }

    fn expectation(
        &self,
        operation: &Operation,
        body: Option<&Body>,
    ) -> Result<Expectation, Failure> {
        match (&self.expect, body) {
            (Expect::Sent, Some(Body::Json(body))) => {
                Ok(Expectation::Fields(operation.typed(body)))
            }
            (Expect::Sent, _) => {
                Err(self.wrong("`sent` can be expected of `example` and `bodies` only"))
            }
            (Expect::Something, _) => Ok(Expectation::Something),
            (Expect::Failure(refusal), _) => Ok(Expectation::Failure(refusal.clone())),
        }
    }

    fn wrong(&self, why: &str) -> Failure {
        Failure::new(format!("{FILE}: case {}: {why}", self.name))
    }
}

#[derive(Debug)]
enum Body {
    Json(Value),
    Text(String),
}

impl Answer {
    fn body(&self, operation: &Operation) -> Result<Body, String> {
        match (&self.example, &self.bodies, &self.text) {
            (Some(name), None, None) => match operation.example(name) {
                Some(body) => Ok(Body::Json(body.clone())),
                None => Err(format!("{} has no example {name:?}", operation.service())),
            },
            (None, Some(bodies), None) => {
                let body = bodies.get(operation.id()).cloned();
                Ok(Body::Json(body.unwrap_or_default()))
            }
            (None, None, Some(text)) => Ok(Body::Text(text.clone())),
            _ => Err("`send` has one of `example`, `bodies` and `text`".to_owned()),
        }
    }

    /// In the form that the emulator takes.
    fn fault(&self, body: &Body) -> Value {
        let body = match body {
            Body::Json(body) => body.to_string(),
            Body::Text(text) => text.clone(),
        };
        let content_type = self.content_type.as_deref().unwrap_or("application/json");
        json!({
            "kind": "status",
            "status": self.status.unwrap_or(200),
            "content_type": content_type,
            "body": body,
        })
    }
}

#[cfg(test)]
mod tests;
