//! The way through a list: pass after pass until one tells of no change.

use std::sync::Arc;

use super::course::Course;
use super::flight::Flight;
use super::pass::{Ending, Outline, Pass, Turn};
use super::seen::{Seen, Sighting};
use super::{Listing, Page, Plan, Position, Progress};
use crate::{Error, ErrorKind};

/// As many as `offset` can be read by.
const UNITS: u8 = 2;

/// The state between two pages.
///
/// What was seen is known by id, so that reading a page again is harmless, and skipping one is what has to be avoided.
pub(super) struct Walk<L: Listing> {
    listing: Arc<L>,
    plan: Plan,
    course: Course,
    pass: Pass,
    seen: Seen,
    flight: Flight<L::Item>,
    /// Of the pass before, if that came to its end without a doubt but for repeats.
    digest_before: Option<u64>,
    /// How many passes in a row ended where no list can, whatever happens to it, in the unit they were read by.
    holes: u8,
    pages: u64,
    /// How many items are still wanted.
    wanted: u64,
    upcoming: Step,
}

/// What comes after a page.
enum Step {
    Ask,
    Fail(Error),
    End,
}

impl<L: Listing> Walk<L> {
    pub(super) fn new(listing: L, plan: Plan) -> Self {
        let wanted = plan.max_items.unwrap_or(u64::MAX);
        Self {
            listing: Arc::new(listing),
            course: Course::new(plan.counts, plan.offset, plan.limit),
            pass: Pass::new(1),
            seen: Seen::new(),
            flight: Flight::new(plan.prefetch),
            digest_before: None,
            holes: 0,
            pages: 0,
            wanted,
            upcoming: if wanted == 0 { Step::End } else { Step::Ask },
            plan,
        }
    }

    /// The next page that holds something new; the first one in any case, so that its total is known.
    pub(super) async fn next(&mut self) -> Option<Result<Page<L::Item>, Error>> {
        loop {
            match std::mem::replace(&mut self.upcoming, Step::End) {
                Step::End => return None,
                Step::Fail(error) => return Some(Err(error)),
                Step::Ask => match self.ask().await {
                    Ok(page) if page.is_empty() && self.pages > 1 => {}
                    answer => return Some(answer),
                },
            }
        }
    }

    async fn ask(&mut self) -> Result<Page<L::Item>, Error> {
        let limit = u64::from(self.course.limit()).max(1);
        let reach = self
            .pass
            .reach(self.course)
            .min(self.wanted.div_ceil(limit));
        let answer = self
            .flight
            .land(&self.listing, self.course, self.pass.index, reach)
            .await;
        let page = answer.inspect_err(|_| self.flight.cancel())?;
        let (here, pass) = (self.course.request(self.pass.index), self.pass.number);
        let page = self.take_in(page);
        let page = self.hand_out(page, here);
        self.tell(&page, pass);
        Ok(page)
    }

    /// Leaves in `page` what is new and settles what comes after it.
    fn take_in(&mut self, mut page: Page<L::Item>) -> Page<L::Item> {
        let seen = &mut self.seen;
        let outline = Outline::of(&page, page.ids(L::id).map(|id| id.map(|id| seen.key(id))));
        self.course = self.pass.fitted(self.course, &outline);
        let turn = if self.pass.is_shifted(self.course, &outline) {
            page.retain(L::id, |id| seen.greet(id.map(|id| seen.key(id))));
            self.turn_aside(outline)
        } else {
            let pass = &mut self.pass;
            page.retain(L::id, |id| {
                let key = id.map(|id| seen.key(id));
                let sighting = seen.sight(key, pass.number);
                pass.sight(key, sighting);
                sighting == Sighting::New
            });
            pass.turn(self.course, &outline)
        };
        self.upcoming = match turn {
            Turn::Ahead => Step::Ask,
            Turn::Ended(ending) => self.after_pass(ending),
        };
        page
    }

    /// Reads `offset` the other way from the second page on; from another start the first page was not the one meant.
    fn turn_aside(&mut self, page: Outline) -> Turn {
        if !self.course.is_whole() {
            return Turn::Ended(Ending::OtherUnit);
        }
        self.flight.cancel();
        self.course = self.course.other_unit();
        self.pass.set_stray(page);
        Turn::Ahead
    }

    fn after_pass(&mut self, ending: Ending) -> Step {
        let digest = self.pass.digest();
        let agrees = self.digest_before == Some(digest);
        // What fits on one page was read at one moment.
        let certain = agrees || !self.plan.confirmed || self.pass.index == 0;
        match ending {
            Ending::Quiet if certain => return Step::End,
            Ending::Repeats if agrees => return Step::End,
            Ending::Quiet | Ending::Repeats => self.digest_before = Some(digest),
            Ending::Changed | Ending::OtherUnit => self.digest_before = None,
        }
        if ending == Ending::OtherUnit || self.pass.went_aside() {
            self.course = self.course.other_unit();
        }
        let hole = ending == Ending::OtherUnit && !self.pass.went_aside();
        self.holes = if hole { self.holes + 1 } else { 0 };
        if self.holes >= UNITS || self.pass.number >= self.plan.passes() {
            return Step::Fail(self.exhausted(ending));
        }
        self.flight.cancel();
        self.seen.begin_pass();
        self.pass = Pass::new(self.pass.number + 1);
        Step::Ask
    }

    fn exhausted(&self, ending: Ending) -> Error {
        let read = match self.pass.total() {
            Some(total) => format!("after {} of {total} items", self.seen.count()),
            None => format!("after {} items", self.seen.count()),
        };
        let passes = self.pass.number;
        let message = match ending {
            Ending::OtherUnit => format!(
                "the list ended {read}: the service did not give all that it claims; ask again"
            ),
            Ending::Quiet => format!(
                "no two of {passes} passes in a row agree, and the list is given up {read}: it changed while it was read; ask again, or allow more passes"
            ),
            Ending::Repeats | Ending::Changed => format!(
                "the list did not stand still for one of {passes} passes and is given up {read}: it changed while it was read; ask again, or allow more passes"
            ),
        };
        Error::new(ErrorKind::Service, message)
    }

    /// Cuts `page` to what is wanted and puts on it where to go on.
    fn hand_out(&mut self, mut page: Page<L::Item>, here: Position) -> Page<L::Item> {
        let cut = page.len() as u64 > self.wanted;
        if cut {
            page.truncate(usize::try_from(self.wanted).unwrap_or(usize::MAX));
        }
        self.wanted -= page.len() as u64;
        let next = match self.upcoming {
            _ if cut => Some(here),
            Step::Ask => Some(self.course.request(self.pass.index)),
            Step::Fail(_) => Some(self.course.request(0)),
            Step::End => None,
        };
        if self.wanted == 0 {
            self.flight.cancel();
            self.upcoming = Step::End;
        }
        page.with_next_position(next)
    }

    fn tell(&mut self, page: &Page<L::Item>, pass: u8) {
        self.pages += 1;
        if let Some(hook) = &self.plan.on_page {
            hook.tell(&Progress {
                pages: self.pages,
                items: self
                    .plan
                    .max_items
                    .unwrap_or(u64::MAX)
                    .saturating_sub(self.wanted),
                total: page.total(),
                pass,
            });
        }
    }
}
