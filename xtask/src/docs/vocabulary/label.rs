//! The labels within a description.

use super::{look_up, plain};

/// A label inside of a description.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Label {
    /// What it means.
    #[default]
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
    /// A remark beside the rest.
    Note,
    /// Anything else.
    Other,
}

impl Label {
    /// Whether one number follows, and nothing else.
    pub fn is_bound(self) -> bool {
        matches!(
            self,
            Self::Minimum | Self::Maximum | Self::MinLength | Self::MaxLength
        )
    }
}

/// Longer words stand before those they begin with.
const LABELS: &[(Label, &[&str])] = &[
    (
        Label::Definition,
        &["definition", "explanation", "参数解释"],
    ),
    (
        Label::Constraints,
        &[
            "constraints",
            "constraint",
            "restrictions",
            "restriction",
            "约束限制",
            "约束",
        ],
    ),
    (
        Label::Values,
        &[
            "enumeration values",
            "enumeration value",
            "enumerated values",
            "enumerated value",
            "possible values",
            "possible value",
            "value options",
            "valid values",
            "valid value",
            "available values",
            "available value",
            "options",
            "enums",
            "枚举值",
            "可选值",
        ],
    ),
    (
        Label::Range,
        &[
            "value range",
            "range",
            "value",
            "取值范围",
            "取值",
            "值范围",
        ],
    ),
    (Label::MinLength, &["minimum length", "最小长度"]),
    (Label::MaxLength, &["maximum length", "最大长度"]),
    (Label::Minimum, &["minimum value", "minimum", "最小值"]),
    (Label::Maximum, &["maximum value", "maximum", "最大值"]),
    (
        Label::Default,
        &["default value", "default", "默认取值", "默认值", "缺省值"],
    ),
    (Label::Note, &["note", "notes", "说明"]),
    (
        Label::Other,
        &[
            "example",
            "array length",
            "regular expression matching",
            "regular expression",
            "正则匹配",
            "数组长度",
            "示例",
            "样例",
        ],
    ),
];

/// The label that a line consists of. "Value" is one with a colon only: it is also the name and the meaning of many fields.
pub fn label(line: &str) -> Option<Label> {
    let colon = line.trim_end().ends_with([':', '：']);
    look_up(LABELS, line).filter(|_| colon || plain(line) != "value")
}

/// The words of every label, with what they stand for; longer ones before those that they begin with.
pub fn labels() -> impl Iterator<Item = (Label, &'static str)> {
    let each = |(label, words): &'static (Label, &'static [&'static str])| {
        words.iter().map(|word| (*label, *word))
    };
    LABELS.iter().flat_map(each)
}
