//! One round of calls: what is held fixed, and which checks make no sense then.

use crate::codegen::services::Service;
use crate::emulator::Emulator;

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
    pub(super) fn of(service: &Service, emulator: &Emulator) -> Vec<Self> {
        let mut rounds = vec![Self::known(service, emulator), Self::foreign()];
        if service.path.contains("{cluster_id}") {
            rounds.push(Self::unknown_cluster(emulator));
        }
        rounds
    }

    /// Calls about what exists: only limits, offsets and filters vary.
    pub(super) fn known(service: &Service, emulator: &Emulator) -> Self {
        let (own, place) = match service.module {
            "dws" => ("path.cluster_id", "/clusters/dws/0"),
            "mrs" => ("path.cluster_id", "/clusters/mrs/0"),
            _ => ("header.workspace", "/workspace"),
        };
        Self {
            name: "in a known place",
            fixed: vec![project(emulator), (own, emulator.told(place).to_owned())],
            without: vec![FOREIGN_METHODS],
            succeeds: true,
            phases: ALL,
        }
    }

    /// One call about what exists.
    pub(super) fn single(service: &Service, emulator: &Emulator) -> Self {
        Self {
            name: "once",
            phases: "examples",
            ..Self::known(service, emulator)
        }
    }

    /// Calls about clusters that do not exist.
    fn unknown_cluster(emulator: &Emulator) -> Self {
        Self {
            name: "with any cluster",
            fixed: vec![project(emulator)],
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

fn project(emulator: &Emulator) -> (&'static str, String) {
    ("path.project_id", emulator.told("/project_id").to_owned())
}
