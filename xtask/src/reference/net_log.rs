//! The browser's own log of its network.

use serde_json::Value;

/// The event with which a request begins.
const REQUEST: &str = "URL_REQUEST_START_JOB";

/// Initiator of what the browser asks for by itself, such as the time: no page is behind it.
const BROWSER: &str = "not an origin";

/// The addresses that a page asked for; none at all if this is no such log.
pub(super) fn requests(log: &[u8]) -> Option<Vec<String>> {
    let log: Value = serde_json::from_slice(log).ok()?;
    let kind = log.pointer("/constants/logEventTypes")?.get(REQUEST)?;
    let events = log.get("events")?.as_array()?.iter();
    let begun = events.filter(|event| event.get("type") == Some(kind));
    Some(
        begun
            .filter_map(|event| event.get("params"))
            .filter(|request| request.get("initiator").and_then(Value::as_str) != Some(BROWSER))
            .filter_map(|request| request.get("url")?.as_str().map(str::to_owned))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_page_asked_for_counts() {
        let log = br#"{
            "constants": {"logEventTypes": {"CORS_REQUEST": 1, "URL_REQUEST_START_JOB": 2}},
            "events": [
                {"type": 2, "params": {"url": "https://browser.example/time", "initiator": "not an origin"}},
                {"type": 1, "params": {"url": "https://page.example/font"}},
                {"type": 2, "params": {"url": "https://page.example/font", "initiator": "null"}},
                {"type": 2}
            ]
        }"#;
        assert_eq!(
            requests(log),
            Some(vec!["https://page.example/font".to_owned()])
        );
    }

    #[test]
    fn another_file_is_not_taken_for_a_log_without_requests() {
        assert_eq!(requests(b"{}"), None);
        assert_eq!(requests(b"{\"events\": ["), None);
    }
}
