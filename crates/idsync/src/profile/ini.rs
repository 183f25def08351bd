//! Sections of keys and values, as the credentials files of the official SDKs are written.
//!
//! Read as Python's `configparser` reads them, which the SDK uses: no escapes, no quotes, comments on lines of their
//! own. Each value keeps its line, so that an error can name it.

/// One `[section]` with its keys.
#[derive(Default)]
pub(super) struct Section<'a> {
    pub(super) name: &'a str,
    entries: Vec<(&'a str, &'a str)>,
}

/// A line that cannot be read, counted from 1, and why.
#[derive(Debug, PartialEq)]
pub(super) struct BadLine {
    pub(super) line: usize,
    pub(super) why: &'static str,
}

impl<'a> Section<'a> {
    /// The value of a key, whatever its case; an empty one counts as absent.
    pub(super) fn get(&self, key: &str) -> Option<&'a str> {
        self.find(key).filter(|value| !value.is_empty())
    }

    fn find(&self, key: &str) -> Option<&'a str> {
        let mut entries = self.entries.iter();
        let (_, value) = entries.find(|(known, _)| known.eq_ignore_ascii_case(key))?;
        Some(value)
    }

    fn add(&mut self, line: &'a str) -> Result<(), &'static str> {
        let (key, value) = line
            .split_once(['=', ':'])
            .ok_or("it is neither [section], key = value nor a comment")?;
        let (key, value) = (key.trim(), value.trim());
        if key.is_empty() {
            return Err("it has a value without a key");
        }
        if self.find(key).is_some() {
            return Err("it repeats a key of its section");
        }
        self.entries.push((key, value));
        Ok(())
    }
}

/// Reads a whole file.
///
/// # Errors
///
/// The first line that cannot be read.
pub(super) fn parse(text: &str) -> Result<Vec<Section<'_>>, BadLine> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        let outcome = if line.is_empty() || line.starts_with(['#', ';']) {
            Ok(())
        } else if let Some(rest) = line.strip_prefix('[') {
            begin(&mut sections, rest)
        } else {
            match sections.last_mut() {
                Some(section) => section.add(line),
                None => Err("it stands before the first [section]"),
            }
        };
        outcome.map_err(|why| BadLine {
            line: index + 1,
            why,
        })?;
    }
    Ok(sections)
}

fn begin<'a>(sections: &mut Vec<Section<'a>>, rest: &'a str) -> Result<(), &'static str> {
    let name = rest
        .strip_suffix(']')
        .ok_or("its section has no closing ]")?
        .trim();
    if sections.iter().any(|section| section.name == name) {
        return Err("it repeats a section");
    }
    sections.push(Section {
        name,
        entries: Vec::new(),
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_taken_as_they_stand() {
        let text =
            "\u{feff}# keys\n[basic]\r\nak = A\n SK: a=b;c#\\\"\nempty =\n\n; next\n[ prod ]\nak=P";
        let sections = parse(text).unwrap();
        let [basic, prod] = sections.as_slice() else {
            panic!("two sections")
        };
        assert_eq!((basic.name, basic.get("ak")), ("basic", Some("A")));
        assert_eq!(basic.get("sk"), Some("a=b;c#\\\""));
        assert_eq!((basic.get("empty"), basic.get("none")), (None, None));
        assert_eq!((prod.name, prod.get("AK")), ("prod", Some("P")));
    }

    #[test]
    fn a_line_that_cannot_be_read_is_told_by_its_number() {
        for (text, line, why) in [
            ("ak = 1", 1, "before the first"),
            ("[basic]\n\nSECRET", 3, "neither"),
            ("[basic\nak = 1", 1, "no closing"),
            ("[basic]\n= 1", 2, "without a key"),
            ("[basic]\nak = 1\nAK = 2", 3, "repeats a key"),
            ("[basic]\n[basic]", 2, "repeats a section"),
        ] {
            let Err(bad) = parse(text) else {
                panic!("{text:?} was read")
            };
            assert!(
                bad.line == line && bad.why.contains(why),
                "{text:?}: {bad:?}"
            );
        }
    }
}
