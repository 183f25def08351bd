//! Tables of a page: which of them hold facts, and what the line above one tells of it.

use super::super::block::{Line, Remark, Table};
use super::super::caption::{self, Role};
use super::super::rows::Rows;
use super::super::vocabulary::{Column, Section};
use super::Page;

impl Page {
    /// Reads a table, as far as its columns are known.
    pub(super) fn table(&mut self, table: &Table) {
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
    pub(super) fn facts_section(&self) -> Section {
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

    /// The line before a table as its caption, where it tells a part of the request or answer, or names a field that was read.
    pub(super) fn told_by(&self, lead: &Line) -> Option<(usize, String)> {
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
}
