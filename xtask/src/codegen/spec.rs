//! An OpenAPI document, with the line of every node.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};
use serde_json::{Map, Value};

use super::problem::{Place, Problem};

/// Maximum size of a document in bytes.
const MAX_BYTES: u64 = 1024 * 1024;

/// One document, as JSON, with the lines that its nodes came from.
#[derive(Clone, Debug)]
pub struct Document {
    /// File, below the root of the workspace.
    pub file: String,
    /// The document.
    pub root: Value,
    lines: BTreeMap<Place, usize>,
}

impl Document {
    /// Reads the file `file` below `root`.
    ///
    /// # Errors
    ///
    /// The file is not a YAML mapping of at most 1 MiB.
    pub fn load(root: &Path, file: &str) -> Result<Self, Problem> {
        let path = root.join(file);
        let problem =
            |error: std::io::Error| Problem::of_file(file, format!("cannot be read: {error}"));
        let size = fs::metadata(&path).map_err(problem)?.len();
        if size > MAX_BYTES {
            return Err(Problem::of_file(
                file,
                format!(
                    "has {size} bytes: a document may have {MAX_BYTES}, so this is probably the wrong file"
                ),
            ));
        }
        Self::parse(file, &fs::read(&path).map_err(problem)?)
    }

    /// Reads a document from the bytes of a file; `file` is only named in problems.
    ///
    /// # Errors
    ///
    /// As for [`Document::load`].
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, Problem> {
        let text = std::str::from_utf8(bytes).map_err(|_| {
            Problem::of_file(file, "is not UTF-8 text: save it as UTF-8, or restore it")
        })?;
        let mut documents = MarkedYaml::load_from_str(text).map_err(|error| {
            Problem::of_line(
                file,
                error.marker().line(),
                format!("is not YAML: {}", error.info()),
            )
        })?;
        let [root] = documents.as_mut_slice() else {
            let count = documents.len();
            return Err(Problem::of_file(
                file,
                format!("holds {count} YAML documents: write exactly one"),
            ));
        };
        let mut reader = YamlReader {
            file,
            lines: BTreeMap::new(),
        };
        let value = reader.value(root, &Place::default())?;
        if !value.is_object() {
            return Err(Problem::of_line(
                file,
                1,
                "is not a mapping: an OpenAPI document starts with `openapi: 3.0.3`",
            ));
        }
        Ok(Self {
            file: file.to_owned(),
            root: value,
            lines: reader.lines,
        })
    }

    /// The line of the node at `place`, or of the nearest node around it.
    pub fn line(&self, place: &Place) -> Option<usize> {
        let mut place = Some(place.clone());
        while let Some(here) = place {
            if let Some(line) = self.lines.get(&here) {
                return Some(*line);
            }
            place = here.parent();
        }
        None
    }
}

/// Turns YAML nodes into JSON and notes their lines.
struct YamlReader<'a> {
    file: &'a str,
    lines: BTreeMap<Place, usize>,
}

impl YamlReader<'_> {
    fn value(&mut self, node: &MarkedYaml<'_>, place: &Place) -> Result<Value, Problem> {
        let line = node.span.start.line();
        self.lines.entry(place.clone()).or_insert(line);
        match &node.data {
            YamlData::Value(scalar) => Ok(scalar_value(scalar)),
            YamlData::Sequence(items) => {
                let items = items.iter().enumerate();
                items
                    .map(|(index, item)| self.value(item, &place.child(&index.to_string())))
                    .collect()
            }
            YamlData::Mapping(entries) => {
                let entries = entries.iter();
                let members = entries.map(|(key, value)| self.member(key, value, place));
                Ok(Value::Object(members.collect::<Result<Map<_, _>, _>>()?))
            }
            _ => Err(self.problem(
                line,
                place,
                "has a tag or an unknown alias: write the value out plainly",
            )),
        }
    }

    fn member(
        &mut self,
        key: &MarkedYaml<'_>,
        value: &MarkedYaml<'_>,
        place: &Place,
    ) -> Result<(String, Value), Problem> {
        let line = key.span.start.line();
        let YamlData::Value(Scalar::String(name)) = &key.data else {
            return Err(self.problem(
                line,
                place,
                "has a key that is not text: put it in quotes, as in `\"200\"`",
            ));
        };
        if name == "<<" {
            let message = "merges in another mapping, of which tools make different things: write its members out";
            return Err(self.problem(line, place, message));
        }
        let place = place.child(name);
        self.lines.insert(place.clone(), line);
        Ok((name.to_string(), self.value(value, &place)?))
    }

    fn problem(&self, line: usize, place: &Place, message: &str) -> Problem {
        Problem {
            place: Some(place.clone()),
            ..Problem::of_line(self.file, line, message)
        }
    }
}

fn scalar_value(scalar: &Scalar<'_>) -> Value {
    match scalar {
        Scalar::Null => Value::Null,
        Scalar::Boolean(value) => Value::from(*value),
        Scalar::Integer(value) => Value::from(*value),
        Scalar::FloatingPoint(value) => Value::from(value.into_inner()),
        Scalar::String(value) => Value::from(value.as_ref()),
    }
}
