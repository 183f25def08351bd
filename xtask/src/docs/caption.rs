//! What the caption of a table says that it holds.

use std::sync::LazyLock;

use regex::Regex;

use super::vocabulary;

/// What a table holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Parameters of the path.
    Path,
    /// Parameters of the address, in path or query.
    Uri,
    /// Parameters of the query.
    Query,
    /// Headers that are sent.
    Header,
    /// Fields of the body that is sent.
    Body,
    /// Parameters of the request, wherever they are.
    Request,
    /// Headers that come back.
    AnswerHeader,
    /// Fields of the body that comes back.
    Answer,
    /// Fields of a structure with this name.
    Structure(String),
    /// Fields of a structure that the caption describes in words.
    Described(String),
    /// The caption does not tell.
    Untold,
}

/// Words of captions, lower case, with the role of a table that has one of them. The first that fits counts.
const WORDS: &[(Role, &[&str])] = &[
    (
        Role::AnswerHeader,
        &[
            "response header",
            "header in the response",
            "响应header",
            "响应消息头",
            "响应头",
        ],
    ),
    (Role::Header, &["header", "消息头", "请求头"]),
    (Role::Query, &["query", "查询参数"]),
    (
        Role::Body,
        &[
            "request body",
            "body parameters in the request",
            "formdata",
            "form data",
            "请求body",
            "请求消息体",
            "请求formdata",
        ],
    ),
    (
        Role::Answer,
        &[
            "response body",
            "响应body",
            "响应消息体",
            "response parameter",
            "response element",
            "parameters in the response",
            "response message",
            "响应参数",
            "返回参数",
            "响应消息",
        ],
    ),
    (Role::Path, &["path param", "路径参数", "path参数"]),
    (
        Role::Uri,
        &[
            "uri param",
            "url param",
            "parameters in the uri",
            "uri参数",
            "url参数",
            "parameters in a uri",
        ],
    ),
    (Role::Body, &["body param", "body参数"]),
    (
        Role::Request,
        &[
            "request param",
            "parameters in the request",
            "request message",
            "请求参数",
            "请求消息",
        ],
    ),
    (
        Role::Untold,
        &[
            "parameter description",
            "parameters description",
            "description of parameters",
            "参数说明",
            "参数描述",
            "input parameter",
            "output parameter",
        ],
    ),
];

/// Captions in which a name stands among other words.
const NAMED: &[&str] = &[
    r"^(?:the )?(?:description|data structure|structure|format|parameters?|fields?|elements?|attributes?)(?: description)? (?:of|in|for)(?: the)?(?: parameter| field| structure| object)? ([A-Za-z0-9_.\[\]-]+)(?: (?:field|parameter|object|structure|array|element|objects)s?)?$",
    r"^(?:the )?([A-Za-z0-9_.\[\]-]+) (?:field|parameter|data structure|structure|object|array|element|data|request|response|attribute|information)s?(?: (?:data structure|structure|description|parameters?|format|field|list|details|information))*$",
    r"^([A-Za-z0-9_.\[\]-]+) (?:description|details)$",
    r"^([A-Za-z0-9_.\[\]-]+)\s*(?:字段|参数|数据结构|对象|结构|属性|元素|格式).*$",
];

static PATTERNS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    NAMED
        .iter()
        .filter_map(|pattern| Regex::new(&format!("(?i){pattern}")).ok())
        .collect()
});

/// The role of a table with this caption, without its number.
pub fn role(caption: &str) -> Role {
    let plain = vocabulary::plain(caption);
    if matches!(
        plain.as_str(),
        "parameter" | "parameters" | "参数" | "description"
    ) {
        return Role::Untold;
    }
    if vocabulary::is_name(caption) {
        return Role::Structure(caption.to_owned());
    }
    if name_within(caption).is_some_and(is_own_name) {
        return Role::Described(caption.to_owned());
    }
    let found = WORDS
        .iter()
        .find(|(_, words)| words.iter().any(|word| plain.contains(word)));
    match found {
        Some((role, _)) => role.clone(),
        None => Role::Described(caption.to_owned()),
    }
}

/// Whether a caption says no more than that a table has parameters.
pub fn is_general(caption: &str) -> bool {
    let plain = vocabulary::plain(caption);
    let rest = plain
        .trim_start_matches("request ")
        .trim_start_matches("response ");
    matches!(
        rest,
        "parameter" | "parameters" | "参数" | "description" | "参数说明" | "参数描述"
    ) || [
        "parameter description",
        "parameters description",
        "parameter descriptions",
        "description of parameters",
    ]
    .contains(&rest)
}

/// Whether a name within a caption can only be that of a structure: the words for parts of a request have capitals or no mark.
fn is_own_name(name: &str) -> bool {
    let parts = [
        "path", "query", "uri", "url", "request", "response", "header", "body", "input", "output",
        "common", "returned",
    ];
    name.chars()
        .next()
        .is_some_and(|first| first.is_ascii_lowercase())
        && !parts.contains(&name)
}

/// The name that stands among the words of a caption.
pub fn name_within(caption: &str) -> Option<&str> {
    let caption = caption.trim();
    let found = PATTERNS
        .iter()
        .find_map(|pattern| pattern.captures(caption));
    let name = found?.get(1)?.as_str();
    let article = matches!(
        name.to_lowercase().as_str(),
        "the" | "a" | "an" | "this" | "parameter" | "field" | "for"
    );
    (!article).then_some(name)
}

/// The field that a line above a table is about, where the line is its name, or says no more than that: `parts`, `thing.parts`,
/// "Description of the parts parameter".
pub fn subject(line: &str) -> Option<&str> {
    let line = line.trim();
    let name = name_within(line).or_else(|| vocabulary::is_name(line).then_some(line))?;
    name.rsplit('.').next()
}

#[cfg(test)]
mod tests {
    use super::{NAMED, PATTERNS, Role, name_within, role};

    #[test]
    fn every_form_is_a_pattern() {
        assert_eq!(PATTERNS.len(), NAMED.len());
    }

    #[test]
    fn captions_tell_what_a_table_holds() {
        let captions = [
            ("Path Parameters", Role::Path),
            ("URI parameters", Role::Uri),
            ("Request header parameters", Role::Header),
            ("请求Body参数", Role::Body),
            ("响应Body参数", Role::Answer),
            ("Parameter description", Role::Untold),
            (
                "MemberSyncTask",
                Role::Structure("MemberSyncTask".to_owned()),
            ),
        ];
        for (caption, expected) in captions {
            assert_eq!(role(caption), expected, "{caption}");
        }
    }

    #[test]
    fn names_are_found_among_words() {
        let captions = [
            ("Data structure of the nics field", "nics"),
            ("root_volume field description", "root_volume"),
            ("Description of the server field", "server"),
            ("tags字段数据结构说明", "tags"),
        ];
        for (caption, name) in captions {
            assert_eq!(name_within(caption), Some(name), "{caption}");
        }
    }
}
