//! The bodies of answers, by status.

use super::block::Remark;
use super::facts::{Field, Response};

/// The answers of a page, as far as they were read.
#[derive(Debug, Default)]
pub struct Answers(Vec<(Option<String>, Vec<Field>)>);

impl Answers {
    /// Whether there is a body for this status.
    pub fn has(&self, status: Option<&String>) -> bool {
        self.0.iter().any(|(known, _)| known.as_ref() == status)
    }

    /// Adds the fields of a body. Pages may spread a body over several tables.
    pub fn add(
        &mut self,
        status: Option<&String>,
        line: usize,
        fields: Vec<(usize, Field)>,
        remarks: &mut Vec<Remark>,
    ) {
        if !self.has(status) {
            self.0.push((status.cloned(), Vec::new()));
        } else if !fields.is_empty() {
            remarks.push(Remark::doubt(
                line,
                "a second table for the same answer: its fields were added",
            ));
        }
        let Some((_, known)) = self
            .0
            .iter_mut()
            .find(|(known, _)| known.as_ref() == status)
        else {
            return;
        };
        for (line, field) in fields {
            if known.iter().any(|known| known.name == field.name) {
                remarks.push(Remark::unreadable(
                    line,
                    format!("`{}` is described twice", field.name),
                ));
                continue;
            }
            known.push(field);
        }
    }

    /// The answers; those without a status are taken for the `success` that the page lists.
    pub fn finish(self, success: Option<String>, remarks: &mut Vec<Remark>) -> Vec<Response> {
        let untold = self.0.iter().any(|(status, _)| status.is_none());
        if untold && success.is_none() {
            remarks.push(Remark::doubt(
                1,
                "no status is named for the answer: 200 was taken",
            ));
        }
        let success = success.unwrap_or_else(|| "200".to_owned());
        let answers = self.0.into_iter();
        answers
            .map(|(status, fields)| Response {
                status: status.unwrap_or_else(|| success.clone()),
                fields,
            })
            .collect()
    }
}
