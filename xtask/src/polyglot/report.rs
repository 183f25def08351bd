//! What is told while the clients are tried, and in the end.

use std::fmt;
use std::time::Duration;

use super::Language;
use super::trial::Trial;
use crate::tools::Failure;

/// Something that happened. Shown, it is one line, or more where there is something to explain.
#[derive(Debug)]
pub(super) enum Event {
    /// The clients of a language were generated and compiled.
    Built(Language, Duration),
    /// A case was tried.
    Tried {
        language: Language,
        service: &'static str,
        case: String,
        /// How it fell short, if it did.
        shortfall: Option<String>,
    },
    /// A language could not be tried, or not to the end.
    GaveUp(Language, Failure),
}

impl Event {
    pub(super) fn tried(language: Language, trial: &Trial, shortfall: Option<String>) -> Self {
        Self::Tried {
            language,
            service: trial.service,
            case: trial.case.clone(),
            shortfall,
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Built(language, time) => {
                write!(
                    f,
                    "{language:<10}  clients generated and compiled in {} s",
                    time.as_secs()
                )
            }
            Self::Tried {
                language,
                service,
                case,
                shortfall,
            } => {
                write!(f, "{language:<10}  {service:<15}  {case:<20}  ")?;
                match shortfall {
                    None => f.write_str("ok"),
                    Some(shortfall) => write!(f, "FELL SHORT: {shortfall}"),
                }
            }
            Self::GaveUp(language, failure) => write!(f, "{language:<10}  GAVE UP: {failure}"),
        }
    }
}

/// The count of what happened.
#[derive(Debug, Default)]
pub(super) struct Report {
    tried: usize,
    fell_short: usize,
    gave_up: Vec<Language>,
}

impl Report {
    pub(super) fn note(&mut self, event: &Event) {
        match event {
            Event::Built(..) => {}
            Event::Tried { shortfall, .. } => {
                self.tried += 1;
                self.fell_short += usize::from(shortfall.is_some());
            }
            Event::GaveUp(language, _) => self.gave_up.push(*language),
        }
    }

    /// One sentence on all of it.
    ///
    /// # Errors
    ///
    /// [`Failure`] with that sentence, unless everything was tried and nothing fell short.
    pub(super) fn conclusion(&self) -> Result<String, Failure> {
        let counted = match (self.tried, self.fell_short) {
            (0, _) => "no case was tried".to_owned(),
            (tried, 0) => format!("cases tried: {tried}, all as they must be"),
            (tried, short) => format!("cases tried: {tried}, of which {short} fell short"),
        };
        let unfinished = self.gave_up.iter();
        let unfinished =
            unfinished.map(|language| format!("; {language} was not tried to the end"));
        let sentence: String = std::iter::once(counted).chain(unfinished).collect();
        if self.tried == 0 || self.fell_short > 0 || !self.gave_up.is_empty() {
            return Err(Failure::new(sentence));
        }
        Ok(sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(shortfall: Option<&str>) -> Event {
        Event::Tried {
            language: Language::Go,
            service: "dws",
            case: "html-502".to_owned(),
            shortfall: shortfall.map(str::to_owned),
        }
    }

    fn concluded(events: &[Event]) -> Result<String, Failure> {
        let mut report = Report::default();
        for event in events {
            report.note(event);
        }
        report.conclusion()
    }

    #[test]
    fn a_case_is_one_line() {
        assert_eq!(
            tried(None).to_string(),
            "go          dws              html-502              ok"
        );
        let short = tried(Some("taken for a success")).to_string();
        assert!(
            short.ends_with("FELL SHORT: taken for a success"),
            "{short}"
        );
    }

    #[test]
    fn one_case_that_falls_short_fails_the_whole() {
        assert_eq!(
            concluded(&[tried(None), tried(None)]).unwrap(),
            "cases tried: 2, all as they must be"
        );
        let failure = concluded(&[tried(None), tried(Some("why"))]).unwrap_err();
        assert_eq!(failure.to_string(), "cases tried: 2, of which 1 fell short");
    }

    #[test]
    fn a_language_that_gives_up_fails_the_whole_and_so_does_trying_nothing() {
        let gave_up = Event::GaveUp(Language::Java, Failure::new("no JDK"));
        let failure = concluded(&[tried(None), gave_up]).unwrap_err();
        assert_eq!(
            failure.to_string(),
            "cases tried: 1, all as they must be; java was not tried to the end"
        );
        assert_eq!(concluded(&[]).unwrap_err().to_string(), "no case was tried");
    }
}
