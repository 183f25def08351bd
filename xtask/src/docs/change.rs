//! One difference between what a page stated and what it states now.

use std::fmt;

use serde_json::{Value, json};

use super::facts::Location;
use crate::codegen::Problem;

/// What kind of difference it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Something is there that was not.
    Added,
    /// Something is gone.
    Removed,
    /// Something has another name, as far as one can tell.
    Renamed,
    /// Another type.
    Type,
    /// Mandatory or not.
    Mandatory,
    /// Other bounds of the value, its length or its characters.
    Range,
    /// Another default.
    Default,
    /// A value that is listed or no longer listed.
    Enum,
    /// A status that is listed or no longer listed.
    StatusCode,
    /// An example that the document's schema does not describe.
    Example,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Renamed => "renamed",
            Self::Type => "type",
            Self::Mandatory => "mandatory",
            Self::Range => "range",
            Self::Default => "default",
            Self::Enum => "enum",
            Self::StatusCode => "status_code",
            Self::Example => "example",
        })
    }
}

/// Where something stands on a page.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Among the parameters that are sent at one place.
    Parameters(Location),
    /// In the body of the answer with a status.
    Answer(String),
    /// In a structure; the number tells structures of one name apart.
    Structure(String, usize),
    /// On the page as a whole.
    Page,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// The part of the page that it is in.
    pub part: Part,
    /// Name of the parameter, field, structure or status; the old name if there are two. None for a part as a whole.
    pub name: Option<String>,
    /// What kind it is.
    pub kind: Kind,
    /// What the lock says; none if that is nothing.
    pub from: Option<String>,
    /// What the page says; none if that is nothing.
    pub to: Option<String>,
}

impl Change {
    /// Whether programs that rely on the old page can fail on account of it.
    pub fn is_breaking(&self) -> bool {
        let sent = matches!(self.part, Part::Parameters(_));
        match self.kind {
            Kind::Removed | Kind::Renamed | Kind::Example => true,
            Kind::Added => sent && self.to.as_deref() == Some("mandatory"),
            Kind::Type => !self.widens_a_number(sent),
            Kind::Mandatory => sent && self.to.as_deref() == Some("true"),
            // Whether a range became wider cannot be told where characters and lengths change together: better look.
            Kind::Range | Kind::Default => sent,
            Kind::Enum => sent && self.to.is_none(),
            Kind::StatusCode => {
                self.to.is_none()
                    && self
                        .from
                        .as_deref()
                        .is_some_and(|status| status.starts_with('2'))
            }
        }
    }

    /// Counts are 64-bit in the documents whatever the page says, and a server that reads more digits reads fewer as well.
    fn widens_a_number(&self, sent: bool) -> bool {
        match (self.from.as_deref(), self.to.as_deref()) {
            (Some("Integer"), Some("Long")) => true,
            (Some("Long"), Some("Integer")) => !sent,
            _ => false,
        }
    }

    /// The difference in words.
    pub fn message(&self) -> String {
        let what = self.subject();
        match (self.from.as_deref(), self.to.as_deref()) {
            (Some(from), Some(to)) => format!("{what}: {from} → {to}"),
            (None, Some(to)) => format!("{what}: now {to}"),
            (Some(from), None) => format!("{what}: no longer {from}"),
            (None, None) => what,
        }
    }

    fn subject(&self) -> String {
        let name = self.name.as_deref();
        match (&self.part, name) {
            (Part::Parameters(location), Some(name)) => format!("{location} parameter `{name}`"),
            (Part::Parameters(location), None) => format!("{location} parameters"),
            (Part::Answer(status), Some(name)) => format!("field `{name}` of the answer {status}"),
            (Part::Answer(status), None) => format!("the answer {status}"),
            (Part::Structure(structure, _), Some(name)) => {
                format!("field `{name}` of `{structure}`")
            }
            (Part::Structure(structure, _), None) => format!("structure `{structure}`"),
            (Part::Page, Some(name)) => name.to_owned(),
            (Part::Page, None) => "the page".to_owned(),
        }
    }

    /// The difference as JSON, with the place of the document to edit.
    pub fn to_json(&self, edit: &Problem) -> Value {
        json!({
            "kind": self.kind.to_string(),
            "breaking": self.is_breaking(),
            "subject": self.subject(),
            "name": self.name,
            "from": self.from,
            "to": self.to,
            "file": edit.file,
            "line": edit.line,
            "path": edit.place.as_ref().map(ToString::to_string),
        })
    }
}
