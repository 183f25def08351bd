//! Numbers as languages keep them that have no integers of 64 bits.

use serde_json::{Number, Value};

/// The value with each integer as near as a double comes to it.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "losing precision is what is modelled; what was an integer of 64 bits stays within them"
)]
pub(super) fn rounded(value: &Value) -> Value {
    match value {
        Value::Number(number) => match number.as_i64() {
            Some(integer) => Value::Number(Number::from(integer as f64 as i64)),
            None => value.clone(),
        },
        Value::Array(items) => items.iter().map(rounded).collect(),
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(name, value)| (name.clone(), rounded(value)));
            Value::Object(fields.collect())
        }
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn doubles_hold_integers_up_to_2_to_the_53rd() {
        let exact =
            json!({"a": [9_007_199_254_740_992_i64, 2_147_483_648_i64, "9007199254740993"]});
        assert_eq!(rounded(&exact), exact);
        assert_eq!(
            rounded(&json!(9_007_199_254_740_993_i64)),
            json!(9_007_199_254_740_992_i64)
        );
    }

    #[test]
    fn the_short_form_in_which_a_double_is_printed_stands_for_the_same_double() {
        let printed = json!(1_152_921_504_606_847_000_i64);
        assert_eq!(
            rounded(&printed),
            rounded(&json!(1_152_921_504_606_846_977_i64))
        );
    }
}
