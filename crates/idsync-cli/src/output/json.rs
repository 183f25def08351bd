//! JSON without terminal control characters, and `--jq` expressions on it.

use std::borrow::Cow;
use std::io;

use jaq_core::data::JustLut;
use jaq_core::load::{self, Arena, File, Loader};
use jaq_core::{Compiler, Ctx, Vars, unwrap_valr};
use jaq_json::Val;
use serde::Serialize;

use super::text::is_control;

/// `value` on one line, without an end of line.
pub(crate) fn line<T: Serialize>(value: &T) -> io::Result<String> {
    let json = serde_json::to_string(value)?;
    Ok(escaped(&json).into_owned())
}

/// The same JSON with escapes for control characters that serde leaves as they are. They only occur inside strings, and not
/// after a backslash.
pub(super) fn escaped(json: &str) -> Cow<'_, str> {
    if !json.contains(is_raw) {
        return json.into();
    }
    let mut escaped = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_raw(c) {
            let units = c.encode_utf16(&mut [0; 2]).to_vec();
            escaped.extend(units.iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            escaped.push(c);
        }
    }
    escaped.into()
}

fn is_raw(c: char) -> bool {
    c != '\n' && is_control(c)
}

type Program = jaq_core::compile::Filter<jaq_core::Native<JustLut<Val>>>;

/// A compiled `--jq` expression.
pub(crate) struct Jq(Program);

impl Jq {
    /// Compiles `expression`.
    ///
    /// # Errors
    ///
    /// The syntax error, with its place in the expression.
    pub(crate) fn compile(expression: &str) -> Result<Self, String> {
        let definitions = jaq_core::defs()
            .chain(jaq_std::defs())
            .chain(jaq_json::defs());
        let functions = jaq_core::funs()
            .chain(jaq_std::funs())
            .chain(jaq_json::funs());
        let arena = Arena::default();
        let file = File {
            code: expression,
            path: (),
        };
        let modules = Loader::new(definitions).load(&arena, file);
        let modules = modules.map_err(|errors| {
            let errors = errors.into_iter().map(|(_, error)| syntax_error(&error));
            errors.collect::<Vec<_>>().join("; ")
        })?;
        let compiled = Compiler::default().with_funs(functions).compile(modules);
        compiled.map(Self).map_err(|errors| {
            let names = errors.into_iter().flat_map(|(_, names)| names);
            let names = names.map(|(name, kind)| format!("undefined {} {name}", kind.as_str()));
            names.collect::<Vec<_>>().join("; ")
        })
    }

    /// The outputs for one value, each as one line of JSON; see [`escaped`].
    ///
    /// # Errors
    ///
    /// If the value does not serialize, or the expression fails on it.
    pub(crate) fn apply<T: Serialize>(&self, value: &T) -> io::Result<Vec<String>> {
        let input = serde_json::to_vec(value)?;
        let input = jaq_json::read::parse_single(&input).map_err(failed)?;
        let context = Ctx::<JustLut<Val>>::new(&self.0.lut, Vars::new([]));
        let outputs = self.0.id.run((context, input)).map(unwrap_valr);
        let lines = outputs.map(|output| Ok(output.map_err(failed)?.to_string()));
        lines.collect()
    }
}

fn failed(error: impl std::fmt::Display) -> io::Error {
    io::Error::other(format!("--jq: {error}"))
}

/// The first error of a module, and the rest of the expression from there.
fn syntax_error(error: &load::Error<&str>) -> String {
    let first = match error {
        load::Error::Io(_) => Some(("no import", "")),
        load::Error::Lex(errors) => errors.first().map(|(it, rest)| (it.as_str(), *rest)),
        load::Error::Parse(errors) => errors.first().map(|(it, rest)| (it.as_str(), *rest)),
    };
    let (expected, rest) = first.unwrap_or_default();
    let place = match rest {
        "" => "the end".to_owned(),
        rest => format!("{rest:?}"),
    };
    format!("expected {expected} at {place}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_escaped_and_the_value_is_the_same() {
        let value = [
            "a\u{1b}\u{9b}2J\u{7f}\u{202e}\u{2028}\u{e0001}\\b\n",
            "同步 é 🚀",
        ];
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        for json in [line(&value).unwrap(), escaped(&pretty).into_owned()] {
            assert!(!json.contains(is_raw), "{json}");
            assert!(json.contains("同步 é 🚀"));
            assert_eq!(serde_json::from_str::<[String; 2]>(&json).unwrap(), value);
        }
    }
}
