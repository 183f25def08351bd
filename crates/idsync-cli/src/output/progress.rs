//! How far a report has come, on a terminal.

use std::time::Duration;

use idsync::health::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tracing::level_filters::LevelFilter;

use super::text::counted;

/// How often it is drawn, in Hz.
const RATE: u8 = 10;
/// How long it may stand still before it is drawn again all the same.
const BEAT: Duration = Duration::from_millis(250);

/// A line on stderr that comes and goes; nothing where nobody looks.
pub(crate) struct ProgressLine(ProgressBar);

impl ProgressLine {
    /// Shows nothing unless stderr is a terminal that nothing else is written to.
    pub(super) fn new(is_quiet: bool) -> Self {
        let is_logging = LevelFilter::current() != LevelFilter::OFF;
        let target = if is_quiet || is_logging {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr_with_hz(RATE)
        };
        let bar = ProgressBar::with_draw_target(None, target);
        bar.set_style(ProgressStyle::default_spinner());
        bar.enable_steady_tick(BEAT);
        Self(bar)
    }

    /// Shows a message.
    pub(crate) fn say(&self, message: String) {
        self.0.set_message(message);
    }

    /// What tells how far a check of health has come, wherever it is called.
    pub(crate) fn teller(&self) -> impl Fn(Progress) + Send + Sync + 'static {
        let bar = self.0.clone();
        move |progress| bar.set_message(sentence(&progress))
    }
}

/// Before anything else is printed, the line has to go.
impl Drop for ProgressLine {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// How far a check has come: first its lists, then its clusters, and what was in the way.
pub(super) fn sentence(progress: &Progress) -> String {
    let told = |number: u64, noun| counted(usize::try_from(number).unwrap_or(usize::MAX), noun);
    let listing = (progress.listed < progress.workspaces).then(|| {
        let workspaces = told(progress.workspaces, "workspace");
        format!("{} of {workspaces} listed", progress.listed)
    });
    let asked = (progress.known > 0).then(|| {
        let clusters = told(progress.known, "cluster");
        format!("{} of {clusters} asked", progress.asked)
    });
    let problems = (progress.problems > 0).then(|| told(progress.problems, "problem"));
    let parts: Vec<_> = [listing, asked, problems].into_iter().flatten().collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_tells_of_lists_until_all_are_read_and_of_problems_once_there_are_some() {
        let mut progress = Progress::default();
        progress.workspaces = 2;
        assert_eq!(sentence(&progress), "0 of 2 workspaces listed");
        (progress.listed, progress.known, progress.asked) = (1, 24, 3);
        assert_eq!(
            sentence(&progress),
            "1 of 2 workspaces listed, 3 of 24 clusters asked"
        );
        (progress.listed, progress.problems) = (2, 1);
        assert_eq!(sentence(&progress), "3 of 24 clusters asked, 1 problem");
    }
}
