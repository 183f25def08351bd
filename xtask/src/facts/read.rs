//! The facts of a saved page.

use serde::de::IgnoredAny;

use super::words::{self, Column, Section};
use super::{Facts, Field, Location, Response, Schema, description};
use crate::page::{self, Block, PageLine, PageRow, Pattern, Unread, joined};

static CALL: Pattern =
    Pattern::new(r"^(GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS)\s+(?:https?://[^/\s]+)?(/[^\s?]+)");
static NAME: Pattern = Pattern::new(r"^[A-Za-z][A-Za-z0-9_.-]*$");
static DATE: Pattern = Pattern::new(r"^Updated on (\d{4}-\d{2}-\d{2})\b");

/// Maximum number of rows of a table. The longest pages have some hundred in all.
const MAX_ROWS: usize = 1000;

/// Why texts are refused.
const FOREIGN: &str =
    "has no heading of an English reference page: save the English page of an operation";
const WITHOUT_CALL: &str =
    "names no method and path below the heading `URI`: save the reference page of an operation";
const CUT: &str = "ends before its last section, or lacks `Response Parameters` or `Status Codes`: save the whole page again";

/// Why a text is refused, with the line if one is known.
pub type Refusal = (Option<usize>, String);

/// Reads the text of a page.
///
/// # Errors
///
/// The text is not a complete English reference page of a GET operation.
pub fn read(text: &str) -> Result<(Facts, Unread), Refusal> {
    let (blocks, unread) = page::blocks(text);
    let mut reader = Reader {
        unread,
        ..Reader::default()
    };
    for block in &blocks {
        reader.block(block);
    }
    let last = text.lines().count();
    reader.refuse(last)?;
    reader.finish(last);
    Ok((reader.facts, reader.unread))
}

/// State of the reader.
#[derive(Default)]
struct Reader {
    facts: Facts,
    unread: Unread,
    has_heading: bool,
    section: Option<Section>,
    /// The sections that have content.
    filled: Vec<Section>,
    /// The caption of the next table, with its line.
    caption: Option<(usize, String)>,
    status: Option<String>,
    /// The line with method and path.
    call: usize,
}

impl Reader {
    fn miss(&mut self, line: usize, message: impl Into<String>) {
        self.unread.push((line, message.into()));
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Table(rows) => self.table(rows),
            Block::Code(line) => self.code(line),
            Block::Heading(line) | Block::Text(line) => {
                self.drop_caption();
                // A list of links may name the sections too.
                match words::section(&line.text).filter(|_| !line.bullet) {
                    Some(section) => {
                        self.section = Some(section);
                        self.status = None;
                    }
                    None if self.section.is_none() => {
                        self.front(&line.text, matches!(block, Block::Heading(_)));
                    }
                    None => self.text(line),
                }
            }
        }
    }

    /// Reports a caption that no table followed.
    fn drop_caption(&mut self) {
        if let Some((line, caption)) = self.caption.take() {
            let message = format!("no table that can be read follows the caption `{caption}`");
            self.miss(line, message);
        }
    }

    /// A line before the first section: the title is the last of them, or the last heading.
    fn front(&mut self, text: &str, heading: bool) {
        if let Some(date) = DATE.first(text) {
            self.facts.date = Some(date.to_owned());
        } else if heading || !self.has_heading {
            text.clone_into(&mut self.facts.title);
            self.has_heading |= heading;
        }
    }

    fn text(&mut self, line: &PageLine) {
        let text = line.text.as_str();
        // A list of statuses that was cut leaves words without an end.
        if self.section != Some(Section::StatusCodes) || text.ends_with('.') {
            self.filled.extend(self.section);
        }
        if let Some(status) = words::STATUS.first(text) {
            self.status = Some(status.to_owned());
            return;
        }
        if let Some(caption) = words::CAPTION.first(text) {
            self.caption = Some((line.number, caption.to_owned()));
            return;
        }
        let call = CALL.captures(text).filter(|_| self.facts.path.is_empty());
        let is_cell = !text.contains(' ') || Column::Type.allows(text);
        match (self.section, call) {
            (Some(Section::Uri), Some(call)) => {
                self.facts.method = call[1].to_owned();
                self.facts.path = call[2].to_owned();
                self.call = line.number;
            }
            (Some(Section::Uri | Section::Request | Section::Response), _)
                if is_cell && !words::is_nothing(text) =>
            {
                self.miss(line.number, format!("`{text}` stands outside of a table"));
            }
            _ => {}
        }
    }

    fn code(&mut self, code: &PageLine) {
        self.drop_caption();
        self.filled.extend(self.section);
        if self.section == Some(Section::ExampleResponse)
            && let Err(error) = serde_json::from_str::<IgnoredAny>(&code.text)
        {
            self.miss(code.number, format!("this example is not JSON: {error}"));
        }
    }

    fn status(&self) -> &str {
        self.status.as_deref().unwrap_or("200")
    }

    fn table(&mut self, rows: &[PageRow]) {
        let caption = self.caption.take().map(|(_, caption)| caption);
        let Some((head, rows)) = rows.split_first() else {
            return;
        };
        let filled = self.section.filter(|_| !rows.is_empty());
        self.filled.extend(filled);
        if rows.len() > MAX_ROWS {
            return self.miss(head.number, "this table is too long for a reference page");
        }
        let columns = head.cells.iter().map(|cell| Column::of(&joined(cell)));
        let columns: Vec<Column> = columns.collect::<Option<_>>().unwrap_or_default();
        let others = [Section::Prose, Section::ErrorCodes];
        let outside = self.section.is_none_or(|section| others.contains(&section));
        match columns.first() {
            Some(Column::Status) => self.statuses(rows),
            Some(Column::Name) => {
                let fields = self.fields(&columns, rows);
                self.place(head.number, &caption.unwrap_or_default(), fields);
            }
            _ if outside => {}
            _ => self.miss(head.number, "the columns of this table are not known"),
        }
    }

    fn statuses(&mut self, rows: &[PageRow]) {
        for row in rows {
            let cells: Vec<String> = row.cells.iter().map(|cell| joined(cell)).collect();
            let (status, words) = (cells.first().cloned().unwrap_or_default(), cells.get(1));
            let known = self.facts.status_codes.contains(&status);
            if known || !Column::Status.allows(&status) || words.is_none_or(String::is_empty) {
                let message =
                    format!("`{status}` is no status with a description, or is there twice");
                self.miss(row.number, message);
            }
            self.facts.status_codes.push(status);
        }
    }

    fn fields(&mut self, columns: &[Column], rows: &[PageRow]) -> Vec<Field> {
        let mut fields: Vec<Field> = Vec::new();
        for row in rows {
            let field = self.field(columns, row);
            if fields.iter().any(|known| known.name == field.name) {
                self.miss(row.number, format!("`{}` is described twice", field.name));
            }
            fields.push(field);
        }
        fields
    }

    fn field(&mut self, columns: &[Column], row: &PageRow) -> Field {
        let mut field = Field::default();
        if row.cells.len() != columns.len() {
            let (cells, columns) = (row.cells.len(), columns.len());
            let message = format!("this row has {cells} cells below {columns} columns");
            self.miss(row.number, message);
        }
        for (column, cell) in columns.iter().zip(&row.cells) {
            let text = joined(cell);
            if !column.allows(&text) || *column == Column::Name && !NAME.fits(&text) {
                let message = format!("`{text}` is not known in the column {column:?}");
                self.miss(row.number, message);
            }
            match column {
                Column::Name => field.name = text,
                Column::Mandatory => field.required = words::flag(&text),
                Column::Type => field.kind = Some(text),
                Column::Description => description::read(&mut field, cell, &mut self.unread),
                Column::Status => {}
            }
        }
        field
    }

    /// Stores the fields of a table by its caption, or else by its section.
    fn place(&mut self, line: usize, caption: &str, fields: Vec<Field>) {
        let words = caption.to_ascii_lowercase();
        let has = |parts: [&str; 2]| parts.iter().any(|part| words.contains(part));
        let status = self.status().to_owned();
        let mut bodies = self.facts.responses.iter();
        let has_body = bodies.any(|known| known.status == status);
        let mut open = self.references().into_iter();
        let open = open.find(|name| !self.defines(name));
        let body = has(["response body", "response param"]);
        if has(["path param", "uri param"]) {
            self.parameters(line, Some(Location::Path), fields);
        } else if has(["query param", "query string"]) {
            self.parameters(line, Some(Location::Query), fields);
        } else if has(["request header", "header param"]) && !words.contains("response") {
            self.parameters(line, Some(Location::Header), fields);
        } else if caption.is_empty() && self.section == Some(Section::Uri) {
            self.parameters(line, None, fields);
        } else if caption.is_empty() && self.section == Some(Section::Request) {
            self.parameters(line, Some(Location::Header), fields);
        } else if body || caption.is_empty() && !has_body && self.section == Some(Section::Response)
        {
            self.facts.responses.push(Response { status, fields });
        } else if NAME.fits(caption) {
            let name = caption.to_owned();
            self.facts.schemas.push(Schema { name, fields });
        } else if let (Some(name), true) = (open, caption.is_empty()) {
            self.facts.schemas.push(Schema { name, fields });
        } else {
            let message =
                format!("it is not known what this table holds: its caption is `{caption}`");
            self.miss(line, message);
        }
    }

    /// Parameters, in the path or the query by the template if `location` is not known.
    fn parameters(&mut self, line: usize, location: Option<Location>, fields: Vec<Field>) {
        for mut field in fields {
            let in_path = self.facts.path.contains(&format!("{{{}}}", field.name));
            field.location = match location {
                None if in_path => Some(Location::Path),
                None => Some(Location::Query),
                told => told,
            };
            if field.location == Some(Location::Path) && !in_path {
                self.miss(line, format!("`{}` is no part of the path", field.name));
            }
            self.facts.parameters.push(field);
        }
    }

    /// The structures that types refer to, in the order of the page.
    fn references(&self) -> Vec<String> {
        let responses = self.facts.responses.iter().flat_map(|table| &table.fields);
        let structures = self.facts.schemas.iter().flat_map(|table| &table.fields);
        let fields = responses.chain(structures);
        let names = fields.filter_map(|field| words::STRUCTURE.first(field.kind.as_deref()?));
        names.map(str::to_owned).collect()
    }

    fn defines(&self, name: &str) -> bool {
        self.facts.schemas.iter().any(|schema| schema.name == name)
    }

    /// Refuses anything but a complete English reference page of a GET operation.
    fn refuse(&self, last: usize) -> Result<(), Refusal> {
        let Facts { method, path, .. } = &self.facts;
        if self.section.is_none() {
            return Err((None, FOREIGN.to_owned()));
        }
        if path.is_empty() {
            return Err((None, WITHOUT_CALL.to_owned()));
        }
        if method != "GET" {
            let message =
                format!("is about {method} {path}: only pages of GET operations are read");
            return Err((Some(self.call), message));
        }
        let ends = [Section::StatusCodes, Section::ErrorCodes];
        let end = self.section.filter(|section| ends.contains(section));
        let needed = [end, Some(Section::StatusCodes), Some(Section::Response)];
        let is_filled = |it: Option<Section>| it.is_some_and(|it| self.filled.contains(&it));
        if needed.into_iter().all(is_filled) {
            return Ok(());
        }
        Err((Some(last), CUT.to_owned()))
    }

    /// Checks that need the whole page.
    fn finish(&mut self, last: usize) {
        self.drop_caption();
        let path = self.facts.path.clone();
        for name in path.split(['{', '}']).skip(1).step_by(2) {
            if self.facts.parameters.iter().all(|field| field.name != name) {
                self.miss(
                    self.call,
                    format!("`{{{name}}}` of the path is not described"),
                );
            }
        }
        let references = self.references();
        for name in &references {
            if !self.defines(name) {
                self.miss(last, format!("the structure `{name}` is not described"));
            }
        }
        self.unread.sort();
        self.unread.dedup();
    }
}
