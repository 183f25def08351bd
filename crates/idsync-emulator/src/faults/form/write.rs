//! Faults in force, written the way they are read.

use std::time::Duration;

use bytes::Bytes;

use super::{EndName, FaultForm, KindName};
use crate::faults::{Fault, FaultKind, RawAnswer, RawEnd};
use crate::ids::hex;

impl From<&Fault> for FaultForm {
    fn from(fault: &Fault) -> Self {
        let mut form = Self {
            operation: fault.operation.into(),
            kind: KindName::Drop,
            cluster_id: fault.cluster_id.clone(),
            times: fault.times,
            share: fault.share,
            after: (fault.after > 0).then_some(fault.after),
            headers: fault.headers.iter().cloned().collect(),
            status: None,
            body: None,
            body_hex: None,
            content_type: None,
            bytes: None,
            ms: None,
            location: None,
            end: None,
            repeat_hex: None,
        };
        form.put_kind(&fault.kind);
        form
    }
}

impl FaultForm {
    fn put_kind(&mut self, kind: &FaultKind) {
        self.kind = match kind {
            FaultKind::Status { status, body } => {
                self.status = Some(*status);
                if let Some(body) = body {
                    self.put_body(body);
                }
                KindName::Status
            }
            FaultKind::Body(body) => {
                self.put_body(body);
                KindName::Body
            }
            FaultKind::Html => KindName::Html,
            FaultKind::BadJson => KindName::BadJson,
            FaultKind::Truncated => KindName::Truncated,
            FaultKind::HalfJson => KindName::HalfJson,
            FaultKind::Drop => KindName::Drop,
            FaultKind::Oversized { bytes } => {
                self.bytes = Some(*bytes);
                KindName::Oversized
            }
            FaultKind::Delay(pause) => {
                self.ms = Some(milliseconds(*pause));
                KindName::Delay
            }
            FaultKind::Drip(pause) => {
                self.ms = Some(milliseconds(*pause));
                KindName::Drip
            }
            FaultKind::ContentType(content_type) => {
                self.content_type = Some(content_type.clone());
                KindName::WrongContentType
            }
            FaultKind::Redirect(location) => {
                self.location = Some(location.clone());
                KindName::Redirect
            }
            FaultKind::Raw(answer) => {
                self.put_raw(answer);
                KindName::Raw
            }
        };
    }

    fn put_raw(&mut self, answer: &RawAnswer) {
        self.put_body(&answer.bytes);
        self.ms = (!answer.every.is_zero()).then(|| milliseconds(answer.every));
        self.end = Some(match &answer.end {
            RawEnd::Close => EndName::Close,
            RawEnd::Reset => EndName::Reset,
            RawEnd::Stall => EndName::Stall,
            RawEnd::Repeat(piece) => {
                self.repeat_hex = Some(hex(piece));
                EndName::Repeat
            }
        });
    }

    fn put_body(&mut self, body: &Bytes) {
        match std::str::from_utf8(body) {
            Ok(text) => self.body = Some(text.to_owned()),
            Err(_) => self.body_hex = Some(hex(body)),
        }
    }
}

fn milliseconds(pause: Duration) -> u64 {
    u64::try_from(pause.as_millis()).unwrap_or(u64::MAX)
}
