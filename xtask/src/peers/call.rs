//! One call that an SDK is told to make.

use serde_json::{Map, Value, json};

use crate::emulator::Emulator;

/// The operations, by the names that the programs in `tests/peers` know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Tasks,
    Records,
    Syncing,
}

impl Operation {
    pub(super) const ALL: [Self; 3] = [Self::Tasks, Self::Records, Self::Syncing];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Tasks => "tasks",
            Self::Records => "records",
            Self::Syncing => "syncing",
        }
    }
}

/// A call: where it goes, who makes it, and its parameters.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) operation: Operation,
    pub(super) parameters: Map<String, Value>,
    /// All but operation and parameters.
    fields: Map<String, Value>,
}

impl Call {
    /// A call with the key of the ready line and the parameters that cannot be left out.
    pub(super) fn plain(operation: Operation, emulator: &Emulator) -> Self {
        let fields = json!({
            "endpoint": emulator.told("/url"),
            "project_id": emulator.told("/project_id"),
            "ak": emulator.told("/ak"),
            "sk": emulator.told("/sk"),
        });
        let parameters = match operation {
            Operation::Tasks => json!({"workspace": emulator.told("/workspace")}),
            Operation::Records => json!({"cluster_id": emulator.told("/clusters/dws/0")}),
            Operation::Syncing => json!({"cluster_id": emulator.told("/clusters/mrs/0")}),
        };
        Self {
            operation,
            parameters: object(parameters),
            fields: object(fields),
        }
    }

    /// Sets some parameters.
    pub(super) fn with(mut self, parameters: Value) -> Self {
        self.parameters.extend(object(parameters));
        self
    }

    /// Sets fields of the call; null takes one away.
    pub(super) fn by(mut self, fields: Value) -> Self {
        self.fields.extend(object(fields));
        self.fields.retain(|_, value| !value.is_null());
        self
    }

    /// A parameter that is a text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).and_then(Value::as_str)
    }

    /// A parameter that is a number.
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        let number = self.parameters.get(name)?.as_u64()?;
        usize::try_from(number).ok()
    }

    /// The line that tells a program to make it.
    pub(super) fn json(&self) -> Value {
        let mut line = self.fields.clone();
        line.insert("operation".to_owned(), self.operation.name().into());
        line.insert("parameters".to_owned(), self.parameters.clone().into());
        line.into()
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
