//! The labels within a description.

use super::look_up;

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
