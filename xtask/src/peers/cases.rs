//! The cases: which calls are made, and what must come of each.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::call::{Call, Operation};
use super::expected::Expected::{self, Answer, Refusal};
use crate::emulator::Emulator;
use crate::http;
use crate::tools::Failure;

/// Characters that are easy to encode in two ways.
const ODD: &str = "a~b*c+d e%2F'()!&=?#;:@,\"<>^|é集群";

/// Some calls that show one thing.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) calls: Vec<(Call, Expected)>,
    /// Whether at least one call must get something else than it would without its parameters.
    pub(super) selects: bool,
}

/// Every case of every operation.
pub(super) fn all(emulator: &Emulator) -> Result<Vec<Case>, Failure> {
    let temporary = temporary_key(emulator)?;
    let mut cases = Vec::new();
    for operation in Operation::ALL {
        let plain = Call::plain(operation, emulator);
        cases.push(case("minimal", [(plain.clone(), Answer)]));
        cases.extend(parameters(&plain));
        cases.extend(odd_characters(&plain));
        cases.extend(keys(&plain));
        cases.push(dates(&plain));
        cases.push(security_token(&plain, &temporary));
        cases.push(by_region(&plain, emulator));
    }
    Ok(cases)
}

impl Case {
    pub(super) fn operation(&self) -> &'static str {
        self.calls
            .first()
            .map_or("", |(call, _)| call.operation.name())
    }
}

fn case(name: &'static str, calls: impl IntoIterator<Item = (Call, Expected)>) -> Case {
    Case {
        name,
        calls: calls.into_iter().collect(),
        selects: false,
    }
}

/// A case whose calls each add some parameters to the plain one.
fn selecting<const N: usize>(name: &'static str, plain: &Call, added: [Value; N]) -> Case {
    let calls = added.map(|added| (plain.clone().with(added), Answer));
    Case {
        selects: true,
        ..case(name, calls)
    }
}

/// Each parameter alone, then all of them together.
fn parameters(plain: &Call) -> Vec<Case> {
    let each = |name: &'static str, values: &[&str]| Case {
        selects: true,
        ..case(
            name,
            values
                .iter()
                .map(|value| (plain.clone().with(json!({ name: value })), Answer)),
        )
    };
    match plain.operation {
        Operation::Tasks => vec![
            selecting("limit", plain, [1, 7, 1_000].map(|n| json!({"limit": n}))),
            selecting("offset", plain, [0, 3, 500].map(|n| json!({"offset": n}))),
            each("cluster_type", &["MRS", "DWS"]),
            each("cluster_name", &["orders", "-mrs", "none"]),
            each(
                "sync_status",
                &[
                    "UNKNOWN",
                    "NOT_SYNC",
                    "SYNCING",
                    "SYNC_SUCCESS",
                    "SYNC_FAIL",
                ],
            ),
            each("schedule_status", &["NOT_SCHEDULE", "SCHEDULING"]),
            each(
                "order_by",
                &["CLUSTER_NAME", "CREATE_TIME", "UPDATE_TIME", "SYNC_TIME"],
            ),
            // Without a field to order by, a direction means nothing.
            case(
                "order_by_asc",
                [true, false].map(|asc| (plain.clone().with(json!({"order_by_asc": asc})), Answer)),
            ),
            selecting(
                "all together",
                plain,
                [true, false].map(|asc| {
                    json!({
                        "limit": 2, "offset": 1, "cluster_type": "DWS", "cluster_name": "-dws",
                        "sync_status": "SYNC_SUCCESS", "schedule_status": "SCHEDULING",
                        "order_by": "CLUSTER_NAME", "order_by_asc": asc,
                    })
                }),
            ),
            case("out of range", out_of_range(plain, "DLS.0400")),
            case(
                "empty workspace",
                [(
                    plain.clone().with(json!({"workspace": ""})),
                    Refusal(400, "DLS.0400", "workspace"),
                )],
            ),
        ],
        Operation::Records => vec![
            selecting("limit", plain, [1, 7, 1_000].map(|n| json!({"limit": n}))),
            selecting("offset", plain, [0, 1].map(|n| json!({"offset": n}))),
            selecting(
                "all together",
                plain,
                [0, 1, 2, 9].map(|n| json!({"limit": 10, "offset": n})),
            ),
            case("out of range", out_of_range(plain, "DWS.5038")),
        ],
        Operation::Syncing => Vec::new(),
    }
}

fn out_of_range(plain: &Call, code: &'static str) -> [(Call, Expected); 2] {
    [("limit", 0), ("offset", -1)].map(|(name, value)| {
        let call = plain.clone().with(json!({ name: value }));
        (call, Refusal(400, code, name))
    })
}

/// A refusal of the service proves that the signature was right: the gateway stands before it.
fn odd_characters(plain: &Call) -> Vec<Case> {
    let (parameter, expected) = match plain.operation {
        Operation::Tasks => ("cluster_name", Answer),
        Operation::Records => ("cluster_id", Refusal(400, "DWS.5064", "ID")),
        Operation::Syncing => ("cluster_id", Refusal(400, "12000002", "ID")),
    };
    // Go does not escape what the path of a URL may hold as it is; `?` and `#` it does.
    let texts = [ODD, "%", "+", "100%25", "~", "*", "$", " x ", "集群"];
    let calls = texts.map(|text| {
        (
            plain.clone().with(json!({ parameter: text })),
            expected.clone(),
        )
    });
    vec![case("odd characters", calls)]
}

fn keys(plain: &Call) -> Vec<Case> {
    let wrong = Refusal(401, "APIGW.0301", "verify aksk signature fail");
    let unknown = Refusal(401, "APIGW.0301", "ak not exist");
    let forbidden = Refusal(403, "APIGW.0302", "project");
    let by = |fields| plain.clone().by(fields);
    vec![
        case("wrong key", [(by(json!({"sk": "wrong"})), wrong)]),
        case("unknown key", [(by(json!({"ak": "NOBODY"})), unknown)]),
        case(
            "another project",
            [(by(json!({"project_id": "0".repeat(32)})), forbidden)],
        ),
    ]
}

/// Both SDKs sign with a date that the caller has set: 15 minutes may lie between it and the emulator's clock.
fn dates(plain: &Call) -> Case {
    let now = Timestamp::now();
    let expired = Refusal(401, "APIGW.0301", "signature expired");
    let minutes = [
        (-16, expired.clone()),
        (16, expired),
        (-14, Answer),
        (14, Answer),
    ];
    case(
        "expired date",
        minutes.map(|(minutes, expected)| {
            let date = now + SignedDuration::from_mins(minutes);
            let date = date.strftime("%Y%m%dT%H%M%SZ").to_string();
            (
                plain.clone().by(json!({"headers": {"X-Sdk-Date": date}})),
                expected,
            )
        }),
    )
}

fn security_token(plain: &Call, key: &Value) -> Case {
    let temporary = plain
        .clone()
        .by(json!({"ak": key["access"], "sk": key["secret"]}));
    let with = |token: &Value| temporary.clone().by(json!({"security_token": token}));
    let refused = Refusal(401, "APIGW.0301", "X-Security-Token");
    case(
        "security token",
        [
            (with(&key["securitytoken"]), Answer),
            (with(&"another".into()), refused.clone()),
            (temporary.clone(), refused),
        ],
    )
}

/// The SDK finds the endpoint in its environment, and the project by the name of the region.
fn by_region(plain: &Call, emulator: &Emulator) -> Case {
    let call = plain.clone().by(json!({
        "endpoint": null, "project_id": null,
        "region": emulator.told("/region"), "iam_endpoint": emulator.told("/url"),
    }));
    case("by region", [(call, Answer)])
}

/// The emulator's temporary key, from where a cloud server would get it.
fn temporary_key(emulator: &Emulator) -> Result<Value, Failure> {
    let url = |path| format!("{}{path}", emulator.told("/url"));
    let term = [("x-metadata-token-ttl-seconds", "60")];
    let token = http::text("PUT", &url("/meta-data/latest/api/token"), &term, "")?;
    let proof = [("x-metadata-token", token.as_str())];
    let answer = http::json("GET", &url("/openstack/latest/securitykey"), &proof, "")?;
    Ok(answer["credential"].clone())
}
