//! A document as its page would state it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::diff::{PageChange, Part, text};
use super::{Facts, Field, Location, Response, Schema};
use crate::codegen::spec::{Document, Node};

/// Marks what a document states but its page does not: on a mapping as a whole, or a list of its keys.
pub const MARK: &str = "x-inferred";

/// Whether a mapping is marked as inferred as a whole.
fn is_inferred(node: &Node<'_>) -> bool {
    node.value[MARK] == true
}

/// Whether a mapping, or one of these keys of it, is marked as inferred.
fn is_marked(node: &Node<'_>, keys: &[&str]) -> bool {
    let marked = node.get(MARK).items();
    is_inferred(node)
        || marked
            .iter()
            .any(|it| keys.iter().any(|key| it.value == key))
}

/// The operation of a document.
#[derive(Clone, Debug)]
pub struct Contract<'a> {
    root: Node<'a>,
    operation: Node<'a>,
}

impl<'a> Contract<'a> {
    /// The operation that reads this path; none if the document lacks it.
    pub fn of(document: &'a Document, path: &str) -> Option<Self> {
        let root = Node::root(document);
        let operation = root.find(&["paths", path, "get"]);
        operation.exists().then_some(Self { root, operation })
    }

    fn schema(&self, name: &str) -> Node<'a> {
        self.root.find(&["components", "schemas", name])
    }

    fn security_schemes(&self) -> impl Iterator<Item = Node<'a>> {
        let schemes = self.root.find(&["components", "securitySchemes"]);
        schemes.members().into_iter().map(|(_, scheme)| scheme)
    }

    /// The parameter of this name at this place, or the security scheme that sends the header.
    fn parameter(&self, location: Location, name: &str) -> Option<Node<'a>> {
        let mut parameters = self.operation.get("parameters").items().into_iter();
        let found = parameters
            .find(|node| location_of(node) == Some(location) && node.text("name") == name);
        let mut schemes = self.security_schemes();
        found.or_else(|| schemes.find(|it| it.text("name").eq_ignore_ascii_case(name)))
    }

    /// A schema with all schemas that `$ref` and `allOf` add to it.
    fn shape(&self, node: Node<'a>) -> Vec<Node<'a>> {
        let mut shape = Vec::new();
        let mut open = vec![node];
        let mut seen = BTreeSet::new();
        while let Some(node) = open.pop() {
            let name = node.reference().filter(|name| seen.insert(*name));
            open.extend(name.map(|name| self.schema(name)));
            open.extend(node.get("allOf").items());
            shape.push(node);
        }
        shape
    }

    /// The schema of the body of a response; nothing if it has none.
    fn body(&self, response: &Node<'a>) -> Vec<Node<'a>> {
        let content = response.get("content").members();
        let body = content.first().map(|(_, media)| media.get("schema"));
        body.map_or_else(Vec::new, |schema| self.shape(schema))
    }

    /// The parameter or field of this name.
    pub fn member(&self, part: &Part, name: &str) -> Option<Node<'a>> {
        let shape = match part {
            Part::Parameters(location) => return self.parameter(*location, name),
            Part::Response(status) => self.body(&self.operation.find(&["responses", status])),
            Part::Structure(name) => self.shape(self.schema(name)),
            Part::Page => return None,
        };
        let named = properties(&shape).into_iter().find(|(it, _)| *it == name);
        named.map(|(_, node)| node)
    }

    /// The place of the document to edit for a change: the element itself, or the one that it belongs into.
    pub fn place(&self, change: &PageChange) -> Node<'a> {
        let name = change.name.as_deref().unwrap_or_default();
        let Some(member) = self.member(&change.part, name) else {
            let found = match &change.part {
                Part::Parameters(_) => self.operation.get("parameters"),
                Part::Structure(name) => self.schema(name),
                Part::Response(status) => self.operation.find(&["responses", status]),
                Part::Page => self.operation.get("responses"),
            };
            let found = Some(found).filter(Node::exists);
            return found.unwrap_or_else(|| self.operation.clone());
        };
        let shape = self.shape(schema_of(&member));
        let list = value_list(&shape).filter(|_| change.kind == "enum");
        let list = list.map(|(_, list)| list);
        let own = std::iter::once(&member).chain(&shape);
        let mut holders = own.map(|node| node.get(change.key)).filter(Node::exists);
        list.or_else(|| holders.next()).unwrap_or(member.clone())
    }

    /// What the document states without a mark, as `page` would state it.
    pub fn facts(&self, page: &Facts) -> Facts {
        let mut facts = Facts {
            path: page.path.clone(),
            parameters: self.stated_parameters(page),
            ..Facts::default()
        };
        let mut bodies = Vec::new();
        for (status, response) in self.operation.get("responses").members() {
            if is_inferred(&response) {
                continue;
            }
            let body = self.body(&response);
            let told = page.responses.iter().find(|table| table.status == status);
            let fields = self.fields(&body, told.map(|table| table.fields.as_slice()));
            let status = status.to_owned();
            facts.status_codes.push(status.clone());
            if !fields.is_empty() && !body.iter().any(is_inferred) {
                facts.responses.push(Response { status, fields });
            }
            bodies.extend(body.iter().filter_map(Node::reference));
        }
        for (name, node) in self.root.find(&["components", "schemas"]).members() {
            if !is_inferred(&node) && !bodies.contains(&name) && node.get("properties").exists() {
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
        let parameters = self.operation.get("parameters").items().into_iter();
        let parameters = parameters.filter(|node| !is_inferred(node)).map(|node| {
            let location = location_of(&node);
            let name = node.text("name");
            let mut told = page.parameters.iter();
            let told = told.find(|field| field.name == name && field.location == location);
            Field {
                location,
                required: Some(node.value["required"] == true),
                ..self.field(name, &node, schema_of(&node), told)
            }
        });
        let schemes = self.security_schemes().filter(|it| !is_inferred(it));
        let schemes = schemes.map(|scheme| {
            let name = scheme.text("name");
            let mut told = page.parameters.iter();
            let told = told.find(|field| field.name.eq_ignore_ascii_case(name));
            told.cloned().unwrap_or_else(|| Field {
                name: name.to_owned(),
                location: Some(Location::Header),
                ..Field::default()
            })
        });
        parameters.chain(schemes).collect()
    }

    fn fields(&self, shape: &[Node<'a>], told: Option<&[Field]>) -> Vec<Field> {
        let lists = shape.iter().flat_map(|node| node.get("required").items());
        let required: Vec<&Value> = lists.map(|item| item.value).collect();
        let fields = properties(shape).into_iter();
        let fields = fields.filter(|(_, node)| !is_inferred(node));
        let fields = fields.map(|(name, node)| {
            let told = told.and_then(|told| told.iter().find(|field| field.name == name));
            let is_required = required.iter().any(|it| **it == name);
            Field {
                required: is_required.then_some(true),
                ..self.field(name, &node, node.clone(), told)
            }
        });
        fields.collect()
    }

    /// The attributes of a parameter or field, `owner`, that are not marked.
    fn field(&self, name: &str, owner: &Node<'a>, schema: Node<'a>, told: Option<&Field>) -> Field {
        let shape = self.shape(schema);
        let take = |key: &str| {
            let holder = shape.iter().find(|node| node.get(key).exists())?;
            let marked = is_marked(owner, &[key]) || is_marked(holder, &[key]);
            (!marked).then_some(&holder.value[key])
        };
        let number = |key: &str| take(key).and_then(Value::as_number).cloned();
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
    if !is_marked(owner, &names) && !is_marked(holder, &names) {
        return values;
    }
    let told = told.map_or(&[][..], |field| &field.values);
    if values.iter().all(|value| told.contains(value)) {
        // The page lists what is marked as inferred: it is missing as a fact.
        return Vec::new();
    }
    let describes = |words: &&String| values.iter().any(|value| mentions(words, value));
    told.iter().filter(describes).cloned().collect()
}

/// Where a parameter is sent.
fn location_of(node: &Node<'_>) -> Option<Location> {
    serde_json::from_value(node.value["in"].clone()).ok()
}

/// The schema of a parameter; a field is its own.
fn schema_of<'a>(node: &Node<'a>) -> Node<'a> {
    let schema = Some(node.get("schema")).filter(Node::exists);
    schema.unwrap_or_else(|| node.clone())
}

/// The fields of a schema.
fn properties<'a>(shape: &[Node<'a>]) -> Vec<(&'a str, Node<'a>)> {
    let fields = shape.iter().map(|node| node.get("properties"));
    fields.flat_map(|fields| fields.members()).collect()
}

/// The list of values of a schema, closed or open, with the mapping that holds it.
fn value_list<'s, 'a>(shape: &'s [Node<'a>]) -> Option<(&'s Node<'a>, Node<'a>)> {
    let lists = shape.iter().flat_map(|node| {
        let keys = ["enum", "x-extensible-enum"];
        keys.map(|key| (node, node.get(key)))
    });
    lists.into_iter().find(|(_, list)| list.exists())
}

/// Whether `text` contains `word` as a whole word.
pub fn mentions(text: &str, word: &str) -> bool {
    let inside = |char: char| char.is_alphanumeric() || char == '-' || char == '_';
    text.split(|char| !inside(char)).any(|piece| piece == word)
}

/// The type as a page writes it.
fn kind(shape: &[Node<'_>]) -> String {
    let key = |key: &str| {
        shape
            .iter()
            .map(|node| node.text(key))
            .find(|it| !it.is_empty())
    };
    let named = shape.iter().find_map(Node::reference);
    let kind = key("type").unwrap_or("none");
    match (kind, key("format"), named) {
        ("array", ..) => {
            let mut items = shape.iter().map(|node| node.get("items"));
            let items = items.find(Node::exists);
            match items.map(|it| (it.reference(), it.text("type"))) {
                Some((Some(name), _)) => format!("Array of {name} objects"),
                Some((None, of)) => format!("Array of {of}"),
                None => "Array of anything".to_owned(),
            }
        }
        ("object", _, Some(name)) => format!("{name} object"),
        ("integer", Some("int64"), _) => "Long".to_owned(),
        ("string", Some(format), _) => format!("string ({format})"),
        _ => kind.to_owned(),
    }
}
