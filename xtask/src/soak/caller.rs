//! One caller: picks what to ask for, and knows what may come.

use std::sync::Arc;
use std::time::Instant;

use serde_json::Value;

use super::tally::Tally;
use crate::emulator::Emulator;
use crate::http;

/// Calls with the token of the ready line.
pub(super) struct Caller {
    emulator: Arc<Emulator>,
    state: u64,
    tally: Tally,
}

/// A call and the status of its true answer.
struct Call {
    method: &'static str,
    target: String,
    is_anonymous: bool,
    body: &'static str,
    status: u16,
}

impl Call {
    fn get(target: String) -> Self {
        Self {
            method: "GET",
            target,
            is_anonymous: false,
            body: "",
            status: 200,
        }
    }
}

impl Caller {
    pub(super) fn new(emulator: Arc<Emulator>, seed: u64) -> Self {
        Self {
            emulator,
            state: seed,
            tally: Tally::default(),
        }
    }

    /// Calls one after the other; gives what came of it.
    pub(super) fn call_until(&mut self, end: Instant) -> Tally {
        while Instant::now() < end {
            let call = self.pick();
            self.make(&call);
        }
        std::mem::take(&mut self.tally)
    }

    /// A number below `bound` that looks random (a linear congruential sequence).
    fn draw(&mut self, bound: u64) -> u64 {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) % bound
    }

    fn pick(&mut self) -> Call {
        let project = self.emulator.told("/project_id").to_owned();
        let kind = self.draw(8);
        let page = self.draw(40);
        match kind {
            0 | 1 => Call::get(format!(
                "/v1/{project}/security/member-sync-tasks?limit=50&offset={}&order_by=SYNC_TIME",
                page * 50
            )),
            2 | 3 => {
                let cluster = self.emulator.told("/clusters/dws/0");
                Call::get(format!(
                    "/v1/{project}/clusters/{cluster}/db-manager/sync-records?limit=100&offset={page}"
                ))
            }
            4 | 5 => {
                let cluster = self.emulator.told("/clusters/mrs/0");
                Call::get(format!("/v2/{project}/clusters/{cluster}/iam-sync"))
            }
            6 => Call {
                method: "POST",
                body: "{}",
                is_anonymous: true,
                status: 400,
                ..Call::get("/v3/auth/tokens".to_owned())
            },
            _ => Call {
                is_anonymous: true,
                status: 401,
                ..Call::get("/v3/projects?name=cn-north-4".to_owned())
            },
        }
    }

    fn make(&mut self, call: &Call) {
        let url = format!("{}{}", self.emulator.told("/url"), call.target);
        let headers = [
            ("workspace", self.emulator.told("/workspace")),
            ("x-auth-token", self.emulator.told("/token")),
        ];
        let headers = if call.is_anonymous {
            &headers[..1]
        } else {
            &headers
        };
        self.tally.sent += 1;
        match http::ask(call.method, &url, headers, call.body) {
            // A connection that ends without an answer is what two of the faults are.
            Err(_) => self.tally.struck += 1,
            Ok((status, body)) => self.judge(call, status, &body),
        }
    }

    fn judge(&mut self, call: &Call, status: u16, body: &str) {
        let is_json = serde_json::from_str::<Value>(body).is_ok();
        if status == call.status && is_json {
            return;
        }
        let is_page = status == 200 && body.starts_with("<!DOCTYPE html>");
        let is_half = status == call.status && body.starts_with('{') && !is_json;
        let is_scripted = status == 503 && body.contains("scripted fault");
        if is_page || is_half || is_scripted {
            self.tally.struck += 1;
            return;
        }
        let start: String = body.chars().take(200).collect();
        self.tally
            .note(format!("{} {}: {status} {start}", call.method, call.target));
    }
}
