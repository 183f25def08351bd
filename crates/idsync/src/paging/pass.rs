//! One way through a list from its start, and what tells that the list changed meanwhile.

use super::course::Course;
use super::seen::{Key, Sighting};
use super::{OffsetUnit, Page};

/// A page as far as the way through the list depends on it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outline {
    received: u64,
    total: Option<u64>,
    first: Option<Key>,
    second: Option<Key>,
    last: Option<Key>,
}

impl Outline {
    pub(super) fn of<T>(
        page: &Page<T>,
        mut keys: impl DoubleEndedIterator<Item = Option<Key>> + Clone,
    ) -> Self {
        Self {
            received: page.len() as u64,
            total: page.total(),
            first: keys.clone().next().flatten(),
            second: keys.clone().nth(1).flatten(),
            last: keys.next_back().flatten(),
        }
    }
}

/// What follows a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// The next page.
    Ahead,
    /// Nothing; the pass is over.
    Ended(Ending),
}

/// What a pass says of itself at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Nothing tells of a change.
    Quiet,
    /// It came to the end of the list with a steady total, but some items came twice: the list changed, or it holds
    /// them twice.
    Repeats,
    /// The list changed.
    Changed,
    /// The list ended, or went on, where it cannot if `offset` counts what it was taken to count.
    OtherUnit,
}

/// The state between two pages of a pass.
#[derive(Debug)]
pub(super) struct Pass {
    pub(super) number: u8,
    /// Of the page to come.
    pub(super) index: u64,
    /// The first total that was believed.
    total: Option<u64>,
    total_changed: bool,
    repeats: u64,
    repeats_on_page: u64,
    /// Of all keys in their order: equal passes have equal digests.
    digest: u64,
    /// The second item of the first page: where a service that counts items starts its page 1.
    second: Option<Key>,
    /// A page of the other unit, which the next page has to bear out.
    stray: Option<Outline>,
    went_aside: bool,
}

impl Pass {
    pub(super) fn new(number: u8) -> Self {
        Self {
            number,
            index: 0,
            total: None,
            total_changed: false,
            repeats: 0,
            repeats_on_page: 0,
            digest: 0,
            second: None,
            stray: None,
            went_aside: false,
        }
    }

    pub(super) fn total(&self) -> Option<u64> {
        self.total
    }

    pub(super) fn digest(&self) -> u64 {
        self.digest
    }

    /// Whether it went on with the other unit after its first page.
    ///
    /// That may have been a change that looked like it, so it holds for this pass only: a still list looks the same to
    /// the next one.
    pub(super) fn went_aside(&self) -> bool {
        self.went_aside
    }

    /// How many pages can be asked for now, the next one included, without asking for more than there is.
    pub(super) fn reach(&self, course: Course) -> u64 {
        match self.total {
            // Nothing is known before the first page.
            _ if self.index == 0 => 1,
            Some(total) => total
                .saturating_sub(course.items_before(self.index))
                .div_ceil(u64::from(course.limit()).max(1)),
            // As far ahead as it has come: what is asked behind the end is never more than what was there.
            None => self.index,
        }
    }

    /// The way to go from here if the first page shows that the service makes pages smaller than asked for.
    pub(super) fn fitted(&self, course: Course, page: &Outline) -> Course {
        let end = course
            .items_before(self.index)
            .saturating_add(page.received);
        let goes_on = page.total.is_some_and(|total| total > end);
        match u32::try_from(page.received) {
            Ok(received) if self.index == 0 && received > 0 && goes_on => {
                course.with_limit(received.min(course.limit()))
            }
            _ => course,
        }
    }

    /// Whether page 1 begins with the second item of page 0: the service was asked for a page and went one item on.
    pub(super) fn is_shifted(&self, course: Course, page: &Outline) -> bool {
        course.unit() == OffsetUnit::Pages
            && self.index == 1
            && course.limit() > 1
            && page.first.is_some()
            && page.first == self.second
            && (self.total.is_none() || self.total == page.total)
    }

    /// Goes on with the other unit instead of this page; the next one has to bear it out.
    pub(super) fn set_stray(&mut self, page: Outline) {
        self.stray = Some(page);
        self.went_aside = true;
    }

    /// Takes note of an item of the page at hand.
    pub(super) fn sight(&mut self, key: Option<Key>, sighting: Sighting) {
        self.repeats_on_page += u64::from(sighting == Sighting::Repeated);
        // Any odd factor will do: keys are random already, and only their order has to matter.
        self.digest = (self.digest ^ key.unwrap_or(1))
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(23);
    }

    /// What follows the page at hand, all of whose items have been sighted.
    pub(super) fn turn(&mut self, course: Course, page: &Outline) -> Turn {
        let total = self.believed_total(course, page);
        let brought_nothing = self.repeats_on_page == page.received;
        let end = course
            .items_before(self.index)
            .saturating_add(page.received);
        let short = page.received < course.limit().into();
        let reached = total.is_some_and(|total| end.saturating_sub(course.slack()) >= total);
        let misread = self
            .stray
            .take()
            .is_some_and(|stray| !bears_out(&stray, page, course));
        self.take_note(page, total);
        if misread || (short && total.is_some_and(|total| end < total)) {
            Turn::Ended(Ending::OtherUnit)
        } else if short || reached {
            Turn::Ended(self.ending())
        } else if brought_nothing {
            // Going on could go on for ever.
            Turn::Ended(Ending::Changed)
        } else {
            self.index += 1;
            Turn::Ahead
        }
    }

    fn take_note(&mut self, page: &Outline, total: Option<u64>) {
        if self.index == 0 {
            self.second = page.second;
        }
        self.repeats += std::mem::take(&mut self.repeats_on_page);
        let differs = self.total.is_some() && page.total.is_some() && self.total != page.total;
        self.total_changed |= differs;
        self.total = self.total.or(total);
    }

    fn ending(&self) -> Ending {
        match (self.total_changed, self.repeats) {
            (true, _) => Ending::Changed,
            (false, 0) => Ending::Quiet,
            (false, _) => Ending::Repeats,
        }
    }

    /// The total of a page, unless it can only be, or may well be, the number of items on the page.
    fn believed_total(&self, course: Course, page: &Outline) -> Option<u64> {
        let before = course.items_before(self.index);
        let least = before
            .saturating_sub(course.slack())
            .saturating_add(page.received);
        let full = page.received >= course.limit().into();
        page.total.filter(|total| {
            page.received == 0 || *total > least || (*total == least && (before > 0 || !full))
        })
    }
}

/// Whether `page`, asked for by items, fits to `stray`, which then began one item behind the start.
fn bears_out(stray: &Outline, page: &Outline, course: Course) -> bool {
    if stray.received < course.limit().into() {
        page.received == 0
    } else {
        page.received > 0 && page.first == stray.last
    }
}
