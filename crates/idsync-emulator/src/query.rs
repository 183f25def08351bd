//! Query parameters, read strictly: what an operation does not know is refused by name.

use std::ops::RangeInclusive;
use std::str::FromStr;

/// The decoded parameters of one request, each of them known and given once.
///
/// A `+` means a space here, as in HTML forms, because the services' backends read queries that way (inferred). The signature
/// is checked over the bytes as they came, where `+` is only a plus sign.
#[derive(Debug)]
pub(crate) struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    /// Reads a raw query.
    ///
    /// # Errors
    ///
    /// A sentence that names the parameter which is not in `known`, or comes twice.
    pub(crate) fn parse(raw: Option<&str>, known: &[&str]) -> Result<Self, String> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(raw.unwrap_or_default().as_bytes()) {
            if !known.contains(&name.as_ref()) {
                return Err(unknown(&name, known));
            }
            if pairs.iter().any(|(seen, _)| *seen == name) {
                return Err(format!(
                    "The query parameter `{name}` is given more than once."
                ));
            }
            pairs.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self { pairs })
    }

    /// The value of a parameter, if it was given.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// A parameter that must be one of a few words.
    pub(crate) fn word<'a>(
        &'a self,
        name: &str,
        allowed: &[&str],
    ) -> Result<Option<&'a str>, String> {
        match self.text(name) {
            Some(value) if !allowed.contains(&value) => Err(format!(
                "The query parameter `{name}` is one of {}.",
                allowed.join(", ")
            )),
            given => Ok(given),
        }
    }

    /// A whole number within a range.
    pub(crate) fn number(
        &self,
        name: &str,
        range: RangeInclusive<u64>,
    ) -> Result<Option<u64>, String> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = u64::from_str(text)
            .ok()
            .filter(|_| digits)
            .filter(|number| range.contains(number));
        number.map(Some).ok_or_else(|| {
            let (start, end) = range.into_inner();
            format!("The query parameter `{name}` is a whole number from {start} to {end}.")
        })
    }

    /// `true` or `false`.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, String> {
        Ok(self
            .word(name, &["true", "false"])?
            .map(|value| value == "true"))
    }
}

fn unknown(name: &str, known: &[&str]) -> String {
    // A name can be as long as the request line; its beginning is enough to recognise it.
    let name: String = name.chars().take(64).collect();
    if known.is_empty() {
        format!("The query parameter `{name}` does not exist: this operation takes none.")
    } else {
        format!(
            "The query parameter `{name}` does not exist. This operation takes: {}.",
            known.join(", ")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_parameter_is_named_beside_those_that_exist() {
        let error = Query::parse(Some("limit=1&colour=red"), &["limit", "offset"]).unwrap_err();
        assert!(
            error.contains("`colour`") && error.contains("limit, offset"),
            "{error}"
        );
    }

    #[test]
    fn a_parameter_given_twice_is_refused() {
        let error = Query::parse(Some("limit=1&limit=2"), &["limit"]).unwrap_err();
        assert!(error.contains("`limit`"), "{error}");
    }

    #[test]
    fn numbers_outside_the_range_and_other_text_are_refused() {
        let number = |raw| {
            Query::parse(Some(raw), &["limit"])
                .unwrap()
                .number("limit", 1..=10)
        };
        assert_eq!(number("limit=10"), Ok(Some(10)));
        for raw in [
            "limit=0",
            "limit=11",
            "limit=-1",
            "limit=",
            "limit=1.0",
            "limit=99999999999999999999",
        ] {
            assert!(number(raw).is_err(), "{raw}");
        }
    }

    #[test]
    fn values_are_form_decoded() {
        let query = Query::parse(Some("name=a+b%2Bc"), &["name"]).unwrap();
        assert_eq!(query.text("name"), Some("a b+c"));
    }
}
