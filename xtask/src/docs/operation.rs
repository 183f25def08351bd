//! Method and path of the operation that a page describes.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

/// A method, perhaps a host, a path, and perhaps a query. The space before the path may be missing where it can be nothing else.
static CALL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b(GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS)\b(?:[:：]?\s+(?:https?://(?:\{[^{}\s]*\}|[^/\s{}])*)?\s?(/[^\s?]*)|(/(?:v[0-9]|\{)[^\s?]*))(?:\?(\S*))?").ok()
});

/// A placeholder of a path or query template.
static PLACEHOLDER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\{([^{}]+)\}").ok());

/// Method and path, and what the page shows of a query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operation {
    /// Upper case.
    pub method: String,
    /// Path template.
    pub path: String,
    /// Names of the parameters in the query that stands behind the path.
    pub query: BTreeSet<String>,
}

impl Operation {
    /// The operation that a line names.
    pub fn find(line: &str) -> Option<Self> {
        let captures = CALL.as_ref()?.captures(line)?;
        let text = |index: usize| captures.get(index).map_or("", |found| found.as_str());
        let path = captures
            .get(2)
            .map_or_else(|| text(3), |path| path.as_str());
        let path = path.trim_end_matches(['.', ',', ';', '。', '，', '`', '"', ')']);
        let query = text(4).split('&').filter_map(|pair| pair.split('=').next());
        Some(Self {
            method: text(1).to_owned(),
            // Emphasis of reStructuredText and Markdown within the braces.
            path: path.replace("{*", "{").replace("*}", "}"),
            query: query
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect(),
        })
    }

    /// Names of the placeholders of the path.
    pub fn placeholders(&self) -> Vec<&str> {
        let Some(pattern) = PLACEHOLDER.as_ref() else {
            return Vec::new();
        };
        let found = pattern.captures_iter(&self.path);
        found
            .filter_map(|captures| Some(captures.get(1)?.as_str()))
            .collect()
    }

    /// Whether requests of this method carry a body as a rule.
    pub fn sends_body(&self) -> bool {
        matches!(self.method.as_str(), "POST" | "PUT" | "PATCH")
    }
}

#[cfg(test)]
mod tests {
    use super::Operation;

    #[test]
    fn method_and_path_are_found_in_what_pages_write() {
        let lines = [
            (
                "GET /v1/{project_id}/tasks",
                "GET",
                "/v1/{project_id}/tasks",
            ),
            (
                "URI format: POST /v2/{id}/x?limit={limit}.",
                "POST",
                "/v2/{id}/x",
            ),
            ("PUT https://{Endpoint}/v2/{id}/x", "PUT", "/v2/{id}/x"),
            ("DELETE https://{Endpoint} /v2/{id}", "DELETE", "/v2/{id}"),
            ("GET/v1.0/{id}/x?a=b", "GET", "/v1.0/{id}/x"),
            ("GET https://{*Endpoint*}/v3/{*id*}", "GET", "/v3/{id}"),
        ];
        for (line, method, path) in lines {
            let operation = Operation::find(line).expect(line);
            assert_eq!(
                (operation.method.as_str(), operation.path.as_str()),
                (method, path)
            );
        }
        assert_eq!(Operation::find("Only GET requests are signed."), None);
        assert_eq!(Operation::find("Use GET/POST."), None);
    }
}
