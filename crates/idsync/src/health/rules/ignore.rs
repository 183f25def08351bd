//! What an operator has decided to leave out of the judgement.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use serde::de::value::SeqAccessDeserializer;
use serde::de::{Deserializer, Error as _, SeqAccess, Visitor};
use wildmatch::WildMatch;

use crate::Error;
use crate::health::ReasonCode;

/// Leaves clusters, or reasons, out of the judgement.
///
/// A rule without a reason leaves whole clusters out: they are not asked at their own service and not counted, only
/// their number is told. A rule with a reason applies to all clusters, or to those it names: the reason stays visible as
/// a note and bears on no verdict. A cluster of which nothing else is known is then `unknown`, not healthy.
///
/// A cluster is named by a pattern that its id or its name matches as a whole: `*` stands for any text, `?` for one
/// character, every other character for itself.
///
/// Written `CLUSTER`, `CLUSTER:REASON` or `:REASON`:
///
/// ```
/// use idsync::health::IgnoreRule;
///
/// let rule: IgnoreRule = "test-*:schedule_missed".parse()?;
/// assert_eq!(rule.to_string(), "test-*:schedule_missed");
/// # Ok::<(), idsync::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Form")]
pub struct IgnoreRule {
    cluster: Option<WildMatch>,
    reason: Option<ReasonCode>,
}

impl IgnoreRule {
    /// Leaves out the clusters whose id or name matches `pattern`.
    pub fn clusters(pattern: &str) -> Self {
        Self {
            cluster: Some(WildMatch::new(pattern)),
            reason: None,
        }
    }

    /// Lets `reason` not count, whatever the cluster.
    pub fn reason(reason: ReasonCode) -> Self {
        Self {
            cluster: None,
            reason: Some(reason),
        }
    }

    /// Narrows the rule to `reason`.
    #[must_use]
    pub fn only(self, reason: ReasonCode) -> Self {
        Self {
            reason: Some(reason),
            ..self
        }
    }

    /// Whether the whole cluster is left out.
    pub(in crate::health) fn leaves_out(&self, id: Option<&str>, name: Option<&str>) -> bool {
        self.reason.is_none() && self.concerns(id, name)
    }

    /// The reason that does not count for the cluster.
    pub(in crate::health) fn silenced(
        &self,
        id: Option<&str>,
        name: Option<&str>,
    ) -> Option<ReasonCode> {
        self.reason.filter(|_| self.concerns(id, name))
    }

    fn concerns(&self, id: Option<&str>, name: Option<&str>) -> bool {
        let Some(pattern) = &self.cluster else {
            return true;
        };
        [id, name]
            .into_iter()
            .flatten()
            .any(|text| pattern.matches(text))
    }

    fn new(cluster: Option<&str>, reason: Option<ReasonCode>) -> Result<Self, Error> {
        match (cluster, reason) {
            (None, None) | (Some(""), _) => Err(Error::invalid_input(
                "an ignore rule names a cluster, a reason, or both, as in test-*:schedule_missed",
            )),
            (cluster, reason) => Ok(Self {
                cluster: cluster.map(WildMatch::new),
                reason,
            }),
        }
    }
}

impl FromStr for IgnoreRule {
    type Err = Error;

    /// # Errors
    ///
    /// A usage error if neither a cluster nor a reason is named, or what stands behind the colon is no reason.
    fn from_str(text: &str) -> Result<Self, Error> {
        match text.rsplit_once(':') {
            Some(("", reason)) => Self::new(None, Some(reason.parse()?)),
            Some((cluster, reason)) => Self::new(Some(cluster), Some(reason.parse()?)),
            None => Self::new(Some(text), None),
        }
    }
}

impl fmt::Display for IgnoreRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(cluster) = &self.cluster {
            f.write_str(&cluster.pattern())?;
        }
        match self.reason {
            Some(reason) => write!(f, ":{reason}"),
            None => Ok(()),
        }
    }
}

/// A rule as files write it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table of cluster, reason, or both")]
struct Form {
    cluster: Option<String>,
    #[serde(default, deserialize_with = "reason")]
    reason: Option<ReasonCode>,
}

/// Refused here, where a file that is wrong knows its line.
fn reason<'de, D: Deserializer<'de>>(value: D) -> Result<Option<ReasonCode>, D::Error> {
    let reason = String::deserialize(value)?.parse();
    let reason = reason.map_err(|error: Error| D::Error::custom(refused(&error)))?;
    Ok(Some(reason))
}

fn refused(error: &Error) -> String {
    format!("ignore: {}", error.message())
}

impl TryFrom<Form> for IgnoreRule {
    type Error = String;

    fn try_from(form: Form) -> Result<Self, String> {
        let rule = Self::new(form.cluster.as_deref(), form.reason);
        rule.map_err(|error| refused(&error))
    }
}

/// Reads the rules of a file; what is no list is refused by the name of its key.
pub(super) fn list<'de, D: Deserializer<'de>>(value: D) -> Result<Vec<IgnoreRule>, D::Error> {
    value.deserialize_seq(List)
}

struct List;

impl<'de> Visitor<'de> for List {
    type Value = Vec<IgnoreRule>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list for `ignore`, such as [{ cluster = \"test-*\" }]")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, rules: A) -> Result<Self::Value, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(rules))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> IgnoreRule {
        text.parse().unwrap()
    }

    #[test]
    fn a_pattern_is_matched_by_the_whole_id_or_the_whole_name() {
        let rule = rule("test-?*");
        assert!(rule.leaves_out(Some("c1"), Some("test-a")));
        assert!(rule.leaves_out(Some("test-17"), None));
        for (id, name) in [("c1", "test-"), ("a-test-1", "latest-1"), ("", "Test-1")] {
            assert!(!rule.leaves_out(Some(id), Some(name)), "{id} {name}");
        }
        assert!(!rule.leaves_out(None, None));
    }

    #[test]
    fn a_rule_with_a_reason_leaves_no_cluster_out() {
        let rule = rule("test-*:task_failed");
        assert!(!rule.leaves_out(None, Some("test-1")));
        assert_eq!(
            rule.silenced(None, Some("test-1")),
            Some(ReasonCode::TaskFailed)
        );
        assert_eq!(rule.silenced(None, Some("prod-1")), None);
    }

    #[test]
    fn a_rule_without_a_cluster_concerns_all() {
        let rule = rule(":task_failed");
        assert_eq!(rule.silenced(None, None), Some(ReasonCode::TaskFailed));
        assert_eq!(rule, IgnoreRule::reason(ReasonCode::TaskFailed));
    }

    #[test]
    fn rules_are_written_as_they_are_read() {
        for text in [
            "a*",
            ":task_failed",
            "*:*:task_failed",
            "同步-?:records_failed",
        ] {
            assert_eq!(rule(text).to_string(), text);
        }
        let made = IgnoreRule::clusters("a*").only(ReasonCode::TaskFailed);
        assert_eq!(made, rule("a*:task_failed"));
    }

    #[test]
    fn a_rule_that_would_ignore_everything_or_names_no_reason_is_refused() {
        for (text, why) in [
            ("", "names a cluster, a reason, or both"),
            (":", "is not a reason"),
            ("test-*:", "is not a reason"),
            ("dws:c1", "\"c1\" is not a reason; give one of: task_failed"),
        ] {
            let error = text.parse::<IgnoreRule>().unwrap_err().to_string();
            assert!(error.contains(why), "{text:?}: {error}");
        }
    }

    #[test]
    fn a_pattern_of_many_stars_is_matched_in_no_time() {
        let pattern = format!("{}b", "*a".repeat(200));
        assert!(!IgnoreRule::clusters(&pattern).leaves_out(Some(&"a".repeat(10_000)), None));
    }
}
