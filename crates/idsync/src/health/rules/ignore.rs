//! What an operator leaves out of the judgement.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use wildmatch::WildMatch;

use super::ClusterName;
use crate::Error;
use crate::health::{Reason, ReasonCode};

/// Leaves clusters, or reasons, out of the judgement.
///
/// A rule without a reason leaves whole clusters out: they are not asked at their own service and not counted, only
/// their number is reported. A rule with a reason applies to all clusters, or to those it names: the reason becomes a
/// note and bears on no verdict. A cluster without any other evidence is then `unknown`, never healthy.
///
/// A cluster is named by a pattern that its id or its name matches as a whole: `*` stands for any text, `?` for one
/// character. A source is named by a pattern for the id or the type of an identity source, or by `dataarts`, `dws` or
/// `mrs`.
///
/// Written `CLUSTER`, `REASON`, `CLUSTER:REASON` or `CLUSTER/SOURCE:REASON`; a word that is a reason code is one.
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
    /// Whether the whole cluster is ignored.
    pub(super) fn ignores(&self, cluster: ClusterName<'_>) -> bool {
        self.reason.is_none() && self.concerns(cluster)
    }

    /// Whether `reason` is ignored for the cluster.
    pub(super) fn ignores_reason(
        &self,
        cluster: ClusterName<'_>,
        reason: &Reason,
        source_type: Option<&str>,
    ) -> bool {
        self.reason == Some(reason.code)
            && self.concerns(cluster)
            && self.source.as_ref().is_none_or(|pattern| {
                let pattern = WildMatch::new(pattern);
                let id = reason.identity_source_id.as_deref();
                let mut names = [id, source_type, Some(reason.source.as_str())]
                    .into_iter()
                    .flatten();
                names.any(|name| pattern.matches(name))
            })
    }

    fn concerns(&self, cluster: ClusterName<'_>) -> bool {
        let pattern = self.cluster.as_deref();
        pattern.is_none_or(|pattern| cluster.matches(pattern))
    }

    fn checked(self) -> Result<Self, Error> {
        let is_empty = |text: &Option<String>| text.as_ref().is_some_and(String::is_empty);
        let says_nothing = self.cluster.is_none() && self.reason.is_none();
        if says_nothing || is_empty(&self.cluster) || is_empty(&self.source) {
            return Err(Error::invalid_input(
                "an ignore rule names a cluster, a reason, or both",
            ));
        }
        if self.source.is_some() && self.reason.is_none() {
            return Err(Error::invalid_input(
                "an ignore rule that names a source names a reason too, such as test-*/ldap:success_too_old",
            ));
        }
        Ok(self)
    }
}

impl FromStr for IgnoreRule {
    type Err = Error;

    /// # Errors
    ///
    /// An error of kind `InvalidInput` if neither a cluster nor a reason is named, or the word behind the colon is not
    /// a reason.
    fn from_str(text: &str) -> Result<Self, Error> {
        if let Ok(reason) = text.parse() {
            return Ok(Self {
                cluster: None,
                source: None,
                reason: Some(reason),
            });
        }
        let (place, reason) = match text.rsplit_once(':') {
            Some((place, reason)) => (place, Some(reason.parse()?)),
            None => (text, None),
        };
        let (cluster, source) = match place.rsplit_once('/') {
            Some((cluster, source)) if reason.is_some() => (cluster, Some(source.to_owned())),
            _ => (place, None),
        };
        let cluster = match (cluster, &source, reason) {
            ("", None, Some(_)) => None,
            (cluster, _, _) => Some(cluster.to_owned()),
        };
        Self {
            cluster,
            source,
            reason,
        }
        .checked()
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

/// A rule as files write it: text, or a table.
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
        let read = || match form {
            Form::Text(text) => text.parse(),
            Form::Table {
                cluster,
                source,
                reason,
            } => Self {
                cluster,
                source,
                reason: reason.map(|reason| reason.parse()).transpose()?,
            }
            .checked(),
        };
        read().map_err(|error: Error| format!("ignore: {}", error.message()))
    }
}
