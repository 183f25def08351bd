//! Progress of a check, on a terminal.

use std::time::Duration;

use idsync::health::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Output;
use super::text::counted;

/// Redraws per second.
const RATE: u8 = 10;
/// Longest time between two redraws.
const TICK: Duration = Duration::from_millis(250);

/// A transient line on stderr; hidden unless stderr is a terminal.
pub(crate) struct ProgressLine(ProgressBar);

impl ProgressLine {
    /// Hidden too where logs are written to stderr, or the output is quiet.
    pub(crate) fn new(output: &Output) -> Self {
        let target = if output.is_quiet || output.is_logging {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr_with_hz(RATE)
        };
        let bar = ProgressBar::with_draw_target(None, target);
        bar.set_style(ProgressStyle::default_spinner());
        bar.enable_steady_tick(TICK);
        Self(bar)
    }

    pub(crate) fn show(&self, message: String) {
        self.0.set_message(message);
    }

    /// A hook that shows the progress of a check.
    pub(crate) fn hook(&self) -> impl Fn(Progress) + Send + Sync + 'static {
        let bar = self.0.clone();
        move |progress| bar.set_message(sentence(&progress))
    }
}

impl Drop for ProgressLine {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// The progress in words.
fn sentence(progress: &Progress) -> String {
    let listing = (progress.listed < progress.workspaces).then(|| {
        let workspaces = counted(progress.workspaces, "workspace");
        format!("{} of {workspaces} listed", progress.listed)
    });
    let checked = (progress.known > 0).then(|| {
        let clusters = counted(progress.known, "cluster");
        format!("{} of {clusters} checked", progress.asked)
    });
    let problems = (progress.problems > 0).then(|| counted(progress.problems, "problem"));
    let parts: Vec<_> = [listing, checked, problems].into_iter().flatten().collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_shows_lists_until_all_are_read_and_problems_once_there_are_some() {
        let mut progress = Progress::default();
        progress.workspaces = 2;
        assert_eq!(sentence(&progress), "0 of 2 workspaces listed");
        (progress.listed, progress.known, progress.asked) = (1, 24, 3);
        assert_eq!(
            sentence(&progress),
            "1 of 2 workspaces listed, 3 of 24 clusters checked"
        );
        (progress.listed, progress.problems) = (2, 1);
        assert_eq!(sentence(&progress), "3 of 24 clusters checked, 1 problem");
    }
}
