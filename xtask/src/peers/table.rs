//! What came of all the calls, as a table.

use std::fmt::Write as _;

use crate::tools::Failure;

/// One case with one SDK.
pub(super) struct Line {
    pub(super) sdk: &'static str,
    pub(super) operation: &'static str,
    pub(super) case: &'static str,
    pub(super) calls: usize,
    pub(super) problems: Vec<String>,
}

/// The lines so far.
#[derive(Default)]
pub(super) struct Table(Vec<Line>);

impl Table {
    pub(super) fn add(&mut self, line: Line) {
        self.0.push(line);
    }

    /// The table with a line that sums it up.
    ///
    /// # Errors
    ///
    /// The same, if one line is not as expected.
    pub(super) fn told(&self) -> Result<String, Failure> {
        let mut text = row("SDK", "OPERATION", "CASE", "CALLS", "RESULT");
        for line in &self.0 {
            let result = match line.problems.as_slice() {
                [] => "as expected".to_owned(),
                problems => format!("NOT AS EXPECTED\n    {}", problems.join("\n    ")),
            };
            let calls = line.calls.to_string();
            text += &row(line.sdk, line.operation, line.case, &calls, &result);
        }
        let good = self
            .0
            .iter()
            .filter(|line| line.problems.is_empty())
            .count();
        let calls: usize = self.0.iter().map(|line| line.calls).sum();
        // Writing to a string has no way to fail.
        let _ = write!(
            text,
            "{good} of {} cases as expected, {calls} calls",
            self.0.len()
        );
        if good == self.0.len() {
            Ok(text)
        } else {
            Err(Failure::new(text))
        }
    }
}

fn row(sdk: &str, operation: &str, case: &str, calls: &str, result: &str) -> String {
    format!("{sdk:<15} {operation:<10} {case:<24} {calls:>5}  {result}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(problems: &[&str]) -> Line {
        Line {
            sdk: "Go",
            operation: "tasks",
            case: "minimal",
            calls: 2,
            problems: problems.iter().copied().map(str::to_owned).collect(),
        }
    }

    #[test]
    fn one_line_that_is_not_as_expected_fails_the_table_and_tells_why() {
        let mut table = Table::default();
        table.add(line(&[]));
        assert!(table.told().is_ok_and(|text| text.contains("1 of 1 cases")));
        table.add(line(&["status 500"]));
        let text = table.told().unwrap_err().to_string();
        assert!(
            text.contains("status 500") && text.contains("1 of 2 cases"),
            "{text}"
        );
    }
}
