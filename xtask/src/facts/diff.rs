//! What differs between two sets of facts.
//!
//! A change is breaking if programs that rely on the old page can fail because of it. Programs write parameters and read responses.
//!
//! | change | of a parameter | of a response |
//! |---|---|---|
//! | added | unless it is optional | no |
//! | removed | yes | yes |
//! | type | unless it became wider (`Integer` to `Long`) or is spelled otherwise | likewise, and `Long` to `Integer` is harmless |
//! | mandatory | if it became so | if it was so |
//! | range | if it became narrower | no: documents do not bound responses |
//! | default | yes | no |
//! | enum | if a value was removed, or the first ones were added | no: the sets are open |
//!
//! A status is breaking if it means success. A page that only has another title, date or order of rows has not changed.

use serde_json::Value;

use super::{Facts, Field, Location};

/// A part of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The parameters at one place.
    Parameters(Location),
    /// The body of the response with a status.
    Response(String),
    /// A structure.
    Structure(String),
    /// The page as a whole.
    Page,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageChange {
    /// The part of the page that it is in.
    pub part: Part,
    /// Name of the parameter or field. None for a part as a whole.
    pub name: Option<String>,
    /// `added`, `removed`, `type`, `mandatory`, `range`, `default`, `enum`, `path` or `status_code`.
    pub kind: &'static str,
    /// The key of the schema that holds it, of the several that a range has.
    pub key: &'static str,
    /// Value in the old facts; none if it is not stated.
    pub from: Option<String>,
    /// Value in the new facts; none if it is not stated.
    pub to: Option<String>,
    /// Whether programs that rely on the old page can fail because of it.
    pub breaking: bool,
}

impl PageChange {
    /// The changed element in words.
    pub fn subject(&self) -> String {
        match (&self.part, self.name.as_deref()) {
            (Part::Parameters(location), name) => {
                let place = format!("{location:?}").to_lowercase();
                format!("{place} parameter `{}`", name.unwrap_or_default())
            }
            (Part::Response(status), Some(name)) => {
                format!("field `{name}` of the response {status}")
            }
            (Part::Response(status), None) => format!("the response {status}"),
            (Part::Structure(structure), Some(name)) => format!("field `{name}` of `{structure}`"),
            (Part::Structure(structure), None) => format!("structure `{structure}`"),
            (Part::Page, name) => name.unwrap_or("the page").to_owned(),
        }
    }

    /// The change in words.
    pub fn message(&self) -> String {
        let key = if self.kind == "range" { self.key } else { "" };
        let what = format!("{} {key}", self.subject());
        let what = what.trim_end();
        match (self.from.as_deref(), self.to.as_deref()) {
            (Some(from), Some(to)) => format!("{what}: {from} → {to}"),
            (None, Some(to)) => format!("{what}: now {to}"),
            (Some(from), None) => format!("{what}: no longer {from}"),
            (None, None) => what.to_owned(),
        }
    }
}

/// The attributes of a field, which are keys of a schema.
const ATTRIBUTES: [&str; 8] = [
    "type",
    "required",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "pattern",
    "default",
];

/// Every difference between the facts `old` and `new`.
pub fn changes(old: &Facts, new: &Facts) -> Vec<PageChange> {
    let mut changes = Changes(Vec::new());
    let (before, after) = (parts(old), parts(new));
    for (part, fields) in &before {
        match after.iter().find(|(other, _)| other == part) {
            Some((_, now)) => changes.table(part, fields, now),
            None => changes.add(part, None, ("removed", ""), [None, None], true),
        }
    }
    for (part, _) in &after {
        if before.iter().all(|(other, _)| other != part) {
            changes.add(part, None, ("added", ""), [None, None], false);
        }
    }
    if new.path != old.path {
        let sides = [Some(old.path.as_str()), Some(new.path.as_str())];
        changes.add(&Part::Page, Some("path"), ("path", ""), sides, true);
    }
    let (before, after) = (statuses(old), statuses(new));
    let part = Part::Page;
    changes.values(&part, "status codes", STATUS, [&before, &after]);
    changes.0
}

/// The tables of a page.
pub(super) fn parts(facts: &Facts) -> Vec<(Part, Vec<&Field>)> {
    let parameters = [Location::Path, Location::Query, Location::Header].map(|location| {
        let fields = facts.parameters.iter();
        let fields = fields.filter(|field| field.location == Some(location));
        (Part::Parameters(location), fields.collect())
    });
    let responses = facts.responses.iter().map(|table| {
        let part = Part::Response(table.status.clone());
        (part, table.fields.iter().collect())
    });
    let structures = facts.schemas.iter().map(|table| {
        let part = Part::Structure(table.name.clone());
        (part, table.fields.iter().collect())
    });
    let tables = responses.chain(structures);
    parameters.into_iter().chain(tables).collect()
}

/// The statuses that are listed or have a body.
fn statuses(facts: &Facts) -> Vec<String> {
    let described = facts.responses.iter().map(|table| &table.status);
    let others = described.filter(|status| !facts.status_codes.contains(status));
    facts.status_codes.iter().chain(others).cloned().collect()
}

/// The kind of a change, and the key of a schema that holds it.
type Kind = (&'static str, &'static str);

const STATUS: Kind = ("status_code", "");

struct Changes(Vec<PageChange>);

impl Changes {
    fn add(
        &mut self,
        part: &Part,
        name: Option<&str>,
        kind: Kind,
        sides: [Option<&str>; 2],
        breaking: bool,
    ) {
        let [from, to] = sides.map(|side| side.map(str::to_owned));
        let (kind, key) = kind;
        self.0.push(PageChange {
            part: part.clone(),
            name: name.map(str::to_owned),
            kind,
            key,
            from,
            to,
            breaking,
        });
    }

    /// Compares the rows of a table. The case of letters in the name of a header makes no difference.
    fn table(&mut self, part: &Part, old: &[&Field], new: &[&Field]) {
        let is_header = *part == Part::Parameters(Location::Header);
        let same = |one: &Field, other: &Field| {
            one.name == other.name || is_header && one.name.eq_ignore_ascii_case(&other.name)
        };
        for field in old {
            match new.iter().find(|other| same(field, other)) {
                Some(now) => self.attributes(part, field, now),
                None => self.add(part, Some(&field.name), ("removed", ""), [None, None], true),
            }
        }
        let mut added = new.to_vec();
        added.retain(|field| !old.iter().any(|other| same(field, other)));
        for Field { name, required, .. } in added {
            let told = required.map(|it| if it { "mandatory" } else { "optional" });
            let breaking = matches!(part, Part::Parameters(_)) && *required != Some(false);
            self.add(part, Some(name), ("added", ""), [None, told], breaking);
        }
    }

    /// Compares the attributes of a row.
    fn attributes(&mut self, part: &Part, old: &Field, new: &Field) {
        let sent = matches!(part, Part::Parameters(_));
        let name = Some(old.name.as_str());
        let (before, after) = (old.attributes(), new.attributes());
        for key in ATTRIBUTES {
            let kind = match key {
                "type" | "default" => key,
                "required" => "mandatory",
                _ => "range",
            };
            let [from, to] = [before.get(key), after.get(key)];
            let texts = [from, to].map(|value| value.map(text));
            let sides = [texts[0].as_deref(), texts[1].as_deref()];
            let [one, other] = sides.map(|side| side.map(str::to_lowercase));
            let spelled = key == "type" && one == other;
            if from != to && !spelled {
                let breaking = breaks(sent, key, from, to);
                self.add(part, name, (kind, key), sides, breaking);
            }
        }
        let sides = [&old.values[..], &new.values];
        self.values(part, &old.name, ("enum", "enum"), sides);
    }

    /// Compares lists of values. Removing the value of a response or the status of a failure breaks nothing.
    fn values(&mut self, part: &Part, name: &str, kind: Kind, [old, new]: [&[String]; 2]) {
        let sent = matches!(part, Part::Parameters(_));
        let success = |value: &str| *part == Part::Page && value.starts_with('2');
        for value in old.iter().filter(|value| !new.contains(value)) {
            let breaking = sent || success(value);
            self.add(part, Some(name), kind, [Some(value), None], breaking);
        }
        for value in new.iter().filter(|value| !old.contains(value)) {
            let breaking = sent && old.is_empty() || success(value);
            self.add(part, Some(name), kind, [None, Some(value)], breaking);
        }
    }
}

/// A value as text, without quotes.
pub(super) fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Whether programs can fail because an attribute changed.
fn breaks(sent: bool, key: &str, old: Option<&Value>, new: Option<&Value>) -> bool {
    let number = |value: Option<&Value>| value.and_then(Value::as_i64);
    let words = |value: Option<&Value>| value.map(text).unwrap_or_default();
    let narrower = match key {
        "type" => {
            let [old, new] = [old, new].map(|value| words(value).to_lowercase());
            let narrower = old == "long" && new == "integer";
            return (narrower || old != "integer" || new != "long") && (sent || !narrower);
        }
        "required" => {
            let [old, new] = [old, new].map(|it| it == Some(&Value::Bool(true)));
            return sent == new && (sent || old);
        }
        "minimum" | "minLength" => number(new) > number(old),
        "maximum" | "maxLength" => number(new) < number(old),
        "pattern" => {
            // One character stands for each range, so that a hyphen is only itself.
            let class = |value| words(value).replace("A-Za-z", "a").replace("0-9", "0");
            let allowed = class(new);
            class(old).chars().any(|char| !allowed.contains(char))
        }
        _ => return sent,
    };
    sent && new.is_some() && (old.is_none() || narrower)
}
