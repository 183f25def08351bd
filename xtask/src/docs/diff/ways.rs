//! Which way the things of a page go.

use std::collections::BTreeSet;

use crate::docs::change::Part;
use crate::docs::facts::{Facts, Field};
use crate::docs::types;

/// To the service, back from it, or both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Way {
    /// Programs write it.
    pub(super) sent: bool,
    /// Programs read it.
    pub(super) received: bool,
}

/// The structures that go each way.
#[derive(Clone, Debug, Default)]
pub(super) struct Ways {
    sent: BTreeSet<String>,
    received: BTreeSet<String>,
}

impl Ways {
    /// The ways on two pages: a structure that changes its way goes both.
    pub(super) fn of(old: &Facts, new: &Facts) -> Self {
        let mut ways = Self::default();
        for facts in [old, new] {
            let answers = facts.responses.iter().flat_map(|answer| &answer.fields);
            ways.sent.extend(reached(facts, facts.parameters.iter()));
            ways.received.extend(reached(facts, answers));
        }
        ways
    }

    /// The way of a part. What nothing refers to is taken for an answer, as nearly all structures are.
    pub(super) fn of_part(&self, part: &Part) -> Way {
        let sent = match part {
            Part::Parameters(_) => true,
            Part::Structure(name, _) => self.sent.contains(name),
            Part::Answer(_) | Part::Page => false,
        };
        let received = match part {
            Part::Structure(name, _) => self.received.contains(name),
            _ => false,
        };
        Way {
            sent,
            received: received || !sent,
        }
    }
}

/// The structures that fields refer to, directly or not.
fn reached<'f>(facts: &'f Facts, fields: impl Iterator<Item = &'f Field>) -> BTreeSet<String> {
    let mut open: Vec<&Field> = fields.collect();
    let mut found = BTreeSet::new();
    while let Some(field) = open.pop() {
        let name = field.kind.as_deref().and_then(types::reference);
        let Some(name) = name.filter(|name| found.insert((*name).to_owned())) else {
            continue;
        };
        let schemas = facts.schemas.iter().filter(|schema| schema.name == name);
        open.extend(schemas.flat_map(|schema| &schema.fields));
    }
    found
}
