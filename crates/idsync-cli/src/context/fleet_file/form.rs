//! What may stand in the file of a fleet: anything else is refused by name.

use idsync::Service;
use idsync::health::RuleSettings;
use serde::Deserialize;
use serde_path_to_error::{Path, Segment};
use toml::Spanned;

use crate::args::EndpointArg;

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileForm {
    #[serde(default)]
    pub(super) health: RuleSettings,
    #[serde(default)]
    pub(super) project: Vec<Spanned<ProjectForm>>,
}

/// One `[[project]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProjectForm {
    pub(super) project_id: Option<Spanned<String>>,
    pub(super) region: Option<String>,
    pub(super) profile: Option<String>,
    #[serde(default)]
    pub(super) workspaces: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) clusters: Vec<Spanned<String>>,
    pub(super) endpoint: Option<String>,
    #[serde(default)]
    pub(super) endpoints: EndpointsForm,
}

/// The `endpoints` of a project.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EndpointsForm {
    dataarts: Option<String>,
    dws: Option<String>,
    mrs: Option<String>,
    iam: Option<String>,
}

/// The endpoint of all services, and then those of single ones.
pub(super) fn endpoints(for_all: Option<String>, for_one: EndpointsForm) -> Vec<EndpointArg> {
    [
        (None, for_all),
        (Some(Service::DataArts), for_one.dataarts),
        (Some(Service::Dws), for_one.dws),
        (Some(Service::Mrs), for_one.mrs),
        (Some(Service::Iam), for_one.iam),
    ]
    .into_iter()
    .filter_map(|(service, url)| Some(EndpointArg { service, url: url? }))
    .collect()
}

/// What is wrong at `path`, with its key where `message` does not tell it.
pub(super) fn complaint(path: &Path, message: &str) -> String {
    let mut keys = path.iter().filter_map(|segment| match segment {
        // Marks of the parser around a value whose place is to be known.
        Segment::Map { key } if !key.starts_with("$__") => Some(key.as_str()),
        _ => None,
    });
    match keys.next_back() {
        Some(key)
            if message.starts_with("invalid type") && !message.contains(&format!("`{key}`")) =>
        {
            let allowed = message.replace("expected a sequence", "expected a list");
            format!("{key}: {allowed}")
        }
        _ => message.to_owned(),
    }
}
