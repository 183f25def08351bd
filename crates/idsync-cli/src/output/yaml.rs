//! YAML, as one document or item by item.

use std::io;
use std::slice;

use serde::Serialize;
use serde_saphyr::{SerializerOptions, ser_options, to_string_with_options};

use super::text::visible;

/// A document that readers of YAML 1.1 and 1.2 read alike.
pub(crate) fn document<T: Serialize>(value: &T, on_terminal: bool) -> io::Result<String> {
    let text = to_string_with_options(value, options()).map_err(io::Error::other)?;
    Ok(if on_terminal {
        visible(&text).into_owned()
    } else {
        text
    })
}

/// One item of a list: the items of a list, one after the other, are a document.
pub(crate) fn item<T: Serialize>(item: &T, on_terminal: bool) -> io::Result<String> {
    document(&slice::from_ref(item), on_terminal)
}

fn options() -> SerializerOptions {
    ser_options! {
        // Folded lines would break a search for a phrase.
        folded_wrap_chars: usize::MAX,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use saphyr::{LoadableYamlNode, Yaml};

    use super::*;

    #[derive(Serialize)]
    struct Item<'a> {
        text: &'a str,
        list: [&'a str; 2],
        number: i64,
        nothing: Option<&'a str>,
    }

    fn printed(text: &str) -> String {
        let given = Item {
            text,
            list: [text, ""],
            number: -7,
            nothing: None,
        };
        item(&given, false).unwrap() + &item(&given, false).unwrap()
    }

    /// What an independent reader finds in place of the text, everything else being as it should be.
    fn read(yaml: &str) -> Vec<String> {
        let documents = Yaml::load_from_str(yaml).unwrap();
        let [document] = documents.as_slice() else {
            panic!("{yaml}");
        };
        let texts = |item: &Yaml<'_>| {
            assert_eq!(item["number"].as_integer(), Some(-7), "{yaml}");
            assert!(item["nothing"].is_null(), "{yaml}");
            assert_eq!(item["list"][1].as_str(), Some(""), "{yaml}");
            [&item["text"], &item["list"][0]].map(|text| text.as_str().unwrap().to_owned())
        };
        document.as_vec().unwrap().iter().flat_map(texts).collect()
    }

    #[test]
    fn text_that_looks_like_something_else_stays_text() {
        for text in [
            "",
            " ",
            "~",
            "null",
            "Null",
            "yes",
            "No",
            "on",
            "true",
            "0",
            "007",
            "0x1f",
            "1e3",
            ".inf",
            "1_000",
            "12:30:45",
            "2026-11-22",
            "2026-11-22T06:00:00Z",
            "=",
            "<<",
            "- a",
            "? a",
            "a: b",
            "a #b",
            "#a",
            "&a",
            "*a",
            "!a",
            "|",
            ">",
            "@a",
            "`a",
            "%a",
            "[a",
            "{a",
            "'a'",
            "\"a\"",
            "---",
            "...",
            "a:",
            ":a",
            "a\\n",
            "\\",
            "a\nb",
            "a\n",
            "\na",
            "\n",
            "a\n\n b\n",
            " a\nb",
            "a\r\nb",
            "\ta",
            "a\tb",
            "trailing ",
            "\u{1b}[2J",
            "\u{7f}",
            "\u{85}",
            "\u{9b}",
            "\u{2028}",
            "\u{feff}a",
            "\u{202e}b",
            "同步",
            "🚀",
            "\u{0}",
            "\u{fffe}",
        ] {
            assert_eq!(read(&printed(text)), [text; 4], "{text:?}");
        }
    }

    #[test]
    fn no_control_character_is_raw() {
        let yaml = printed("a\u{1b}[2J\u{9b}\u{7f}\u{0}\rb");
        assert!(
            !yaml.contains(|c: char| c != '\n' && c.is_control()),
            "{yaml:?}"
        );
    }

    #[test]
    fn on_a_terminal_control_characters_are_marked() {
        assert_eq!(item(&"a\u{202e}b", true).unwrap(), "- a\u{fffd}b\n");
    }

    proptest! {
        #[test]
        fn any_text_is_read_back_as_it_was(text in "[ \\t\\n\\r:#'\"\\\\|>a-c\\-?!&*%@`{}\\[\\],.=~0-9é同🚀\u{85}\u{2028}\u{7f}\u{1b}]{0,60}|.{90,120}") {
            prop_assert_eq!(read(&printed(&text)), vec![text; 4]);
        }
    }
}
