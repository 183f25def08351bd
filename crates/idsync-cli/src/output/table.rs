//! Aligned columns for terminals and pipes.

use std::borrow::Cow;

use anstyle::Style;

use super::style::{FAINT, paint};
use super::text::{fit, plain, width};
use super::time;

/// Between two columns.
const GAP: &str = "  ";
/// Widest column on a terminal, except for the last one.
const WIDEST: usize = 40;
/// Narrowest column on a terminal; with less room, the rightmost column is left out.
const NARROWEST: usize = 8;

/// A column of a table.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    title: Cow<'static, str>,
    is_number: bool,
    /// The column is left out while the last column has less room than this.
    gives_way: usize,
}

impl Column {
    /// A column that is always shown.
    pub(crate) const fn new(title: &'static str) -> Self {
        Self::named(Cow::Borrowed(title))
    }

    /// A column whose title is made at run time.
    pub(crate) const fn named(title: Cow<'static, str>) -> Self {
        Self {
            title,
            is_number: false,
            gives_way: 0,
        }
    }

    /// Aligns the column to the right.
    pub(crate) const fn number(mut self) -> Self {
        self.is_number = true;
        self
    }

    /// Leaves the column out on a terminal where the last column needs more room and has less than `columns`. Of several,
    /// the one with the largest number is left out first.
    pub(crate) const fn gives_way(mut self, columns: usize) -> Self {
        self.gives_way = columns;
        self
    }
}

/// One value in a table.
#[derive(Debug)]
pub(crate) struct Cell {
    text: String,
    style: Style,
    is_number: bool,
}

impl Cell {
    /// A value in a colour.
    pub(crate) fn styled(text: &str, style: Style) -> Self {
        Self {
            text: plain(text),
            style,
            is_number: false,
        }
    }

    /// Marks the value as a number, which aligns its column to the right.
    pub(crate) fn number(mut self) -> Self {
        self.is_number = true;
        self
    }

    /// A value, or a dash where it is absent.
    pub(crate) fn or_none(text: Option<&str>) -> Self {
        text.map_or_else(|| Self::styled(time::NONE, FAINT), Self::from)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::styled(text, Style::new())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

/// Which columns are shown, and how wide. It is computed from the first rows, so that a long list is printed page by page.
#[derive(Debug)]
pub(crate) struct Layout {
    columns: Vec<Column>,
    /// Position and width of each column that is shown.
    shown: Vec<(usize, usize)>,
    /// Whether cells are cut to the width of their column.
    is_cut: bool,
}

impl Layout {
    /// Fits `columns` into `room` terminal columns; without a terminal everything is shown.
    pub(crate) fn new(mut columns: Vec<Column>, rows: &[Vec<Cell>], room: Option<usize>) -> Self {
        for (index, column) in columns.iter_mut().enumerate() {
            let mut cells = rows.iter().filter_map(|row| row.get(index));
            column.is_number |= cells.any(|cell| cell.is_number);
        }
        let last = columns.len().saturating_sub(1);
        let needed = |(index, column): (usize, &Column)| {
            let cells = rows.iter().filter_map(|row| row.get(index));
            let widest = cells.map(|cell| width(&cell.text)).max().unwrap_or(0);
            let is_bounded = room.is_some() && index < last;
            let widest = if is_bounded {
                widest.min(WIDEST)
            } else {
                widest
            };
            (index, widest.max(width(&column.title)))
        };
        let mut shown: Vec<_> = columns.iter().enumerate().map(needed).collect();
        if let Some(room) = room {
            give_way(&columns, &mut shown, room);
            while shown.len() > 1 && room < least(&shown) {
                shown.pop();
            }
            narrow(&mut shown, room);
        }
        Self {
            columns,
            shown,
            is_cut: room.is_some(),
        }
    }

    /// Titles of the columns that have no room.
    pub(crate) fn left_out(&self) -> Vec<&str> {
        let columns = self.columns.iter().enumerate();
        columns
            .filter(|(index, _)| !self.shown.iter().any(|(shown, _)| shown == index))
            .map(|(_, column)| &*column.title)
            .collect()
    }

    /// The line of titles.
    pub(crate) fn header(&self) -> String {
        let titles = self.columns.iter().map(|column| Cell {
            text: column.title.clone().into_owned(),
            style: FAINT,
            is_number: false,
        });
        self.line(&titles.collect::<Vec<_>>())
    }

    /// One line of the table; its end is not padded.
    pub(crate) fn line(&self, row: &[Cell]) -> String {
        let mut line = String::new();
        let mut pending = 0;
        for (position, (index, room)) in self.shown.iter().enumerate() {
            let (Some(cell), Some(column)) = (row.get(*index), self.columns.get(*index)) else {
                continue;
            };
            let text = if self.is_cut {
                fit(&cell.text, *room)
            } else {
                cell.text.clone()
            };
            let padding = room.saturating_sub(width(&text));
            pending += if position == 0 { 0 } else { GAP.len() };
            if text.is_empty() {
                pending += padding;
                continue;
            }
            let before = if column.is_number { padding } else { 0 };
            line.push_str(&" ".repeat(pending + before));
            line.push_str(&paint(cell.style, &text));
            pending = padding - before;
        }
        line + "\n"
    }
}

/// A whole table as text; see [`Layout`].
pub(crate) fn render(columns: Vec<Column>, rows: &[Vec<Cell>], room: Option<usize>) -> String {
    let layout = Layout::new(columns, rows, room);
    let lines = rows.iter().map(|row| layout.line(row));
    [layout.header()].into_iter().chain(lines).collect()
}

/// Leaves columns out until the last one has the room that it needs, or no column gives way any more.
fn give_way(columns: &[Column], shown: &mut Vec<(usize, usize)>, room: usize) {
    let Some((last, wanted)) = shown.pop() else {
        return;
    };
    loop {
        let used: usize = shown.iter().map(|(_, width)| width + GAP.len()).sum();
        let left = room.saturating_sub(used);
        let limit = |index: usize| columns.get(index).map_or(0, |column| column.gives_way);
        let candidates = shown.iter().enumerate();
        let first = candidates.max_by_key(|(_, (index, _))| limit(*index));
        match first {
            Some((position, (index, _))) if left < wanted.min(limit(*index)) => {
                shown.remove(position);
            }
            _ => break,
        }
    }
    shown.push((last, wanted));
}

/// The room that the columns need at least.
fn least(shown: &[(usize, usize)]) -> usize {
    let widths: usize = shown.iter().map(|(_, wanted)| NARROWEST.min(*wanted)).sum();
    widths + GAP.len() * shown.len().saturating_sub(1)
}

/// Narrows the widest columns until all fit.
fn narrow(shown: &mut [(usize, usize)], room: usize) {
    let room = room.saturating_sub(GAP.len() * shown.len().saturating_sub(1));
    for (_, width) in &mut *shown {
        *width = room.min(*width);
    }
    let total: usize = shown.iter().map(|(_, width)| width).sum();
    for _ in room..total {
        if let Some((_, widest)) = shown.iter_mut().max_by_key(|(_, width)| *width) {
            *widest = widest.saturating_sub(1).max(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 5] = [
        Column::new("NAME"),
        Column::new("COUNT").number(),
        Column::new("SEEN").gives_way(16),
        Column::new("DUE").gives_way(44),
        Column::new("WHY"),
    ];

    fn rows() -> Vec<Vec<Cell>> {
        let row = |name: &str, count: &str, why: &str| {
            let cells = [name, count, "3 min ago", "in 57 min", why];
            cells.map(Cell::from).into()
        };
        vec![
            row(
                "orders",
                "7",
                "a reason that is longer than a narrow terminal",
            ),
            row("销售集群", "1200", "short"),
            row("🚀", "", ""),
        ]
    }

    fn shown(room: Option<usize>) -> String {
        let table = render(COLUMNS.to_vec(), &rows(), room);
        anstream::adapter::strip_str(&table).to_string()
    }

    #[test]
    fn columns_are_aligned_and_a_pipe_cuts_nothing() {
        let expected = "\
NAME      COUNT  SEEN       DUE        WHY
orders        7  3 min ago  in 57 min  a reason that is longer than a narrow terminal
销售集群   1200  3 min ago  in 57 min  short
🚀               3 min ago  in 57 min
";
        assert_eq!(shown(None), expected);
    }

    #[test]
    fn a_narrow_terminal_loses_columns_before_the_last_one_is_cut() {
        let expected = "\
NAME      COUNT  SEEN       WHY
orders        7  3 min ago  a reason that is longer than a narrow t…
销售集群   1200  3 min ago  short
🚀               3 min ago
";
        assert_eq!(shown(Some(68)), expected);
        assert!(!shown(Some(40)).contains("SEEN"));
    }

    #[test]
    fn every_line_fits_a_terminal_of_at_least_forty_columns() {
        for room in 40..220 {
            let text = shown(Some(room));
            let fits = text.lines().all(|line| width(line) <= room);
            assert!(fits && text.contains("a reason"), "{room}:\n{text}");
        }
        for room in 0..30 {
            assert_eq!(shown(Some(room)).lines().count(), 4);
        }
    }

    #[test]
    fn a_column_without_room_is_named() {
        let columns = ["FIRST_ONE", "SECOND_ONE", "THIRD_ONE"].map(Column::new);
        let left_out = |room| {
            let layout = Layout::new(columns.to_vec(), &[], Some(room));
            layout.left_out().join(",")
        };
        assert_eq!(
            (left_out(28).as_str(), left_out(27).as_str()),
            ("", "THIRD_ONE")
        );
    }
}
