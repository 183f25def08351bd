//! The bounds of two rows, side by side.

use serde_json::Number;

use crate::docs::facts::Field;

/// The bounds of a field in words; none if it has none.
pub(super) fn words(field: &Field) -> Option<String> {
    let value = bounds(field.minimum.as_ref(), field.maximum.as_ref());
    let length = bounds(field.min_length.as_ref(), field.max_length.as_ref());
    let parts = [
        value,
        length.map(|bounds| format!("{bounds} characters")),
        field.characters.as_ref().map(|class| format!("[{class}]")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn bounds<T: ToString>(least: Option<&T>, most: Option<&T>) -> Option<String> {
    let text = |bound: Option<&T>| bound.map(T::to_string).unwrap_or_default();
    (least.is_some() || most.is_some()).then(|| format!("{}..{}", text(least), text(most)))
}

/// The first key of a schema that has to change with the bounds.
pub(super) fn key(old: &Field, new: &Field) -> Option<&'static str> {
    let differs = [
        ("minimum", old.minimum != new.minimum),
        ("maximum", old.maximum != new.maximum),
        ("minLength", old.min_length != new.min_length),
        ("maxLength", old.max_length != new.max_length),
        ("pattern", old.characters != new.characters),
    ];
    let found = differs.into_iter().find(|(_, differs)| *differs);
    found.map(|(key, _)| key)
}

/// Whether something that the old bounds allow is outside of the new ones.
pub(super) fn narrower(old: &Field, new: &Field) -> bool {
    let number = |number: &Option<Number>| number.as_ref().and_then(Number::as_f64);
    raised(number(&old.minimum), number(&new.minimum))
        || lowered(number(&old.maximum), number(&new.maximum))
        || raised(old.min_length, new.min_length)
        || lowered(old.max_length, new.max_length)
        || lacks_characters(old.characters.as_deref(), new.characters.as_deref())
}

fn raised<T: PartialOrd>(old: Option<T>, new: Option<T>) -> bool {
    new.is_some_and(|new| old.is_none_or(|old| new > old))
}

fn lowered<T: PartialOrd>(old: Option<T>, new: Option<T>) -> bool {
    new.is_some_and(|new| old.is_none_or(|old| new < old))
}

/// Whether the old class of characters has one that the new class lacks. Classes are what pages spell out, such as `A-Za-z0-9_-`.
fn lacks_characters(old: Option<&str>, new: Option<&str>) -> bool {
    let Some(new) = new else { return false };
    let pieces = |class: &str| -> Vec<String> {
        let ranges = ["A-Z", "a-z", "0-9"].into_iter();
        let ranges = ranges.filter(|range| class.contains(range));
        let mut pieces: Vec<String> = ranges.clone().map(str::to_owned).collect();
        let rest = ranges.fold(class.to_owned(), |rest, range| rest.replace(range, ""));
        pieces.extend(rest.chars().map(String::from));
        pieces
    };
    let allowed = pieces(new);
    old.is_none_or(|old| pieces(old).iter().any(|piece| !allowed.contains(piece)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(minimum: Option<i64>, maximum: Option<i64>) -> Field {
        Field {
            minimum: minimum.map(Number::from),
            maximum: maximum.map(Number::from),
            ..Field::default()
        }
    }

    fn characters(class: Option<&str>) -> Field {
        Field {
            characters: class.map(str::to_owned),
            ..Field::default()
        }
    }

    #[test]
    fn a_range_is_narrower_if_anything_falls_out_of_it() {
        let old = value(Some(0), Some(23));
        assert!(narrower(&old, &value(Some(1), Some(23))));
        assert!(narrower(&old, &value(Some(-1), Some(22))));
        assert!(narrower(&value(None, None), &old));
        assert!(!narrower(&old, &value(Some(-1), Some(24))));
        assert!(!narrower(&old, &value(None, None)));
    }

    #[test]
    fn a_class_is_narrower_if_it_lacks_a_character() {
        let old = characters(Some("A-Za-z0-9_"));
        assert!(narrower(&old, &characters(Some("A-Za-z0-9"))));
        assert!(narrower(&characters(None), &old));
        assert!(!narrower(&old, &characters(Some("A-Za-z0-9_-"))));
        assert!(!narrower(&old, &characters(None)));
    }

    #[test]
    fn the_key_is_the_bound_that_differs() {
        let old = value(Some(0), Some(23));
        assert_eq!(key(&old, &value(Some(0), Some(24))), Some("maximum"));
        assert_eq!(key(&old, &value(Some(1), Some(24))), Some("minimum"));
        assert_eq!(key(&old, &old), None);
    }
}
