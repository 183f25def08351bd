//! The type of each response, beside the document that it was generated from.

use std::path::{Path, PathBuf};

use idsync_api::{dataarts_studio, dws, mrs};
use schemars::{JsonSchema, schema_for};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Error, Value};
use xtask::codegen::spec::Document;

/// The response of an operation: a generated type and the schema that it was made from.
pub(crate) struct ResponseModel {
    /// The document in `openapi/`, and the module of the generated crate, without their endings.
    pub(crate) service: &'static str,
    /// Name of the schema and of the type.
    pub(crate) name: &'static str,
    /// Reads JSON text as the type and writes the result as JSON.
    pub(crate) read_and_write: fn(&str) -> Result<Value, Error>,
    /// The schema that schemars derives from the type.
    pub(crate) derived: fn() -> Value,
}

/// All responses.
pub(crate) const RESPONSES: [ResponseModel; 3] = [
    response::<dataarts_studio::types::MemberSyncTaskPage>("dataarts-studio", "MemberSyncTaskPage"),
    response::<dws::types::SyncRecordPage>("dws", "SyncRecordPage"),
    response::<mrs::types::IamSyncStatus>("mrs", "IamSyncStatus"),
];

const fn response<T: DeserializeOwned + Serialize + JsonSchema>(
    service: &'static str,
    name: &'static str,
) -> ResponseModel {
    ResponseModel {
        service,
        name,
        read_and_write: |text| serde_json::to_value(serde_json::from_str::<T>(text)?),
        derived: || schema_for!(T).to_value(),
    }
}

impl ResponseModel {
    /// The document that describes the response.
    pub(crate) fn document(&self) -> Value {
        let file = format!("openapi/{}.yaml", self.service);
        Document::load(&workspace(), &file)
            .expect("a document")
            .root
    }

    /// Reads `value` as the type and writes the result.
    pub(crate) fn round_trip(&self, value: &Value) -> Result<Value, Error> {
        (self.read_and_write)(&value.to_string())
    }
}

pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
