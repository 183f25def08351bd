//! The structures of a page, and how tables without a usable caption get the name that others refer to.

mod likeness;
mod order;

use std::collections::{BTreeMap, BTreeSet};

use super::block::Remark;
use super::caption;
use super::facts::{Example, Field, Schema};
use super::types;
use likeness::likeness;
use order::Order;

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

/// The half of a page that a table stands in. A structure that is sent can differ from one of the same name that comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// What is sent.
    Request,
    /// What comes back.
    Response,
}

/// Where a table stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which table of the page it is, counted from the first.
    pub table: usize,
    /// Line of its caption or first row.
    pub line: usize,
    /// The half of the page.
    pub half: Half,
}

/// A table that describes a structure.
#[derive(Debug)]
struct Structure {
    place: Place,
    naming: Naming,
    fields: Vec<(usize, Field)>,
}

/// A field that refers to a structure.
#[derive(Debug)]
struct Reference {
    place: Place,
    /// The name that its type has for the structure, or else its own.
    name: String,
    field: String,
    /// Whether the type names the structure, as in `Array of X objects`; `Object` does not.
    named: bool,
}

/// The structures of a page, as far as they were read.
#[derive(Debug, Default)]
pub struct Structures {
    found: Vec<Structure>,
    references: Vec<Reference>,
    /// Names of all fields.
    names: BTreeSet<String>,
    /// Captions by the number of their table.
    numbers: BTreeMap<String, String>,
    /// Fields that refer to a table by its number.
    by_number: BTreeMap<String, String>,
}

impl Structures {
    /// Adds a table.
    pub fn add(&mut self, place: Place, naming: Naming, fields: Vec<(usize, Field)>) {
        self.found.push(Structure {
            place,
            naming,
            fields,
        });
    }

    /// How many tables were added.
    pub fn count(&self) -> usize {
        self.found.len()
    }

    /// Notes what the type of a field in the table at `place` refers to.
    pub fn refer(&mut self, place: Place, field: &Field) {
        self.names.insert(field.name.clone());
        let kind = field.kind.as_deref().unwrap_or_default();
        if table_number(kind).is_some() {
            self.point(kind, &field.name);
            return;
        }
        let named = types::reference(kind);
        let own = types::is_object(kind).then_some(field.name.as_str());
        self.references.extend(named.or(own).map(|name| Reference {
            place,
            name: name.to_owned(),
            field: field.name.clone(),
            named: named.is_some(),
        }));
    }

    /// Whether a field of this name was read.
    pub fn has_field(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Notes the table that a text about `field` refers to by its number. The first field that does is the one it belongs to.
    pub fn point(&mut self, text: &str, field: &str) {
        if let Some(number) = table_number(text) {
            self.by_number
                .entry(number)
                .or_insert_with(|| field.to_owned());
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
                    *place = Some(name);
                }
            }
        }
        self.note_undescribed(&names, remarks);
        let mut schemas: Vec<Schema> = Vec::new();
        for (structure, name) in self.found.into_iter().zip(names.into_iter().flatten()) {
            let fields = fields(structure.fields, remarks);
            let schema = Schema { name, fields };
            let known = schemas.iter().rfind(|known| known.name == schema.name);
            if known == Some(&schema) {
                continue;
            }
            if known.is_some() {
                // What is sent and what comes back can differ in what is mandatory.
                let message = format!(
                    "`{}` is described twice, and not alike: both were taken",
                    schema.name
                );
                remarks.push(Remark::doubt(structure.place.line, message));
            }
            schemas.push(schema);
        }
        schemas
    }

    fn note_undescribed(&self, names: &[Option<String>], remarks: &mut Vec<Remark>) {
        let known: BTreeSet<&str> = names.iter().flatten().map(String::as_str).collect();
        let undescribed = self
            .references
            .iter()
            .filter(|reference| reference.named && !known.contains(reference.name.as_str()));
        remarks.extend(undescribed.map(|reference| {
            let message = format!(
                "`{}` refers to `{}`, which the page does not describe",
                reference.field, reference.name
            );
            Remark::doubt(reference.place.line, message)
        }));
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
            self.names.contains(name)
                || self
                    .references
                    .iter()
                    .any(|reference| reference.name == name)
        };
        let numbered = || self.by_number.get(self.numbers.get(words)?).cloned();
        let name = within.filter(|name| known(name)).map(str::to_owned);
        name.or_else(numbered)
            .or_else(|| within.map(str::to_owned))
            .or_else(|| (!caption::is_general(words)).then(|| words.clone()))
    }

    /// The name of a structure that no caption names: the first that is referred to and not described yet, in the order that
    /// pages keep: what a table refers to follows it at once. Where an example shows that it has other fields, the structure
    /// whose fields they are is taken.
    fn guess(
        &self,
        structure: &Structure,
        names: &[Option<String>],
        examples: &[Example],
        remarks: &mut Vec<Remark>,
    ) -> String {
        let mut open = Order::new(self, names, structure.place.half).open();
        if open.iter().any(|reference| reference.named) {
            open.retain(|reference| reference.named);
        }
        let line = structure.place.line;
        let Some(first) = open.first() else {
            let name = format!("unnamed at line {line}");
            let message = format!(
                "this table has no caption, and nothing refers to it: it became the structure `{name}`"
            );
            remarks.push(Remark::doubt(line, message));
            return name;
        };
        let score = |reference: &Reference| likeness(structure, &reference.field, examples);
        let name = if score(first) == Some(0) {
            let shown = open.iter().rev();
            let best = shown.max_by_key(|reference| score(reference));
            best.map_or(&first.name, |best| &best.name)
        } else {
            &first.name
        };
        if open.len() > 1 || !first.named {
            remarks.push(Remark::doubt(
                line,
                format!("this table has no caption: it was taken for `{name}`"),
            ));
        }
        name.clone()
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
