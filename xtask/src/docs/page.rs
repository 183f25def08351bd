//! A page, read from its blocks: which table stands where, and what it therefore holds.

mod end;
mod gaps;
mod identity;
mod placing;
mod shown;
mod tables;

use gaps::Gaps;
use identity::{line, operation};

use super::answers::Answers;
use super::block::{Block, Line, Remark};
use super::dates;
use super::facts::{Example, Facts, Field};
use super::operation::Operation;
use super::structures::Structures;
use super::vocabulary::{self, Section};
use super::{examples, layout};
use crate::codegen::Problem;

/// The longest pages have some hundred rows.
const MAX_ROWS: usize = 5_000;

/// What was read of a page.
#[derive(Clone, Debug)]
pub struct Reading {
    /// What the page states.
    pub facts: Facts,
    /// What could not be read, or leaves a doubt, by line.
    pub remarks: Vec<Remark>,
}

impl Reading {
    /// The remarks on what could not be read.
    pub fn unreadable(&self) -> impl Iterator<Item = &Remark> {
        self.remarks.iter().filter(|remark| remark.unreadable)
    }
}

/// Reads the text of a page; `name` is only used in problems.
///
/// # Errors
///
/// The page names no operation, or ends before its last sections: then it is another page, or was cut off.
pub fn read(name: &str, text: &str) -> Result<Reading, Problem> {
    let (blocks, remarks) = layout::blocks(text);
    let rows = blocks.iter().map(|block| match block {
        Block::Table(table) => table.rows.len(),
        _ => 0,
    });
    if rows.sum::<usize>() > MAX_ROWS {
        let message =
            format!("has more than {MAX_ROWS} rows in its tables: this is no reference page");
        return Err(Problem::of_file(name, message));
    }
    let operation = operation(&blocks).ok_or_else(|| {
        Problem::of_file(
            name,
            "names no method and path, such as `GET /v1/{project_id}/clusters`: this is not the reference page of an operation",
        )
    })?;
    let last = text.lines().count();
    let mut page = Page {
        operation,
        remarks,
        last_line: last,
        ..Page::default()
    };
    for block in &blocks {
        page.read(block);
    }
    if text.contains("<html") && !text.contains("</html") || page.is_cut_off() {
        return Err(Problem::of_line(
            name,
            last,
            "ends before its last sections (example response, status codes, error codes): save the whole page again",
        ));
    }
    Ok(page.finish(&blocks))
}

/// A page while it is read.
#[derive(Debug, Default)]
struct Page {
    section: Option<Section>,
    /// The last section that holds facts: tables may stand behind an example.
    outer: Option<Section>,
    gaps: Gaps,
    /// How many tables of fields were read.
    tables: usize,
    status: Option<String>,
    /// The caption of the next table, with its line.
    caption: Option<(usize, String)>,
    /// The line of text that stands right before what is read.
    lead: Option<Line>,
    operation: Operation,
    date: Option<String>,
    parameters: Vec<(usize, Field)>,
    /// Rows that are in the path or in the query, which shows at the end.
    address: Vec<(usize, Field)>,
    answers: Answers,
    structures: Structures,
    status_codes: Vec<String>,
    examples: Vec<Example>,
    remarks: Vec<Remark>,
    /// The last line of the page.
    last_line: usize,
    /// Whether one of the last sections was reached, and something stands in it.
    closed: bool,
    /// Whether a heading was read behind which facts have to come, and nothing came yet.
    dangling: bool,
}

impl Page {
    fn section(&self) -> Section {
        self.section.unwrap_or(Section::Prose)
    }

    fn read(&mut self, block: &Block) {
        if let Some(section) = line(block).and_then(|line| vocabulary::section(&line.text)) {
            self.section = Some(section);
            if section.holds_facts() {
                self.outer = Some(section);
            }
            self.status = None;
            self.caption = None;
            self.dangling = section.holds_facts() || section == Section::StatusCodes;
            self.lead = None;
            return;
        }
        self.dangling = false;
        self.closed |= self.section().closes_page();
        let lead = self.lead.take();
        match block {
            Block::Heading(line) | Block::Text(line) => {
                self.text(line);
                self.lead = Some(line.clone());
            }
            Block::Code(code) => self.code(code),
            Block::Table(table) => {
                self.caption = self.caption.take().or_else(|| self.told_by(lead.as_ref()?));
                self.table(table);
            }
        }
    }

    fn text(&mut self, line: &Line) {
        self.gaps.text(self.section(), line);
        self.date = self.date.take().or_else(|| dates::updated(&line.text));
        if let Some(status) = vocabulary::announced_status(&line.text) {
            self.status = Some(status.to_owned());
            self.caption = None;
        } else if let Some(caption) = vocabulary::caption(&line.text) {
            self.caption = Some((line.number, caption.to_owned()));
            self.structures.number(&line.text, caption);
        } else if self.section() == Section::StatusCodes {
            let first = line
                .text
                .split(|char: char| !char.is_ascii_alphanumeric())
                .find(|word| !word.is_empty());
            let listed = first.filter(|word| vocabulary::is_status(word));
            self.add_statuses(listed.map(str::to_owned));
        } else if self.section().is_example() && examples::body(&line.text).is_some() {
            self.code(line);
        }
    }

    fn code(&mut self, code: &Line) {
        let request = self.section() == Section::ExampleRequest;
        let found = examples::read(code, self.section().is_example());
        self.examples
            .extend(found.into_iter().map(|(line, value)| Example {
                line,
                status: self.status.clone(),
                request,
                value,
            }));
    }

    fn add_statuses(&mut self, statuses: impl IntoIterator<Item = String>) {
        for status in statuses {
            if !self.status_codes.contains(&status) {
                self.status_codes.push(status);
            }
        }
    }

    /// Whether the page ends too early: before its last sections, right behind a heading, or within an example that is the last thing
    /// on it.
    fn is_cut_off(&self) -> bool {
        let in_example = self
            .examples
            .last()
            .is_some_and(|example| example.value.is_none());
        !self.closed || self.dangling || in_example && self.section() == Section::ExampleResponse
    }
}
