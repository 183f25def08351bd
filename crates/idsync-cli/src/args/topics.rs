//! What `idsync help TOPIC` explains, and what the long help repeats.

mod environment;
mod exit_codes;
mod layout;
mod verdicts;

/// A subject of the help that is no command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    /// The variables that are read.
    Environment,
    /// What the codes that a run ends with mean.
    ExitCodes,
    /// What verdicts, reasons and notes mean.
    Verdicts,
}

impl Topic {
    /// Every topic, in the order in which they are listed.
    pub(crate) const ALL: [Self; 3] = [Self::Environment, Self::ExitCodes, Self::Verdicts];

    /// The word for it on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::ExitCodes => "exit-codes",
            Self::Verdicts => "verdicts",
        }
    }

    /// The topic of this name, if there is one.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.name() == name)
    }

    /// All there is to say of it; ends with a line break.
    pub(crate) fn text(self) -> String {
        match self {
            Self::Environment => environment::text(),
            Self::ExitCodes => exit_codes::text(),
            Self::Verdicts => verdicts::text(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_a_topic_is_too_long_for_a_screen() {
        for topic in Topic::ALL {
            for line in topic.text().lines() {
                assert!(line.chars().count() <= layout::WIDTH, "{line}");
            }
        }
    }
}
