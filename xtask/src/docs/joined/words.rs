//! What single words look like.

/// What a list is announced with, lower case.
const ANNOUNCEMENTS: &[&str] = &[
    "following:",
    "follows:",
    "include:",
    "includes:",
    "are:",
    "options:",
    "values:",
    "enums:",
    "be:",
    "取值：",
    "如下：",
];

/// Words that stand in sentences and in no list.
const PROSE: &[&str] = &[
    "a", "an", "the", "of", "is", "are", "be", "to", "for", "and", "or", "with", "by", "if", "it",
    "this", "that", "in", "not", "can", "must", "only", "any", "than", "from", "value", "values",
];

pub(super) fn starts_small(word: &str) -> bool {
    word.starts_with(|char: char| char.is_ascii_lowercase())
}

/// Whether a word stands in sentences and in no list.
pub(super) fn is_prose(word: &str) -> bool {
    PROSE.contains(&word.to_lowercase().as_str())
}

/// Whether a word has a mark or capitals that words of a sentence have not.
pub(super) fn looks_like_code(word: &str) -> bool {
    let letters = word.starts_with(|char: char| char.is_ascii_alphabetic());
    letters && (is_constant(word) || word.contains('_'))
}

pub(super) fn ends_sentence(word: &str) -> bool {
    let word = word.strip_suffix([')', '）']).unwrap_or(word);
    word.ends_with(['.', '。', ';', '；']) || is_announcement(word)
}

pub(super) fn ends_in_colon(word: &str) -> bool {
    word.ends_with([':', '：'])
}

pub(super) fn is_announcement(word: &str) -> bool {
    let is_value = word.strip_suffix(':').is_some_and(is_constant);
    let word = word.to_lowercase();
    // Chinese has no blanks between words.
    let announces = |end: &&str| word == **end || !end.is_ascii() && word.ends_with(*end);
    !is_value && ANNOUNCEMENTS.iter().any(announces)
}

/// Capitals, digits and marks.
pub(super) fn is_constant(word: &str) -> bool {
    word.len() > 1
        && word.starts_with(|char: char| char.is_ascii_uppercase())
        && word.chars().all(|char| {
            char.is_ascii_uppercase() || char.is_ascii_digit() || matches!(char, '_' | '-')
        })
}

/// Whether a word has a digit or a mark that no word of a sentence has.
pub(super) fn has_mark(word: &str) -> bool {
    word.contains(|char: char| char.is_ascii_digit() || char == '_')
}

/// Whether a word can stand in a sentence: letters, of which only the first may be a capital.
pub(super) fn is_sentence_word(word: &str) -> bool {
    word.chars().all(char::is_alphabetic) && word.chars().skip(1).all(|char| !char.is_uppercase())
}
