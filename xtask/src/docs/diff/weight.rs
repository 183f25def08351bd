//! Which changes are breaking. The rules are those of [`change`](crate::docs::change).

use super::ranges;
use super::ways::Way;
use crate::docs::change::Weight;
use crate::docs::facts::{Field, Location};

/// Of something that came.
pub(super) fn of_addition(way: Way, field: &Field) -> Weight {
    Weight::from(way.sent && field.required != Some(false))
}

/// Of another name.
pub(super) fn of_name(old: &Field, new: &Field) -> Weight {
    let header = old.location == Some(Location::Header);
    Weight::from(!(header && old.name.eq_ignore_ascii_case(&new.name)))
}

/// Of another type.
pub(super) fn of_type(way: Way, old: &Field, new: &Field) -> Weight {
    let name = |field: &Field| field.kind.as_deref().map(common_name);
    let (Some(from), Some(to)) = (name(old), name(new)) else {
        return Weight::Breaking;
    };
    // Counts are 64-bit in the documents whatever the page says, and a server that reads more digits reads fewer as well.
    let harmless = match (from.as_str(), to.as_str()) {
        ("integer", "long") => true,
        ("long", "integer") => !way.sent,
        (from, to) => from == to,
    };
    Weight::from(!harmless)
}

/// A type by the name that most pages give it.
fn common_name(kind: &str) -> String {
    let lower = kind.to_lowercase();
    let name = match lower.as_str() {
        "int" | "int32" => "integer",
        "int64" => "long",
        "bool" => "boolean",
        other => other,
    };
    name.to_owned()
}

/// Of a flag that is another.
pub(super) fn of_flag(way: Way, old: &Field, new: &Field) -> Weight {
    let is = |field: &Field| field.required == Some(true);
    Weight::from(way.sent && is(new) || way.received && is(old))
}

/// Of other bounds.
pub(super) fn of_range(way: Way, old: &Field, new: &Field) -> Weight {
    Weight::from(way.sent && ranges::narrower(old, new))
}

/// Of another default.
pub(super) fn of_default(way: Way) -> Weight {
    Weight::from(way.sent)
}

/// Of a value that went.
pub(super) fn of_lost_value(way: Way) -> Weight {
    Weight::from(way.sent)
}

/// Of a value that came.
pub(super) fn of_new_value(way: Way, old: &Field) -> Weight {
    Weight::from(way.sent && old.values.is_empty())
}

/// Of a status that came or went.
pub(super) fn of_status(status: &str) -> Weight {
    Weight::from(status.starts_with('2'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENT: Way = Way {
        sent: true,
        received: false,
    };
    const RECEIVED: Way = Way {
        sent: false,
        received: true,
    };

    fn typed(kind: &str) -> Field {
        Field {
            kind: Some(kind.to_owned()),
            ..Field::default()
        }
    }

    fn flagged(required: Option<bool>) -> Field {
        Field {
            required,
            ..Field::default()
        }
    }

    #[test]
    fn numbers_become_wider_without_harm() {
        let cases = [
            ("Integer", "Long", false, false),
            ("Long", "Integer", true, false),
            ("Integer", "int", false, false),
            ("String", "string", false, false),
            ("Integer", "Float", true, true),
            ("String", "Boolean", true, true),
        ];
        for (from, to, sent, received) in cases {
            let weight = |way| of_type(way, &typed(from), &typed(to));
            assert_eq!(weight(SENT), sent.into(), "{from} {to}");
            assert_eq!(weight(RECEIVED), received.into(), "{from} {to}");
        }
    }

    #[test]
    fn flags_weigh_by_their_way() {
        let weight = |way, old, new| of_flag(way, &flagged(old), &flagged(new));
        assert_eq!(weight(SENT, Some(false), Some(true)), Weight::Breaking);
        assert_eq!(weight(SENT, Some(true), Some(false)), Weight::Harmless);
        assert_eq!(weight(RECEIVED, Some(true), None), Weight::Breaking);
        assert_eq!(weight(RECEIVED, None, Some(true)), Weight::Harmless);
        assert_eq!(of_addition(SENT, &flagged(None)), Weight::Breaking);
        assert_eq!(of_addition(SENT, &flagged(Some(false))), Weight::Harmless);
        assert_eq!(
            of_addition(RECEIVED, &flagged(Some(true))),
            Weight::Harmless
        );
    }
}
