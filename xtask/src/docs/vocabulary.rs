//! The words by which the vendor's pages, English and Chinese, are taken apart.

/// What a column of a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The name of a parameter or field.
    Name,
    /// Whether it must be there.
    Mandatory,
    /// Its type.
    Type,
    /// Where it is sent.
    Location,
    /// What it means, and everything else.
    Description,
    /// Which values it can take.
    Range,
    /// The value it has when it is left out.
    Default,
    /// A status code.
    Status,
    /// Nothing that matters here.
    Other,
}

/// A part of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// A label inside of a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// What it means.
    Definition,
    /// When it may be used.
    Constraints,
    /// Which values it can take.
    Range,
    /// The values one by one.
    Values,
    /// The value it has when it is left out.
    Default,
    /// The smallest value.
    Minimum,
    /// The largest value.
    Maximum,
    /// The smallest length.
    MinLength,
    /// The largest length.
    MaxLength,
    /// Anything else.
    Other,
}

const COLUMNS: &[(Column, &[&str])] = &[
    (
        Column::Name,
        &[
            "parameter",
            "parameters",
            "parameter name",
            "name",
            "field",
            "field name",
            "attribute",
            "element",
            "header",
            "header name",
            "参数",
            "参数名",
            "参数名称",
            "名称",
            "字段",
            "字段名",
            "字段名称",
            "属性",
            "消息头名称",
        ],
    ),
    (
        Column::Mandatory,
        &[
            "mandatory",
            "mandatory or optional",
            "mandatory or not",
            "is mandatory",
            "mandatory (yes/no)",
            "mandatory/optional",
            "required",
            "是否必选",
            "必选",
            "是否必填",
            "是否必须",
            "必选/可选",
            "是否为必选",
        ],
    ),
    (
        Column::Type,
        &[
            "type",
            "parameter type",
            "data type",
            "value type",
            "field type",
            "参数类型",
            "类型",
            "数据类型",
            "字段类型",
        ],
    ),
    (
        Column::Location,
        &[
            "location",
            "in",
            "position",
            "parameter location",
            "参数位置",
            "位置",
        ],
    ),
    (
        Column::Description,
        &[
            "description",
            "meaning",
            "remarks",
            "details",
            "explanation",
            "描述",
            "说明",
            "参数说明",
            "含义",
            "备注",
        ],
    ),
    (Column::Range, &["value range", "range", "取值范围"]),
    (
        Column::Default,
        &["default value", "default", "默认值", "默认取值", "缺省值"],
    ),
    (
        Column::Status,
        &[
            "status code",
            "http status code",
            "returned value",
            "return value",
            "returned values",
            "return code",
            "状态码",
            "http状态码",
            "返回值",
            "返回码",
        ],
    ),
    (
        Column::Other,
        &[
            "example",
            "example value",
            "message",
            "status",
            "示例",
            "样例",
            "样例值",
            "消息",
            "状态",
        ],
    ),
];

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
            "请求示例",
            "请求样例",
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
            "响应示例",
            "响应样例",
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

/// Longer words stand before those they begin with.
const LABELS: &[(Label, &[&str])] = &[
    (
        Label::Definition,
        &["definition", "explanation", "参数解释"],
    ),
    (
        Label::Constraints,
        &["constraints", "constraint", "约束限制", "约束"],
    ),
    (
        Label::Values,
        &[
            "enumeration values",
            "enumeration value",
            "enumerated values",
            "enumerated value",
            "possible values",
            "value options",
            "valid values",
            "available values",
            "options",
            "枚举值",
            "可选值",
        ],
    ),
    (
        Label::Range,
        &["value range", "range", "取值范围", "取值", "值范围"],
    ),
    (Label::MinLength, &["minimum length", "最小长度"]),
    (Label::MaxLength, &["maximum length", "最大长度"]),
    (Label::Minimum, &["minimum value", "minimum", "最小值"]),
    (Label::Maximum, &["maximum value", "maximum", "最大值"]),
    (
        Label::Default,
        &["default value", "default", "默认取值", "默认值", "缺省值"],
    ),
    (
        Label::Other,
        &[
            "example",
            "note",
            "notes",
            "array length",
            "数组长度",
            "示例",
            "说明",
            "样例",
        ],
    ),
];

/// A word without case, marks of emphasis and a colon at its end.
pub fn plain(word: &str) -> String {
    let word = word.trim_matches(|char: char| {
        char.is_whitespace() || matches!(char, '*' | '`' | ':' | '：' | '#' | '•' | '●')
    });
    let words: Vec<&str> = word.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

fn look_up<T: Copy>(table: &[(T, &[&str])], word: &str) -> Option<T> {
    let word = plain(word);
    let found = table
        .iter()
        .find(|(_, words)| words.contains(&word.as_str()));
    found.map(|(kind, _)| *kind)
}

/// The column that a table head names.
pub fn column(word: &str) -> Option<Column> {
    look_up(COLUMNS, word)
}

/// The section that a heading begins. A heading in full stops is a sentence.
pub fn section(heading: &str) -> Option<Section> {
    let heading = heading
        .trim_start_matches(|char: char| char.is_ascii_digit() || matches!(char, '.' | '-' | ' '));
    look_up(SECTIONS, heading)
}

/// The label that a line consists of.
pub fn label(line: &str) -> Option<Label> {
    look_up(LABELS, line)
}

/// The words of every label, with what they stand for; longer ones before those that they begin with.
pub fn labels() -> impl Iterator<Item = (Label, &'static str)> {
    let each = |(label, words): &'static (Label, &'static [&'static str])| {
        words.iter().map(|word| (*label, *word))
    };
    LABELS.iter().flat_map(each)
}

/// Whether something must be there: outer none if the cell says neither, inner none if it depends.
pub fn mandatory(cell: &str) -> Option<Option<bool>> {
    match plain(cell).as_str() {
        "yes" | "y" | "mandatory" | "required" | "m" | "true" | "是" | "必选" | "必填" | "必须" => {
            Some(Some(true))
        }
        "no" | "n" | "optional" | "o" | "false" | "否" | "可选" | "选填" | "非必选" => {
            Some(Some(false))
        }
        "conditional" | "c" | "-" | "--" | "n/a" | "条件必选" | "yes/no" | "不涉及" => {
            Some(None)
        }
        _ => None,
    }
}

/// Whether this is one of the two values of a boolean.
pub fn is_truth(value: &str) -> bool {
    matches!(value.to_lowercase().as_str(), "true" | "false")
}

/// Whether a text stands for "nothing".
pub fn is_nothing(text: &str) -> bool {
    let text = plain(text);
    let text = text.trim_end_matches(['.', '。']);
    matches!(
        text,
        "" | "n/a" | "na" | "none" | "-" | "--" | "无" | "不涉及" | "not involved" | "/"
    )
}

/// The status that a line such as `Status code: 200` announces.
pub fn announced_status(line: &str) -> Option<&str> {
    let start = plain(line);
    let known = ["status code", "http status code", "状态码"];
    if start.len() > 60 || !known.iter().any(|word| start.starts_with(word)) {
        return None;
    }
    line.split(|char: char| !char.is_ascii_alphanumeric())
        .find(|word| is_status(word))
}

/// Whether this is a status: three digits, the first from 1 to 5.
pub fn is_status(text: &str) -> bool {
    let digits = text.as_bytes();
    digits.len() == 3
        && digits.iter().all(u8::is_ascii_digit)
        && digits
            .first()
            .is_some_and(|digit| (b'1'..=b'5').contains(digit))
}

/// What follows the number in the caption of a table, such as `Table 4 Response body parameters`.
pub fn caption(line: &str) -> Option<&str> {
    let line = line.trim().trim_start_matches("**").trim_start();
    let rest = ["Table", "表"]
        .iter()
        .find_map(|word| line.strip_prefix(word))?;
    let rest = rest.trim_start();
    let number = rest
        .find(|char: char| !char.is_ascii_digit() && !matches!(char, '-' | '.'))
        .unwrap_or(rest.len());
    let (number, words) = rest.split_at_checked(number)?;
    let words =
        words.trim_matches(|char: char| char.is_whitespace() || matches!(char, '*' | ':' | '：'));
    let is_sentence = words.ends_with(['.', '。', ',', '，', ';'])
        || ["describes ", "lists ", "shows ", "所示", "describe "]
            .iter()
            .any(|verb| words.starts_with(verb));
    (!number.is_empty() && !words.is_empty() && !is_sentence).then_some(words)
}

/// Whether this can be the name of a parameter or field.
pub fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    let first = chars.next();
    let fits = |char: char| char.is_ascii_alphanumeric() || "_-.$@[]:{}*#".contains(char);
    first.is_some_and(|char| char.is_ascii_alphanumeric() || "_$@".contains(char))
        && chars.all(fits)
        && text.chars().any(|char| char.is_ascii_alphabetic())
        && !text.ends_with(['.', ':'])
        && text.len() <= 128
}
