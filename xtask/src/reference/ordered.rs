//! A YAML document as JSON text, its keys in the order in which people wrote them.

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::Value;

/// The one document of `text`; none if there is another number of them, or one holds what JSON has no form for.
pub(super) fn json(text: &str) -> Option<String> {
    match Yaml::load_from_str(text).ok()?.as_slice() {
        [only] => node(only),
        _ => None,
    }
}

fn node(yaml: &Yaml<'_>) -> Option<String> {
    match yaml {
        Yaml::Value(scalar) => Some(value(scalar).to_string()),
        Yaml::Sequence(items) => {
            let items: Option<Vec<String>> = items.iter().map(node).collect();
            Some(format!("[{}]", items?.join(",")))
        }
        Yaml::Mapping(members) => {
            let members: Option<Vec<String>> = members
                .iter()
                .map(|(key, member)| {
                    let key = Value::from(key.as_str()?);
                    Some(format!("{key}:{}", node(member)?))
                })
                .collect();
            Some(format!("{{{}}}", members?.join(",")))
        }
        _ => None,
    }
}

fn value(scalar: &Scalar<'_>) -> Value {
    match scalar {
        Scalar::Null => Value::Null,
        Scalar::Boolean(value) => Value::from(*value),
        Scalar::Integer(value) => Value::from(*value),
        Scalar::FloatingPoint(value) => Value::from(value.into_inner()),
        Scalar::String(value) => Value::from(value.as_ref()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_in_the_order_of_the_text_and_values_keep_their_types() {
        let text = "b: [1, true, null]\na:\n  z: \"2\"\n  y: 1.5\n\"4\": say \"so\"\n";
        assert_eq!(
            json(text).as_deref(),
            Some(r#"{"b":[1,true,null],"a":{"z":"2","y":1.5},"4":"say \"so\""}"#)
        );
    }

    #[test]
    fn what_json_has_no_form_for_is_refused() {
        for text in ["", "a: 1\n---\nb: 2\n", "1: a\n", "a: !tag [b]\n", "a: ["] {
            assert_eq!(json(text), None, "{text:?}");
        }
    }
}
