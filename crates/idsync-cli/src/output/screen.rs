//! A terminal that is drawn over again and again.

use std::io::{self, Write};

use anstream::{AutoStream, ColorChoice};

/// Another page of the terminal, and no cursor; lines that are too long are cut and not wrapped.
const OPEN: &str = "\u{1b}[?1049h\u{1b}[?25l\u{1b}[?7l";
/// The page that was there before, as it was.
const CLOSE: &str = "\u{1b}[?7h\u{1b}[?25h\u{1b}[?1049l";
/// To the first line.
const HOME: &str = "\u{1b}[H";
/// Nothing left of what stood behind the end of a line.
const END_OF_LINE: &str = "\u{1b}[K\r\n";
/// Nothing left of what stood below.
const END: &str = "\u{1b}[J";

/// The terminal while it is drawn on. However this ends, the terminal is as before.
pub(crate) struct Screen {
    color: ColorChoice,
}

impl Screen {
    /// Takes the terminal over.
    pub(super) fn open(color: ColorChoice) -> io::Result<Self> {
        let color = match color {
            ColorChoice::Auto => AutoStream::choice(&io::stdout()),
            choice => choice,
        };
        // From here on, it is closed even if this fails midway.
        let screen = Self { color };
        screen.write(OPEN)?;
        Ok(screen)
    }

    /// Shows `lines`, and nothing else.
    pub(super) fn draw(&self, lines: &[String]) -> io::Result<()> {
        let mut page = HOME.to_owned();
        for (position, line) in lines.iter().enumerate() {
            if position > 0 {
                page.push_str(END_OF_LINE);
            }
            match self.color {
                ColorChoice::Never => {
                    page.push_str(&anstream::adapter::strip_str(line).to_string());
                }
                _ => page.push_str(line),
            }
        }
        page.push_str("\u{1b}[K");
        page.push_str(END);
        self.write(&page)
    }

    #[allow(
        clippy::unused_self,
        reason = "only who has the screen may write on it"
    )]
    fn write(&self, text: &str) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(text.as_bytes())?;
        stdout.flush()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // If the terminal is gone, there is nothing to restore.
        let _ = self.write(CLOSE);
    }
}
