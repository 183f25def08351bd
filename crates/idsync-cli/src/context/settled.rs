//! What flags and environment variables say together.

use std::str::FromStr;

use idsync::Service;

use super::clock::ServiceClock;
use crate::args::{ConnectionArgs, EndpointArg};
use crate::failure::Failure;

pub(super) const REGION: &str = "IDSYNC_REGION";
pub(super) const ENDPOINT: &str = "IDSYNC_ENDPOINT";
pub(super) const CLOCK: &str = "IDSYNC_CLOCK";
/// The variable that names workspaces.
pub(super) const WORKSPACE: &str = "IDSYNC_WORKSPACE";

/// Flags and environment brought together: a flag beats a variable, and an empty variable counts as absent.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Settled {
    pub(super) region: Option<String>,
    pub(super) for_all: Option<String>,
    pub(super) for_one: Vec<(Service, String)>,
    pub(super) workspaces: Option<String>,
    pub(super) clock: Option<ServiceClock>,
}

impl Settled {
    /// Settles what `flags` and `environment` say.
    ///
    /// # Errors
    ///
    /// If a variable cannot be read.
    pub(super) fn new(
        flags: &ConnectionArgs,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, Failure> {
        let variable = |name: &str| environment(name).filter(|value| !value.trim().is_empty());
        let mut settled = Self {
            region: flags.reach.region.clone().or_else(|| variable(REGION)),
            workspaces: variable(WORKSPACE),
            clock: variable(CLOCK).map(|url| clock(&url)).transpose()?,
            ..Self::default()
        };
        // A flag for all services leaves nothing for the variable to say.
        if flags
            .reach
            .endpoint
            .iter()
            .all(|endpoint| endpoint.service.is_some())
            && let Some(list) = variable(ENDPOINT)
        {
            settled.add(listed(ENDPOINT, &list)?);
        }
        settled.add(flags.reach.endpoint.clone());
        Ok(settled)
    }

    /// Adds endpoints; a later one replaces an earlier one.
    fn add(&mut self, endpoints: Vec<EndpointArg>) {
        for EndpointArg { service, url } in endpoints {
            match service {
                Some(service) => self.for_one.push((service, url)),
                None => self.for_all = Some(url),
            }
        }
    }
}

fn clock(url: &str) -> Result<ServiceClock, Failure> {
    url.parse()
        .map_err(|error| Failure::usage(format!("{CLOCK}: {error}")))
}

/// The values of a variable that holds several, separated by commas.
///
/// # Errors
///
/// If one of them cannot be read; the variable is named.
pub(super) fn listed<T: FromStr<Err: std::fmt::Display>>(
    name: &str,
    list: &str,
) -> Result<Vec<T>, Failure> {
    let values = list
        .split(',')
        .map(str::trim)
        .filter(|value| !value.is_empty());
    values
        .map(|value| {
            value
                .parse()
                .map_err(|error| Failure::usage(format!("{name}: {error}")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(flags: &[&str], variables: &[(&str, &str)]) -> Settled {
        let mut args = ConnectionArgs::default();
        args.reach.endpoint = flags
            .iter()
            .map(|endpoint| endpoint.parse().unwrap())
            .collect();
        let get = |name: &str| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        Settled::new(&args, &get).unwrap()
    }

    #[test]
    fn an_endpoint_flag_for_all_services_beats_every_variable() {
        let settled = settled(
            &["https://flag"],
            &[(ENDPOINT, "https://all,dws=https://dws")],
        );
        assert_eq!(
            (settled.for_all.as_deref(), settled.for_one.len()),
            (Some("https://flag"), 0)
        );
    }

    #[test]
    fn an_endpoint_flag_for_one_service_leaves_the_variable_to_the_others() {
        let settled = settled(
            &["dws=https://flag"],
            &[(ENDPOINT, "https://all, dws=https://dws")],
        );
        assert_eq!(settled.for_all.as_deref(), Some("https://all"));
        assert_eq!(
            settled.for_one.last(),
            Some(&(Service::Dws, "https://flag".to_owned()))
        );
    }

    #[test]
    fn an_empty_variable_counts_as_absent() {
        assert_eq!(
            settled(&[], &[(REGION, ""), (ENDPOINT, " "), (WORKSPACE, "")]),
            Settled::default()
        );
    }

    #[test]
    fn a_wrong_variable_is_refused_by_its_name() {
        let get = |name: &str| (name == ENDPOINT).then(|| "obs=https://x".to_owned());
        let failure = Settled::new(&ConnectionArgs::default(), &get).unwrap_err();
        assert!(format!("{:?}", failure.cause).contains(ENDPOINT));
    }
}
