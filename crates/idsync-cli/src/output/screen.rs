//! A terminal that is redrawn in place.

use std::io::{self, Write};

use anstream::{AutoStream, ColorChoice};

/// Alternate screen, no cursor, no line wrapping.
const OPEN: &str = "\u{1b}[?1049h\u{1b}[?25l\u{1b}[?7l";
/// Reverts [`OPEN`].
const CLOSE: &str = "\u{1b}[?7h\u{1b}[?25h\u{1b}[?1049l";
const HOME: &str = "\u{1b}[H";
const CLEAR_LINE: &str = "\u{1b}[K";
const CLEAR_REST: &str = "\u{1b}[J";
/// Rows of a terminal whose size is unknown.
const ROWS: usize = 24;

/// The terminal while it is drawn on; it is restored on drop.
pub(crate) struct Screen {
    color: ColorChoice,
}

impl Screen {
    /// Takes the terminal over.
    ///
    /// # Errors
    ///
    /// If stdout cannot be written.
    pub(crate) fn open(color: ColorChoice) -> io::Result<Self> {
        let color = match color {
            ColorChoice::Auto => AutoStream::choice(&io::stdout()),
            choice => choice,
        };
        // Restores the terminal even if opening it fails midway.
        let screen = Self { color };
        write(OPEN)?;
        Ok(screen)
    }

    /// Replaces what is shown by `lines`.
    ///
    /// # Errors
    ///
    /// If stdout cannot be written.
    pub(crate) fn draw(&self, lines: &[String]) -> io::Result<()> {
        let lines = lines.iter().map(|line| match self.color {
            ColorChoice::Never => anstream::adapter::strip_str(line).to_string(),
            _ => line.clone(),
        });
        let end_of_line = format!("{CLEAR_LINE}\r\n");
        let page = lines.collect::<Vec<_>>().join(&end_of_line);
        write(&format!("{HOME}{page}{CLEAR_LINE}{CLEAR_REST}"))
    }
}

fn write(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

impl Drop for Screen {
    fn drop(&mut self) {
        // If the terminal is gone, there is nothing to restore.
        let _ = write(CLOSE);
    }
}

/// Columns and rows of the terminal, as they are now.
pub(crate) fn size() -> (Option<usize>, usize) {
    let size = terminal_size::terminal_size();
    let columns = size.map(|(columns, _)| columns.0.into());
    (columns, size.map_or(ROWS, |(_, rows)| rows.0.into()))
}

/// The lines of a terminal of `rows` rows: head and tail if they fit, and as much of the body as there is room for.
pub(crate) fn fitted(
    head: Vec<String>,
    mut body: Vec<String>,
    tail: Vec<String>,
    rows: usize,
) -> Vec<String> {
    let room = rows.saturating_sub(head.len() + tail.len());
    if body.len() > room {
        let left_out = body.len() - room.saturating_sub(1);
        body.truncate(room.saturating_sub(1));
        body.push(format!("  … and {left_out} more"));
    }
    let mut lines = [head, body, tail].concat();
    lines.truncate(rows.max(1));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_do_not_fit_are_cut_in_the_body() {
        let lines = |number: usize, text: &str| -> Vec<String> {
            (1..=number).map(|line| format!("{text} {line}")).collect()
        };
        let shown = |body, rows| {
            fitted(lines(2, "head"), lines(body, "row"), lines(1, "tail"), rows).join(", ")
        };
        assert_eq!(shown(2, 5), "head 1, head 2, row 1, row 2, tail 1");
        assert_eq!(shown(9, 5), "head 1, head 2, row 1,   … and 8 more, tail 1");
        assert_eq!(shown(9, 2), "head 1, head 2");
        assert_eq!(shown(0, 0), "head 1");
    }
}
