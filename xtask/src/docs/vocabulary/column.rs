//! The words at the head of a table.

use super::look_up;

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
            "状态码说明",
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
            "status codes",
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

/// The column that a table head names.
pub fn column(word: &str) -> Option<Column> {
    look_up(COLUMNS, word)
}
