//! From a region, or an explicit endpoint, to the base URL of each service.

mod endpoints;
mod file;

use std::cell::LazyCell;

use url::Url;

use self::endpoints::ENDPOINTS;
use self::file::RegionsFile;
use crate::{Error, Service};

/// A source of environment variables, so that tests need not change the real one.
pub(crate) type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The variable that names the endpoint of IAM, in whichever region.
const IAM_ENDPOINT: &str = "HUAWEICLOUD_SDK_IAM_ENDPOINT";

/// What the caller said of endpoints; the rest comes from the environment, a file and the table.
#[derive(Clone, Debug, Default)]
pub(crate) struct EndpointChoice {
    pub(crate) region: Option<String>,
    pub(crate) for_all: Option<String>,
    pub(crate) for_one: Vec<(Service, String)>,
    pub(crate) from_files: Vec<WrittenEndpoint>,
    pub(crate) allow_plain_http: bool,
}

/// An endpoint that stands in a file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WrittenEndpoint {
    /// `None` if it is for all services.
    pub(crate) service: Option<Service>,
    pub(crate) url: String,
    /// Where it stands, for errors.
    pub(crate) origin: String,
}

/// The base URL of each service that has one, without a trailing slash.
#[derive(Clone, Debug)]
pub(crate) struct Endpoints([Result<Box<str>, Error>; 4]);

impl Endpoints {
    /// The base URL of `service`.
    pub(crate) fn get(&self, service: Service) -> Result<&str, Error> {
        self.0[index(service)].as_deref().map_err(Clone::clone)
    }
}

fn index(service: Service) -> usize {
    match service {
        Service::DataArts => 0,
        Service::Dws => 1,
        Service::Mrs => 2,
        Service::Iam => 3,
    }
}

impl EndpointChoice {
    /// Settles the endpoint of each service: one given for it, one given for all, the official SDKs' variable for
    /// service and region, one that stands in a profile, the SDKs' regions file, then the table. Of several in one
    /// place the first is used.
    ///
    /// # Errors
    ///
    /// A usage error if an endpoint given is not a usable URL, if the regions file is needed and not understood, or
    /// if not one service but IAM has an endpoint. That a single service has none is told when it is asked.
    pub(crate) fn settle(&self, environment: Environment<'_>) -> Result<Endpoints, Error> {
        let file = LazyCell::new(|| RegionsFile::find(environment));
        let settled = |service| self.settled(service, environment, &file);
        let [dataarts, dws, mrs] = Service::ALL;
        let settled = [
            settled(dataarts)?,
            settled(dws)?,
            settled(mrs)?,
            settled(Service::Iam)?,
        ];
        match settled {
            [Err(error), Err(_), Err(_), _] => Err(error),
            settled => Ok(Endpoints(settled)),
        }
    }

    /// The endpoint of one service; that there is none is the inner error.
    fn settled<F>(
        &self,
        service: Service,
        environment: Environment<'_>,
        file: &LazyCell<Result<Option<RegionsFile>, Error>, F>,
    ) -> Result<Result<Box<str>, Error>, Error>
    where
        F: FnOnce() -> Result<Option<RegionsFile>, Error>,
    {
        let named = self
            .given(service, environment)
            .or_else(|| self.written(service));
        let named = match named {
            Some(named) => Some(named),
            None => self.filed(service, file)?,
        };
        named.map_or_else(
            || Ok(self.tabled(service)),
            |(origin, text)| base_url(&text, &origin, self.allow_plain_http).map(Ok),
        )
    }

    /// An endpoint that stands in a profile: one for the service beats one for all.
    fn written(&self, service: Service) -> Option<(String, String)> {
        let find = |wanted| self.from_files.iter().find(|one| one.service == wanted);
        find(Some(service))
            .or_else(|| find(None))
            .map(|one| (one.origin.clone(), one.url.clone()))
    }

    /// An endpoint that the caller or the environment names, and where it comes from.
    fn given(&self, service: Service, environment: Environment<'_>) -> Option<(String, String)> {
        if let Some((_, url)) = self.for_one.iter().rev().find(|(one, _)| *one == service) {
            return Some((format!("the endpoint for {service}"), url.clone()));
        }
        if let Some(url) = &self.for_all {
            return Some(("the endpoint".into(), url.clone()));
        }
        if let (Service::Iam, Some(url)) = (service, environment(IAM_ENDPOINT)) {
            return Some((IAM_ENDPOINT.into(), url));
        }
        let region = self.region.as_ref()?.to_ascii_uppercase().replace('-', "_");
        let variable = format!("HUAWEICLOUD_SDK_REGION_{}_{region}", service.sdk_name());
        let value = environment(&variable)?;
        let first = value
            .split(',')
            .map(str::trim)
            .find(|url| !url.is_empty())?
            .to_owned();
        Some((variable, first))
    }

    /// An endpoint in the regions file, which is read when it is first needed.
    fn filed<F>(
        &self,
        service: Service,
        file: &LazyCell<Result<Option<RegionsFile>, Error>, F>,
    ) -> Result<Option<(String, String)>, Error>
    where
        F: FnOnce() -> Result<Option<RegionsFile>, Error>,
    {
        let Some(region) = self.region.as_deref() else {
            return Ok(None);
        };
        match LazyCell::force(file) {
            Ok(Some(file)) => file.endpoint(service, region),
            Ok(None) => Ok(None),
            Err(error) => Err(error.clone()),
        }
    }

    fn tabled(&self, service: Service) -> Result<Box<str>, Error> {
        let Some(region) = self.region.as_deref() else {
            return Err(Error::configuration(format!(
                "no region and no endpoint for {service}: give one of them"
            )));
        };
        let Some((_, row)) = ENDPOINTS.iter().find(|(known, _)| *known == region) else {
            return Err(Error::configuration(unknown_region(region)));
        };
        row[index(service)].map(Into::into).ok_or_else(|| {
            Error::configuration(format!(
                "no endpoint of {service} is known in region {region}; give the endpoint"
            ))
        })
    }
}

/// Names the regions that look like the one asked for, since most unknown regions are misspelt.
fn unknown_region(region: &str) -> String {
    let area = region.rsplit_once('-').map_or(region, |(area, _)| area);
    let near: Vec<_> = ENDPOINTS
        .iter()
        .map(|(known, _)| *known)
        .filter(|known| known.starts_with(area))
        .collect();
    let known = if near.is_empty() || area.is_empty() {
        ENDPOINTS.iter().map(|(known, _)| *known).collect()
    } else {
        near
    };
    format!(
        "the region {region:?} is not known; give an endpoint, or one of: {}",
        known.join(", ")
    )
}

/// Checks an endpoint and brings it to the form that paths are appended to.
pub(crate) fn base_url(
    text: &str,
    origin: &str,
    allow_plain_http: bool,
) -> Result<Box<str>, Error> {
    let refuse = |why: &str| Error::configuration(format!("{origin} {why}"));
    let url = Url::parse(text).map_err(|error| {
        refuse(&format!(
            "is not a URL ({error}): give https://HOST[:PORT][/PREFIX]"
        ))
    })?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("must not hold a user name or password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("must not hold a query or fragment"));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(refuse("names no host: give https://HOST[:PORT][/PREFIX]"));
    }
    match url.scheme() {
        "https" => {}
        "http" if allow_plain_http || is_loopback(&url) => {}
        "http" => {
            return Err(refuse(
                "is plain http, which would send credentials in the clear: use https",
            ));
        }
        other => return Err(refuse(&format!("has the scheme {other:?}: use https"))),
    }
    Ok(url.as_str().trim_end_matches('/').into())
}

pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests;
