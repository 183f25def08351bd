//! Numbers that a description sets as bounds, in words.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde_json::Number;

/// What a number bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Least,
    MoreThan,
    Most,
    LessThan,
    /// Two numbers: from the first to the second.
    Both,
}

/// The bounds of a value or of a length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bounds {
    /// Smallest, inclusive.
    pub least: Option<f64>,
    /// Largest, inclusive.
    pub most: Option<f64>,
}

/// What a text says about values and lengths.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Bounds of the value itself.
    pub value: Bounds,
    /// Bounds of its length in characters.
    pub length: Bounds,
    /// Whether the text names bounds that contradict each other, as it does when they depend on something else.
    pub contradicts: bool,
}

const NUMBER: &str = r"(-?\d+(?:\.\d+)?)";

/// Every way to name a bound. `N` stands for a number; texts are lower case.
const PHRASES: &[(Side, &str)] = &[
    (
        Side::Both,
        r"\b(?:rang(?:e|es|ing)(?: is)?(?: from)?|from|between|取值范围为?|范围为?|can be|is|contains?|containing|of|长度为?)[:：\s]*[\[［(（]?\s*N\s*(?:characters )?(?:to|and|-|–|—|~|～|,|，|到|至)\s*N",
    ),
    (
        Side::Both,
        r"^[\[［(（]?\s*N\s*(?:to|-|–|—|~|～|,|，|到|至)\s*N\s*[\]］)）]?",
    ),
    (
        Side::Least,
        r"(?:greater than or equal to|more than or equal to|larger than or equal to|no less than|not less than|cannot be less than|no smaller than|at least|>=|≥|大于等于|大于或等于|不小于|不少于|minimum(?: value| length)?(?: is|:|：|=)?|最小(?:值|长度)(?:为|：|:)?)\s*N",
    ),
    (
        Side::MoreThan,
        r"(?:(?:greater|larger|more) than|>|大于)\s*N",
    ),
    (
        Side::Most,
        r"(?:less than or equal to|smaller than or equal to|no more than|not more than|no greater than|not greater than|cannot exceed|not exceed|at most|maximum of|maximum(?: value| length)?(?: is|:|：|=)?|<=|≤|小于等于|小于或等于|不大于|不超过|最大(?:值|长度)(?:为|：|:)?)\s*N",
    ),
    (
        Side::LessThan,
        r"(?:(?:less|smaller|lower) than|<|小于)\s*N",
    ),
];

/// A description that names more bounds than this describes nothing that could be taken over.
const MAX_BOUNDS: usize = 50;

/// What follows a number when it counts characters.
const LENGTH: &str =
    r"^\s*(?:\w+ )?(?:characters?|chars?|digits?|bytes?|bits?|letters|个?字符|位|个?字节)";

static PATTERNS: LazyLock<Vec<(Side, Regex)>> = LazyLock::new(|| {
    let pattern = |phrase: &str| Regex::new(&phrase.replace('N', NUMBER)).ok();
    let patterns = PHRASES.iter();
    patterns
        .filter_map(|(side, phrase)| Some((*side, pattern(phrase)?)))
        .collect()
});

static COUNTS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(LENGTH).ok());

/// Reads the bounds that `text` names. `whole` says whether only whole numbers are possible.
pub fn read(text: &str, whole: bool) -> Reading {
    let text = simplified(text);
    let mut reading = Reading::default();
    let mut taken: Vec<(usize, usize)> = Vec::new();
    for (side, pattern) in PATTERNS.iter() {
        for captures in pattern.captures_iter(&text) {
            let Some(span) = captures.get(0).map(|all| (all.start(), all.end())) else {
                continue;
            };
            // "greater than" is a part of "greater than or equal to", which was found before.
            if taken
                .iter()
                .any(|(start, end)| span.0 < *end && *start < span.1)
            {
                continue;
            }
            taken.push(span);
            if taken.len() > MAX_BOUNDS {
                reading.contradicts = true;
                return reading;
            }
            let after = text.get(span.1..).unwrap_or_default();
            let before = text.get(..span.0).unwrap_or_default();
            if *side != Side::Both && is_condition(before) {
                continue;
            }
            if after.starts_with(['-', ':', '/']) {
                // A date or a time.
                continue;
            }
            reading.note(
                *side,
                &captures,
                counts_characters(&captures, before, after),
                whole,
            );
        }
    }
    if text.contains("non-negative integer") || text.contains("非负整数") {
        set(&mut reading.value.least, 0.0, &mut reading.contradicts);
    } else if (text.contains("positive integer") || text.contains("正整数"))
        && reading.value.least.is_none()
    {
        set(&mut reading.value.least, 1.0, &mut reading.contradicts);
    }
    reading
}

/// Whether a bound is what something depends on, as in "if it is greater than 5": then it is none.
fn is_condition(before: &str) -> bool {
    let clause = before
        .rsplit(['.', ',', ';', ':', '。', '，', '；'])
        .next()
        .unwrap_or_default();
    let mut words = clause.split_whitespace();
    words.any(|word| matches!(word, "if" | "when"))
}

/// Lower case, without thousands separators and emphasis.
fn simplified(text: &str) -> String {
    let mut simple = String::with_capacity(text.len());
    let chars: Vec<char> = text
        .to_lowercase()
        .chars()
        .filter(|char| *char != '*')
        .collect();
    for (index, char) in chars.iter().enumerate() {
        let digit = |at: Option<usize>| {
            at.and_then(|at| chars.get(at))
                .is_some_and(char::is_ascii_digit)
        };
        let group = (1..=3).all(|step| digit(index.checked_add(step))) && !digit(Some(index + 4));
        if *char == ',' && digit(index.checked_sub(1)) && group {
            continue;
        }
        simple.push(*char);
    }
    simple
}

fn counts_characters(captures: &Captures<'_>, before: &str, after: &str) -> bool {
    let phrase = captures.get(0).map_or("", |all| all.as_str());
    let clause = before
        .rsplit(['.', '。', ';', '；'])
        .next()
        .unwrap_or_default();
    COUNTS
        .as_ref()
        .is_some_and(|pattern| pattern.is_match(after))
        || phrase.contains("character")
        || phrase.contains("length")
        || phrase.contains("长度")
        || clause.contains("length")
        || clause.contains("长度")
}

impl Reading {
    fn note(&mut self, side: Side, captures: &Captures<'_>, length: bool, whole: bool) {
        let number = |index: usize| captures.get(index)?.as_str().parse::<f64>().ok();
        let Some(first) = number(1) else { return };
        let step = if whole || length { 1.0 } else { 0.0 };
        let bounds = if length {
            &mut self.length
        } else {
            &mut self.value
        };
        let clash = &mut self.contradicts;
        match side {
            Side::Least => set(&mut bounds.least, first, clash),
            Side::MoreThan => set(&mut bounds.least, first + step, clash),
            Side::Most => set(&mut bounds.most, first, clash),
            Side::LessThan => set(&mut bounds.most, first - step, clash),
            Side::Both => {
                set(&mut bounds.least, first, clash);
                if let Some(second) = number(2) {
                    set(&mut bounds.most, second, clash);
                }
            }
        }
    }
}

fn set(bound: &mut Option<f64>, value: f64, clash: &mut bool) {
    match bound {
        Some(known) if (*known - value).abs() > f64::EPSILON => *clash = true,
        _ => *bound = Some(value),
    }
}

/// The number as JSON, without a fraction where it has none.
pub fn number(value: f64) -> Option<Number> {
    #[allow(
        clippy::cast_possible_truncation,
        reason = "only whole numbers that a double holds exactly get here"
    )]
    let whole = (value.fract() == 0.0 && value.abs() < 9.0e15).then_some(value as i64);
    match whole {
        Some(whole) => Some(Number::from(whole)),
        None => Number::from_f64(value),
    }
}

/// A length as JSON has it.
pub fn count(value: f64) -> Option<u64> {
    number(value)?.as_u64()
}

#[cfg(test)]
mod tests {
    use super::{Bounds, PATTERNS, PHRASES, read};

    fn bounds(least: Option<f64>, most: Option<f64>) -> Bounds {
        Bounds { least, most }
    }

    #[test]
    fn every_phrase_is_a_pattern() {
        assert_eq!(PATTERNS.len(), PHRASES.len());
    }

    #[test]
    fn phrases_bound_values() {
        let phrases = [
            ("The value ranges from 0 to 23.", Some(0.0), Some(23.0)),
            ("Value range: 1-1,000", Some(1.0), Some(1000.0)),
            (
                "取值范围：[1～2147483646]",
                Some(1.0),
                Some(2_147_483_646.0),
            ),
            ("**1** to **200**", Some(1.0), Some(200.0)),
            ("Greater than or equal to **0**", Some(0.0), None),
            ("An integer greater than 0", Some(1.0), None),
            ("大于等于0", Some(0.0), None),
            ("The value must be less than 100", None, Some(99.0)),
            ("The maximum value is 50.", None, Some(50.0)),
            ("0~100", Some(0.0), Some(100.0)),
            ("A positive integer", Some(1.0), None),
            (
                "Page offset, which starts from 0 (page number minus 1).",
                None,
                None,
            ),
        ];
        for (phrase, least, most) in phrases {
            let reading = read(phrase, true);
            assert_eq!(reading.value, bounds(least, most), "{phrase}");
            assert!(!reading.contradicts, "{phrase}");
        }
    }

    #[test]
    fn phrases_bound_lengths() {
        let phrases = [
            (
                "The value can contain 1 to 64 characters.",
                Some(1.0),
                Some(64.0),
            ),
            (
                "It must contain 4 to 64 characters and start with a letter.",
                Some(4.0),
                Some(64.0),
            ),
            ("Maximum length: 36", None, Some(36.0)),
            ("长度为1～64个字符", Some(1.0), Some(64.0)),
            ("A maximum of 256 characters", None, Some(256.0)),
        ];
        for (phrase, least, most) in phrases {
            let reading = read(phrase, true);
            assert_eq!(reading.length, bounds(least, most), "{phrase}");
            assert_eq!(reading.value, Bounds::default(), "{phrase}");
        }
    }

    #[test]
    fn bounds_that_depend_on_something_else_are_told_apart() {
        let text = "For memory, the value is an integer from 0 to 100. For CPU, the value is an integer from 1 to 99.";
        assert!(read(text, true).contradicts);
    }
}
