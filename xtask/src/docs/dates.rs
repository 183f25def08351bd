//! The day on which the vendor last changed a page.

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// The day that a line such as `Updated on 2025-11-17 GMT+08:00` names, as `2025-11-17`.
pub fn updated(line: &str) -> Option<String> {
    let words = ["updated on", "last updated", "更新时间"];
    let lower = line.to_lowercase();
    let rest = words
        .iter()
        .find_map(|word| Some(lower.find(word)? + word.len()))?;
    let rest = lower.get(rest..)?;
    numeric(rest).or_else(|| spelled(rest))
}

/// `2025-11-17`, or with slashes.
fn numeric(text: &str) -> Option<String> {
    let start = text.find(|char: char| char.is_ascii_digit())?;
    let date = text.get(start..start + 10)?.replace('/', "-");
    let parts: Vec<&str> = date.split('-').collect();
    let right = matches!(parts.as_slice(), [year, month, day] if year.len() == 4 && month.len() == 2 && day.len() == 2);
    let digits = parts
        .iter()
        .all(|part| part.chars().all(|char| char.is_ascii_digit()));
    (right && digits).then_some(date)
}

/// `Nov 17, 2025`.
fn spelled(text: &str) -> Option<String> {
    let mut words = text
        .split(|char: char| !char.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    let name = words.next()?.get(..3)?;
    let month = 1 + MONTHS.iter().position(|month| *month == name)?;
    let day: u8 = words.next()?.parse().ok()?;
    let year: u16 = words.next()?.parse().ok()?;
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::updated;

    #[test]
    fn days_are_read_in_the_forms_of_the_sites() {
        let day = Some("2025-11-17".to_owned());
        assert_eq!(updated("Updated on 2025-11-17 GMT+08:00"), day);
        assert_eq!(updated("Updated on Nov 17, 2025 GMT+08:00"), day);
        assert_eq!(updated("更新时间：2025/11/17 GMT+08:00"), day);
        assert_eq!(updated("Updates are on."), None);
    }
}
