//! Faults as JSON: one flat object, in which anything unknown or out of place is refused.

mod write;

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fault, FaultKind, InvalidFault, RawAnswer, RawEnd};
use crate::ids::unhex;
use crate::operation::Operation;

/// The body of `POST /_emulator/faults`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FaultForm {
    operation: Target,
    kind: KindName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cluster_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    times: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    share: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<u64>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body_hex: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    location: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    end: Option<EndName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    repeat_hex: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Target {
    Any,
    Tasks,
    Records,
    Syncing,
    Token,
    Projects,
    MetadataToken,
    MetadataKey,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
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

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum EndName {
    Close,
    Reset,
    Stall,
    Repeat,
}

impl TryFrom<FaultForm> for Fault {
    type Error = InvalidFault;

    fn try_from(mut form: FaultForm) -> Result<Self, InvalidFault> {
        let kind = form.take_kind()?;
        form.refuse_leftovers()?;
        Ok(Self {
            operation: form.operation.into(),
            cluster_id: form.cluster_id,
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
    fn take_kind(&mut self) -> Result<FaultKind, InvalidFault> {
        Ok(match self.kind {
            KindName::Status => {
                let status = required("status", self.status.take())?;
                self.take_content_type();
                FaultKind::Status {
                    status,
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
            KindName::Delay => FaultKind::Delay(self.take_pause()?),
            KindName::Drip => FaultKind::Drip(self.take_pause()?),
            KindName::WrongContentType => FaultKind::ContentType(
                self.content_type
                    .take()
                    .unwrap_or_else(|| "text/plain".into()),
            ),
            KindName::Redirect => FaultKind::Redirect(required("location", self.location.take())?),
            KindName::Raw => FaultKind::Raw(RawAnswer {
                bytes: self.take_body()?.unwrap_or_default(),
                every: self
                    .ms
                    .take()
                    .map(Duration::from_millis)
                    .unwrap_or_default(),
                end: self.take_end()?,
            }),
        })
    }

    fn take_content_type(&mut self) {
        if let Some(content_type) = self.content_type.take() {
            self.headers.insert("content-type".into(), content_type);
        }
    }

    fn take_body(&mut self) -> Result<Option<Bytes>, InvalidFault> {
        match (self.body.take(), self.body_hex.take()) {
            (Some(_), Some(_)) => Err(InvalidFault::new("give `body` or `body_hex`, not both")),
            (Some(text), None) => Ok(Some(text.into())),
            (None, Some(digits)) => bytes_of("body_hex", &digits).map(Some),
            (None, None) => Ok(None),
        }
    }

    fn take_end(&mut self) -> Result<RawEnd, InvalidFault> {
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

    fn take_pause(&mut self) -> Result<Duration, InvalidFault> {
        required("ms", self.ms.take()).map(Duration::from_millis)
    }

    fn refuse_leftovers(&self) -> Result<(), InvalidFault> {
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
            Some((name, _)) => Err(InvalidFault::new(format!(
                "`{name}` means nothing for a fault of this kind; leave it out"
            ))),
            None => Ok(()),
        }
    }
}

fn bytes_of(name: &str, digits: &str) -> Result<Bytes, InvalidFault> {
    let bytes = unhex(digits).ok_or_else(|| {
        InvalidFault::new(format!("`{name}` is an even number of hexadecimal digits"))
    })?;
    Ok(bytes.into())
}

fn required<T>(name: &str, value: Option<T>) -> Result<T, InvalidFault> {
    value.ok_or_else(|| InvalidFault::new(format!("a fault of this kind needs `{name}`")))
}

impl From<Target> for Option<Operation> {
    fn from(target: Target) -> Self {
        match target {
            Target::Any => None,
            Target::Tasks => Some(Operation::Tasks),
            Target::Records => Some(Operation::Records),
            Target::Syncing => Some(Operation::Syncing),
            Target::Token => Some(Operation::Token),
            Target::Projects => Some(Operation::Projects),
            Target::MetadataToken => Some(Operation::MetadataToken),
            Target::MetadataKey => Some(Operation::MetadataKey),
        }
    }
}

impl From<Option<Operation>> for Target {
    fn from(operation: Option<Operation>) -> Self {
        match operation {
            None => Self::Any,
            Some(Operation::Tasks) => Self::Tasks,
            Some(Operation::Records) => Self::Records,
            Some(Operation::Syncing) => Self::Syncing,
            Some(Operation::Token) => Self::Token,
            Some(Operation::Projects) => Self::Projects,
            Some(Operation::MetadataToken) => Self::MetadataToken,
            Some(Operation::MetadataKey) => Self::MetadataKey,
        }
    }
}

#[cfg(test)]
mod tests;
