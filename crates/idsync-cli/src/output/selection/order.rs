//! In which order items are shown.

use std::cmp::Ordering;

use crate::output::field::{Field, Fielded, Value, named};

/// An order by one field.
#[derive(Debug)]
pub(super) struct Order<T: 'static> {
    field: &'static Field<T>,
    is_downwards: bool,
}

impl<T: Fielded> Order<T> {
    /// Reads `FIELD`, `FIELD:asc` or `FIELD:desc`.
    ///
    /// # Errors
    ///
    /// What is wrong, and what would be right.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let (name, direction) = text.split_once(':').unwrap_or((text, "asc"));
        let is_downwards = match direction {
            "asc" => false,
            "desc" => true,
            other => return Err(format!("{other:?} is neither asc nor desc")),
        };
        Ok(Self {
            field: named(name)?,
            is_downwards,
        })
    }

    /// Which of two items comes first. One without a value comes last in either direction.
    pub(super) fn compare(&self, one: &T, other: &T) -> Ordering {
        let (one, other) = (self.field.of(one), self.field.of(other));
        let by_absence = is_absent(&one).cmp(&is_absent(&other));
        let by_value = rank(&one, &other);
        by_absence.then(if self.is_downwards {
            by_value.reverse()
        } else {
            by_value
        })
    }
}

fn is_absent(value: &Value<'_>) -> bool {
    match value {
        Value::Text(text) => text.is_none(),
        Value::Texts(texts) => texts.is_empty(),
        Value::Number(number) => number.is_none(),
        Value::Time(time) => time.is_none(),
        Value::Verdict(_) => false,
    }
}

/// The order of two values of one field; verdicts by how bad they are.
fn rank(one: &Value<'_>, other: &Value<'_>) -> Ordering {
    match (one, other) {
        (Value::Text(one), Value::Text(other)) => one.cmp(other),
        (Value::Texts(one), Value::Texts(other)) => one.cmp(other),
        (Value::Number(one), Value::Number(other)) => one.cmp(other),
        (Value::Time(one), Value::Time(other)) => one.cmp(other),
        (Value::Verdict(one), Value::Verdict(other)) => one.cmp(other),
        // Two values of one field are of one kind.
        _ => Ordering::Equal,
    }
}

#[cfg(test)]
mod tests {
    use idsync::dws::Record;
    use idsync::health::{ClusterObservation, Rules, judge_cluster};
    use jiff::Timestamp;

    use super::*;

    fn record(id: &str, failed: Option<u64>) -> Record {
        let mut record = Record::default();
        record.id = Some(id.to_owned());
        record.failed_count = failed;
        record
    }

    fn sorted(order: &str) -> String {
        let order = Order::<Record>::read(order).unwrap();
        let mut records = [
            record("a", Some(10)),
            record("b", None),
            record("c", Some(9)),
            record("d", Some(10)),
            record("e", None),
        ];
        records.sort_by(|one, other| order.compare(one, other));
        records
            .iter()
            .filter_map(|record| record.id.as_deref())
            .collect()
    }

    #[test]
    fn numbers_sort_as_such_equals_stay_and_what_is_absent_comes_last() {
        assert_eq!(sorted("failed_count"), "cadbe");
        assert_eq!(sorted("failed_count:asc"), "cadbe");
        assert_eq!(sorted("failed_count:desc"), "adcbe");
        assert_eq!(sorted("id:desc"), "edcba");
        assert_eq!(sorted("end_time"), "abcde");
    }

    #[test]
    fn verdicts_sort_by_how_bad_they_are() {
        let none = ClusterObservation::default();
        let cluster = |verdict| {
            let mut cluster = judge_cluster(&none, &Rules::default(), Timestamp::UNIX_EPOCH);
            cluster.verdict = verdict;
            cluster
        };
        let mut clusters = idsync::health::Verdict::ALL.map(cluster);
        let order = Order::read("verdict").unwrap();
        clusters.sort_by(|one, other| order.compare(one, other));
        let verdicts = clusters.map(|cluster| cluster.verdict);
        assert!(verdicts.is_sorted() && verdicts[0] == idsync::health::Verdict::Healthy);
    }

    #[test]
    fn what_cannot_be_sorted_by_is_refused() {
        for (order, reason) in [
            ("wrong", "\"wrong\" is none of id, "),
            ("id:up", "\"up\" is neither asc nor desc"),
            ("", "\"\" is none of"),
        ] {
            let error = Order::<Record>::read(order).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }
}
