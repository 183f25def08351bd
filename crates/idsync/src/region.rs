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
            return Err(Error::usage(format!(
                "no region and no endpoint for {service}: give one of them"
            )));
        };
        let Some((_, row)) = ENDPOINTS.iter().find(|(known, _)| *known == region) else {
            return Err(Error::usage(unknown_region(region)));
        };
        row[index(service)].map(Into::into).ok_or_else(|| {
            Error::usage(format!(
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
    let refuse = |why: &str| Error::usage(format!("{origin} {why}"));
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
mod tests {
    use super::*;

    fn nothing(_: &str) -> Option<String> {
        None
    }

    fn in_region(region: &str) -> EndpointChoice {
        EndpointChoice {
            region: Some(region.into()),
            ..EndpointChoice::default()
        }
    }

    #[test]
    fn a_region_gives_the_hosts_of_the_table_even_where_they_are_irregular() {
        let endpoints = in_region("eu-west-101").settle(&nothing).unwrap();
        assert_eq!(
            endpoints.get(Service::DataArts).unwrap(),
            "https://dayu.eu-west-101.myhuaweicloud.com"
        );
        assert_eq!(
            endpoints.get(Service::Dws).unwrap(),
            "https://dws.eu-west-101.myhuaweicloud.eu"
        );
    }

    #[test]
    fn an_endpoint_for_one_service_beats_one_for_all_beats_the_variable_beats_the_table() {
        let variable = |name: &str| {
            (name == "HUAWEICLOUD_SDK_REGION_MRS_CN_NORTH_4")
                .then(|| " https://variable.example , https://second.example".into())
        };
        let mut choice = in_region("cn-north-4");
        assert_eq!(
            choice.settle(&variable).unwrap().get(Service::Mrs).unwrap(),
            "https://variable.example"
        );
        choice.for_all = Some("https://all.example/prefix/".into());
        assert_eq!(
            choice.settle(&variable).unwrap().get(Service::Mrs).unwrap(),
            "https://all.example/prefix"
        );
        choice
            .for_one
            .push((Service::Mrs, "https://one.example".into()));
        let endpoints = choice.settle(&variable).unwrap();
        assert_eq!(endpoints.get(Service::Mrs).unwrap(), "https://one.example");
        assert_eq!(
            endpoints.get(Service::Dws).unwrap(),
            "https://all.example/prefix"
        );
    }

    #[test]
    fn the_variable_beats_the_regions_file_which_beats_the_table_and_is_read_only_if_needed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("regions.yaml");
        let text = "{DWS: [{id: cn-north-4, endpoint: 'https://file.example'}], MRS: [{id: cn-north-4, endpoint: x}]}";
        std::fs::write(&path, text).unwrap();
        let environment = |name: &str| match name {
            "HUAWEICLOUD_SDK_REGIONS_FILE" => Some(path.to_str().unwrap().to_owned()),
            "HUAWEICLOUD_SDK_REGION_MRS_CN_NORTH_4" => Some("https://variable.example".into()),
            _ => None,
        };
        let endpoints = in_region("cn-north-4").settle(&environment).unwrap();
        let of = |service| endpoints.get(service).unwrap();
        assert_eq!(of(Service::Mrs), "https://variable.example");
        assert_eq!(of(Service::Dws), "https://file.example");
        assert_eq!(
            of(Service::DataArts),
            "https://dayu.cn-north-4.myhuaweicloud.com"
        );
        std::fs::write(&path, "[").unwrap();
        assert!(in_region("cn-north-4").settle(&environment).is_err());
        let mut choice = in_region("cn-north-4");
        choice.for_all = Some("https://all.example".into());
        assert!(choice.settle(&environment).is_ok());
    }

    #[test]
    fn an_unknown_region_is_told_with_near_matches() {
        let error = in_region("cn-north-40")
            .settle(&nothing)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("cn-north-40") && error.contains("cn-north-4,"),
            "{error}"
        );
        assert!(!error.contains("eu-west"), "{error}");
        let error = in_region("mars").settle(&nothing).unwrap_err().to_string();
        assert!(error.contains("eu-west-101"), "{error}");
    }

    #[test]
    fn a_service_without_an_endpoint_is_told_only_when_asked() {
        let choice = EndpointChoice {
            for_one: vec![(Service::Dws, "https://d.example".into())],
            ..Default::default()
        };
        let endpoints = choice.settle(&nothing).unwrap();
        assert!(endpoints.get(Service::Dws).is_ok());
        assert!(
            endpoints
                .get(Service::Mrs)
                .unwrap_err()
                .to_string()
                .contains("mrs")
        );
    }

    #[test]
    fn iam_has_a_variable_of_its_own_and_an_endpoint_for_all_covers_it() {
        let variable =
            |name: &str| (name == IAM_ENDPOINT).then(|| "https://iam.example".to_owned());
        let mut choice = in_region("eu-west-101");
        let iam = |choice: &EndpointChoice, environment: Environment<'_>| {
            let endpoints = choice.settle(environment).unwrap();
            endpoints.get(Service::Iam).unwrap().to_owned()
        };
        assert_eq!(
            iam(&choice, &nothing),
            "https://iam.eu-west-101.myhuaweicloud.eu"
        );
        assert_eq!(iam(&choice, &variable), "https://iam.example");
        choice.for_all = Some("https://all.example".into());
        assert_eq!(iam(&choice, &variable), "https://all.example");
        choice
            .for_one
            .push((Service::Iam, "https://one.example".into()));
        assert_eq!(iam(&choice, &variable), "https://one.example");
    }

    #[test]
    fn an_endpoint_from_a_file_beats_the_table_and_nothing_else() {
        let written = |service, url: &str| WrittenEndpoint {
            service,
            url: url.into(),
            origin: "the file".into(),
        };
        let mut choice = in_region("cn-north-4");
        choice.from_files = vec![
            written(None, "https://all.file"),
            written(Some(Service::Dws), "https://dws.file"),
        ];
        let variable = |name: &str| {
            (name == "HUAWEICLOUD_SDK_REGION_MRS_CN_NORTH_4")
                .then(|| "https://mrs.variable".to_owned())
        };
        let endpoints = choice.settle(&variable).unwrap();
        assert_eq!(endpoints.get(Service::Dws).unwrap(), "https://dws.file");
        assert_eq!(endpoints.get(Service::Iam).unwrap(), "https://all.file");
        assert_eq!(endpoints.get(Service::Mrs).unwrap(), "https://mrs.variable");
    }

    #[test]
    fn an_endpoint_that_is_unsafe_or_no_url_is_refused_with_the_reason() {
        for (bad, reason) in [
            ("dws.example", "is not a URL"),
            ("ftp://dws.example", "scheme"),
            ("http://dws.example", "plain http"),
            ("http://127.0.0.1.example", "plain http"),
            ("https://user:pw@dws.example", "password"),
            ("https://dws.example/?x=1", "query"),
            ("https://", "is not a URL"),
        ] {
            let error = base_url(bad, "the endpoint", false)
                .unwrap_err()
                .to_string();
            assert!(
                error.contains(reason) && !error.contains("pw"),
                "{bad}: {error}"
            );
        }
    }

    #[test]
    fn plain_http_is_allowed_on_this_machine_or_by_choice() {
        for good in [
            "http://127.0.0.1:8080",
            "http://[::1]:1",
            "http://localhost",
        ] {
            assert_eq!(&*base_url(good, "x", false).unwrap(), good);
        }
        assert!(base_url("http://dws.example", "x", true).is_ok());
    }

    #[test]
    fn the_table_is_sorted_and_every_row_is_usable() {
        assert!(ENDPOINTS.is_sorted_by_key(|(region, _)| *region));
        for (region, row) in ENDPOINTS {
            for url in row.iter().flatten() {
                assert_eq!(&*base_url(url, region, false).unwrap(), *url);
            }
        }
    }
}
