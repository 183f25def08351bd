//! One difference between what a page stated and what it states now.
//!
//! A change is breaking if programs that rely on the old page can fail on account of it. Where that cannot be told it is breaking, so
//! that somebody looks. What a parameter is made of, programs write; what an answer is made of, they read; a structure may go both ways,
//! and then it is breaking if it is so either way.
//!
//! | change | of what programs write | of what programs read |
//! |---|---|---|
//! | added | unless it is optional | no: what is not known is passed over |
//! | removed, renamed | yes; but the case of a header's name has no meaning | yes |
//! | type | unless it only became wider (`Integer` to `Long`) or is spelled otherwise | likewise, and `Long` to `Integer` neither |
//! | mandatory | if it became so | if it was so |
//! | range | if anything falls out of it: a minimum rose, a maximum fell, a character went | no: documents do not bound answers |
//! | default | yes: who leaves it out gets something else | no |
//! | enum | if a value went, or the first ones were listed where any was allowed | no: sets are open |
//! | example | | yes: it is what the service sends, and the document does not describe it |
//!
//! A status is breaking if it means success, come or gone; no program waits for a failure. The path is breaking where it does not only
//! follow its parameters. A page that only has another title, date or order of rows has not changed.

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

/// What a change means for programs that rely on the old page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// They work as before.
    Harmless,
    /// They can fail.
    Breaking,
}

impl From<bool> for Weight {
    fn from(breaking: bool) -> Self {
        if breaking {
            Self::Breaking
        } else {
            Self::Harmless
        }
    }
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Harmless => "harmless",
            Self::Breaking => "breaking",
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
    /// Name of the parameter, field, structure or status; the old name if there are two; of an example, the JSON pointer to what
    /// does not decode. None for a part as a whole.
    pub name: Option<String>,
    /// What kind it is.
    pub kind: Kind,
    /// What the lock says; none if that is nothing.
    pub from: Option<String>,
    /// What the page says; none if that is nothing.
    pub to: Option<String>,
    /// The key of a schema that has to be edited, of the several that stand for a range.
    pub key: Option<&'static str>,
    /// What it means for programs.
    pub weight: Weight,
}

impl Change {
    /// Whether programs that rely on the old page can fail on account of it.
    pub fn is_breaking(&self) -> bool {
        self.weight == Weight::Breaking
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
        // An example is told as a whole; where it fails is a part of what is told.
        let name = self.name.as_deref().filter(|_| self.kind != Kind::Example);
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
            "message": self.message(),
            "name": self.name,
            "from": self.from,
            "to": self.to,
            "file": edit.file,
            "line": edit.line,
            "path": edit.place.as_ref().map(ToString::to_string),
        })
    }
}
