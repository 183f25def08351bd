//! Headings, columns and labels of the vendor's English pages.

use crate::page::Pattern;

/// A section of a page that matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Text about the operation.
    Prose,
    /// Method, path and the parameters of the address.
    Uri,
    /// The parameters of the request.
    Request,
    /// The body of the response.
    Response,
    /// A request.
    ExampleRequest,
    /// A response.
    ExampleResponse,
    /// The statuses.
    StatusCodes,
    /// The last section.
    ErrorCodes,
}

/// The section that a line begins.
pub fn section(line: &str) -> Option<Section> {
    let line = line.trim_end_matches(':').to_ascii_lowercase();
    Some(match line.as_str() {
        "function"
        | "functions"
        | "calling method"
        | "debugging"
        | "authorization information"
        | "sdk sample code" => Section::Prose,
        "uri" => Section::Uri,
        "request" | "request parameters" => Section::Request,
        "response" | "response parameters" => Section::Response,
        "example request" | "example requests" => Section::ExampleRequest,
        "example response" | "example responses" => Section::ExampleResponse,
        "status codes" => Section::StatusCodes,
        "error codes" => Section::ErrorCodes,
        _ => return None,
    })
}

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The name of a parameter or field.
    Name,
    /// Whether a parameter is required.
    Mandatory,
    /// The type.
    Type,
    /// The description.
    Description,
    /// An HTTP status.
    Status,
}

impl Column {
    /// The column with this head.
    pub fn of(head: &str) -> Option<Self> {
        Some(match head.to_ascii_lowercase().as_str() {
            "parameter" | "name" => Self::Name,
            "mandatory" | "required" => Self::Mandatory,
            "type" | "parameter type" => Self::Type,
            "description" => Self::Description,
            "status code" => Self::Status,
            _ => return None,
        })
    }

    /// Whether a cell of this column can hold the text.
    pub fn allows(self, text: &str) -> bool {
        match self {
            Self::Name => !text.is_empty(),
            Self::Description => true,
            Self::Mandatory => flag(text).is_some(),
            Self::Type => TYPE.fits(text),
            Self::Status => text.len() == 3 && text.chars().all(|char| char.is_ascii_digit()),
        }
    }
}

/// Whether a parameter is mandatory.
pub fn flag(cell: &str) -> Option<bool> {
    match cell.to_ascii_lowercase().as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

static TYPE: Pattern = Pattern::new(
    r"^((?i)string|integer|int|long|boolean|bool|float|double|number|object|(?-i)Array( of [A-Za-z0-9_.]+( objects?)?)?|[A-Z][A-Za-z0-9_]* objects?)$",
);

/// A type that refers to a structure, with its name.
pub static STRUCTURE: Pattern = Pattern::new(r"^(?:Array of )?([A-Z][A-Za-z0-9_]*) objects?$");

/// A label within a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// What the value stands for.
    Definition,
    /// What callers have to observe.
    Constraints,
    /// The possible values.
    Range,
    /// The value that applies if none is sent.
    Default,
}

/// The labels of descriptions, in the order in which they stand.
pub const LABELS: &[(&str, Label)] = &[
    ("Definition", Label::Definition),
    ("Explanation", Label::Definition),
    ("Constraints", Label::Constraints),
    ("Value range", Label::Range),
    ("Value Range", Label::Range),
    ("Range", Label::Range),
    ("Default value", Label::Default),
    ("Default Value", Label::Default),
];

/// The label that a line is.
pub fn label(line: &str) -> Option<Label> {
    let line = line.trim_end_matches(':');
    let found = LABELS.iter().find(|(word, _)| *word == line);
    found.map(|(_, label)| *label)
}

/// A caption, with its words without its number.
pub static CAPTION: Pattern = Pattern::new(r"^Table\s+\d+[.:]?\s*(.*)$");

/// The line before the body or example of a status, with the status.
pub static STATUS: Pattern = Pattern::new(r"^(?i:status code):?\s*(\d{3})$");

/// Whether a cell or line means "none".
pub fn is_nothing(text: &str) -> bool {
    let text = text.trim_end_matches('.').to_ascii_lowercase();
    matches!(text.as_str(), "" | "n/a" | "none" | "-" | "--")
}

/// Whether a table of copied text ends before this line.
pub fn ends_table(line: &str) -> bool {
    section(line).is_some() || CAPTION.fits(line) || STATUS.fits(line)
}
