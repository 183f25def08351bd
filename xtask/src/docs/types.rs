//! The types that pages write.

/// Types that stand for themselves, lower case.
const SCALARS: &[&str] = &[
    "string",
    "strings",
    "integer",
    "integers",
    "int",
    "ints",
    "int32",
    "int64",
    "long",
    "longs",
    "short",
    "byte",
    "bytes",
    "float",
    "floats",
    "double",
    "doubles",
    "decimal",
    "bigdecimal",
    "number",
    "numbers",
    "boolean",
    "booleans",
    "bool",
    "object",
    "objects",
    "reference",
    "array",
    "list",
    "map",
    "maps",
    "dict",
    "dictionary",
    "date",
    "datetime",
    "timestamp",
    "file",
    "binary",
    "json",
    "jsonobject",
    "jsonarray",
    "any",
    "enum",
    "uuid",
    "char",
    "字符串",
    "整数",
    "整型",
    "布尔",
    "数组",
    "对象",
];

/// Words that build types of other types.
const BUILDERS: &[&str] = &[
    "array",
    "arrays",
    "list",
    "lists",
    "map",
    "maps",
    "set",
    "collection",
];

/// Whether this is surely a type: a scalar, or one that is built of others.
pub fn is_type(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower
        .split(|char: char| !char.is_alphanumeric() && !matches!(char, '_' | '-' | ':'))
        .filter(|word| !word.is_empty())
        .collect();
    let sentence = text.ends_with(['.', '。', ':']) || text.contains('：') || text.contains(": ");
    let short = words.len() <= 6 && !sentence;
    let built = words.first().is_some_and(|first| BUILDERS.contains(first))
        && (words.len() == 1 || !text.contains(',') || text.contains('<'));
    let object = matches!(
        words.as_slice(),
        [_, "object" | "objects" | "array" | "结构体" | "对象"]
    );
    // Older pages name the table that describes the structure.
    let rest = ["table", "表"]
        .iter()
        .find_map(|word| lower.strip_prefix(word));
    let pointing = rest.is_some_and(|rest| {
        let rest = rest
            .trim_end_matches("objects")
            .trim_end_matches("object")
            .trim();
        !rest.is_empty()
            && rest
                .chars()
                .all(|char| char.is_ascii_digit() || char == '-')
    });
    let plain = matches!(words.as_slice(), [word] if SCALARS.contains(word));
    let named = matches!(words.as_slice(), [.., "data", "structure" | "type"])
        || words.len() == 1
            && ["类型", "数据结构"]
                .iter()
                .any(|end| lower.ends_with(end) && lower != *end);
    let sized = text.ends_with(')') && words.first().is_some_and(|word| SCALARS.contains(word));
    short && (built || object || plain || sized || named || pointing)
}

/// Whether this can be a type that is not known: one word with a capital, such as the name of a structure. Capitals alone are a value.
pub fn may_be_type(text: &str) -> bool {
    let capital = text
        .chars()
        .next()
        .is_some_and(|char| char.is_ascii_uppercase());
    capital
        && text.chars().any(|char| char.is_ascii_lowercase())
        && text
            .chars()
            .all(|char| char.is_ascii_alphanumeric() || "_<>[],".contains(char))
}

/// The structure that a type refers to, such as `X` in `Array of X objects`.
pub fn reference(text: &str) -> Option<&str> {
    let mut words = text
        .split(|char: char| !char.is_alphanumeric() && !matches!(char, '_' | '-' | '.' | ':'))
        .filter(|word| !word.is_empty());
    words.find(|word| {
        let lower = word.to_lowercase();
        let connects = matches!(
            lower.as_str(),
            "of" | "the" | "a" | "an" | "结构体" | "类型"
        );
        !connects && !SCALARS.contains(&lower.as_str()) && !BUILDERS.contains(&lower.as_str())
    })
}

/// Whether the type is an object, or an array of objects, of which it does not tell the structure.
pub fn is_object(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut words = lower.split(|char: char| !char.is_alphanumeric());
    let objects = ["object", "objects", "dict", "jsonobject", "reference"];
    matches!(lower.as_str(), "array" | "list") || words.any(|word| objects.contains(&word))
}

/// Whether values of the type have members of their own names, so that none can be listed. The keys or values of a map can.
pub fn has_members(text: &str) -> bool {
    let lower = text.to_lowercase();
    is_object(text) && !matches!(lower.as_str(), "array" | "list") && !lower.starts_with("map")
}

/// Whether values of the type are numbers.
pub fn is_numeric(text: &str) -> bool {
    is_integer(text) || is_fractional(text)
}

/// Whether values of the type are numbers that can have a fraction.
pub fn is_fractional(text: &str) -> bool {
    matches!(
        text.to_lowercase().as_str(),
        "float" | "double" | "number" | "decimal" | "bigdecimal"
    )
}

/// Whether values of the type are whole numbers.
pub fn is_integer(text: &str) -> bool {
    matches!(
        text.to_lowercase().as_str(),
        "integer" | "int" | "int32" | "int64" | "long" | "short" | "byte" | "整数" | "整型"
    )
}

/// Whether values of the type are texts.
pub fn is_text(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "string" | "字符串")
}

/// Whether the type says by itself which values there are.
pub fn is_boolean(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "boolean" | "bool" | "布尔")
}
