//! What a page states and what it leaves open, once all of it was read.

use super::super::block::{Block, Remark};
use super::super::facts::{Facts, Field};
use super::super::vocabulary::Section;
use super::identity::{is_lost_head, place, title};
use super::{Page, Reading};

impl Page {
    /// The facts, with everything that was noticed on the way, in the order of the page.
    pub(super) fn finish(mut self, blocks: &[Block]) -> Reading {
        self.place_address();
        self.place_by_example();
        let mut remarks = std::mem::take(&mut self.remarks);
        remarks.extend(self.undescribed(blocks));
        remarks.extend(self.misplaced_body());
        remarks.extend(self.gaps.remarks());
        remarks.extend(self.without_statuses());
        remarks.extend(self.unread_examples());
        let success = self
            .status_codes
            .iter()
            .find(|status| status.starts_with('2'));
        let responses = self.answers.finish(success.cloned(), &mut remarks);
        let schemas = self.structures.finish(&self.examples, &mut remarks);
        let parameters = without_repetition(self.parameters, &mut remarks);
        remarks.sort_by_key(|remark| remark.line);
        let facts = Facts {
            title: title(blocks),
            method: self.operation.method,
            path: self.operation.path,
            date: self.date,
            parameters,
            responses,
            schemas,
            status_codes: self.status_codes,
            examples: self.examples,
        };
        Reading { facts, remarks }
    }

    /// The placeholders of the path that no row describes.
    fn undescribed(&self, blocks: &[Block]) -> Vec<Remark> {
        let described = |holder: &&str| {
            let mut parameters = self.parameters.iter();
            parameters.any(|(_, field)| field.name == *holder)
        };
        let holders = self.operation.placeholders().into_iter();
        let holders = holders.filter(|holder| !described(holder));
        let line = place(blocks, &self.operation);
        let lost = self.is_in_unknown_layout(blocks);
        holders
            .map(|holder| {
                let message = format!("`{{{holder}}}` of the path is not described");
                if lost {
                    let message = format!("{message}, and no table of parameters was found");
                    Remark::unreadable(line, message)
                } else {
                    Remark::doubt(line, message)
                }
            })
            .collect()
    }

    /// Whether there is no table, but there are words about parameters or of a head, or no headings at all: then the page has a layout or
    /// words that are not known.
    fn is_in_unknown_layout(&self, blocks: &[Block]) -> bool {
        self.tables == 0
            && (self.gaps.speaks_of_address()
                || matches!(self.outer, None | Some(Section::Uri))
                || blocks.iter().any(is_lost_head))
    }

    fn without_statuses(&self) -> Option<Remark> {
        let missing = self.status_codes.is_empty() && self.section().is_example();
        let message = "no status codes were found: is the end of the page missing?";
        missing.then(|| Remark::doubt(self.last_line, message))
    }

    fn unread_examples(&self) -> Vec<Remark> {
        let unread = self
            .examples
            .iter()
            .filter(|example| example.value.is_none());
        unread
            .map(|example| Remark::doubt(example.line, "this example is not JSON: it was skipped"))
            .collect()
    }
}

/// Parameters, each once.
fn without_repetition(fields: Vec<(usize, Field)>, remarks: &mut Vec<Remark>) -> Vec<Field> {
    let mut kept: Vec<Field> = Vec::new();
    for (line, field) in fields {
        if kept
            .iter()
            .any(|known| known.name == field.name && known.location == field.location)
        {
            let message = format!("`{}` is described twice", field.name);
            remarks.push(Remark::unreadable(line, message));
            continue;
        }
        kept.push(field);
    }
    kept
}
