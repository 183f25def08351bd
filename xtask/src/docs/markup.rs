//! Marks inside of a line that are no part of its text.

use std::sync::LazyLock;

use regex::Regex;

use super::layout::html;

/// `None` if the pattern is wrong, which the tests of this module exclude.
type Pattern = LazyLock<Option<Regex>>;

/// A reference of reStructuredText: `` :ref:`text <target>` ``, or a link: `` `text <target>`__ ``.
static ROLE: Pattern =
    LazyLock::new(|| Regex::new(r"(?::[a-z]+:)?`([^`<]+?)\s*(?:<[^`>]*>)?`_{0,2}").ok());

/// A link or image of Markdown: `[text](target)`.
static LINK: Pattern =
    LazyLock::new(|| Regex::new(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\([^()]*\))?[^()]*\)").ok());

/// A link of Markdown by reference, `[text][target]`, and the anchors that pandoc writes behind text: `{#target}`.
static ANCHOR: Pattern = LazyLock::new(|| Regex::new(r"\{[#.][^{}]*\}").ok());

/// A character that Markdown or reStructuredText escapes.
static ESCAPE: Pattern = LazyLock::new(|| Regex::new(r"\\([!-/:-@\[-`{-~])").ok());

/// The text of a line of Markdown or reStructuredText.
pub fn strip(line: &str) -> String {
    let mut text = line.replace(['\u{a0}', '\u{3000}'], " ");
    text.retain(|char| !matches!(char, '\u{200b}'..='\u{200d}' | '\u{feff}' | '\u{2060}'));
    if html::has_markup(&text) {
        text = html::text(&text);
    }
    for (pattern, marks) in [(&ROLE, "`"), (&LINK, "]("), (&ANCHOR, "{#")] {
        if text.contains(marks) {
            text = replace(pattern, &text);
        }
    }
    let text = text.replace("**", "").replace("``", "");
    replace(&ESCAPE, &text).trim().to_owned()
}

fn replace(pattern: &Pattern, text: &str) -> String {
    match pattern.as_ref() {
        Some(pattern) => pattern.replace_all(text, "${1}").into_owned(),
        None => text.to_owned(),
    }
}

/// The item of a list that a line is, without its mark.
pub fn bullet(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let marks = ["•", "●", "▪", "◦", "·", "- ", "* ", "+ "];
    let rest = marks.iter().find_map(|mark| line.strip_prefix(mark))?;
    Some(rest.trim())
}

#[cfg(test)]
mod tests {
    use super::{ANCHOR, ESCAPE, LINK, ROLE, strip};

    #[test]
    fn patterns_are_patterns() {
        for pattern in [&ROLE, &LINK, &ANCHOR, &ESCAPE] {
            assert!(pattern.is_some());
        }
    }

    #[test]
    fn marks_go_and_text_stays() {
        let lines = [
            (
                "Array of :ref:`Task <target__1>` objects",
                "Array of Task objects",
            ),
            ("[Task](#task) object", "Task object"),
            (r"/v1/\{project\_id\}/tasks", "/v1/{project_id}/tasks"),
            ("**Table 1** Path Parameters", "Table 1 Path Parameters"),
            ("a &lt; b<br>c", "a < b c"),
            ("snake_case_name", "snake_case_name"),
        ];
        for (line, text) in lines {
            assert_eq!(strip(line), text);
        }
    }
}
