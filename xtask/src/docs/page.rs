//! A page, read from its blocks: which table stands where, and what it therefore holds.

mod gaps;
mod identity;
mod placing;

use gaps::Gaps;
use identity::{is_lost_head, line, operation, title};

use super::answers::Answers;
use super::block::{Block, Line, Remark, Table};
use super::caption::{self, Role};
use super::dates;
use super::facts::{Example, Facts, Field};
use super::operation::Operation;
use super::rows::Rows;
use super::structures::Structures;
use super::vocabulary::{self, Column, Section};
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
    let last = text.lines().count();
    let mut page = Page {
        remarks,
        last_line: last,
        ..Page::default()
    };
    page.operation = operation(&blocks);
    for block in &blocks {
        page.read(block);
    }
    if page.operation.is_none() {
        return Err(Problem::of_file(
            name,
            "names no method and path, such as `GET /v1/{project_id}/clusters`: this is not the reference page of an operation",
        ));
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
    operation: Option<Operation>,
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

    /// The line before a table as its caption, where it tells a part of the request or answer, or names a field that was read.
    fn told_by(&self, lead: &Line) -> Option<(usize, String)> {
        let words = lead.text.trim_end_matches([':', '：']).to_owned();
        let short = words.chars().count() < 60 && !words.ends_with(['.', '。']);
        let told = match caption::role(&words) {
            Role::Structure(_) | Role::Described(_) | Role::Untold | Role::Request => {
                caption::subject(&words).is_some_and(|name| self.structures.has_field(name))
            }
            _ => short,
        };
        told.then_some((lead.number, words))
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

    fn table(&mut self, table: &Table) {
        let caption = self.caption.take();
        let section = self.section();
        self.gaps.table(self.facts_section());
        let Some(rows) = Rows::of(table) else {
            self.unknown_table(table);
            return;
        };
        if rows.has(Column::Status) && !rows.has(Column::Type) {
            if section != Section::ErrorCodes {
                self.add_statuses(rows.statuses().into_iter().map(|(_, status)| status));
            }
        } else if rows.has(Column::Name) && self.expects_fields(&rows) {
            let (fields, remarks) = rows.fields();
            self.remarks.extend(remarks);
            self.rows(caption.as_ref(), fields, &rows);
        } else {
            self.unknown_table(table);
        }
    }

    /// Whether a table of names holds facts where it stands. Behind an example, only one that tells more than meanings does.
    fn expects_fields(&self, rows: &Rows<'_>) -> bool {
        match self.section() {
            Section::StatusCodes | Section::ErrorCodes => false,
            section => {
                !section.is_example() || rows.has(Column::Type) || rows.has(Column::Mandatory)
            }
        }
    }

    /// The section whose facts a table states that stands here.
    fn facts_section(&self) -> Section {
        match self.section() {
            Section::ExampleRequest => Section::Request,
            Section::ExampleResponse => Section::Response,
            Section::Example => self.outer.unwrap_or(Section::Prose),
            section => section,
        }
    }

    /// Tables of other things are no facts; between those that are, they are named.
    fn unknown_table(&mut self, table: &Table) {
        let where_facts_are = !matches!(self.section(), Section::Prose | Section::ErrorCodes);
        if let Some(head) = table.rows.first().filter(|_| where_facts_are) {
            let words: Vec<String> = head
                .cells
                .iter()
                .map(|cell| cell.text().chars().take(30).collect())
                .collect();
            let message = format!(
                "the columns of this table are not known ({}): it was skipped",
                words.join(", ")
            );
            self.remarks.push(Remark::doubt(head.number, message));
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

    fn finish(mut self, blocks: &[Block]) -> Reading {
        self.place_address();
        let Some(operation) = self.operation.take() else {
            return Reading {
                facts: Facts::default(),
                remarks: self.remarks,
            };
        };
        let described = |holder: &&str| {
            self.parameters
                .iter()
                .any(|(_, field)| field.name == *holder)
        };
        let at = identity::place(blocks, &operation);
        // Without any table, words about parameters or of a head, or the lack of headings, tell that the page has a layout or words
        // that are not known.
        let lost = self.tables == 0
            && (self.gaps.speaks_of_address()
                || matches!(self.outer, None | Some(Section::Uri))
                || blocks.iter().any(is_lost_head));
        for holder in operation
            .placeholders()
            .into_iter()
            .filter(|holder| !described(holder))
        {
            let message = format!("`{{{holder}}}` of the path is not described");
            self.remarks.push(if lost {
                Remark::unreadable(
                    at,
                    format!("{message}, and no table of parameters was found"),
                )
            } else {
                Remark::doubt(at, message)
            });
        }
        self.remarks.extend(self.gaps.remarks());
        let success = self
            .status_codes
            .iter()
            .find(|status| status.starts_with('2'))
            .cloned();
        if self.status_codes.is_empty() && self.section().is_example() {
            self.remarks.push(Remark::doubt(
                self.last_line,
                "no status codes were found: is the end of the page missing?",
            ));
        }
        let responses = self.answers.finish(success, &mut self.remarks);
        let schemas = self.structures.finish(&self.examples, &mut self.remarks);
        let parameters = without_repetition(self.parameters, &mut self.remarks);
        let unread = self
            .examples
            .iter()
            .filter(|example| example.value.is_none());
        self.remarks.extend(unread.map(|example| {
            Remark::doubt(example.line, "this example is not JSON: it was skipped")
        }));
        self.remarks.sort_by_key(|remark| remark.line);
        let facts = Facts {
            title: title(blocks),
            method: operation.method,
            path: operation.path,
            date: self.date,
            parameters,
            responses,
            schemas,
            status_codes: self.status_codes,
            examples: self.examples,
        };
        Reading {
            facts,
            remarks: self.remarks,
        }
    }
}

fn without_repetition(fields: Vec<(usize, Field)>, remarks: &mut Vec<Remark>) -> Vec<Field> {
    let mut kept: Vec<Field> = Vec::new();
    for (line, field) in fields {
        if kept
            .iter()
            .any(|known| known.name == field.name && known.location == field.location)
        {
            remarks.push(Remark::unreadable(
                line,
                format!("`{}` is described twice", field.name),
            ));
            continue;
        }
        kept.push(field);
    }
    kept
}
