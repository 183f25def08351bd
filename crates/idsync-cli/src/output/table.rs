//! Aligned columns for terminals and pipes.

use anstyle::Style;

use unicode_width::UnicodeWidthStr;

use super::text::{FAINT, fit, paint, plain};
use super::time::NONE;

/// Between two columns.
const GAP: &str = "  ";
/// Widest column on a terminal, except for the last one.
const WIDEST: usize = 40;
/// Narrowest column on a terminal; lines of several such columns may be wrapped by it.
const NARROWEST: usize = 8;

/// One value of a table. Every row of a table has the same columns.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    /// The title of the column.
    pub(super) title: &'static str,
    text: String,
    style: Style,
    is_number: bool,
    /// The column is left out while the last column has less room than this.
    gives_way: usize,
}

impl Cell {
    /// A value in the column `title`.
    pub(crate) fn new(title: &'static str, text: impl AsRef<str>) -> Self {
        let text = plain(text.as_ref());
        Self {
            title,
            style: if text == NONE { FAINT } else { Style::new() },
            text,
            is_number: false,
            gives_way: 0,
        }
    }

    /// Colours the value.
    pub(crate) fn style(mut self, style: Style) -> Self {
        self.style = style;
        self
    }

    /// Marks the value as a number, which aligns its column to the right.
    pub(crate) fn number(mut self) -> Self {
        self.is_number = true;
        self
    }

    /// Leaves the column out on a terminal where the last column needs more room and has less than `columns`. Of several,
    /// the one with the largest number is left out first.
    pub(crate) fn gives_way(mut self, columns: usize) -> Self {
        self.gives_way = columns;
        self
    }
}

/// Which columns are shown, and how wide. It is computed from the first rows, so that a long list is printed page by page.
#[derive(Debug)]
pub(crate) struct Layout {
    titles: Vec<Cell>,
    columns: Vec<TableColumn>,
    /// Whether cells are cut to the width of their column.
    is_cut: bool,
}

/// A column that is shown.
#[derive(Debug)]
struct TableColumn {
    /// Its position in a row.
    at: usize,
    width: usize,
}

impl Layout {
    /// Fits the columns of `rows` into `room` terminal columns; without a terminal everything is shown.
    pub(crate) fn new(rows: &[Vec<Cell>], room: Option<usize>) -> Self {
        let first = rows.first().map_or(&[][..], Vec::as_slice);
        let cells = |at: usize| rows.iter().filter_map(move |row| row.get(at));
        let title = |(at, cell): (usize, &Cell)| Cell {
            text: cell.title.to_uppercase(),
            style: FAINT,
            is_number: cells(at).any(|cell| cell.is_number),
            ..cell.clone()
        };
        let titles: Vec<_> = first.iter().enumerate().map(title).collect();
        let column = |(at, title): (usize, &Cell)| {
            let widest = cells(at).map(|cell| cell.text.width()).max().unwrap_or(0);
            let is_bounded = room.is_some() && at + 1 < first.len();
            let bound = if is_bounded { WIDEST } else { usize::MAX };
            let width = widest.min(bound).max(title.text.width());
            TableColumn { at, width }
        };
        let mut layout = Self {
            columns: titles.iter().enumerate().map(column).collect(),
            titles,
            is_cut: room.is_some(),
        };
        if let Some(room) = room {
            while let Some(at) = layout.surplus(room) {
                layout.columns.remove(at);
            }
            layout.narrow(room);
        }
        layout
    }

    /// The column to leave out next, because the last one needs its room.
    fn surplus(&self, room: usize) -> Option<usize> {
        let (last, others) = self.columns.split_last()?;
        let used: usize = others.iter().map(|it| it.width + GAP.len()).sum();
        let gives_way = others.iter().map(|it| self.titles[it.at].gives_way);
        let (at, gives_way) = gives_way.enumerate().max_by_key(|(_, columns)| *columns)?;
        let needed = last.width.min(gives_way);
        (room.saturating_sub(used) < needed).then_some(at)
    }

    /// Narrows the widest columns until all fit.
    fn narrow(&mut self, room: usize) {
        let room = room.saturating_sub(GAP.len() * self.columns.len().saturating_sub(1));
        for column in &mut self.columns {
            column.width = column.width.min(room.max(NARROWEST));
        }
        let total: usize = self.columns.iter().map(|column| column.width).sum();
        for _ in room..total {
            let columns = self.columns.iter_mut();
            let wide = columns.filter(|column| column.width > NARROWEST);
            if let Some(widest) = wide.max_by_key(|column| column.width) {
                widest.width -= 1;
            }
        }
    }

    /// The titles and `rows`; nothing if there are no rows.
    pub(crate) fn text(&self, rows: &[Vec<Cell>]) -> String {
        let titles = rows.first().map(|_| &self.titles);
        let lines = titles.into_iter().chain(rows);
        lines.map(|row| self.line(row)).collect()
    }

    /// One line of the table; its end is not padded.
    pub(crate) fn line(&self, row: &[Cell]) -> String {
        let mut line = String::new();
        let mut pending = 0;
        for column in &self.columns {
            let Some(cell) = row.get(column.at) else {
                continue;
            };
            let text = if self.is_cut {
                fit(&cell.text, column.width)
            } else {
                cell.text.clone()
            };
            let padding = column.width.saturating_sub(text.width());
            let is_number = self.titles[column.at].is_number;
            let before = if is_number { padding } else { 0 };
            pending += before;
            if !text.is_empty() {
                line.extend([" ".repeat(pending), paint(cell.style, &text)]);
                pending = 0;
            }
            pending += padding - before + GAP.len();
        }
        line + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Vec<Cell>> {
        let row = |name: &str, count: &str, why: &str| {
            vec![
                Cell::new("NAME", name),
                Cell::new("COUNT", count).number(),
                Cell::new("SEEN", "3 min ago").gives_way(16),
                Cell::new("DUE", "in 57 min").gives_way(44),
                Cell::new("WHY", why),
            ]
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
        let rows = rows();
        let table = Layout::new(&rows, room).text(&rows);
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
            let fits = text.lines().all(|line| line.width() <= room);
            assert!(fits && text.contains("a reason"), "{room}:\n{text}");
        }
        for room in 0..30 {
            assert_eq!(shown(Some(room)).lines().count(), 4);
        }
    }
}
