//! Every model of the generated crate, beside the schema it was made from.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use idsync_api::{dataarts_studio, dws, mrs};
use schemars::{JsonSchema, schema_for};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Error, Value};
use xtask::codegen::services::SERVICES;
use xtask::codegen::spec::Document;

/// One model: a generated type and the schema that it was made from.
pub(crate) struct Model {
    /// The document, below the root of the workspace.
    pub(crate) file: &'static str,
    /// Name of the schema and of the type.
    pub(crate) name: &'static str,
    /// Reads JSON text as the type and writes the result as JSON.
    pub(crate) read_and_write: fn(&str) -> Result<Value, Error>,
    /// The schema that schemars derives from the type.
    pub(crate) derived: fn() -> Value,
}

const STUDIO: &str = "openapi/dataarts-studio.yaml";
const DWS: &str = "openapi/dws.yaml";
const MRS: &str = "openapi/mrs.yaml";

/// All models.
pub(crate) const MODELS: &[Model] = &[
    model::<dataarts_studio::types::MemberSyncTaskPage>(STUDIO, "MemberSyncTaskPage"),
    model::<dataarts_studio::types::MemberSyncTask>(STUDIO, "MemberSyncTask"),
    model::<dataarts_studio::types::TaskOrderBy>(STUDIO, "TaskOrderBy"),
    model::<dataarts_studio::types::ErrorResponse>(STUDIO, "ErrorResponse"),
    model::<dataarts_studio::enums::ClusterType>(STUDIO, "ClusterType"),
    model::<dataarts_studio::enums::SyncStatus>(STUDIO, "SyncStatus"),
    model::<dataarts_studio::enums::ScheduleStatus>(STUDIO, "ScheduleStatus"),
    model::<dataarts_studio::enums::SchedulePeriod>(STUDIO, "SchedulePeriod"),
    model::<dws::types::SyncRecordPage>(DWS, "SyncRecordPage"),
    model::<dws::types::IdentitySourceSyncRecordVo>(DWS, "IdentitySourceSyncRecordVo"),
    model::<dws::types::ErrorResponse>(DWS, "ErrorResponse"),
    model::<dws::enums::RecordStatus>(DWS, "RecordStatus"),
    model::<dws::enums::IdentitySourceType>(DWS, "IdentitySourceType"),
    model::<mrs::types::IamSyncStatus>(MRS, "IamSyncStatus"),
    model::<mrs::types::ErrorResponse>(MRS, "ErrorResponse"),
];

const fn model<T: DeserializeOwned + Serialize + JsonSchema>(
    file: &'static str,
    name: &'static str,
) -> Model {
    Model {
        file,
        name,
        read_and_write: read_and_write::<T>,
        derived: derived::<T>,
    }
}

fn read_and_write<T: DeserializeOwned + Serialize>(text: &str) -> Result<Value, Error> {
    serde_json::to_value(serde_json::from_str::<T>(text)?)
}

fn derived<T: JsonSchema>() -> Value {
    schema_for!(T).to_value()
}

impl Model {
    /// The model for the schema `name` of the document `file`.
    pub(crate) fn named(file: &str, name: &str) -> &'static Self {
        let found = MODELS
            .iter()
            .find(|model| (model.file, model.name) == (file, name));
        found.unwrap_or_else(|| panic!("{file} has no model {name}"))
    }

    /// The schema, as the document has it.
    pub(crate) fn schema(&self) -> Value {
        document(self.file)["components"]["schemas"][self.name].clone()
    }

    /// Reads `value` as the type and writes the result.
    pub(crate) fn round_trip(&self, value: &Value) -> Result<Value, Error> {
        (self.read_and_write)(&value.to_string())
    }
}

pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The document `file`.
pub(crate) fn document(file: &str) -> &'static Value {
    static DOCUMENTS: LazyLock<BTreeMap<&str, Value>> = LazyLock::new(|| {
        let load = |file| Document::load(&workspace(), file).expect("a document").root;
        SERVICES
            .iter()
            .map(|service| (service.file, load(service.file)))
            .collect()
    });
    &DOCUMENTS[file]
}

#[test]
fn every_schema_has_a_model() {
    let listed: BTreeSet<(&str, &str)> = MODELS
        .iter()
        .map(|model| (model.file, model.name))
        .collect();
    for service in SERVICES {
        let document = document(service.file);
        for name in document["components"]["schemas"]
            .as_object()
            .expect("schemas")
            .keys()
        {
            assert!(
                listed.contains(&(service.file, name.as_str())),
                "{} {name}",
                service.file
            );
        }
    }
}
