use super::super::text::width;
use super::{Cell, Column, Table};

const COLUMNS: &[Column] = &[
    Column::new("NAME"),
    Column::new("COUNT").numeric(),
    Column::new("SEEN").dispensable(1),
    Column::new("DUE").dispensable(2),
    Column::new("WHY"),
];

fn table() -> Table {
    let mut table = Table::new(COLUMNS.to_vec());
    for (name, count, why) in [
        (
            "orders",
            "7",
            "a reason that goes on for longer than a narrow screen",
        ),
        ("销售集群", "1200", "short"),
        ("🚀", "", ""),
    ] {
        table.push(vec![
            name.into(),
            count.into(),
            "3 min ago".into(),
            "in 57 min".into(),
            why.into(),
        ]);
    }
    table
}

fn unpainted(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

#[test]
fn columns_are_aligned_by_the_width_of_what_is_seen() {
    let text = unpainted(&table().render(None));
    let expected = "\
NAME      COUNT  SEEN       DUE        WHY
orders        7  3 min ago  in 57 min  a reason that goes on for longer than a narrow screen
销售集群   1200  3 min ago  in 57 min  short
🚀               3 min ago  in 57 min
";
    assert_eq!(text, expected);
}

#[test]
fn a_narrow_screen_loses_columns_first_and_then_the_end_of_the_last_one() {
    let text = unpainted(&table().render(Some(72)));
    let expected = "\
NAME      COUNT  SEEN       WHY
orders        7  3 min ago  a reason that goes on for longer than a nar…
销售集群   1200  3 min ago  short
🚀               3 min ago
";
    assert_eq!(text, expected);
    let narrow = unpainted(&table().render(Some(50)));
    assert!(
        !narrow.contains("SEEN") && narrow.lines().all(|line| width(line) <= 50),
        "{narrow}"
    );
}

#[test]
fn every_line_fits_a_screen_of_at_least_forty_columns() {
    for room in 40..220 {
        let text = unpainted(&table().render(Some(room)));
        assert!(
            text.lines().all(|line| width(line) <= room) && text.contains("a reason"),
            "{room}:\n{text}"
        );
    }
}

#[test]
fn a_column_that_has_no_room_is_named() {
    let columns = ["FIRST_ONE", "SECOND_ONE", "THIRD_ONE"].map(Column::new);
    let table = Table::new(columns.to_vec());
    assert_eq!(table.left_out(Some(40)), [""; 0]);
    assert_eq!(table.left_out(Some(28)), [""; 0]);
    assert_eq!(table.left_out(Some(27)), ["THIRD_ONE"]);
    assert_eq!(table.left_out(None), [""; 0]);
}

#[test]
fn a_telling_column_stays_longer_than_others() {
    let columns = vec![
        Column::new("A"),
        Column::new("TELLING").telling(1),
        Column::new("DETAIL").dispensable(1),
        Column::new("WHY"),
    ];
    let mut table = Table::new(columns);
    table.push(vec![
        "a".into(),
        "b".into(),
        "c".into(),
        "w".repeat(60).into(),
    ]);
    let header = |room| {
        unpainted(&table.render(Some(room)))
            .lines()
            .next()
            .map(str::to_owned)
    };
    assert_eq!(header(64).unwrap(), "A  TELLING  DETAIL  WHY");
    assert_eq!(header(40).unwrap(), "A  TELLING  WHY");
    assert_eq!(header(20).unwrap(), "A  WHY");
}

#[test]
fn no_screen_is_too_narrow() {
    for room in 0..30 {
        assert_eq!(table().render(Some(room)).lines().count(), 4);
    }
}

#[test]
fn a_value_cannot_break_the_line_or_steer_the_terminal() {
    let cell = Cell::from("a\n\u{1b}[2Jb");
    assert_eq!(cell.text, "a [2Jb");
}
