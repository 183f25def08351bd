//! Finds the cause in the log text of a run.
//!
//! The one known example is a local time, an arrow, a sentence, and a JSON array of jobs whose `message` holds the cause.
//! The format is not documented, so every part may be missing, repeated or cut off.

use serde_json::{Deserializer, Value};

/// Maximum length of the text that is read, in bytes.
const READ: usize = 64 * 1024;

/// Maximum number of arrays that are read, nested ones included.
const TRIED: usize = 32;

/// Separates the time of an entry from its text.
const ARROW: &str = "===>";

/// The messages of the failed jobs, or of all jobs if none is marked as failed, or else the text itself.
pub(super) fn of(text: &str) -> String {
    let text = readable(text);
    let jobs = jobs(text);
    let failed = messages(jobs.iter().filter(|job| {
        let status = job.get("status").and_then(Value::as_str);
        let status = status.unwrap_or_default().to_ascii_lowercase();
        status.contains("fail") || status.contains("err")
    }));
    let all = messages(&jobs);
    let mut causes = [failed, all].into_iter();
    causes
        .find(|cause| !cause.is_empty())
        .or_else(|| cut_off_message(text))
        .unwrap_or_else(|| {
            // The text without the times before arrows, and without an empty array.
            let sentences = text.lines().map(|line| match line.split_once(ARROW) {
                Some((_, sentence)) => sentence.trim(),
                None => line.trim(),
            });
            let sentences: Vec<_> = sentences.filter(|it| !it.is_empty()).collect();
            let text = sentences.join("\n");
            let text = text.strip_suffix("[]").unwrap_or(&text);
            text.trim_end_matches([':', ' ']).to_owned()
        })
}

/// The part of the text that is read.
pub(super) fn readable(text: &str) -> &str {
    (0..=READ.min(text.len()))
        .rev()
        .find_map(|end| text.get(..end))
        .unwrap_or_default()
}

/// The items of all JSON arrays of the text that begin with an object.
fn jobs(text: &str) -> Vec<Value> {
    let (mut jobs, mut read) = (Vec::new(), 0);
    let arrays = text.match_indices('[').filter_map(|(start, _)| {
        let array = text.get(start..)?;
        let is_of_objects = array.get(1..)?.trim_start().starts_with('{');
        is_of_objects.then_some((start, array))
    });
    for (start, array) in arrays.take(TRIED) {
        let mut values = Deserializer::from_str(array).into_iter::<Vec<Value>>();
        if start >= read
            && let Some(Ok(items)) = values.next()
        {
            read = start + values.byte_offset();
            jobs.extend(items);
        }
    }
    jobs
}

fn messages<'a>(jobs: impl IntoIterator<Item = &'a Value>) -> String {
    let jobs = jobs.into_iter();
    let messages = jobs.filter_map(|job| Some(job.get("message")?.as_str()?.trim()));
    let messages: Vec<_> = messages.filter(|message| !message.is_empty()).collect();
    messages.join("\n")
}

/// The first message of an array that was cut off, up to its quote or to the end.
fn cut_off_message(text: &str) -> Option<String> {
    let quoted = text.get(text.find('"')?..)?;
    let (_, rest) = quoted.split_once("\"message\"")?;
    let value = rest.trim_start().strip_prefix(':')?;
    let value = value.trim_start().strip_prefix('"')?;
    let mut is_escaped = false;
    let mut parts = value.split(|c| {
        let is_end = c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        is_end
    });
    let body = parts.next()?;
    let decoded = serde_json::from_str(&format!("\"{body}\""))
        .unwrap_or_else(|_| body.trim_end_matches('\\').to_owned());
    (!decoded.trim().is_empty()).then_some(decoded)
}
