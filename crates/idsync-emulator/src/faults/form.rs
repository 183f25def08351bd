//! Faults as JSON and YAML: one flat object, in which anything unknown or out of place is refused.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use schemars::JsonSchema;
use serde::de::IntoDeserializer;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::{Fault, FaultFilter, FaultKind, RawAnswer, RawEnd};
use crate::error::EmulatorError;
use crate::ids::{hex, unhex};
use crate::routes::Operation;

/// A fault as `POST /_emulator/faults` and scenarios write it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FaultForm {
    /// The calls that it applies to: `any`, or an operation by its short name, such as `records`, or by its name in the
    /// documents or the SDKs.
    #[serde(deserialize_with = "read_operation")]
    #[schemars(with = "String")]
    operation: Option<Operation>,
    /// What such a call gets.
    kind: KindName,
    /// Only calls that name this project in their path.
    project_id: Option<String>,
    /// Only calls that name this workspace in their header.
    workspace: Option<String>,
    /// Only calls that name this cluster in their path.
    cluster_id: Option<String>,
    /// Only so many calls.
    times: Option<u64>,
    /// Only this share of the calls, above 0 and up to 1.
    share: Option<f64>,
    /// Lets so many calls through first.
    after: Option<u64>,
    /// Headers of the answer, in place of those of the same names.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// Of a `status`: the status code.
    status: Option<u16>,
    /// Of a `status`, a `body` or a `raw` answer: the body as text.
    body: Option<String>,
    /// The same as hexadecimal digits.
    body_hex: Option<String>,
    /// Of a `status`, a `body` or a `wrong_content_type`.
    content_type: Option<String>,
    /// Of an `oversized` answer: how many blanks come first.
    bytes: Option<u64>,
    /// Of a `delay`, a `drip` or a `raw` answer: the pause in milliseconds.
    ms: Option<u64>,
    /// Of a `redirect`.
    location: Option<String>,
    /// Of a `raw` answer: what follows the bytes.
    end: Option<EndName>,
    /// Of a `raw` answer that ends with `repeat`: what is repeated, as hexadecimal digits.
    repeat_hex: Option<String>,
}

/// A [`FaultKind`] by its name.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum KindName {
    Status,
    Html,
    Body,
    BadJson,
    Truncated,
    HalfJson,
    Oversized,
    Delay,
    Drip,
    Drop,
    WrongContentType,
    Redirect,
    Raw,
}

/// A [`RawEnd`] by its name.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum EndName {
    Close,
    Reset,
    Stall,
    Repeat,
}

fn read_operation<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Operation>, D::Error> {
    let name = String::deserialize(from)?;
    if name == "any" {
        return Ok(None);
    }
    Operation::deserialize(name.into_deserializer()).map(Some)
}

impl TryFrom<FaultForm> for Fault {
    type Error = EmulatorError;

    fn try_from(mut form: FaultForm) -> Result<Self, EmulatorError> {
        let kind = form.take_kind()?;
        form.refuse_leftovers()?;
        Ok(Self {
            operation: form.operation,
            filter: FaultFilter {
                project_id: form.project_id,
                workspace: form.workspace,
                cluster_id: form.cluster_id,
            },
            kind,
            headers: form.headers.into_iter().collect(),
            times: form.times,
            share: form.share,
            after: form.after.unwrap_or(0),
        })
    }
}

impl FaultForm {
    /// Takes the options that belong to the kind; those that stay behind are out of place.
    fn take_kind(&mut self) -> Result<FaultKind, EmulatorError> {
        Ok(match self.kind {
            KindName::Status => {
                self.take_content_type();
                FaultKind::Status {
                    status: required("status", self.status.take())?,
                    body: self.take_body()?,
                }
            }
            KindName::Body => {
                self.take_content_type();
                FaultKind::Body(required("body", self.take_body()?)?)
            }
            KindName::Html => FaultKind::Html,
            KindName::BadJson => FaultKind::BadJson,
            KindName::Truncated => FaultKind::Truncated,
            KindName::HalfJson => FaultKind::HalfJson,
            KindName::Drop => FaultKind::Drop,
            KindName::Oversized => FaultKind::Oversized {
                bytes: required("bytes", self.bytes.take())?,
            },
            KindName::Delay => FaultKind::Delay(required("ms", self.take_pause())?),
            KindName::Drip => FaultKind::Drip(required("ms", self.take_pause())?),
            KindName::WrongContentType => {
                let content_type = self.content_type.take();
                FaultKind::ContentType(content_type.unwrap_or_else(|| "text/plain".into()))
            }
            KindName::Redirect => FaultKind::Redirect(required("location", self.location.take())?),
            KindName::Raw => FaultKind::Raw(RawAnswer {
                bytes: self.take_body()?.unwrap_or_default(),
                every: self.take_pause().unwrap_or_default(),
                end: self.take_end()?,
            }),
        })
    }

    fn take_content_type(&mut self) {
        if let Some(content_type) = self.content_type.take() {
            self.headers.insert("content-type".into(), content_type);
        }
    }

    fn take_body(&mut self) -> Result<Option<Bytes>, EmulatorError> {
        match (self.body.take(), self.body_hex.take()) {
            (Some(_), Some(_)) => Err(EmulatorError::new("give `body` or `body_hex`, not both")),
            (Some(text), None) => Ok(Some(text.into())),
            (None, Some(digits)) => bytes_of("body_hex", &digits).map(Some),
            (None, None) => Ok(None),
        }
    }

    fn take_end(&mut self) -> Result<RawEnd, EmulatorError> {
        Ok(match self.end.take().unwrap_or(EndName::Close) {
            EndName::Close => RawEnd::Close,
            EndName::Reset => RawEnd::Reset,
            EndName::Stall => RawEnd::Stall,
            EndName::Repeat => {
                let digits = required("repeat_hex", self.repeat_hex.take())?;
                RawEnd::Repeat(bytes_of("repeat_hex", &digits)?)
            }
        })
    }

    fn take_pause(&mut self) -> Option<Duration> {
        self.ms.take().map(Duration::from_millis)
    }

    fn refuse_leftovers(&self) -> Result<(), EmulatorError> {
        let present = [
            ("status", self.status.is_some()),
            ("body", self.body.is_some()),
            ("body_hex", self.body_hex.is_some()),
            ("content_type", self.content_type.is_some()),
            ("bytes", self.bytes.is_some()),
            ("ms", self.ms.is_some()),
            ("location", self.location.is_some()),
            ("end", self.end.is_some()),
            ("repeat_hex", self.repeat_hex.is_some()),
        ];
        match present.iter().find(|(_, present)| *present) {
            Some((name, _)) => Err(EmulatorError::new(format!(
                "`{name}` has no meaning for a fault of this kind; leave it out"
            ))),
            None => Ok(()),
        }
    }
}

fn bytes_of(name: &str, digits: &str) -> Result<Bytes, EmulatorError> {
    let message = || format!("`{name}` is an even number of hexadecimal digits");
    let bytes = unhex(digits).ok_or_else(|| EmulatorError::new(message()))?;
    Ok(bytes.into())
}

fn required<T>(name: &str, value: Option<T>) -> Result<T, EmulatorError> {
    let message = || format!("a fault of this kind needs `{name}`");
    value.ok_or_else(|| EmulatorError::new(message()))
}

impl Fault {
    /// The fault as `GET /_emulator/faults` shows it. Posted again, it is the same fault.
    pub(crate) fn to_json(&self) -> Value {
        let mut shown = self.kind.to_json();
        let headers = self.headers.iter().cloned();
        let headers: BTreeMap<String, String> = headers.collect();
        let common = [
            (
                "operation",
                self.operation.map_or("any".into(), |it| json!(it)),
            ),
            ("project_id", json!(self.filter.project_id)),
            ("workspace", json!(self.filter.workspace)),
            ("cluster_id", json!(self.filter.cluster_id)),
            ("times", json!(self.times)),
            ("share", json!(self.share)),
            ("after", json!((self.after > 0).then_some(self.after))),
            ("headers", json!((!headers.is_empty()).then_some(headers))),
        ];
        for (name, value) in common {
            if !value.is_null() {
                shown[name] = value;
            }
        }
        shown
    }
}

impl FaultKind {
    fn to_json(&self) -> Value {
        match self {
            Self::Status { status, body } => {
                with_body(json!({"kind": "status", "status": status}), body.as_ref())
            }
            Self::Body(body) => with_body(json!({"kind": "body"}), Some(body)),
            Self::Html => json!({"kind": "html"}),
            Self::BadJson => json!({"kind": "bad_json"}),
            Self::Truncated => json!({"kind": "truncated"}),
            Self::HalfJson => json!({"kind": "half_json"}),
            Self::Drop => json!({"kind": "drop"}),
            Self::Oversized { bytes } => json!({"kind": "oversized", "bytes": bytes}),
            Self::Delay(pause) => json!({"kind": "delay", "ms": milliseconds(*pause)}),
            Self::Drip(pause) => json!({"kind": "drip", "ms": milliseconds(*pause)}),
            Self::ContentType(name) => json!({"kind": "wrong_content_type", "content_type": name}),
            Self::Redirect(location) => json!({"kind": "redirect", "location": location}),
            Self::Raw(answer) => answer.to_json(),
        }
    }
}

impl RawAnswer {
    fn to_json(&self) -> Value {
        let end = match &self.end {
            RawEnd::Close => json!({"end": "close"}),
            RawEnd::Reset => json!({"end": "reset"}),
            RawEnd::Stall => json!({"end": "stall"}),
            RawEnd::Repeat(piece) => json!({"end": "repeat", "repeat_hex": hex(piece)}),
        };
        let mut shown = with_body(end, Some(&self.bytes));
        shown["kind"] = "raw".into();
        shown["ms"] = milliseconds(self.every).into();
        shown
    }
}

fn with_body(mut shown: Value, body: Option<&Bytes>) -> Value {
    match body.map(|body| (std::str::from_utf8(body), body)) {
        Some((Ok(text), _)) => shown["body"] = text.into(),
        Some((Err(_), body)) => shown["body_hex"] = hex(body).into(),
        None => {}
    }
    shown
}

fn milliseconds(pause: Duration) -> u64 {
    u64::try_from(pause.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Fault, String> {
        let form: FaultForm = serde_json::from_str(text).map_err(|error| error.to_string())?;
        Fault::try_from(form).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_shown_of_a_fault_is_the_same_fault_when_it_is_read() {
        let raw = RawAnswer::new(&b"\xff"[..]).every(Duration::from_millis(5));
        let kinds = [
            FaultKind::status(503),
            FaultKind::status_with(200, "{}"),
            FaultKind::Html,
            FaultKind::Body(vec![0xff].into()),
            FaultKind::BadJson,
            FaultKind::Truncated,
            FaultKind::HalfJson,
            FaultKind::Oversized { bytes: 7 },
            FaultKind::Delay(Duration::from_secs(1)),
            FaultKind::Drip(Duration::from_millis(1)),
            FaultKind::Drop,
            FaultKind::ContentType("text/csv".into()),
            FaultKind::Redirect("http://x.example/".into()),
            FaultKind::Raw(raw.clone().then(RawEnd::Repeat("a".into()))),
            FaultKind::Raw(raw.clone().then(RawEnd::Stall)),
            FaultKind::Raw(raw.then(RawEnd::Reset)),
        ];
        for kind in kinds {
            let plain = Fault::everywhere(kind.clone());
            assert_eq!(read(&plain.to_json().to_string()), Ok(plain));
        }
        let full = Fault::on(Operation::MetadataKey, FaultKind::Drop)
            .at_cluster("c")
            .at_workspace("w")
            .at_project("p")
            .times(2)
            .share(0.5)
            .after(3)
            .header("x-a", "b");
        assert_eq!(read(&full.to_json().to_string()), Ok(full));
    }

    #[test]
    fn an_operation_is_named_as_here_in_the_documents_or_in_the_sdks() {
        for (names, operation) in [
            (
                "tasks listSecurityMemberSyncTasks ListSecurityMemberSyncTasks",
                Operation::Tasks,
            ),
            (
                "records listSyncRecords ListSyncRecords",
                Operation::Records,
            ),
            (
                "syncing listClusterSyncTaskStatus ListSyncStatus",
                Operation::Syncing,
            ),
        ] {
            for name in names.split(' ') {
                let text = format!(r#"{{"operation":"{name}","kind":"drop"}}"#);
                assert_eq!(
                    read(&text),
                    Ok(Fault::on(operation, FaultKind::Drop)),
                    "{name}"
                );
            }
        }
    }

    #[test]
    fn what_is_missing_unknown_or_out_of_place_is_named() {
        for (options, part) in [
            (r#""kind":"status""#, "`status`"),
            (r#""kind":"body""#, "`body`"),
            (r#""kind":"delay""#, "`ms`"),
            (r#""kind":"redirect""#, "`location`"),
            (r#""kind":"raw","end":"repeat""#, "`repeat_hex`"),
            (r#""kind":"body","body_hex":"0""#, "`body_hex`"),
            (r#""kind":"body","body":"a","body_hex":"00""#, "not both"),
            (r#""kind":"drop","ms":5"#, "`ms` has no meaning"),
            (r#""kind":"html","content_type":"a/b""#, "`content_type`"),
            (r#""kind":"explode""#, "half_json"),
            (r#""kind":"drop","until":"noon""#, "until"),
        ] {
            let error = read(&format!(r#"{{"operation":"any",{options}}}"#)).unwrap_err();
            assert!(error.contains(part), "{options}: {error}");
        }
        let error = read(r#"{"operation":"tea","kind":"drop"}"#).unwrap_err();
        assert!(
            error.contains("tea") && error.contains("records"),
            "{error}"
        );
    }
}
