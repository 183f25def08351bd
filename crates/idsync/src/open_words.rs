//! The JSON Schema of a set of words that may grow.

use schemars::Schema;
use serde_json::Value;

/// Opens the schema of an enum whose values are words: a later version may write words that this one does not know, so
/// that a reader must take any. The known ones are kept as a note, with what each means in the description.
pub(crate) fn open_words(schema: &mut Schema) {
    let Some(Value::Array(known)) = schema.remove("oneOf") else {
        return;
    };
    let about = schema.get("description").and_then(Value::as_str);
    let lines: Vec<_> = about
        .map(|about| format!("{about} More words may be added."))
        .into_iter()
        .chain(known.iter().filter_map(line))
        .collect();
    let words: Vec<_> = known
        .iter()
        .filter_map(|word| word.get("const").cloned())
        .collect();
    schema.insert("type".to_owned(), "string".into());
    schema.insert("description".to_owned(), lines.join("\n").into());
    schema.insert("x-extensible-enum".to_owned(), words.into());
}

/// One word and what it means.
fn line(word: &Value) -> Option<String> {
    let text = |key| word.get(key).and_then(Value::as_str);
    Some(format!("- {}: {}", text("const")?, text("description")?))
}

#[cfg(test)]
mod tests {
    use schemars::{JsonSchema, schema_for};
    use serde_json::json;

    use super::*;

    /// How it is.
    #[derive(JsonSchema)]
    #[schemars(rename_all = "snake_case", transform = open_words)]
    #[allow(dead_code, reason = "only its schema is used")]
    enum State {
        /// As it was.
        AsBefore,
        /// Otherwise.
        Changed,
    }

    #[test]
    fn any_word_is_allowed_and_the_known_ones_are_told() {
        let mut schema = schema_for!(State);
        for key in ["$schema", "title"] {
            schema.remove(key);
        }
        let expected = json!({
            "type": "string",
            "description": "How it is. More words may be added.\n- as_before: As it was.\n- changed: Otherwise.",
            "x-extensible-enum": ["as_before", "changed"],
        });
        assert_eq!(schema.to_value(), expected);
    }
}
