//! The services, and where each of them answers.

use url::Url;

use crate::config::{Environment, nearest};
use crate::{Error, words};

words! {
    /// A Huawei Cloud service that takes part in identity synchronization, or authenticates its callers.
    #[derive(PartialOrd, Ord)]
    #[cfg_attr(feature = "schemars", schemars(transform = crate::open_words))]
    Service {
        /// DataArts Studio, which pushes users and groups into MRS and DWS clusters.
        DataArts = "dataarts",
        /// Data Warehouse Service, which pulls identities from LDAP or OneAccess.
        Dws = "dws",
        /// MapReduce Service, which copies IAM users into a cluster.
        Mrs = "mrs",
        /// Identity and Access Management, which issues tokens and knows the projects.
        Iam = "iam",
    }
}

impl Service {
    /// Every service.
    pub const ALL: [Self; 4] = [Self::DataArts, Self::Dws, Self::Mrs, Self::Iam];

    /// The services that synchronize identities, in the order in which a report asks them.
    pub const SYNCHRONIZING: [Self; 3] = [Self::DataArts, Self::Dws, Self::Mrs];
}

/// The variable that names the endpoint of IAM in every region.
const IAM_ENDPOINT: &str = "HUAWEICLOUD_SDK_IAM_ENDPOINT";

/// Which endpoints the caller and the files name.
#[derive(Clone, Debug, Default)]
pub(crate) struct EndpointSettings {
    pub(crate) region: Option<String>,
    /// By the caller; an earlier one beats a later one, as in `written`.
    pub(crate) given: Vec<EndpointSetting>,
    /// In files.
    pub(crate) written: Vec<EndpointSetting>,
    pub(crate) allow_plain_http: bool,
}

/// One configured endpoint.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EndpointSetting {
    /// `None` if it is for all services.
    pub(crate) service: Option<Service>,
    pub(crate) url: String,
    /// Where it is set, for errors.
    pub(crate) origin: String,
}

/// The base URL of each service without a trailing slash, or why it has none, in the order of [`Service::ALL`].
pub(crate) type Endpoints = [Result<Box<str>, Error>; 4];

impl EndpointSettings {
    /// Determines the endpoint of each service. The first of these counts, and of several URLs in one place the first:
    ///
    /// 1. what the caller gave for the service, then for all services
    /// 2. the variable `HUAWEICLOUD_SDK_IAM_ENDPOINT` for IAM
    /// 3. the variable of the official SDKs for service and region
    /// 4. what a file says for the service, then for all services
    /// 5. the table by region
    ///
    /// # Errors
    ///
    /// `Configuration` if a named endpoint is not a usable URL, or if no service but IAM has an endpoint. That a single
    /// service has none is an error when it is called.
    pub(crate) fn resolve(&self, environment: Environment<'_>) -> Result<Endpoints, Error> {
        let resolve = |service| {
            let find = |settings: &[EndpointSetting]| {
                let of = |wanted| settings.iter().find(|one| one.service == wanted);
                of(Some(service)).or_else(|| of(None)).cloned()
            };
            let named = find(&self.given)
                .or_else(|| self.in_environment(service, environment))
                .or_else(|| find(&self.written));
            match named {
                Some(EndpointSetting { url, origin, .. }) => {
                    base_url(&url, &origin, self.allow_plain_http).map(Ok)
                }
                None => Ok(self.by_region(service)),
            }
        };
        let [dataarts, dws, mrs, iam] = Service::ALL.map(resolve);
        match [dataarts?, dws?, mrs?, iam?] {
            [Err(error), Err(_), Err(_), _] => Err(error),
            endpoints => Ok(endpoints),
        }
    }

    fn in_environment(
        &self,
        service: Service,
        environment: Environment<'_>,
    ) -> Option<EndpointSetting> {
        let iam = (service == Service::Iam).then(|| IAM_ENDPOINT.to_owned());
        let name = match service {
            Service::DataArts => "dataartsstudio",
            other => other.as_str(),
        };
        let regional = self.region.as_ref().map(|region| {
            let variable = format!("huaweicloud_sdk_region_{name}_{region}");
            variable.to_ascii_uppercase().replace('-', "_")
        });
        iam.into_iter().chain(regional).find_map(|origin| {
            let urls = environment(&origin)?;
            let mut urls = urls.split(',').map(str::trim);
            let url = urls.find(|url| !url.is_empty())?.to_owned();
            Some(EndpointSetting {
                service: Some(service),
                url,
                origin,
            })
        })
    }

    fn by_region(&self, service: Service) -> Result<Box<str>, Error> {
        let Some(region) = self.region.as_deref() else {
            return Err(Error::configuration(format!(
                "no region and no endpoint for {service}: give one of them"
            )));
        };
        let Some((_, domains)) = REGIONS.iter().find(|(known, _)| *known == region) else {
            // Most unknown regions are misspelt.
            let all = || regions().collect::<Vec<_>>().join(", ");
            let advice = match nearest(region, regions()) {
                Some(near) => format!("did you mean {near}? Otherwise give an endpoint"),
                None => format!("give an endpoint, or one of: {}", all()),
            };
            return Err(Error::configuration(format!(
                "the region {region:?} is not known; {advice}"
            )));
        };
        match domains[service as usize] {
            "" => Err(Error::configuration(format!(
                "no endpoint of {service} is known in region {region}; give the endpoint"
            ))),
            domain => {
                let label = match service {
                    Service::DataArts => "dayu",
                    other => other.as_str(),
                };
                Ok(format!("https://{label}.{region}.myhuaweicloud.{domain}").into())
            }
        }
    }
}

/// The regions whose endpoints are known, such as `cn-north-4`.
pub fn regions() -> impl Iterator<Item = &'static str> + Clone {
    REGIONS.iter().map(|(region, _)| *region)
}

/// Checks an endpoint and brings it into the form that paths are appended to.
///
/// # Errors
///
/// `Configuration`, with `origin` and without the URL, which may hold a password.
pub(crate) fn base_url(
    text: &str,
    origin: &str,
    allow_plain_http: bool,
) -> Result<Box<str>, Error> {
    let is_usable = |url: &Url| {
        let has_user = !url.username().is_empty() || url.password().is_some();
        let has_more = url.query().is_some() || url.fragment().is_some();
        matches!(url.scheme(), "http" | "https") && !has_user && !has_more
    };
    let url = Url::parse(text).ok().filter(is_usable).ok_or_else(|| {
        Error::configuration(format!(
            "{origin} is not of the form https://HOST[:PORT][/PREFIX], without user, password and query"
        ))
    })?;
    let is_loopback = match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    if url.scheme() == "http" && !allow_plain_http && !is_loopback {
        return Err(Error::configuration(format!(
            "{origin} is plain http, which would send credentials in the clear: use https"
        )));
    }
    Ok(url.as_str().trim_end_matches('/').into())
}

/// The URL of `path`, which may have a query, below a base URL.
///
/// # Errors
///
/// `Configuration`, which a checked base URL never gives.
pub(crate) fn join(base_url: &str, path: &str) -> Result<Url, Error> {
    Url::parse(&format!("{base_url}{path}"))
        .map_err(|error| Error::configuration("an endpoint gives no usable URL").with_source(error))
}

/// Region id, then the top-level domains of DataArts Studio, DWS, MRS and IAM there; empty where a service has no
/// endpoint. From the tables of the official Python and Go SDKs, which agree. Sorted by region.
const REGIONS: &[(&str, [&str; 4])] = &[
    ("ae-ad-1", ["com", "com", "com", "com"]),
    ("af-north-1", ["", "com", "com", ""]),
    ("af-south-1", ["com", "com", "com", "com"]),
    ("ap-southeast-1", ["com", "com", "cn", "com"]),
    ("ap-southeast-2", ["com", "com", "com", "com"]),
    ("ap-southeast-3", ["com", "com", "com", "com"]),
    ("ap-southeast-4", ["com", "cn", "cn", "com"]),
    ("ap-southeast-5", ["", "com", "com", ""]),
    ("cn-east-2", ["com", "com", "com", "com"]),
    ("cn-east-3", ["com", "com", "com", "com"]),
    ("cn-east-4", ["com", "cn", "com", "com"]),
    ("cn-east-5", ["", "com", "com", "com"]),
    ("cn-north-1", ["com", "com", "com", "com"]),
    ("cn-north-11", ["com", "com", "com", ""]),
    ("cn-north-12", ["", "cn", "com", "com"]),
    ("cn-north-2", ["com", "com", "com", "com"]),
    ("cn-north-4", ["com", "com", "com", "com"]),
    ("cn-north-9", ["com", "com", "com", "com"]),
    ("cn-south-1", ["com", "com", "com", "com"]),
    ("cn-south-4", ["", "cn", "com", ""]),
    ("cn-southwest-2", ["com", "com", "com", "com"]),
    ("cn-southwest-3", ["", "com", "com", ""]),
    ("eu-west-0", ["", "", "com", "com"]),
    ("eu-west-101", ["com", "eu", "eu", "eu"]),
    ("la-north-2", ["com", "com", "com", "com"]),
    ("la-south-2", ["com", "com", "com", "com"]),
    ("me-east-1", ["com", "com", "com", "com"]),
    ("my-kualalumpur-1", ["com", "com", "com", "com"]),
    ("na-mexico-1", ["com", "com", "com", "com"]),
    ("ru-moscow-1", ["com", "com", "com", "com"]),
    ("ru-northwest-2", ["com", "", "cn", ""]),
    ("sa-brazil-1", ["com", "com", "com", "com"]),
    ("tr-west-1", ["com", "cn", "com", "com"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn in_region(region: &str) -> EndpointSettings {
        EndpointSettings {
            region: Some(region.into()),
            ..EndpointSettings::default()
        }
    }

    fn setting(service: Option<Service>, url: &str) -> EndpointSetting {
        EndpointSetting {
            service,
            url: url.into(),
            origin: "the endpoint".into(),
        }
    }

    fn resolved(settings: &EndpointSettings, service: Service) -> String {
        let variable = |name: &str| {
            (name == "HUAWEICLOUD_SDK_REGION_MRS_CN_NORTH_4")
                .then(|| " , https://variable.example , https://second.example".into())
        };
        let endpoints = settings.resolve(&variable).unwrap();
        endpoints[service as usize].clone().unwrap().into()
    }

    #[test]
    fn a_region_gives_the_hosts_of_the_table_even_where_they_are_irregular() {
        let settings = in_region("eu-west-101");
        for (service, url) in [
            (
                Service::DataArts,
                "https://dayu.eu-west-101.myhuaweicloud.com",
            ),
            (Service::Dws, "https://dws.eu-west-101.myhuaweicloud.eu"),
        ] {
            assert_eq!(resolved(&settings, service), url);
        }
    }

    #[test]
    fn the_caller_beats_the_variable_which_beats_a_file_which_beats_the_table() {
        let mut settings = in_region("cn-north-4");
        settings.written = vec![
            setting(Some(Service::Dws), "https://file.example"),
            setting(None, "https://all.file.example"),
        ];
        assert_eq!(
            resolved(&settings, Service::Mrs),
            "https://variable.example"
        );
        assert_eq!(resolved(&settings, Service::Dws), "https://file.example");
        assert_eq!(
            resolved(&settings, Service::Iam),
            "https://all.file.example"
        );
        settings.given = vec![
            setting(Some(Service::Mrs), "https://one.example"),
            setting(None, "https://all.example/prefix/"),
        ];
        assert_eq!(resolved(&settings, Service::Mrs), "https://one.example");
        assert_eq!(
            resolved(&settings, Service::Dws),
            "https://all.example/prefix"
        );
    }

    #[test]
    fn the_error_of_a_misspelt_region_suggests_the_nearest_one() {
        for (region, advice) in [
            ("cn-nroth-4", "did you mean cn-north-4?"),
            ("mars", "ae-ad-1, af-north-1"),
        ] {
            let error = in_region(region).resolve(&|_| None).unwrap_err();
            assert!(error.to_string().contains(advice), "{error}");
        }
    }

    #[test]
    fn a_region_without_one_service_serves_the_others() {
        let endpoints = in_region("ru-northwest-2").resolve(&|_| None).unwrap();
        assert!(endpoints[Service::Mrs as usize].is_ok());
        let error = endpoints[Service::Dws as usize].as_ref().unwrap_err();
        let error = error.to_string();
        assert!(error.contains("no endpoint of dws"), "{error}");
    }

    #[test]
    fn an_unusable_endpoint_is_refused_by_its_origin_and_never_shown() {
        for (url, reason) in [
            ("h.example", "the form"),
            ("https://u:SECRET@h.example", "the form"),
            ("https://h.example/?a=SECRET", "the form"),
            ("http://h.example", "plain http"),
            ("ftp://h.example", "the form"),
        ] {
            let error = base_url(url, "IDSYNC_ENDPOINT", false).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(
                shown.contains(reason) && shown.contains("IDSYNC_ENDPOINT"),
                "{shown}"
            );
            assert!(!shown.contains("SECRET"), "{shown}");
        }
        for url in ["http://127.0.0.1:1/", "http://[::1]:1", "http://localhost"] {
            assert!(base_url(url, "x", false).is_ok(), "{url}");
        }
        assert!(base_url("http://h.example", "x", true).is_ok());
    }
}
