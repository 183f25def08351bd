//! What is no whole English page of a GET operation is refused in one sentence.

use xtask::facts::read;

use crate::render::{FORMS, render};
use crate::{PAGES, facts, text};

/// The sentence with which a text is refused.
fn refusal(text: &str) -> String {
    match read::read(text) {
        Ok(_) => panic!("this was read:\n{text}"),
        Err((_, message)) => message,
    }
}

#[test]
fn pages_of_other_languages_and_operations_are_refused_as_what_they_are() {
    let dws = text("dws.txt");
    let post = dws.replace("GET /v1", "POST /v1");
    assert!(refusal(&post).starts_with("is about POST /v1/{project_id}"));
    let chinese = "查询同步记录\n\n功能介绍\n\nGET /v1/{project_id}\n\n请求参数\n\n无\n";
    assert!(refusal(chinese).starts_with("has no heading of an English reference page"));
    let other = dws.replace("\nURI\n\nGET ", "\nURI\n\nSend ");
    assert!(refusal(&other).starts_with("names no method and path"));
    let error = "<!DOCTYPE html><html><body><h1>404 Not Found</h1></body></html>";
    assert!(refusal(error).starts_with("has no heading"));
}

/// A page that ends early is refused or has something that cannot be read, or lacks nothing but statuses at its end.
fn is_never_cut_unnoticed(page: &str, step: usize) {
    let whole = facts(page);
    // A prime shares no factor with the length of a line: cuts fall within names, types, blanks and between lines.
    let ends = (0..page.len())
        .step_by(step)
        .filter(|end| page.is_char_boundary(*end));
    for end in ends {
        let Ok((cut, unread)) = read::read(&page[..end]) else {
            continue;
        };
        let same = cut.parameters == whole.parameters
            && cut.responses == whole.responses
            && cut.schemas == whole.schemas
            && whole.status_codes.starts_with(&cut.status_codes);
        assert!(same || !unread.is_empty(), "up to {end}: {}", &page[..end]);
    }
}

#[test]
fn a_page_is_never_cut_unnoticed_in_any_form() {
    for name in PAGES {
        let copied = text(name);
        is_never_cut_unnoticed(&copied, 19);
        for form in FORMS {
            is_never_cut_unnoticed(&render(&copied, form), 97);
        }
    }
}

#[test]
fn a_page_that_ends_at_a_heading_or_a_head_of_a_table_is_refused() {
    let dws = text("dws.txt");
    for end in [
        "Status Codes",
        "Status Codes\n\nStatus Code",
        "Status Code\n\nDescription",
        "\"count\": 1\n}",
    ] {
        let at = dws.rfind(end).expect("an end") + end.len();
        let message = refusal(&dws[..at]);
        assert!(
            message.contains("save the whole page again"),
            "{end}: {message}"
        );
    }
}
