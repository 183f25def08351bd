//! The timeline of a cluster: one bar for each spell, whose height and colour show the verdict.

use idsync::health::Verdict;
use jiff::Timestamp;

use crate::store::HistorySpell;

/// Width of the view box.
pub(super) const WIDTH: i64 = 1_000;

/// Height of the view box.
pub(super) const HEIGHT: i64 = 20;

/// Least width of a bar, so that short spells stay visible.
const NARROWEST: i64 = 2;

pub(super) struct Bar {
    pub(super) x: i64,
    pub(super) width: i64,
    pub(super) height: i64,
    pub(super) verdict: Verdict,
}

/// The bars of `spells` between `from` and `now`.
pub(super) fn bars(
    spells: &[HistorySpell],
    &from: &Timestamp,
    &now: &Timestamp,
) -> impl Iterator<Item = Bar> {
    let whole = (now.as_millisecond() - from.as_millisecond()).max(1);
    let place = move |time: Timestamp| {
        let passed = time.as_millisecond() - from.as_millisecond();
        (passed.clamp(0, whole)) * WIDTH / whole
    };
    spells.iter().map(move |spell| {
        let x = place(spell.began_at).min(WIDTH - NARROWEST);
        let end = place(spell.ended_at.unwrap_or(now));
        Bar {
            x,
            width: (end - x).max(NARROWEST),
            height: height(spell.verdict),
            verdict: spell.verdict,
        }
    })
}

/// A worse verdict has a higher bar.
fn height(verdict: Verdict) -> i64 {
    match verdict {
        Verdict::Failing => HEIGHT,
        Verdict::Stuck => 17,
        Verdict::Overdue => 14,
        Verdict::Partial => 12,
        Verdict::NeverRun => 6,
        Verdict::Running => 5,
        Verdict::Healthy => 3,
        // Not known, or a verdict that this version does not know.
        _ => 9,
    }
}

/// The same in words.
pub(super) fn label(spells: &[HistorySpell], &from: &Timestamp, &now: &Timestamp) -> String {
    let seconds = |spell: &HistorySpell| {
        let began = spell.began_at.max(from);
        let ended = spell.ended_at.unwrap_or(now).min(now);
        (ended.as_second() - began.as_second()).max(0)
    };
    let mut parts = Vec::new();
    for verdict in Verdict::ALL {
        let spells = spells.iter().filter(|spell| spell.verdict == verdict);
        let seconds: i64 = spells.map(seconds).sum();
        if seconds > 0 {
            parts.push(format!("{verdict} {}", lasting(seconds)));
        }
    }
    if parts.is_empty() {
        return "no history yet".to_owned();
    }
    parts.join(", ")
}

/// A number of seconds in its largest sensible unit, rounded down.
pub(super) fn lasting(seconds: i64) -> String {
    match seconds.max(0) {
        seconds @ ..60 => format!("{seconds} s"),
        seconds @ ..3_600 => format!("{} min", seconds / 60),
        seconds @ ..172_800 => format!("{} h", seconds / 3_600),
        seconds => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn spell(began: i64, ended: Option<i64>, verdict: Verdict) -> HistorySpell {
        HistorySpell {
            began_at: at(began),
            ended_at: ended.map(at),
            verdict,
            reasons: Vec::new(),
            summary: None,
        }
    }

    #[test]
    fn a_timeline_has_a_bar_for_each_spell_and_says_the_same_in_words() {
        let spells = [
            spell(0, Some(3_000), Verdict::Healthy),
            spell(3_000, Some(3_001), Verdict::Stuck),
            spell(3_001, None, Verdict::Failing),
        ];
        let (from, now) = (at(2_000), at(4_000));
        let bars = bars(&spells, &from, &now).map(|bar| (bar.x, bar.width, bar.height));
        let expected = [(0, 500, 3), (500, 2, 17), (500, 500, 20)];
        assert_eq!(bars.collect::<Vec<_>>(), expected);
        let label = label(&spells, &from, &now);
        assert_eq!(label, "failing 16 min, stuck 1 s, healthy 16 min");
    }
}
