//! Scenarios: YAML files that say which workspaces, clusters, tasks and records there are, and what goes wrong by itself.

pub(crate) mod form;
pub(crate) mod values;

use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::Deserialize;
use serde_saphyr::{Location, MergeKeyPolicy, Options, Spanned};

use crate::clock::{Clock, ClockSettings};
use crate::error::EmulatorError;
use crate::faults::{Fault, FaultList, TimedFault};
use crate::state::{ClusterEntry, State};
use form::{GeneratedForm, ScenarioForm, TimedFaultForm};

/// Largest scenario file, in bytes. Larger fleets are generated.
const SIZE_LIMIT: usize = 1024 * 1024;

/// Deepest nesting: a field of a run within a cluster within the list of the document takes eight levels.
const DEPTH_LIMIT: usize = 12;

/// Most tasks that are generated.
pub const MAX_GENERATED_TASKS: u32 = 10_000;

/// The YAML of each built-in scenario, by name.
const BUILT_IN: [(&str, &str); 11] = [
    ("demo", include_str!("scenarios/demo.yaml")),
    ("healthy", include_str!("scenarios/healthy.yaml")),
    ("outage", include_str!("scenarios/outage.yaml")),
    ("quiet-life", include_str!("scenarios/quiet-life.yaml")),
    ("blind", include_str!("scenarios/blind.yaml")),
    ("two-sources", include_str!("scenarios/two-sources.yaml")),
    ("stale", include_str!("scenarios/stale.yaml")),
    (
        "odd-schedules",
        include_str!("scenarios/odd-schedules.yaml"),
    ),
    ("fleet-10k", include_str!("scenarios/fleet-10k.yaml")),
    ("paging-1m", include_str!("scenarios/paging-1m.yaml")),
    ("pages", include_str!("scenarios/pages.yaml")),
];

/// The state of the services over time. Times in it are relative to the start of the emulator's clock.
#[derive(Clone, Debug)]
pub struct Scenario {
    name: String,
    pub(crate) form: ScenarioForm,
}

impl Scenario {
    /// Names that [`Scenario::named`] knows: `demo` has every verdict and every reason; `healthy` and `quiet-life` are well;
    /// `outage` goes wrong and recovers within two hours; in `blind` much cannot be seen; `two-sources`, `stale` and
    /// `odd-schedules` are about identity sources, age and schedules; `fleet-10k` has ten thousand clusters; `paging-1m` a million
    /// records; `pages` answers in the shape of the examples of the reference pages.
    pub const NAMES: &'static [&'static str] = &[
        "demo",
        "healthy",
        "outage",
        "quiet-life",
        "blind",
        "two-sources",
        "stale",
        "odd-schedules",
        "fleet-10k",
        "paging-1m",
        "pages",
    ];

    /// The built-in scenario of a name.
    ///
    /// # Errors
    ///
    /// For a name that is not in [`Scenario::NAMES`].
    pub fn named(name: &str) -> Result<Self, EmulatorError> {
        let Some(yaml) = Self::yaml(name) else {
            let known = Self::NAMES.join(", ");
            return Err(EmulatorError::new(format!(
                "{name}: no scenario has this name; the built-in ones are: {known}"
            )));
        };
        Self::from_yaml(yaml, name)
    }

    /// The YAML of a built-in scenario, as a start for another one; `None` for unknown names.
    pub fn yaml(name: &str) -> Option<&'static str> {
        let found = BUILT_IN.iter().find(|(known, _)| *known == name);
        found.map(|(_, yaml)| *yaml)
    }

    /// Reads a scenario from YAML; its JSON Schema is that of [`Scenario::schema`]. `name` stands for the file in errors.
    ///
    /// # Errors
    ///
    /// For anything that is no scenario, with line and field: wrong YAML, unknown keys, wrong types, values out of range, names
    /// that do not exist, names that exist twice, more than 1 MiB.
    pub fn from_yaml(text: &str, name: &str) -> Result<Self, EmulatorError> {
        let form = read(text).map_err(|error| error.in_file(name))?;
        let scenario = Self {
            name: name.to_owned(),
            form,
        };
        scenario.check().map_err(|error| error.in_file(name))?;
        Ok(scenario)
    }

    /// Reads a scenario from a YAML file, and takes its name from that of the file.
    ///
    /// # Errors
    ///
    /// As [`Scenario::from_yaml`], and if the file cannot be read.
    pub fn from_file(path: &Path) -> Result<Self, EmulatorError> {
        let file = path.display().to_string();
        let text = text_of(path).map_err(|error| error.in_file(&file))?;
        let name = path.file_stem().unwrap_or(path.as_os_str());
        Ok(Self {
            name: name.to_string_lossy().into_owned(),
            ..Self::from_yaml(&text, &file)?
        })
    }

    /// The JSON Schema of a scenario file, for editors.
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(ScenarioForm).to_value()
    }

    /// The name that it was found by.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How much there is in it, in a few words.
    pub fn summary(&self) -> String {
        format!(
            "workspaces: {}, clusters: {}, generated: {}, faults: {}",
            self.form.workspaces.len(),
            self.form.clusters.len(),
            self.form.generated.tasks.unwrap_or(0),
            self.form.faults.len()
        )
    }

    /// What the clock of the services shows at the start, and how it runs on.
    pub(crate) fn clock(&self) -> ClockSettings {
        let clock = &self.form.clock;
        let usual = ClockSettings::default();
        ClockSettings {
            start: clock.start,
            scale: clock.scale.unwrap_or(usual.scale),
            running: clock.running.unwrap_or(usual.running),
        }
    }

    /// The faults; clusters, workspaces and projects are still named in them.
    pub(crate) fn faults(&self) -> Result<Vec<TimedFault>, EmulatorError> {
        let faults = self.form.faults.iter();
        faults.map(|form| form.value.clone().build()).collect()
    }

    /// Checks the relations between values, which reading cannot see.
    fn check(&self) -> Result<(), Complaint> {
        let form = &self.form;
        let years = 2_000..2_100;
        let start = form.clock.start.unwrap_or_default();
        let year = start.to_zoned(jiff::tz::TimeZone::UTC).year();
        if form.clock.start.is_some() && !years.contains(&year) {
            let message = "clock.start: the clock starts in a year from 2000 to 2099";
            return Err(Complaint::new(message.to_owned()));
        }
        Clock::new(self.clock()).map_err(|error| Complaint::new(format!("clock: {error}")))?;
        let mut names = HashSet::new();
        for (at, cluster) in form.clusters.iter().enumerate() {
            let refuse = |message| Complaint::of(cluster, format!("clusters[{at}].{message}"));
            let name = &cluster.value.name;
            if !names.insert(name) {
                return Err(refuse(format!("name: {:?} is taken", name.0)));
            }
            ClusterEntry::new(&cluster.value, &form.workspaces, 0).map_err(refuse)?;
        }
        let refuse = |error: EmulatorError| Complaint::new(error.to_string());
        let state = State::new(self, 0, GeneratedForm::default()).map_err(refuse)?;
        for (at, form) in form.faults.iter().enumerate() {
            form.value
                .clone()
                .build()
                .and_then(|timed| FaultList::new(0, Vec::new(), vec![state.resolve(timed)?]))
                .map_err(|error| Complaint::of(form, format!("faults[{at}].{error}")))?;
        }
        Ok(())
    }
}

impl TimedFaultForm {
    fn build(self) -> Result<TimedFault, EmulatorError> {
        let from = self.from.map_or(0, |from| from.ms);
        let until = self.until.map_or(i64::MAX, |until| until.ms);
        if until <= from {
            let message = "until: the fault ends before it begins; give a later time than `from`";
            return Err(EmulatorError::new(message));
        }
        Ok(TimedFault {
            fault: Fault::try_from(self.fault)?,
            period: from..until,
        })
    }
}

/// What is wrong with a scenario, and where.
#[derive(Debug)]
struct Complaint {
    at: Option<Location>,
    message: String,
}

impl Complaint {
    fn new(message: String) -> Self {
        Self { at: None, message }
    }

    fn of<T>(place: &Spanned<T>, message: String) -> Self {
        Self {
            at: Some(place.referenced),
            message,
        }
    }

    fn in_file(self, file: &str) -> EmulatorError {
        let at = self.at.filter(|at| at.line() > 0);
        let at = at.map_or_else(String::new, |at| format!(":{}:{}", at.line(), at.column()));
        EmulatorError::new(format!("{file}{at}: {}", self.message))
    }
}

fn text_of(path: &Path) -> Result<String, Complaint> {
    let unreadable = |error: std::io::Error| Complaint::new(format!("cannot be read: {error}"));
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    // One byte more than is allowed shows that there is more.
    let limit = SIZE_LIMIT as u64 + 1;
    file.take(limit)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    check_size(bytes.len())?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Complaint::new(format!("is not UTF-8 from byte {at} on"))
    })
}

fn read(text: &str) -> Result<ScenarioForm, Complaint> {
    check_size(text.len())?;
    let mut path = None;
    let form = serde_saphyr::with_deserializer_from_str_with_options(text, options(), |yaml| {
        let mut track = serde_path_to_error::Track::new();
        let tracked = serde_path_to_error::Deserializer::new(yaml, &mut track);
        let form = ScenarioForm::deserialize(tracked);
        path = form.is_err().then(|| track.path().to_string());
        form
    });
    form.map_err(|error| {
        // Where a value is kept with its position, the path passes through that wrapper.
        let field = path.unwrap_or_default().replace(".value", "");
        let message = error.without_snippet().to_string();
        // The position stands in front.
        let message = message.split(" at line ").next().unwrap_or_default();
        Complaint {
            at: error.location(),
            message: match field.as_str() {
                "" | "." | "?" => message.to_owned(),
                field => format!("{field}: {message}"),
            },
        }
    })
}

fn check_size(bytes: usize) -> Result<(), Complaint> {
    if bytes <= SIZE_LIMIT {
        return Ok(());
    }
    Err(Complaint::new(format!(
        "is larger than {SIZE_LIMIT} bytes; `generated` makes large fleets out of small files"
    )))
}

/// Anchors are refused altogether: a few lines of them unfold to gigabytes.
fn options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: DEPTH_LIMIT,
            flow_nesting_limit: DEPTH_LIMIT,
            max_anchors: 0,
            max_aliases: 0,
        },
        merge_keys: MergeKeyPolicy::Error,
        strict_booleans: true,
        with_snippet: false,
    }
}

#[cfg(test)]
mod tests;
