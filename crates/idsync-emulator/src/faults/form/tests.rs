//! What is accepted as a fault, and what is refused.

use super::*;

fn read(json: &str) -> Result<Fault, String> {
    let form: FaultForm = serde_json::from_str(json).map_err(|error| error.to_string())?;
    Fault::try_from(form).map_err(|error| error.to_string())
}

#[test]
fn a_status_fault_is_read_with_its_headers_and_count() {
    let fault = read(
        r#"{"operation":"records","kind":"status","status":503,"times":2,"headers":{"Retry-After":"1"}}"#,
    );
    let expected = Fault::on(Operation::Records, FaultKind::status(503))
        .times(2)
        .header("Retry-After", "1");
    assert_eq!(fault, Ok(expected));
}

#[test]
fn an_unknown_kind_operation_or_field_is_refused_with_what_exists() {
    let error = read(r#"{"operation":"tasks","kind":"explode"}"#).unwrap_err();
    assert!(
        error.contains("explode") && error.contains("half_json"),
        "{error}"
    );
    let error = read(r#"{"operation":"everything","kind":"drop"}"#).unwrap_err();
    assert!(
        error.contains("everything") && error.contains("any"),
        "{error}"
    );
    let error = read(r#"{"operation":"tasks","kind":"drop","count":3}"#).unwrap_err();
    assert!(
        error.contains("count") && error.contains("times"),
        "{error}"
    );
}

#[test]
fn an_option_of_another_kind_is_refused_by_name() {
    let error = read(r#"{"operation":"any","kind":"drop","status":500}"#).unwrap_err();
    assert!(error.contains("`status`"), "{error}");
    let error = read(r#"{"operation":"any","kind":"body","body":"","end":"reset"}"#).unwrap_err();
    assert!(error.contains("`end`"), "{error}");
}

#[test]
fn a_missing_option_is_named() {
    let error = read(r#"{"operation":"any","kind":"delay"}"#).unwrap_err();
    assert!(error.contains("`ms`"), "{error}");
}

#[test]
fn every_kind_survives_being_written_and_read() {
    let kinds = [
        FaultKind::status(429),
        FaultKind::status_with(500, &b"\xff\x00"[..]),
        FaultKind::Html,
        FaultKind::Body("[]".into()),
        FaultKind::BadJson,
        FaultKind::Truncated,
        FaultKind::HalfJson,
        FaultKind::Oversized { bytes: 9 },
        FaultKind::Delay(Duration::from_millis(5)),
        FaultKind::Drip(Duration::from_millis(6)),
        FaultKind::Drop,
        FaultKind::ContentType("text/csv".into()),
        FaultKind::Redirect("http://example.com/".into()),
        FaultKind::Raw(RawAnswer::new("HTTP/1.1 ")),
        FaultKind::Raw(RawAnswer::new("").then(RawEnd::Reset)),
        FaultKind::Raw(
            RawAnswer::new("x")
                .every(Duration::from_millis(7))
                .then(RawEnd::Stall),
        ),
        FaultKind::Raw(RawAnswer::new(&b"\xff"[..]).then(RawEnd::Repeat("yz".into()))),
    ];
    for kind in kinds {
        let fault = Fault::on(Operation::Syncing, kind)
            .at_cluster("c")
            .share(0.5)
            .after(3);
        let json = serde_json::to_string(&FaultForm::from(&fault)).unwrap();
        assert_eq!(read(&json), Ok(fault), "{json}");
    }
}
