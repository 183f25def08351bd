use jiff::tz::{TimeZone, offset};

use super::*;

#[derive(Debug)]
struct Item {
    name: Option<&'static str>,
    codes: Vec<String>,
    count: Option<i128>,
    at: Option<Timestamp>,
    verdict: Verdict,
}

impl Fielded for Item {
    const FIELDS: &'static [Field<Self>] = &[
        Field::text("name", |item| item.name),
        Field::texts("codes", |item| item.codes.clone()),
        Field::number("count", |item| item.count),
        Field::time("at", |item| item.at),
        Field::verdict("verdict", |item| item.verdict),
    ];
}

fn known() -> Item {
    Item {
        name: Some("Sales-Prod"),
        codes: vec!["task_failed".to_owned(), "records_failed".to_owned()],
        count: Some(10),
        at: "2026-11-22T06:00:00Z".parse().ok(),
        verdict: Verdict::Overdue,
    }
}

fn unknown() -> Item {
    Item {
        name: None,
        codes: Vec::new(),
        count: None,
        at: None,
        verdict: Verdict::Healthy,
    }
}

fn read(text: &str) -> Result<Filter<Item>, String> {
    Filter::read(text, &TimeZone::fixed(offset(8)))
}

#[test]
fn a_condition_holds_or_not() {
    for (held, broken) in [
        ("name=Sales-Prod", "name=sales-prod"),
        ("name!=x", "name!=Sales-Prod"),
        ("name~PROD", "name~dev"),
        ("name>=Sales", "name<Sales"),
        ("codes=records_failed", "codes=failed"),
        ("codes!=no_records", "codes!=task_failed"),
        ("codes~RECORDS", "codes~idle"),
        ("count>9", "count>10"),
        ("count<=10", "count<10"),
        ("count = 10", "count != 10"),
        ("at=2026-11-22T14:00", "at=2026-11-22T06:00"),
        ("at>=2026-11-22T06:00:00Z", "at>2026-11-22T07:00:00+01:00"),
        ("at>2026-11-22", "at<2026-11-22"),
        ("verdict>partial", "verdict>=stuck"),
        ("verdict=overdue", "verdict!=overdue"),
        ("name!=", "name="),
        ("at!=", "at="),
        ("codes!=", "codes="),
    ] {
        assert!(read(held).unwrap().matches(&known()), "{held}");
        assert!(!read(broken).unwrap().matches(&known()), "{broken}");
    }
}

#[test]
fn what_is_absent_is_neither_more_nor_less_nor_equal() {
    for absent in [
        "name=", "codes=", "count=", "at=", "name!=x", "count!=0", "codes!=x",
    ] {
        assert!(read(absent).unwrap().matches(&unknown()), "{absent}");
    }
    for comparison in [
        "name~a",
        "name<z",
        "count<1",
        "count>=0",
        "count=0",
        "at<2h ago",
        "at!=",
    ] {
        assert!(
            !read(comparison).unwrap().matches(&unknown()),
            "{comparison}"
        );
    }
}

#[test]
fn a_time_may_be_a_distance_from_now() {
    let moments = |text: &str| {
        let ago = |item: &mut Item, hours: i64| {
            item.at = Timestamp::now()
                .checked_sub(jiff::SignedDuration::from_hours(hours))
                .ok();
        };
        let (mut near, mut far) = (unknown(), unknown());
        ago(&mut near, 1);
        ago(&mut far, 30);
        let filter = read(text).unwrap();
        (filter.matches(&near), filter.matches(&far))
    };
    assert_eq!(moments("at>2h ago"), (true, false));
    assert_eq!(moments("at>1 day ago"), (true, false));
    assert_eq!(moments("at<-90m"), (false, true));
}

#[test]
fn what_means_nothing_is_refused_with_what_would_mean_something() {
    for (text, reason) in [
        ("", "one of = != ~"),
        ("name", "one of = != ~"),
        ("name!x", "one of = != ~"),
        (
            "wrong=1",
            "\"wrong\" is none of name, codes, count, at, verdict",
        ),
        ("=1", "\"\" is none of"),
        ("count>many", "\"many\" is not a whole number"),
        ("count>1.5", "\"1.5\" is not a whole number"),
        ("count~1", "~ looks into text"),
        ("at~2026", "2h ago"),
        ("at>soon", "2h ago"),
        ("at>99999999999 years ago", "2h ago"),
        ("verdict=bad", "failing, stuck, overdue"),
        ("verdict~failing", "~ looks into text"),
        ("codes>a", "=, != or ~"),
        ("count>", "a value is missing"),
        ("name~", "a value is missing"),
    ] {
        let error = read(text).unwrap_err();
        assert!(error.contains(reason), "{text}: {error}");
    }
}
