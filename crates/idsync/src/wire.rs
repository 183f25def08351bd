//! From the loose values of an answer to domain values.

use jiff::Timestamp;

/// A value that has the right JSON type but no meaning: which field, and why.
#[derive(Debug, PartialEq)]
pub(crate) struct BadField {
    pub(crate) field: &'static str,
    pub(crate) reason: String,
}

/// A domain value made from what was on the wire.
pub(crate) trait FromWire<W>: Sized {
    fn from_wire(wire: W) -> Result<Self, BadField>;
}

/// An instant from milliseconds since 1970-01-01T00:00:00Z; 0, null and absent mean "not set".
pub(crate) fn instant(
    field: &'static str,
    milliseconds: Option<i64>,
) -> Result<Option<Timestamp>, BadField> {
    match milliseconds {
        None | Some(0) => Ok(None),
        Some(value) => Timestamp::from_millisecond(value)
            .map(Some)
            .map_err(|_| BadField {
                field,
                reason: format!("{value} milliseconds since 1970 is out of the range of times"),
            }),
    }
}

/// A count, which cannot be negative.
pub(crate) fn count(field: &'static str, value: Option<i64>) -> Result<Option<u64>, BadField> {
    value
        .map(|value| {
            u64::try_from(value).map_err(|_| BadField {
                field,
                reason: format!("{value} is negative"),
            })
        })
        .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_and_absent_instants_are_not_set() {
        assert_eq!(instant("t", None), Ok(None));
        assert_eq!(instant("t", Some(0)), Ok(None));
        assert_eq!(
            instant("t", Some(1_710_901_516_000))
                .unwrap()
                .unwrap()
                .to_string(),
            "2024-03-20T02:25:16Z"
        );
    }

    #[test]
    fn an_instant_out_of_range_names_its_field() {
        for value in [i64::MAX, i64::MIN] {
            assert_eq!(
                instant("sync_time", Some(value)).unwrap_err().field,
                "sync_time"
            );
        }
    }

    #[test]
    fn a_negative_count_is_unreadable() {
        assert_eq!(count("c", Some(i64::MAX)), Ok(Some(i64::MAX as u64)));
        assert_eq!(count("c", Some(-1)).unwrap_err().field, "c");
    }
}
