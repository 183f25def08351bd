//! Masks what a service echoes back of the request: keys, tokens and the canonical request.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

const MASK: &str = "***";

/// What the gateway writes before the signed request that it computed.
const ECHO: &str = "canonicalRequest:";

/// Shorter values are not searched for: a mask over every `a` would tell more than it hides.
const SHORTEST: usize = 4;

/// The start of a secret at the end of a text that was cut is masked from this length on, in bytes.
const SHORTEST_START: usize = 8;

/// What a text that was cut ends with.
const ELLIPSIS: char = '…';

/// What is not escaped in a query.
const IN_QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// What is not escaped in a path.
const IN_PATH: &AsciiSet = &IN_QUERY.remove(b'/');

/// The secrets of one request, to be removed from any text that came back.
pub(crate) struct Redaction<'a> {
    secrets: Vec<Cow<'a, str>>,
}

impl<'a> Redaction<'a> {
    /// Masks the `secrets` in use, as they are and as an address or a JSON text writes them; longer ones first, so that
    /// one that contains another leaves no rest.
    pub(crate) fn new(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let mut secrets: Vec<_> = secrets
            .into_iter()
            .filter(|secret| secret.len() >= SHORTEST)
            .flat_map(forms)
            .collect();
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self { secrets }
    }

    /// `text` without secrets, and cut where the echo of the request begins.
    pub(crate) fn apply(&self, text: &str) -> String {
        let shown = text.find(ECHO).map_or_else(
            || text.to_owned(),
            |at| format!("{}{ECHO} {MASK}", text.get(..at).unwrap_or_default()),
        );
        let whole = self
            .secrets
            .iter()
            .fold(shown, |shown, secret| shown.replace(&**secret, MASK));
        self.secrets
            .iter()
            .fold(whole, |shown, secret| without_start(shown, secret))
    }
}

/// `secret` as it is, and escaped where that makes a difference.
fn forms(secret: &str) -> impl Iterator<Item = Cow<'_, str>> {
    // Whoever reads a query takes a plus sign in it for a blank.
    let misread = secret.replace('+', " ");
    let escaped = [
        utf8_percent_encode(&misread, IN_QUERY).to_string().into(),
        utf8_percent_encode(secret, IN_QUERY).into(),
        utf8_percent_encode(secret, IN_PATH).into(),
        Cow::from(secret.replace('/', "\\/")),
    ];
    let different = escaped.into_iter().filter(move |form| form != secret);
    [Cow::Borrowed(secret)].into_iter().chain(different)
}

/// `text` without the start of `secret` at its end: somebody cut it there, and half a secret is one too.
fn without_start(mut text: String, secret: &str) -> String {
    let kept = text.trim_end_matches(ELLIPSIS).len();
    let (whole, rest) = text.split_at(kept);
    let longest = (SHORTEST_START..secret.len())
        .rev()
        .filter_map(|length| secret.get(..length))
        .find(|start| whole.ends_with(start));
    if let Some(start) = longest {
        let rest = rest.to_owned();
        text.truncate(kept - start.len());
        text.extend([MASK, &rest]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_tokens_and_the_echoed_request_are_masked() {
        let redaction = Redaction::new(["AKEXAMPLE", "AKEXAMPLEsecret"]);
        assert_eq!(
            redaction.apply("ak AKEXAMPLE not exist"),
            "ak *** not exist"
        );
        assert_eq!(redaction.apply("got AKEXAMPLEsecret"), "got ***");
        assert_eq!(
            redaction.apply("verify aksk signature fail, canonicalRequest:GET|/v1/x|Access=OTHER"),
            "verify aksk signature fail, canonicalRequest: ***"
        );
    }

    #[test]
    fn a_secret_that_was_cut_is_masked_as_far_as_it_goes() {
        let redaction = Redaction::new(["SECRETKEYOFAGES"]);
        assert_eq!(redaction.apply("got SECRETKEYOF…"), "got ***…");
        assert_eq!(redaction.apply("got SECRETKEY"), "got ***");
        assert_eq!(redaction.apply("got SECRET"), "got SECRET");
        assert_eq!(
            redaction.apply("SECRETKEY is a word"),
            "SECRETKEY is a word"
        );
    }

    #[test]
    fn a_secret_is_known_in_an_address_and_in_json() {
        let redaction = Redaction::new(["TOKEN+with/slash="]);
        for echo in [
            "TOKEN+with/slash=",
            "TOKEN%2Bwith%2Fslash%3D",
            "TOKEN%2Bwith/slash%3D",
            "TOKEN%20with%2Fslash%3D",
            "TOKEN+with\\/slash=",
        ] {
            assert_eq!(redaction.apply(&format!("a {echo} b")), "a *** b");
        }
    }

    #[test]
    fn text_without_secrets_is_left_as_it_is() {
        assert_eq!(Redaction::new(["", "abc"]).apply("abc stays"), "abc stays");
    }
}
