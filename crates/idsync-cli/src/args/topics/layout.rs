//! Words and their explanations, side by side.

/// The longest line, in columns.
pub(super) const WIDTH: usize = 100;

/// Where explanations begin.
const COLUMN: usize = 34;

/// Appends `word` and, beside it or below it, its explanation.
pub(super) fn define(text: &mut String, word: &str, explanation: &str) {
    let mut line = format!("  {word}");
    if line.chars().count() + 2 > COLUMN {
        text.push_str(&line);
        text.push('\n');
        line.clear();
    }
    for part in explanation.split_whitespace() {
        if line.chars().count() < COLUMN {
            line = format!("{line:COLUMN$}");
        } else if line.chars().count() + 1 + part.chars().count() > WIDTH {
            text.push_str(&line);
            text.push('\n');
            line = " ".repeat(COLUMN);
        } else {
            line.push(' ');
        }
        line.push_str(part);
    }
    text.push_str(&line);
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn defined(word: &str, explanation: &str) -> String {
        let mut text = String::new();
        define(&mut text, word, explanation);
        text
    }

    #[test]
    fn an_explanation_stands_beside_its_word_or_below_it() {
        let beside = format!("  {:32}{}\n", "word", "what it means");
        assert_eq!(defined("word", "what it means"), beside);
        let long = "w".repeat(COLUMN);
        assert_eq!(defined(&long, "x"), format!("  {long}\n{:COLUMN$}x\n", ""));
    }

    #[test]
    fn a_long_explanation_goes_on_below_itself() {
        let text = defined("word", &"abcdefghi ".repeat(10));
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert!(lines[1].starts_with(&" ".repeat(COLUMN)) && lines[0].len() <= WIDTH);
    }
}
