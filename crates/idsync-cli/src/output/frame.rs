//! A report as it stands on a screen of so many lines.

/// The lines of a screen: all of `head` and `tail` if they fit, and between them as much of `body` as there is room for.
/// What is left out is told.
pub(super) fn fitted(
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

    fn lines(number: usize, text: &str) -> Vec<String> {
        (1..=number).map(|line| format!("{text} {line}")).collect()
    }

    #[test]
    fn what_fits_is_shown_whole() {
        let shown = fitted(lines(2, "head"), lines(3, "row"), lines(1, "tail"), 6);
        assert_eq!(
            shown,
            [lines(2, "head"), lines(3, "row"), lines(1, "tail")].concat()
        );
    }

    #[test]
    fn what_does_not_fit_is_cut_in_the_middle_and_told() {
        let shown = fitted(lines(2, "head"), lines(10, "row"), lines(1, "tail"), 6);
        assert_eq!(
            shown,
            [
                "head 1",
                "head 2",
                "row 1",
                "row 2",
                "  … and 8 more",
                "tail 1"
            ]
        );
    }

    #[test]
    fn a_screen_that_is_too_small_for_anything_gets_its_first_lines() {
        let shown = fitted(lines(2, "head"), lines(10, "row"), lines(2, "tail"), 3);
        assert_eq!(shown, ["head 1", "head 2", "  … and 10 more"]);
        assert_eq!(
            fitted(lines(2, "head"), Vec::new(), Vec::new(), 0),
            ["head 1"]
        );
    }
}
