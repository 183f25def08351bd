//! What a page ought to state and does not, as far as it shows: a section of words without a table.

use std::collections::BTreeMap;

use super::super::block::{Line, Remark};
use super::super::operation::Operation;
use super::super::vocabulary::{self, Section};

/// Words of a sentence that says that there is nothing, or that it stands elsewhere; lower case.
const EXCUSES: &[&str] = &[
    "no ",
    "none",
    "not ",
    "does not",
    "without",
    "empty",
    "n/a",
    "see ",
    "refer to",
    "same as",
    "无",
    "不涉及",
    "没有",
    "为空",
    "参见",
    "请参",
    "相同",
];

/// What stands in the sections of parameters, beside their tables.
#[derive(Debug, Default)]
pub(super) struct Gaps(BTreeMap<Section, Passage>);

#[derive(Debug, Default)]
struct Passage {
    /// The first line that says something, with its number.
    words: Option<Line>,
    /// Whether there is a table, or a line that says why there is none.
    settled: bool,
}

impl Gaps {
    /// Notes a line of text in a section.
    pub(super) fn text(&mut self, section: Section, line: &Line) {
        let lower = line.text.to_lowercase();
        let excused =
            vocabulary::is_nothing(&line.text) || EXCUSES.iter().any(|words| lower.contains(words));
        let passage = self.passage(section);
        passage.settled |= excused;
        let announces = vocabulary::announced_status(&line.text).is_some()
            || Operation::find(&line.text).is_some();
        if passage.words.is_none() && !announces {
            passage.words = Some(line.clone());
        }
    }

    /// Whether parameters of the address are spoken of, beside the line that names the operation.
    pub(super) fn speaks_of_address(&self) -> bool {
        let passages = [Section::Uri, Section::Request];
        let mut found = passages.iter().filter_map(|section| self.0.get(section));
        found.any(|passage| !passage.settled && passage.words.is_some())
    }

    /// Notes a table of a section.
    pub(super) fn table(&mut self, section: Section) {
        self.passage(section).settled = true;
    }

    fn passage(&mut self, section: Section) -> &mut Passage {
        self.0.entry(section).or_default()
    }

    /// The sections of request and response that hold words, and neither a table nor a reason for its absence.
    pub(super) fn remarks(&self) -> impl Iterator<Item = Remark> {
        let expected = [Section::Request, Section::Response];
        let passages = expected
            .into_iter()
            .filter_map(|section| self.0.get(&section));
        passages.filter(|passage| !passage.settled).filter_map(|passage| {
            let line = passage.words.as_ref()?;
            let start: String = line.text.chars().take(40).collect();
            let message = format!(
                "\"{start}\" stands where parameters do, but no table was found: were its cells joined?"
            );
            Some(Remark::unreadable(line.number, message))
        })
    }
}
