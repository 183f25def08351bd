//! Lists of values whose items stand on one line, as conversions leave them that join the lines of a cell.
//!
//! What separated the items is gone, so they are told by their look: a word with its colon begins an item, and words that no
//! sentence consists of are items themselves.

mod runs;
mod words;

use super::block::Line;
use super::values;
use super::vocabulary;
use runs::{are_mostly_names, begins_list, enumerated, is_last_head, without_remark};
use words::{
    ends_in_colon, ends_sentence, has_mark, is_announcement, is_constant, is_prose,
    is_sentence_word, starts_small,
};

/// What the look of a line tells of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The values that stand out.
    pub values: Vec<String>,
    /// Whether there are items, of which it cannot be told where they begin.
    pub merged: bool,
}

/// The values that one line lists; `bare` says that the line can be nothing but values.
pub fn values(lines: &[Line], bare: bool) -> Look {
    let text: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    let text = text.join(" ").replace(" (default):", ":");
    let words: Vec<&str> = text.split_whitespace().collect();
    let heads = heads(&words);
    if heads.iter().filter(|head| head.goes_on).count() > 1 {
        return Look {
            values: Vec::new(),
            merged: true,
        };
    }
    let mut values = enumerated(&words, bare);
    if values.is_empty() {
        values = explained(&heads, bare);
    }
    // What follows the last head is its explanation.
    let explains = values
        .first()
        .is_some_and(|value| is_last_head(&words, value));
    if values.len() < 2 && !explains {
        values = plain(&words, bare);
    }
    // Where items are marked, nothing was joined.
    let marked = lines.iter().any(|line| line.bullet);
    let unclear = || are_unclear(&heads) || bare && begins_list(&words);
    let lost = || is_announced(&words) || !marked && unclear();
    let merged = values.len() < 2 && lost();
    Look { values, merged }
}

/// Whether the first of several stands behind a sentence without an end, as in "Sort of shop open: words. closed: words.", or one is
/// cut off from its first word.
fn are_unclear(heads: &[Head]) -> bool {
    let cut = |head: &Head| head.goes_on;
    let behind = heads.first().is_some_and(|head| !head.opens);
    heads.len() > 1 && (behind || heads.iter().any(cut))
}

/// A word with a colon behind it.
#[derive(Debug)]
struct Head {
    name: String,
    /// Whether it begins a sentence.
    opens: bool,
    /// Whether it is the second word of a name, as in `Hive SQL: words`: which words belong to the names cannot be told.
    goes_on: bool,
    /// A constant that stands before it without a colon.
    before: Option<String>,
}

impl Head {
    /// Whether it can be nothing but a value.
    fn is_strong(&self) -> bool {
        is_constant(&self.name)
            || self
                .name
                .contains(|char: char| char.is_ascii_digit() || char == '_')
            || vocabulary::is_truth(&self.name)
            || self.opens && !is_sentence_word(&self.name)
    }

    fn is_small(&self) -> bool {
        starts_small(&self.name)
    }
}

fn heads(words: &[&str]) -> Vec<Head> {
    let indices = 0..words.len();
    indices.filter_map(|index| head(words, index)).collect()
}

fn head(words: &[&str], index: usize) -> Option<Head> {
    let at = |back: usize| words.get(index.checked_sub(back)?).copied();
    let word = at(0)?;
    let name = values::unquoted(word.strip_suffix([':', '：'])?);
    // Behind "as follows:" and the like, the first item opens the list.
    let is_label =
        index > 0 && vocabulary::label(word).is_some() && !starts_small(word) && !is_constant(name);
    let announces =
        is_announcement(word) || words.get(index + 1).is_some_and(|next| ends_in_colon(next));
    let is_value = values::is_token(&name.replace(':', "")) && !name.starts_with(':');
    if !is_value || is_label || announces {
        return None;
    }
    let opens = at(1).is_none_or(|word| ends_sentence(word) || ends_in_colon(word));
    let second = !opens && at(2).is_none_or(ends_sentence) && !has_mark(name);
    let before = at(1).filter(|word| second && is_constant(word) && is_constant(name));
    let capital =
        at(1).is_some_and(|word| word.starts_with(|char: char| char.is_ascii_uppercase()));
    Some(Head {
        name: name.to_owned(),
        opens,
        goes_on: second && capital && before.is_none(),
        before: before.map(str::to_owned),
    })
}

/// `RUNNING: it runs DONE: it is done`.
fn explained(heads: &[Head], bare: bool) -> Vec<String> {
    if heads.iter().any(|head| head.goes_on) {
        return Vec::new();
    }
    // One word of prose with a colon is prose; several that begin a sentence each are a list.
    let opening = heads.iter().filter(|head| head.opens);
    let small = opening.clone().filter(|head| head.is_small()).count();
    let marked = heads.len() > 1 && heads.iter().any(|head| !is_sentence_word(&head.name));
    // No sentence begins with a small letter.
    let all_small = small > 0 && heads.len() > 1 && heads.iter().all(Head::is_small);
    let several = small > 1 || all_small || opening.count() > 2;
    let listed = bare || marked || several || heads.iter().any(Head::is_strong);
    let first = heads
        .iter()
        .position(|head| head.is_strong() || head.opens && listed);
    let items = first
        .and_then(|first| heads.get(first..))
        .filter(|_| listed);
    let named = items.unwrap_or_default().iter();
    named
        .flat_map(|head| head.before.iter().chain([&head.name]).cloned())
        .collect()
}

/// Whether a list is announced, and several words follow.
fn is_announced(words: &[&str]) -> bool {
    let announced = words.iter().position(|word| is_announcement(word));
    announced.is_some_and(|at| words.len() > at + 2)
}

/// `RUNNING DONE`, behind a sentence or alone.
fn plain(words: &[&str], bare: bool) -> Vec<String> {
    let words = without_remark(words);
    let start = words
        .iter()
        .rposition(|word| ends_sentence(word) || ends_in_colon(word))
        .map_or(0, |index| index + 1);
    let Some(items) = words.get(start..) else {
        return Vec::new();
    };
    // A sentence of prose begins with a capital; what has marks or capitals within does not belong to one.
    let in_small =
        |word: &&str| starts_small(word) || word.starts_with(|char: char| char.is_ascii_digit());
    let last = start.checked_sub(1).and_then(|last| words.get(last));
    let listed = last.is_some_and(|word| is_announcement(word));
    let alike = items
        .iter()
        .all(|word| values::is_token(word) && !is_prose(word))
        && (listed || items.iter().all(in_small) && (bare || start > 0) || are_mostly_names(items));
    if items.len() > 1 && alike {
        return items.iter().map(|word| (*word).to_owned()).collect();
    }
    let constant = |word: &&str| is_constant(word) && values::is_token(word);
    let first = words.iter().take_while(|word| constant(word)).count();
    if bare && first > 1 {
        let run = words.iter().take(first);
        return run.map(|word| (*word).to_owned()).collect();
    }
    let run = words.iter().rev().take_while(|word| constant(word)).count();
    let tail = words.get(words.len() - run..).unwrap_or_default();
    if run > 1 {
        tail.iter().map(|word| (*word).to_owned()).collect()
    } else {
        Vec::new()
    }
}
