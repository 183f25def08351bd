//! Random services, random edits, and what comes of a reading.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;

use super::model::{Edit, Model, Total};
use crate::Error;
use crate::paging::{OffsetUnit, Pages};

/// A service, what happens to its list, and how it is read.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) count: usize,
    pub(super) edits: Vec<Vec<Edit>>,
    pub(super) limit: u32,
    pub(super) cap: usize,
    pub(super) documented: OffsetUnit,
    pub(super) counts: OffsetUnit,
    pub(super) floors: bool,
    pub(super) total: Total,
    pub(super) passes: u8,
    pub(super) confirmed: bool,
    pub(super) prefetch: usize,
}

/// What is wrong with the code under test.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Bug {
    None,
    /// The walk loses the first item of each page but the first.
    LosesAtEdge,
    /// The walk asks for each page but the first from one item further on.
    SkipsAtEdge,
}

/// What came of it.
pub(super) struct Outcome {
    pub(super) items: Vec<usize>,
    pub(super) error: Option<Error>,
    /// The number of the pass of each request.
    pub(super) passes: Vec<u8>,
    pub(super) model: Model,
}

impl Case {
    fn model(&self) -> Model {
        let model = match self.documented {
            OffsetUnit::Items => Model::dataarts(self.count),
            OffsetUnit::Pages => Model::dws(self.count),
        };
        let model = Model {
            counts: self.counts,
            floors: self.floors,
            cap: self.cap,
            total: self.total,
            ..model
        };
        model.edited_by(self.edits.clone())
    }

    pub(super) fn is_as_documented(&self) -> bool {
        self.counts == self.documented
    }

    /// Whether the list only grows or only shrinks, as far as anything happens to it.
    pub(super) fn is_monotone(&self) -> bool {
        let inserts = self
            .edits
            .iter()
            .flatten()
            .filter(|edit| matches!(edit, Edit::Insert(_)));
        let inserts = inserts.count();
        inserts == 0 || inserts == self.edits.iter().flatten().count()
    }

    pub(super) async fn read(&self, bug: Bug) -> Outcome {
        let model = Model {
            skips_at_edges: bug == Bug::SkipsAtEdge,
            ..self.model()
        };
        let passes = Arc::new(Mutex::new(Vec::new()));
        let mut plan = model.plan(self.limit);
        plan.set_passes(self.passes);
        plan.set_prefetch(self.prefetch);
        let told = Arc::clone(&passes);
        plan.set_on_page(move |progress| told.lock().unwrap().push(progress.pass));
        if self.confirmed {
            plan.confirm();
        }
        let (items, error) = drain(Pages::of(model.clone(), plan), bug).await;
        let passes = passes.lock().unwrap().clone();
        Outcome {
            items,
            error,
            passes,
            model,
        }
    }
}

pub(super) async fn drain(mut pages: Pages<String>, bug: Bug) -> (Vec<usize>, Option<Error>) {
    let mut items = Vec::new();
    let mut first = true;
    loop {
        match pages.try_next().await {
            Ok(Some(page)) => {
                let lost = usize::from(bug == Bug::LosesAtEdge && !first);
                items.extend(
                    page.items()
                        .skip(lost)
                        .map(|item| item.parse::<usize>().unwrap()),
                );
                first = false;
            }
            Ok(None) => return (items, None),
            Err(error) => return (items, Some(error)),
        }
    }
}

impl Outcome {
    pub(super) fn is_complete(&self) -> bool {
        let items: HashSet<_> = self.items.iter().collect();
        self.model
            .throughout()
            .iter()
            .all(|item| items.contains(item))
    }

    /// For each pass, whether the list stood still before its first request, and from there to its last.
    fn stillness(&self) -> Vec<(bool, bool)> {
        let edited = self.model.edited();
        let mut stillness: Vec<(bool, bool)> = Vec::new();
        for (request, pass) in self.passes.iter().enumerate() {
            match stillness.get_mut(usize::from(*pass) - 1) {
                Some((_, still)) => *still &= !edited[request],
                None => stillness.push((!edited[request], true)),
            }
        }
        stillness
    }

    /// Whether the list stood still for as long as `case` needs to be certain.
    pub(super) fn stood_still(&self, case: &Case) -> bool {
        let stillness = self.stillness();
        let once = stillness.iter().any(|(_, still)| *still);
        // A service that means the other thing by `offset` takes one pass to find that out.
        let twice = stillness
            .windows(2)
            .any(|pair| pair[0].1 && pair[1] == (true, true));
        match (case.confirmed, case.is_as_documented()) {
            (false, true) => once,
            (true, true) | (false, false) => twice,
            (true, false) => stillness
                .windows(3)
                .any(|three| three.iter().all(|pass| *pass == (true, true))),
        }
    }
}

fn edits() -> impl Strategy<Value = Vec<Vec<Edit>>> {
    let insert = || any::<u16>().prop_map(Edit::Insert);
    let delete = || any::<u16>().prop_map(Edit::Delete);
    let mixed = prop_oneof![insert(), delete()];
    prop_oneof![
        Just(Vec::new()),
        often_none(mixed),
        often_none(insert()),
        often_none(delete()),
    ]
}

fn often_none(edit: impl Strategy<Value = Edit> + Clone) -> impl Strategy<Value = Vec<Vec<Edit>>> {
    let few = prop_oneof![
        2 => Just(Vec::new()),
        1 => prop::collection::vec(edit, 1..4),
    ];
    prop::collection::vec(few, 0..30)
}

/// What `offset` is documented to count, what it counts, and whether it is rounded down.
fn offsets() -> impl Strategy<Value = (OffsetUnit, OffsetUnit, bool)> {
    use OffsetUnit::{Items, Pages};
    let units = || prop_oneof![Just(Items), Just(Pages)];
    prop_oneof![
        3 => (units(), any::<bool>()).prop_map(|(unit, floors)| (unit, unit, floors)),
        1 => (units(), any::<bool>()).prop_map(|(unit, floors)| (unit, unit.other(), floors && unit == Items)),
    ]
}

pub(super) fn cases() -> impl Strategy<Value = Case> {
    let cap = prop_oneof![3 => Just(usize::MAX), 1 => 1..6_usize];
    let total =
        prop_oneof![3 => Just(Total::OfAll), 1 => Just(Total::OfPage), 1 => Just(Total::Absent)];
    let reading = (1..8_u32, 1..7_u8, any::<bool>());
    // The count comes last, so that it shrinks when all else has.
    (edits(), offsets(), cap, total, reading, 0..25_usize).prop_map(
        |(edits, (documented, counts, floors), cap, total, (limit, passes, confirmed), count)| {
            // Without a total, neither a cap nor the other meaning of `offset` can be told from the end of the list.
            let plain = counts == documented && cap == usize::MAX;
            Case {
                count,
                edits,
                limit,
                cap,
                documented,
                counts,
                floors,
                total: if plain { total } else { Total::OfAll },
                passes,
                confirmed,
                prefetch: 1,
            }
        },
    )
}
