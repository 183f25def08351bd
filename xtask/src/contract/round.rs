//! One round of calls: what is held fixed, and which checks make no sense then.

use super::emulator::Ready;
use crate::codegen::services::Service;

/// The gateway knows no method beside those it serves and answers 404, not 405.
const FOREIGN_METHODS: &str = "unsupported_method";

/// An identifier can be well-formed and of nothing that exists, which these services answer with 400.
const ACCEPTANCE: &str = "positive_data_acceptance";

/// Calls as in the document's examples, at the borders of every constraint, and at random.
const ALL: &str = "examples,coverage,fuzzing";

/// What a round calls with.
pub(super) struct Round {
    /// The round in words.
    pub(super) name: &'static str,
    /// Parameters that have one value in every call, as `place.name` and the value.
    pub(super) fixed: Vec<(&'static str, String)>,
    /// Checks that are left out.
    pub(super) without: Vec<&'static str>,
    /// Whether calls have to get through: warnings that none did are then failures.
    pub(super) succeeds: bool,
    /// What calls are made up from.
    pub(super) phases: &'static str,
}

impl Round {
    /// Every round that makes sense for a service.
    pub(super) fn of(service: &Service, ready: &Ready) -> Vec<Self> {
        let mut rounds = vec![Self::known(service, ready), Self::foreign()];
        if service.path.contains("{cluster_id}") {
            rounds.push(Self::unknown_cluster(ready));
        }
        rounds
    }

    /// Calls about what exists: only limits, offsets and filters vary.
    pub(super) fn known(service: &Service, ready: &Ready) -> Self {
        let own = match service.module {
            "dws" => ("path.cluster_id", ready.clusters.dws.first()),
            "mrs" => ("path.cluster_id", ready.clusters.mrs.first()),
            _ => ("header.workspace", Some(&ready.workspace)),
        };
        let mut fixed = vec![("path.project_id", ready.project_id.clone())];
        fixed.extend(own.1.map(|value| (own.0, value.clone())));
        Self {
            name: "in a known place",
            fixed,
            without: vec![FOREIGN_METHODS],
            succeeds: true,
            phases: ALL,
        }
    }

    /// One call about what exists.
    pub(super) fn single(service: &Service, ready: &Ready) -> Self {
        Self {
            name: "once",
            phases: "examples",
            ..Self::known(service, ready)
        }
    }

    /// Calls about clusters that do not exist.
    fn unknown_cluster(ready: &Ready) -> Self {
        Self {
            name: "with any cluster",
            fixed: vec![("path.project_id", ready.project_id.clone())],
            without: vec![FOREIGN_METHODS, ACCEPTANCE],
            succeeds: false,
            phases: ALL,
        }
    }

    /// Calls in which everything varies, so that hardly any is let in.
    fn foreign() -> Self {
        Self {
            name: "with any project",
            fixed: Vec::new(),
            without: vec![FOREIGN_METHODS],
            succeeds: false,
            phases: ALL,
        }
    }

    /// The settings of Schemathesis for this round.
    pub(super) fn settings(&self) -> String {
        let mut lines = vec!["[parameters]".to_owned()];
        // A JSON text is a TOML text, for all that identifiers consist of.
        let fixed = self.fixed.iter();
        lines.extend(
            fixed.map(|(name, value)| format!("\"{name}\" = {}", serde_json::json!(value))),
        );
        lines.push(format!("[warnings]\nfail-on = {}", self.succeeds));
        lines.join("\n")
    }
}
