//! What must come of a call, held against what came.

use serde_json::Value;

use super::call::Call;
use super::peer::Peer;
use super::reference::Reference;

/// What must come of a call.
#[derive(Clone, Debug)]
pub(super) enum Expected {
    /// 200 and what the reference works out.
    Answer,
    /// The SDK's exception for a refusal, with this status and code, and a message that contains a text.
    Refusal(u16, &'static str, &'static str),
}

impl Expected {
    /// What is wrong with `outcome`, if anything is.
    pub(super) fn check(
        &self,
        peer: &Peer,
        call: &Call,
        reference: &Reference,
        outcome: &Value,
    ) -> Result<(), String> {
        let right = match self {
            Self::Answer => outcome["status"] == 200 && outcome["body"] == reference.answer(call),
            Self::Refusal(status, code, part) => {
                is_refusal(&outcome["error"], peer, *status, code, part)
            }
        };
        if right {
            return Ok(());
        }
        let expected = match self {
            Self::Answer => reference.answer(call).to_string(),
            Self::Refusal(..) => format!("{self:?} by {}", peer.refusal),
        };
        Err(format!(
            "{}\n    got      {outcome}\n    expected {expected}",
            call.json()
        ))
    }
}

fn is_refusal(error: &Value, peer: &Peer, status: u16, code: &str, part: &str) -> bool {
    let text = |name: &str| error[name].as_str().unwrap_or_default();
    let request_id = text("request_id");
    error["class"] == peer.refusal
        && error["status"] == status
        && error["code"] == code
        && text("message").contains(part)
        && request_id.len() == 32
        && request_id.bytes().all(|byte| byte.is_ascii_hexdigit())
}
