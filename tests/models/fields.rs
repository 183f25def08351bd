//! Every field of every model, with every kind of value that a service might send.

use serde_json::{Map, Value, json};

use crate::models::{MODELS, Model};

/// A field of a model, with its schema.
struct Field {
    model: &'static Model,
    name: String,
    schema: Value,
}

impl Field {
    /// All fields of all models.
    fn all() -> Vec<Self> {
        let mut fields = Vec::new();
        for model in MODELS {
            let schema = model.schema();
            for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
                fields.push(Self {
                    model,
                    name: name.clone(),
                    schema: schema.clone(),
                });
            }
        }
        fields
    }

    /// The model's sample with `value` in this field, or without the field.
    fn with(&self, value: Option<Value>) -> Value {
        let mut object = sample_of(self.model);
        match value {
            Some(value) => object[&self.name] = value,
            None => {
                object
                    .as_object_mut()
                    .expect("an object")
                    .remove(&self.name);
            }
        }
        object
    }

    fn label(&self) -> String {
        format!("{} {}.{}", self.model.file, self.model.name, self.name)
    }

    /// What the schema is of, references followed.
    fn kind(&self) -> String {
        kind(self.model.file, &self.schema)
    }
}

/// The schema that `schema` stands for.
fn resolved(file: &str, schema: &Value) -> Value {
    let reference = schema["$ref"]
        .as_str()
        .or_else(|| schema["allOf"][0]["$ref"].as_str());
    match reference.and_then(|reference| reference.rsplit('/').next()) {
        Some(name) => Model::named(file, name).schema(),
        None => schema.clone(),
    }
}

fn kind(file: &str, schema: &Value) -> String {
    resolved(file, schema)["type"]
        .as_str()
        .expect("a type")
        .to_owned()
}

/// A value that fills the schema: integers above 2^53, so that a detour over floating point would show.
fn sample(file: &str, schema: &Value) -> Value {
    let schema = resolved(file, schema);
    match schema["type"].as_str().expect("a type") {
        "boolean" => json!(true),
        "integer" => json!(9_007_199_254_740_993_i64),
        "string" => schema["x-extensible-enum"]
            .get(0)
            .cloned()
            .unwrap_or_else(|| json!("tëxt \"quoted\"\n")),
        "array" => json!([sample(file, &schema["items"])]),
        _ => object_sample(file, &schema),
    }
}

fn object_sample(file: &str, schema: &Value) -> Value {
    let properties = schema["properties"].as_object().expect("properties");
    let members = properties
        .iter()
        .map(|(name, property)| (name.clone(), sample(file, property)));
    Value::Object(members.collect::<Map<_, _>>())
}

fn sample_of(model: &Model) -> Value {
    sample(model.file, &model.schema())
}

fn object_models() -> impl Iterator<Item = &'static Model> {
    MODELS
        .iter()
        .filter(|model| model.schema()["type"] == "object")
}

#[test]
fn a_full_object_is_read_and_written_without_loss() {
    for model in object_models() {
        let full = sample_of(model);
        assert_eq!(
            model.round_trip(&full).expect("readable"),
            full,
            "{} {}",
            model.file,
            model.name
        );
    }
}

#[test]
fn each_field_may_be_absent_or_null() {
    let fields = Field::all();
    assert_eq!(fields.len(), 2 + 22 + 3 + 2 + 11 + 3 + 1 + 3);
    for field in fields {
        let without = field.with(None);
        for value in [None, Some(Value::Null)] {
            let read = field
                .model
                .round_trip(&field.with(value.clone()))
                .expect("readable");
            assert_eq!(read, without, "{} as {value:?}", field.label());
        }
    }
}

#[test]
fn a_field_that_no_document_names_is_ignored() {
    for model in object_models() {
        let full = sample_of(model);
        let mut extended = full.clone();
        extended["not_documented"] = json!({"deep": [1, null, "x"]});
        assert_eq!(
            model.round_trip(&extended).expect("readable"),
            full,
            "{} {}",
            model.file,
            model.name
        );
    }
}

#[test]
fn a_value_of_another_type_is_refused_in_each_field() {
    let wrong = [
        json!("1"),
        json!(1),
        json!(1.5),
        json!(true),
        json!([]),
        json!([[]]),
        json!([1]),
        json!({}),
    ];
    for field in Field::all() {
        let kind = field.kind();
        for value in wrong.iter().filter(|value| !fits(&kind, value)) {
            let read = field.model.round_trip(&field.with(Some(value.clone())));
            assert!(read.is_err(), "{} as {value} gave {read:?}", field.label());
        }
    }
}

/// Whether `value` is of the type `kind`; for an array, whether all its items can be objects.
fn fits(kind: &str, value: &Value) -> bool {
    match kind {
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64(),
        "string" => value.is_string(),
        "array" => value.as_array().is_some_and(Vec::is_empty),
        _ => value.is_object(),
    }
}

#[test]
fn an_array_is_never_read_as_an_object() {
    for model in object_models() {
        let values = sample_of(model)
            .as_object()
            .expect("an object")
            .values()
            .cloned()
            .collect();
        for value in [
            json!([]),
            Value::Array(values),
            json!(null),
            json!("{}"),
            json!(0),
        ] {
            assert!(
                model.round_trip(&value).is_err(),
                "{} {} as {value}",
                model.file,
                model.name
            );
        }
    }
}

#[test]
fn an_integer_beyond_64_bits_is_refused_and_not_rounded() {
    for field in Field::all()
        .into_iter()
        .filter(|field| field.kind() == "integer")
    {
        for limit in [i64::MIN, i64::MAX] {
            let value = field.with(Some(json!(limit)));
            assert_eq!(
                field.model.round_trip(&value).expect("readable"),
                value,
                "{}",
                field.label()
            );
        }
        let beyond = field
            .with(Some(json!("BEYOND")))
            .to_string()
            .replace("\"BEYOND\"", "9223372036854775808");
        assert!(
            (field.model.read_and_write)(&beyond).is_err(),
            "{}",
            field.label()
        );
    }
}

#[test]
fn a_new_value_of_an_open_set_is_kept_wherever_it_stands() {
    let known = |schema: &Value| schema["x-extensible-enum"].as_array().cloned();
    let new = ["NEW_VALUE", "", "sync_fail", "Other", "值"].map(Value::from);
    for model in MODELS {
        let Some(values) = known(&model.schema()) else {
            continue;
        };
        for value in values.iter().chain(&new) {
            assert_eq!(
                model.round_trip(value).expect("readable"),
                *value,
                "{} {}",
                model.file,
                model.name
            );
        }
        assert!(model.round_trip(&json!(1)).is_err());
    }
    for field in Field::all() {
        if known(&resolved(field.model.file, &field.schema)).is_some() {
            let value = field.with(Some(json!("NEW_VALUE")));
            assert_eq!(
                field.model.round_trip(&value).expect("readable"),
                value,
                "{}",
                field.label()
            );
        }
    }
}

#[test]
fn a_closed_set_takes_its_own_values_only() {
    let model = Model::named("openapi/dataarts-studio.yaml", "TaskOrderBy");
    for value in model.schema()["enum"].as_array().expect("values") {
        assert_eq!(model.round_trip(value).expect("readable"), *value);
    }
    assert!(model.round_trip(&json!("NEW_VALUE")).is_err());
}

#[test]
fn a_repeated_field_is_refused() {
    for field in Field::all() {
        let value = sample(field.model.file, &field.schema);
        let twice = format!("{{\"{0}\":{value},\"{0}\":{value}}}", field.name);
        assert!(
            (field.model.read_and_write)(&twice).is_err(),
            "{}",
            field.label()
        );
    }
}
