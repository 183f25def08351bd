//! A document as its page would state it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::diff::{PageChange, Part, text};
use super::{Facts, Field, Location, Response, Schema};
use crate::codegen::Service;
use crate::codegen::spec::{Document, Node};

/// Marks what a document states but its page does not.
pub const MARK: &str = "x-inferred";

/// Whether a mapping is marked as inferred as a whole.
pub fn is_inferred(node: &Node<'_>) -> bool {
    node.is_true(MARK)
}

/// The keys of a mapping that are marked as inferred.
pub fn inferred_keys<'a>(node: &Node<'a>) -> Vec<&'a str> {
    let list = node.get(MARK).map(|list| list.items());
    let keys = list.into_iter().flatten();
    keys.filter_map(|key| key.value.as_str()).collect()
}

/// The operation of a document.
#[derive(Clone, Debug)]
pub struct Contract<'a> {
    /// The document as a whole.
    pub root: Node<'a>,
    /// The operation.
    pub operation: Node<'a>,
}

impl<'a> Contract<'a> {
    /// The operation of the document; none if the document lacks it.
    pub fn of(document: &'a Document, service: &Service) -> Option<Self> {
        let root = Node::root(document);
        let operation = root.find(&["paths", service.path, service.method])?;
        Some(Self { root, operation })
    }

    /// The parameters.
    pub fn parameters(&self) -> Vec<Node<'a>> {
        let list = self.operation.get("parameters");
        list.map(|list| list.items()).unwrap_or_default()
    }

    /// The responses, by status.
    pub fn responses(&self) -> Vec<(&'a str, Node<'a>)> {
        let found = self.operation.get("responses");
        found.map(|node| node.members()).unwrap_or_default()
    }

    /// The members of a mapping of the components.
    pub fn components(&self, key: &str) -> Vec<(&'a str, Node<'a>)> {
        let found = self.root.find(&["components", key]);
        found.map(|node| node.members()).unwrap_or_default()
    }

    /// The parameter of this name at this place, or the security scheme that sends the header.
    pub fn parameter(&self, location: Location, name: &str) -> Option<Node<'a>> {
        let mut parameters = self.parameters().into_iter();
        let named = |node: &Node<'a>| node.text("name").unwrap_or_default();
        let found =
            parameters.find(|node| location_of(node) == Some(location) && named(node) == name);
        let schemes = self.components("securitySchemes").into_iter();
        let mut schemes = schemes.map(|(_, scheme)| scheme);
        found.or_else(|| schemes.find(|scheme| named(scheme).eq_ignore_ascii_case(name)))
    }

    /// A schema with all schemas that `$ref` and `allOf` add to it.
    pub fn shape(&self, node: Node<'a>) -> Vec<Node<'a>> {
        let mut shape = Vec::new();
        let mut open = vec![node];
        let mut seen = BTreeSet::new();
        while let Some(node) = open.pop() {
            let name = node.reference().filter(|name| seen.insert(*name));
            open.extend(name.and_then(|name| self.root.find(&["components", "schemas", name])));
            let parts = node.get("allOf").map(|parts| parts.items());
            open.extend(parts.unwrap_or_default());
            shape.push(node);
        }
        shape
    }

    /// The schema of the body of a response.
    pub fn body(&self, response: &Node<'a>) -> Option<Vec<Node<'a>>> {
        let (_, media_type) = response.get("content")?.members().into_iter().next()?;
        Some(self.shape(media_type.get("schema")?))
    }

    /// The schema of a body or structure.
    pub fn table(&self, part: &Part) -> Option<Vec<Node<'a>>> {
        match part {
            Part::Response(status) => self.body(&self.operation.find(&["responses", status])?),
            Part::Structure(name) => {
                Some(self.shape(self.root.find(&["components", "schemas", name])?))
            }
            Part::Parameters(_) | Part::Page => None,
        }
    }

    /// The parameter or field of this name.
    pub fn member(&self, part: &Part, name: &str) -> Option<Node<'a>> {
        match part {
            Part::Parameters(location) => self.parameter(*location, name),
            part => {
                let fields = properties(&self.table(part)?).into_iter();
                let mut named = fields.filter(|(known, _)| *known == name);
                named.next().map(|(_, node)| node)
            }
        }
    }

    /// The place of the document to edit for a change: the element itself, or the one that it belongs into.
    pub fn place(&self, change: &PageChange) -> Node<'a> {
        let name = change.name.as_deref().unwrap_or_default();
        let Some(member) = self.member(&change.part, name) else {
            let found = match &change.part {
                Part::Parameters(_) => self.operation.get("parameters"),
                Part::Structure(name) => self.root.find(&["components", "schemas", name]),
                Part::Response(status) => self.operation.find(&["responses", status]),
                Part::Page => self.operation.get("responses"),
            };
            return found.unwrap_or_else(|| self.operation.clone());
        };
        let shape = self.shape(member.get("schema").unwrap_or_else(|| member.clone()));
        let list = value_list(&shape).filter(|_| change.kind == "enum");
        let key = || shape.iter().find_map(|node| node.get(change.key));
        let found = list.map(|(_, list)| list);
        let found = found.or_else(|| member.get(change.key)).or_else(key);
        found.unwrap_or(member)
    }

    /// What the document states without a mark, as `page` would state it.
    pub fn facts(&self, page: &Facts) -> Facts {
        let mut facts = Facts {
            path: page.path.clone(),
            parameters: self.stated_parameters(page),
            ..Facts::default()
        };
        let mut bodies = Vec::new();
        for (status, response) in self.responses() {
            if is_inferred(&response) {
                continue;
            }
            let body = self.body(&response).unwrap_or_default();
            let told = page.responses.iter().find(|table| table.status == status);
            let fields = self.fields(&body, told.map(|table| table.fields.as_slice()));
            let status = status.to_owned();
            facts.status_codes.push(status.clone());
            if !fields.is_empty() && !body.iter().any(is_inferred) {
                facts.responses.push(Response { status, fields });
            }
            bodies.extend(body.iter().filter_map(Node::reference));
        }
        for (name, node) in self.components("schemas") {
            if !is_inferred(&node) && !bodies.contains(&name) && node.has("properties") {
                let told = page.schemas.iter().find(|table| table.name == name);
                let fields = self.fields(&[node], told.map(|table| table.fields.as_slice()));
                let name = name.to_owned();
                facts.schemas.push(Schema { name, fields });
            }
        }
        facts
    }

    /// The parameters, and the headers of the credentials.
    fn stated_parameters(&self, page: &Facts) -> Vec<Field> {
        let mut stated = Vec::new();
        for node in self.parameters() {
            let location = location_of(&node);
            let name = node.text("name").unwrap_or_default();
            let same = |field: &&Field| field.name == name && field.location == location;
            let schema = node.get("schema").unwrap_or_else(|| node.clone());
            let field = self.field(name, &node, schema, page.parameters.iter().find(same));
            let required = Some(node.is_true("required"));
            stated.extend((!is_inferred(&node)).then_some(Field {
                location,
                required,
                ..field
            }));
        }
        for (_, scheme) in self.components("securitySchemes") {
            let name = scheme.text("name").unwrap_or_default();
            let same = |field: &&Field| field.name.eq_ignore_ascii_case(name);
            let told = page.parameters.iter().find(same).cloned();
            let field = told.unwrap_or_else(|| Field {
                name: name.to_owned(),
                location: Some(Location::Header),
                ..Field::default()
            });
            stated.extend((!is_inferred(&scheme)).then_some(field));
        }
        stated
    }

    fn fields(&self, shape: &[Node<'a>], told: Option<&[Field]>) -> Vec<Field> {
        let lists = shape.iter().filter_map(|node| node.get("required"));
        let required: Vec<Node<'a>> = lists.flat_map(|list| list.items()).collect();
        let mut fields = Vec::new();
        for (name, node) in properties(shape) {
            let told = told.and_then(|told| told.iter().find(|field| field.name == name));
            let field = self.field(name, &node, node.clone(), told);
            let required = required
                .iter()
                .any(|item| item.value == name)
                .then_some(true);
            fields.extend((!is_inferred(&node)).then_some(Field { required, ..field }));
        }
        fields
    }

    /// The attributes of a parameter or field, `owner`, that are not marked.
    fn field(&self, name: &str, owner: &Node<'a>, schema: Node<'a>, told: Option<&Field>) -> Field {
        let shape = self.shape(schema);
        let marked =
            |node: &Node<'a>, key: &str| is_inferred(node) || inferred_keys(node).contains(&key);
        let take = |key: &str| {
            let holder = shape.iter().find(|node| node.has(key))?;
            let marked = marked(owner, key) || marked(holder, key);
            holder.value.get(key).filter(|_| !marked)
        };
        let number = |key: &str| match take(key) {
            Some(Value::Number(number)) => Some(number.clone()),
            _ => None,
        };
        let characters = take("pattern").and_then(Value::as_str);
        let class = |pattern: &'a str| pattern.strip_prefix("^[")?.strip_suffix("]+$");
        Field {
            name: name.to_owned(),
            location: None,
            required: None,
            kind: Some(kind(&shape)),
            default: take("default").map(text),
            minimum: number("minimum"),
            maximum: number("maximum"),
            min_length: take("minLength").and_then(Value::as_u64),
            max_length: take("maxLength").and_then(Value::as_u64),
            characters: characters.map(|pattern| class(pattern).unwrap_or(pattern).to_owned()),
            values: listed(owner, &shape, told),
        }
    }
}

/// The listed values. Those that are marked stand for the words of the page that name them.
fn listed(owner: &Node<'_>, shape: &[Node<'_>], told: Option<&Field>) -> Vec<String> {
    let Some((holder, list)) = value_list(shape) else {
        return Vec::new();
    };
    let values: Vec<String> = list.items().iter().map(|item| text(item.value)).collect();
    let names = ["enum", "x-extensible-enum", "values"];
    let marked = |node: &Node<'_>| {
        is_inferred(node) || inferred_keys(node).iter().any(|key| names.contains(key))
    };
    if !marked(owner) && !marked(holder) {
        return values;
    }
    let told = told
        .map(|field| field.values.as_slice())
        .unwrap_or_default();
    if values.iter().all(|value| told.contains(value)) {
        // The page lists what is marked as inferred: it is missing as a fact.
        return Vec::new();
    }
    let describes = |words: &&String| values.iter().any(|value| mentions(words, value));
    told.iter().filter(describes).cloned().collect()
}

/// Where a parameter is sent.
pub fn location_of(node: &Node<'_>) -> Option<Location> {
    serde_json::from_value(node.value.get("in")?.clone()).ok()
}

/// The fields of a schema.
pub fn properties<'a>(shape: &[Node<'a>]) -> Vec<(&'a str, Node<'a>)> {
    let fields = shape.iter().filter_map(|node| node.get("properties"));
    fields.flat_map(|fields| fields.members()).collect()
}

/// The list of values of a schema, closed or open, with the mapping that holds it.
pub fn value_list<'s, 'a>(shape: &'s [Node<'a>]) -> Option<(&'s Node<'a>, Node<'a>)> {
    let list = |node: &Node<'a>| node.get("enum").or_else(|| node.get("x-extensible-enum"));
    shape.iter().find_map(|node| Some((node, list(node)?)))
}

/// Whether `text` contains `word` as a whole word.
pub fn mentions(text: &str, word: &str) -> bool {
    let inside = |char: char| char.is_alphanumeric() || char == '-' || char == '_';
    text.split(|char| !inside(char)).any(|piece| piece == word)
}

/// The type as a page writes it.
fn kind(shape: &[Node<'_>]) -> String {
    let key = |key: &str| shape.iter().find_map(|node| node.text(key));
    let named = shape.iter().find_map(Node::reference);
    let kind = key("type").unwrap_or("none");
    match (kind, key("format"), named) {
        ("array", ..) => {
            let items = shape.iter().find_map(|node| node.get("items"));
            let name = items.as_ref().and_then(Node::reference);
            let of = items.as_ref().and_then(|items| items.text("type"));
            match (name, of) {
                (Some(name), _) => format!("Array of {name} objects"),
                (None, of) => format!("Array of {}", of.unwrap_or("anything")),
            }
        }
        ("object", _, Some(name)) => format!("{name} object"),
        ("integer", Some("int64"), _) => "Long".to_owned(),
        ("string", Some(format), _) => format!("string ({format})"),
        _ => kind.to_owned(),
    }
}
