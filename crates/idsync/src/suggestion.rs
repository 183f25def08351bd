//! What a misspelt word was probably meant to be.

/// Adds the key that was probably meant to a message such as ``unknown field `x`, expected one of `y`, `z` ``.
pub fn with_suggestion(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let near = quoted
        .next()
        .filter(|_| message.starts_with("unknown"))
        .and_then(|unknown| nearest(unknown, quoted));
    match near {
        Some(near) => format!("{message}; did you mean `{near}`?"),
        None => message.to_owned(),
    }
}

/// The candidate that `word` was probably meant to be.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    const ALIKE: f64 = 0.7;
    let likeness = |candidate: &str| strsim::damerau_levenshtein(word, candidate);
    let ratio = |candidate: &str| strsim::normalized_damerau_levenshtein(word, candidate);
    candidates
        .into_iter()
        .filter(|candidate| ratio(candidate) >= ALIKE)
        .min_by_key(|candidate| likeness(candidate))
}
