//! The structures of a page, and how tables without a usable caption get the name that others refer to.

use std::collections::BTreeMap;

use serde_json::Value;

use super::block::Remark;
use super::caption;
use super::facts::{Example, Field, Schema};
use super::types;

/// What is known of the name of a structure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Naming {
    /// The caption is the name.
    Named(String),
    /// The caption tells it in words.
    Described(String),
    /// There is no caption.
    Unnamed,
}

/// A table that describes a structure.
#[derive(Debug)]
struct Structure {
    line: usize,
    naming: Naming,
    fields: Vec<(usize, Field)>,
}

/// The structures of a page, as far as they were read.
#[derive(Debug, Default)]
pub struct Structures {
    found: Vec<Structure>,
    /// Fields that refer to structures: name of the structure, and of the field.
    references: Vec<(String, String)>,
    /// Names of all fields.
    names: Vec<String>,
    /// Captions by the number of their table.
    numbers: BTreeMap<String, String>,
    /// Fields that refer to a table by its number.
    by_number: Vec<(String, String)>,
}

impl Structures {
    /// Adds a table.
    pub fn add(&mut self, line: usize, naming: Naming, fields: Vec<(usize, Field)>) {
        self.found.push(Structure {
            line,
            naming,
            fields,
        });
    }

    /// Notes what the type of a field refers to.
    pub fn refer(&mut self, field: &Field) {
        self.names.push(field.name.clone());
        let kind = field.kind.as_deref().unwrap_or_default();
        if let Some(number) = table_number(kind) {
            self.by_number.push((number, field.name.clone()));
        } else if let Some(name) = types::reference(kind) {
            self.references.push((name.to_owned(), field.name.clone()));
        }
    }

    /// Notes the number of a table.
    pub fn number(&mut self, line: &str, caption: &str) {
        if let Some(number) = table_number(line) {
            self.numbers.insert(caption.to_owned(), number);
        }
    }

    /// The structures with their names.
    pub fn finish(self, examples: &[Example], remarks: &mut Vec<Remark>) -> Vec<Schema> {
        let mut names: Vec<Option<String>> = self
            .found
            .iter()
            .map(|structure| self.told_name(structure))
            .collect();
        for (index, structure) in self.found.iter().enumerate() {
            if names.get(index).is_some_and(Option::is_none) {
                let name = self.guess(structure, &names, examples, remarks);
                if let Some(place) = names.get_mut(index) {
                    *place = name;
                }
            }
        }
        let known: Vec<&str> = names.iter().flatten().map(String::as_str).collect();
        for (name, field) in self
            .references
            .iter()
            .filter(|(name, _)| !known.contains(&name.as_str()))
        {
            remarks.push(Remark::doubt(
                1,
                format!("`{field}` refers to `{name}`, which the page does not describe"),
            ));
        }
        let mut schemas: Vec<Schema> = Vec::new();
        for (structure, name) in self.found.into_iter().zip(names) {
            let Some(name) = name else { continue };
            let schema = Schema {
                name,
                fields: fields(structure.fields, remarks),
            };
            match schemas.iter().rfind(|known| known.name == schema.name) {
                Some(known) if *known == schema => {}
                Some(_) => {
                    // What is sent and what comes back can differ in what is mandatory.
                    let message = format!(
                        "`{}` is described twice, and not alike: both were taken",
                        schema.name
                    );
                    remarks.push(Remark::doubt(structure.line, message));
                    schemas.push(schema);
                }
                None => schemas.push(schema),
            }
        }
        schemas
    }

    /// The name as the caption tells it, if it does.
    fn told_name(&self, structure: &Structure) -> Option<String> {
        let words = match &structure.naming {
            Naming::Named(name) => return Some(name.clone()),
            Naming::Unnamed => return None,
            Naming::Described(words) => words,
        };
        let within = caption::name_within(words);
        let known = |name: &str| {
            self.names.iter().any(|known| known == name)
                || self.references.iter().any(|(known, _)| known == name)
        };
        let numbered = || {
            let number = self.numbers.get(words)?;
            let field = self.by_number.iter().find(|(known, _)| known == number)?;
            Some(field.1.clone())
        };
        let name = within.filter(|name| known(name)).map(str::to_owned);
        name.or_else(numbered)
            .or_else(|| within.map(str::to_owned))
            .or_else(|| Some(words.clone()))
    }

    /// The name of a structure without caption: one that is referred to and not described yet. Where there are several, the examples
    /// tell which of them has these fields.
    fn guess(
        &self,
        structure: &Structure,
        names: &[Option<String>],
        examples: &[Example],
        remarks: &mut Vec<Remark>,
    ) -> Option<String> {
        let mut open: Vec<&(String, String)> = Vec::new();
        for reference in &self.references {
            let described = names.iter().flatten().any(|name| *name == reference.0);
            if !described && open.iter().all(|known| known.0 != reference.0) {
                open.push(reference);
            }
        }
        let score = |reference: &(String, String)| likeness(structure, &reference.1, examples);
        let best = open
            .iter()
            .map(|reference| score(reference))
            .max()
            .unwrap_or_default();
        let Some((name, _)) = open.iter().find(|reference| score(reference) == best) else {
            remarks.push(Remark::unreadable(
                structure.line,
                "this table has no caption, and nothing refers to it",
            ));
            return None;
        };
        if open.len() > 1 {
            remarks.push(Remark::doubt(
                structure.line,
                format!("this table has no caption: it was taken for `{name}`"),
            ));
        }
        Some(name.clone())
    }
}

/// How many fields of the structure the examples show below the field `name`.
fn likeness(structure: &Structure, name: &str, examples: &[Example]) -> usize {
    let values = examples.iter().filter_map(|example| example.value.as_ref());
    let objects: Vec<&serde_json::Map<String, Value>> =
        values.flat_map(|value| below(value, name)).collect();
    let fields = structure.fields.iter();
    fields
        .filter(|(_, field)| {
            objects
                .iter()
                .any(|object| object.contains_key(&field.name))
        })
        .count()
}

/// Every object that stands below a member `name`, alone or in an array.
fn below<'a>(value: &'a Value, name: &str) -> Vec<&'a serde_json::Map<String, Value>> {
    match value {
        Value::Array(items) => items.iter().flat_map(|item| below(item, name)).collect(),
        Value::Object(members) => {
            let mut found = Vec::new();
            for (key, member) in members {
                found.extend(below(member, name));
                if key == name {
                    match member {
                        Value::Object(object) => found.push(object),
                        Value::Array(items) => {
                            found.extend(items.iter().filter_map(Value::as_object));
                        }
                        _ => {}
                    }
                }
            }
            found
        }
        _ => Vec::new(),
    }
}

/// The number in "Table 3".
fn table_number(text: &str) -> Option<String> {
    let at = ["Table ", "表"]
        .iter()
        .find_map(|word| Some(text.find(word)? + word.len()))?;
    let rest = text.get(at..)?.trim_start();
    let number: String = rest
        .chars()
        .take_while(|char| char.is_ascii_digit() || *char == '-')
        .collect();
    (!number.is_empty()).then_some(number)
}

fn fields(fields: Vec<(usize, Field)>, remarks: &mut Vec<Remark>) -> Vec<Field> {
    let mut kept: Vec<Field> = Vec::new();
    for (line, field) in fields {
        if kept.iter().any(|known| known.name == field.name) {
            remarks.push(Remark::unreadable(
                line,
                format!("`{}` is described twice", field.name),
            ));
            continue;
        }
        kept.push(field);
    }
    kept
}
