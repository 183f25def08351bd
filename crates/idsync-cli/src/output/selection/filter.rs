//! Which items are shown.

use std::cmp::Ordering;
use std::str::FromStr;

use idsync::health::Verdict;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};

use crate::output::field::{Field, Fielded, Kind, Value, named};

/// A condition on one field.
#[derive(Debug)]
pub(super) struct Filter<T: 'static> {
    field: &'static Field<T>,
    operator: Operator,
    operand: Operand,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    Unequal,
    Contains,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

/// What a field is compared with.
#[derive(Debug, PartialEq)]
enum Operand {
    /// That there is no value.
    Nothing,
    Text(String),
    Number(i128),
    Time(Timestamp),
    Verdict(Verdict),
}

/// The operators as they are typed; one that begins another comes behind it.
const OPERATORS: [(&str, Operator); 7] = [
    ("!=", Operator::Unequal),
    ("<=", Operator::AtMost),
    (">=", Operator::AtLeast),
    ("=", Operator::Equal),
    ("~", Operator::Contains),
    ("<", Operator::Less),
    (">", Operator::Greater),
];

impl<T: Fielded> Filter<T> {
    /// Reads a condition such as `failed_count>0`. Times without a zone are in `zone`.
    ///
    /// # Errors
    ///
    /// What is wrong, and what would be right.
    pub(super) fn read(text: &str, zone: &TimeZone) -> Result<Self, String> {
        let (name, operator, value) = parts(text).ok_or_else(|| {
            format!("{text:?} is not a field, one of = != ~ < <= > >=, and a value")
        })?;
        let field = named(name)?;
        let operand = operand(field.kind(), value, zone)
            .and_then(|operand| fitting(field.kind(), operator, operand))
            .map_err(|reason| format!("{text:?}: {reason}"))?;
        Ok(Self {
            field,
            operator,
            operand,
        })
    }

    /// Whether `item` fulfils it.
    pub(super) fn matches(&self, item: &T) -> bool {
        let value = self.field.of(item);
        match self.operator {
            Operator::Equal => self.operand.is(&value),
            Operator::Unequal => !self.operand.is(&value),
            Operator::Contains => self.operand.is_part_of(&value),
            operator => self
                .operand
                .rank(&value)
                .is_some_and(|ordering| operator.allows(ordering)),
        }
    }
}

/// The name, the operator and the value, where there is an operator.
fn parts(text: &str) -> Option<(&str, Operator, &str)> {
    let start = text.find(['=', '!', '~', '<', '>'])?;
    let (name, rest) = text.split_at(start);
    let (operator, value) = OPERATORS
        .iter()
        .find_map(|(sign, operator)| Some((*operator, rest.strip_prefix(sign)?)))?;
    Some((name.trim(), operator, value.trim()))
}

fn operand(kind: Kind, text: &str, zone: &TimeZone) -> Result<Operand, String> {
    if text.is_empty() {
        return Ok(Operand::Nothing);
    }
    match kind {
        Kind::Text | Kind::Texts => Ok(Operand::Text(text.to_owned())),
        Kind::Number => text
            .parse()
            .map(Operand::Number)
            .map_err(|_| format!("{text:?} is not a whole number")),
        Kind::Time => time(text, zone).map(Operand::Time).ok_or_else(|| {
            format!("{text:?} is not a time such as 2026-11-22T06:00:00Z, 2026-11-22, or 2h ago")
        }),
        Kind::Verdict => Verdict::from_str(text)
            .map(Operand::Verdict)
            .map_err(|error| error.to_string()),
    }
}

/// An instant, a date with or without a time of day, or the distance from now.
fn time(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let instant = || text.parse().ok();
    let local = || {
        let local: DateTime = text.parse().ok()?;
        Some(local.to_zoned(zone.clone()).ok()?.timestamp())
    };
    let distance = || {
        let span: Span = text.parse().ok()?;
        let now: Zoned = Timestamp::now().to_zoned(zone.clone());
        Some(now.checked_add(span).ok()?.timestamp())
    };
    instant().or_else(local).or_else(distance)
}

/// Refuses what means nothing: an order of lists, or something less than nothing.
fn fitting(kind: Kind, operator: Operator, operand: Operand) -> Result<Operand, String> {
    let is_order = !matches!(
        operator,
        Operator::Equal | Operator::Unequal | Operator::Contains
    );
    match (kind, operator) {
        (Kind::Number | Kind::Time | Kind::Verdict, Operator::Contains) => {
            Err("~ looks into text, and this field has none".to_owned())
        }
        (Kind::Texts, _) if is_order => {
            Err("the field holds several texts: ask with =, != or ~".to_owned())
        }
        _ if operand == Operand::Nothing && (is_order || operator == Operator::Contains) => {
            Err("a value is missing; an empty one goes with = and != only".to_owned())
        }
        _ => Ok(match (operator, operand) {
            (Operator::Contains, Operand::Text(text)) => Operand::Text(text.to_lowercase()),
            (_, operand) => operand,
        }),
    }
}

impl Operator {
    /// Whether a value that compares like this to the operand fulfils the condition.
    fn allows(self, ordering: Ordering) -> bool {
        match self {
            Self::Less => ordering.is_lt(),
            Self::AtMost => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::AtLeast => ordering.is_ge(),
            Self::Equal | Self::Unequal | Self::Contains => false,
        }
    }
}

impl Operand {
    /// Whether `value` is this; of several texts, whether one is.
    fn is(&self, value: &Value<'_>) -> bool {
        match (value, self) {
            (Value::Text(text), Self::Nothing) => text.is_none_or(str::is_empty),
            (Value::Texts(texts), Self::Nothing) => texts.is_empty(),
            (Value::Number(number), Self::Nothing) => number.is_none(),
            (Value::Time(time), Self::Nothing) => time.is_none(),
            (Value::Texts(texts), Self::Text(wanted)) => texts.contains(wanted),
            _ => self.rank(value) == Some(Ordering::Equal),
        }
    }

    /// Whether `value` contains this, which is in lower case; capitals make no difference.
    fn is_part_of(&self, value: &Value<'_>) -> bool {
        let Self::Text(part) = self else {
            return false;
        };
        let has_it = |text: &str| text.to_lowercase().contains(part);
        match value {
            Value::Text(text) => text.is_some_and(has_it),
            Value::Texts(texts) => texts.iter().any(|text| has_it(text)),
            Value::Number(_) | Value::Time(_) | Value::Verdict(_) => false,
        }
    }

    /// How `value` compares to this, if there is one.
    fn rank(&self, value: &Value<'_>) -> Option<Ordering> {
        match (value, self) {
            (Value::Text(Some(text)), Self::Text(wanted)) => Some((*text).cmp(wanted)),
            (Value::Number(Some(number)), Self::Number(wanted)) => Some(number.cmp(wanted)),
            (Value::Time(Some(time)), Self::Time(wanted)) => Some(time.cmp(wanted)),
            (Value::Verdict(verdict), Self::Verdict(wanted)) => Some(verdict.cmp(wanted)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
