//! Clusters and reasons that an operator leaves out of the judgement.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use wildmatch::WildMatch;

use crate::Error;
use crate::health::{ClusterObservation, Reason, ReasonCode};

/// Leaves clusters, or reasons, out of the judgement.
///
/// A rule without a reason leaves out whole clusters: they are neither asked at their own service nor counted, only
/// their number is reported. A rule with a reason is for all clusters, or for those that it names: the reason becomes a
/// note and does not affect the verdict. A cluster without other evidence is then `unknown`, never healthy.
///
/// A pattern names the clusters whose whole id or name matches: `*` stands for any text, `?` for one
/// character. The pattern of a source matches the id or the type of an identity source, or `dataarts`, `dws` or
/// `mrs`.
///
/// The text form is `CLUSTER`, `REASON`, `CLUSTER:REASON` or `CLUSTER/SOURCE:REASON`; a reason code is a `REASON`.
///
/// ```
/// use idsync::health::IgnoreRule;
///
/// let rule: IgnoreRule = "test-*/oneaccess:success_too_old".parse()?;
/// assert_eq!(rule.to_string(), "test-*/oneaccess:success_too_old");
/// # Ok::<(), idsync::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Form")]
pub struct IgnoreRule {
    cluster: Option<String>,
    source: Option<String>,
    reason: Option<ReasonCode>,
}

impl IgnoreRule {
    fn new(
        cluster: Option<String>,
        source: Option<String>,
        reason: Option<ReasonCode>,
    ) -> Result<Self, Error> {
        let is_empty = |text: &Option<String>| text.as_ref().is_some_and(String::is_empty);
        let says_nothing = cluster.is_none() && reason.is_none();
        let fault = if says_nothing || is_empty(&cluster) || is_empty(&source) {
            "an ignore rule needs a cluster, a reason, or both"
        } else if source.is_some() && reason.is_none() {
            "an ignore rule with a source needs a reason, such as test-*/ldap:success_too_old"
        } else {
            return Ok(Self {
                cluster,
                source,
                reason,
            });
        };
        Err(Error::invalid_input(fault))
    }

    /// Whether the whole cluster is ignored.
    pub(super) fn ignores(&self, cluster: &ClusterObservation) -> bool {
        self.reason.is_none() && self.concerns(cluster)
    }

    /// Whether `reason` is ignored for the cluster.
    pub(in crate::health) fn ignores_reason(
        &self,
        cluster: &ClusterObservation,
        reason: &Reason,
        source_type: Option<&str>,
    ) -> bool {
        let source = Some(reason.source.as_str());
        let mut names = [reason.identity_source_id.as_deref(), source_type, source]
            .into_iter()
            .flatten();
        self.reason == Some(reason.code)
            && self.concerns(cluster)
            && self.source.as_ref().is_none_or(|pattern| {
                let pattern = WildMatch::new(pattern);
                names.any(|name| pattern.matches(name))
            })
    }

    fn concerns(&self, cluster: &ClusterObservation) -> bool {
        let pattern = self.cluster.as_ref();
        pattern.is_none_or(|pattern| cluster.matches(pattern))
    }
}

impl FromStr for IgnoreRule {
    type Err = Error;

    /// # Errors
    ///
    /// An error of kind `InvalidInput` if it names neither a cluster nor a reason, or if the word after the colon is not a
    /// reason.
    fn from_str(text: &str) -> Result<Self, Error> {
        if let Ok(reason) = text.parse() {
            return Self::new(None, None, Some(reason));
        }
        let (place, reason) = match text.rsplit_once(':') {
            Some((place, reason)) => (place, Some(reason.parse()?)),
            None => (text, None),
        };
        let (cluster, source) = match place.rsplit_once('/') {
            Some((cluster, source)) if reason.is_some() => (cluster, Some(source.to_owned())),
            _ => (place, None),
        };
        let names_none = cluster.is_empty() && source.is_none() && reason.is_some();
        let cluster = (!names_none).then(|| cluster.to_owned());
        Self::new(cluster, source, reason)
    }
}

impl fmt::Display for IgnoreRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cluster = self.cluster.as_deref();
        f.write_str(cluster.unwrap_or(if self.source.is_some() { "*" } else { "" }))?;
        if let Some(source) = &self.source {
            write!(f, "/{source}")?;
        }
        match self.reason {
            Some(reason) => write!(f, ":{reason}"),
            None => Ok(()),
        }
    }
}

/// A rule in a file: text, or a table.
#[derive(Deserialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "an ignore rule is a text such as \"test-*:schedule_missed\", or a table of cluster, source and reason"
)]
enum Form {
    Text(String),
    Table {
        cluster: Option<String>,
        source: Option<String>,
        reason: Option<String>,
    },
}

impl TryFrom<Form> for IgnoreRule {
    type Error = String;

    fn try_from(form: Form) -> Result<Self, String> {
        let rule = match form {
            Form::Text(text) => text.parse(),
            Form::Table {
                cluster,
                source,
                reason,
            } => (reason.map(|reason| reason.parse()).transpose())
                .and_then(|reason| Self::new(cluster, source, reason)),
        };
        rule.map_err(|error: Error| format!("ignore: {}", error.message()))
    }
}
