//! Faults in JSON, their checks, and the calls that they apply to.

use serde_json::json;

use super::*;
use crate::clock::ServiceTime;

const START: ServiceTime = ServiceTime {
    started_ms: 0,
    now_ms: 0,
};

fn list(faults: Vec<Fault>) -> FaultList {
    FaultList::new(1, faults)
}

fn call(operation: Operation, cluster_id: &str) -> FaultTarget {
    FaultTarget {
        operation,
        cluster_id: Some(cluster_id.to_owned()),
        ..FaultTarget::default()
    }
}

fn affected(faults: &mut FaultList, calls: usize) -> usize {
    let call = call(Operation::Records, "c");
    (0..calls)
        .filter(|_| faults.apply(&call, START).is_some())
        .count()
}

#[test]
fn a_fault_applies_to_its_operation_and_cluster_only() {
    let fault = Fault::on(Operation::Records, FaultKind::Drop).at_cluster("c");
    let mut faults = list(vec![fault]);
    let mut applies = |operation, cluster| faults.apply(&call(operation, cluster), START).is_some();
    assert!(applies(Operation::Records, "c"));
    assert!(!applies(Operation::Records, "d") && !applies(Operation::Syncing, "c"));
}

#[test]
fn a_fault_applies_after_some_calls_and_a_number_of_times() {
    let mut faults = list(vec![Fault::everywhere(FaultKind::Drop).after(2).times(3)]);
    assert_eq!(affected(&mut faults, 4), 2);
    assert_eq!(
        faults.list()[0],
        Fault::everywhere(FaultKind::Drop).times(1)
    );
    assert_eq!(affected(&mut faults, 9), 1);
    assert_eq!(faults.list(), []);
    faults.reset();
    assert_eq!(affected(&mut faults, 9), 3);
}

#[test]
fn a_share_applies_to_about_that_many_calls() {
    let mut faults = list(vec![Fault::everywhere(FaultKind::Drop).share(0.2)]);
    let count = affected(&mut faults, 1_000);
    assert!((150..250).contains(&count), "{count}");
}

#[test]
fn more_faults_than_the_limit_are_refused_until_some_are_cleared() {
    let mut faults = list(Vec::new());
    for _ in 0..200 {
        faults.add(Fault::everywhere(FaultKind::Drop)).unwrap();
    }
    assert!(faults.add(Fault::everywhere(FaultKind::Drop)).is_err());
    faults.clear();
    assert!(faults.add(Fault::everywhere(FaultKind::Drop)).is_ok());
}

#[test]
fn an_invalid_fault_is_refused() {
    let status = Fault::everywhere(FaultKind::status(199));
    let drop = || Fault::everywhere(FaultKind::Drop);
    let html = |name, value| Fault::everywhere(FaultKind::Html).header(name, value);
    let raw = |answer| Fault::everywhere(FaultKind::Raw(answer));
    let empty = RawAnswer::new("").then(RawEnd::Repeat("".into()));
    for (fault, part) in [
        (status, "200 to 599"),
        (drop().share(0.0), "`share`"),
        (drop().share(f64::NAN), "`share`"),
        (drop().times(0), "`times`"),
        (html("a b", "c"), "a b"),
        (html("a", "\n"), "\"a\""),
        (html("Content-Length", "1"), "framing"),
        (Fault::everywhere(FaultKind::redirect("\n")), "location"),
        (raw(empty), "stall"),
        (raw(RawAnswer::new("x")).header("a", "b"), "headers"),
    ] {
        let error = list(Vec::new()).add(fault).unwrap_err();
        assert!(error.contains(part), "{error}");
    }
}

fn read(text: &str) -> Result<Fault, String> {
    let json = serde_json::from_str(text).unwrap();
    Fault::from_json(json)
}

#[test]
fn a_fault_is_read_as_it_is_written() {
    let raw = RawAnswer::new("a").every(Duration::from_millis(5));
    let kinds = [
        FaultKind::status(503),
        FaultKind::status_with(200, "{}"),
        FaultKind::Html,
        FaultKind::Truncated,
        FaultKind::delay(Duration::from_secs(1)),
        FaultKind::drip(Duration::from_millis(1)),
        FaultKind::Drop,
        FaultKind::redirect("http://x.example/"),
        FaultKind::Raw(raw.clone().then(RawEnd::Repeat("a".into()))),
        FaultKind::Raw(raw.clone().then(RawEnd::Stall)),
        FaultKind::Raw(raw.then(RawEnd::Reset)),
    ];
    for kind in kinds {
        let plain = Fault::everywhere(kind);
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
    let binary = Fault::everywhere(FaultKind::body(vec![b'a', 0xff]));
    assert_eq!(binary.to_json()["body"], json!("a\u{fffd}"));
}

#[test]
fn an_operation_can_have_its_short_name_or_that_of_the_documents_or_sdks() {
    let tasks = "tasks listSecurityMemberSyncTasks ListSecurityMemberSyncTasks";
    for (names, operation) in [
        (tasks, Operation::Tasks),
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
            let fault = Fault::on(operation, FaultKind::Drop);
            assert_eq!(read(&text), Ok(fault), "{name}");
        }
    }
}

#[test]
fn missing_unknown_and_misplaced_fields_are_named() {
    for (options, part) in [
        (r#""kind":"status""#, "`status`"),
        (r#""kind":"delay""#, "`ms`"),
        (r#""kind":"redirect""#, "`location`"),
        (r#""kind":"raw","bytes":5"#, "`bytes`"),
        (r#""kind":"drop","ms":5"#, "`ms`"),
        (r#""kind":"explode""#, "truncated"),
        (r#""kind":"drop","until":"noon""#, "until"),
    ] {
        let error = read(&format!(r#"{{"operation":"any",{options}}}"#)).unwrap_err();
        assert!(error.contains(part), "{options}: {error}");
    }
    let error = read(r#"{"operation":"tea","kind":"drop"}"#).unwrap_err();
    let named = error.contains("tea") && error.contains("records");
    assert!(named, "{error}");
}
