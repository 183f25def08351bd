//! The headings of a page.

use super::look_up;

/// A part of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// Before the first heading that matters, and prose.
    Prose,
    /// Method, path, and what goes into the address.
    Uri,
    /// What is sent.
    Request,
    /// What comes back.
    Response,
    /// An example, of either kind.
    Example,
    /// Examples of what is sent.
    ExampleRequest,
    /// Examples of what comes back.
    ExampleResponse,
    /// The table of statuses.
    StatusCodes,
    /// Where the error codes are.
    ErrorCodes,
}

impl Section {
    /// Whether a page that got so far is near its end.
    pub fn closes_page(self) -> bool {
        matches!(
            self,
            Self::ExampleResponse | Self::StatusCodes | Self::ErrorCodes
        )
    }

    /// Whether tables of parameters and fields stand here.
    pub fn holds_facts(self) -> bool {
        matches!(self, Self::Uri | Self::Request | Self::Response)
    }

    /// Whether examples stand here.
    pub fn is_example(self) -> bool {
        matches!(
            self,
            Self::Example | Self::ExampleRequest | Self::ExampleResponse
        )
    }
}

const SECTIONS: &[(Section, &[&str])] = &[
    (
        Section::Prose,
        &[
            "function",
            "functions",
            "api function",
            "description",
            "constraints",
            "constraint",
            "restrictions",
            "debugging",
            "calling method",
            "authorization information",
            "prerequisites",
            "sdk sample code",
            "sdk code example",
            "历史api",
            "功能介绍",
            "功能描述",
            "约束与限制",
            "接口约束",
            "约束限制",
            "调试",
            "调用方法",
            "授权信息",
            "sdk代码示例",
            "使用前必读",
        ],
    ),
    (
        Section::Uri,
        &[
            "uri",
            "url",
            "request uri",
            "api uri",
            "uri format",
            "request line",
            "请求uri",
            "接口uri",
        ],
    ),
    (
        Section::Request,
        &[
            "request",
            "requests",
            "request parameters",
            "request parameter",
            "request message",
            "request body",
            "request header",
            "request headers",
            "request parameter description",
            "description of request parameters",
            "请求",
            "请求参数",
            "请求消息",
            "请求消息体",
            "请求头",
        ],
    ),
    (
        Section::Response,
        &[
            "response",
            "responses",
            "response parameters",
            "response parameter",
            "response message",
            "response messages",
            "response body",
            "response parameter description",
            "description of response parameters",
            "响应",
            "响应参数",
            "响应消息",
            "返回参数",
            "返回消息",
            "返回结果",
        ],
    ),
    (Section::Example, &["example", "examples", "示例"]),
    (
        Section::ExampleRequest,
        &[
            "example request",
            "example requests",
            "request example",
            "request examples",
            "sample request",
            "sample requests",
            "uri example",
            "url example",
            "request sample",
            "请求示例",
            "请求样例",
            "请求消息样例",
            "示例请求",
        ],
    ),
    (
        Section::ExampleResponse,
        &[
            "example response",
            "example responses",
            "response example",
            "response examples",
            "sample response",
            "sample responses",
            "response sample",
            "normal response example",
            "successful response example",
            "failed response example",
            "响应示例",
            "响应样例",
            "响应消息样例",
            "成功响应样例",
            "成功响应示例",
            "失败响应样例",
            "失败响应示例",
            "正常响应样例",
            "示例响应",
            "返回示例",
        ],
    ),
    (
        Section::StatusCodes,
        &[
            "status codes",
            "status code",
            "returned values",
            "returned value",
            "return values",
            "return value",
            "returned value description",
            "状态码",
            "返回值",
            "返回码",
        ],
    ),
    (
        Section::ErrorCodes,
        &[
            "error codes",
            "error code",
            "error code description",
            "错误码",
        ],
    ),
];

/// Whether a word is a value, such as `FUNCTION`: headings have small letters, apart from abbreviations.
fn is_value(word: &str) -> bool {
    let is_loud = word.chars().all(|char| char.is_ascii_uppercase());
    is_loud && !matches!(word, "" | "URI" | "URL")
}

/// The section that a heading begins, whatever stands in brackets behind it. A heading in full stops is a sentence.
pub fn section(heading: &str) -> Option<Section> {
    let heading = heading
        .trim_start_matches(|char: char| char.is_ascii_digit() || matches!(char, '.' | '-' | ' '));
    if is_value(heading.trim()) {
        return None;
    }
    look_up(SECTIONS, heading).or_else(|| look_up(SECTIONS, without_remark(heading)?))
}

/// A heading such as `Example response (request failed)` without what stands in brackets behind it.
fn without_remark(heading: &str) -> Option<&str> {
    let heading = heading.trim_matches(|char: char| char.is_whitespace() || ":：*#".contains(char));
    let (name, _) = heading.strip_suffix([')', '）'])?.split_once(['(', '（'])?;
    Some(name)
}
