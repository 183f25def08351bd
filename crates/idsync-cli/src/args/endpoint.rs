//! Where a service is reached.

use std::str::FromStr;

use idsync::Service;

/// An endpoint: a URL for all services, or `service=URL` for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EndpointArg {
    /// The service it is for; all where there is none.
    pub(crate) service: Option<Service>,
    /// The base URL, to be checked by the client.
    pub(crate) url: String,
}

impl FromStr for EndpointArg {
    type Err = String;

    /// Reads `URL` or `SERVICE=URL`.
    ///
    /// # Errors
    ///
    /// A sentence, if there is no URL or the service is not known.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (service, url) = match text.split_once('=') {
            // Behind a scheme, `=` belongs to the URL.
            Some((name, url)) if !name.contains("://") => (Some(service(name.trim())?), url.trim()),
            _ => (None, text),
        };
        if url.is_empty() {
            return Err("give a URL, such as https://dws.example.com".to_owned());
        }
        Ok(Self {
            service,
            url: url.to_owned(),
        })
    }
}

fn service(name: &str) -> Result<Service, String> {
    let services = || Service::ALL.into_iter().chain([Service::Iam]);
    let known = services().find(|service| service.as_str() == name.to_ascii_lowercase());
    known.ok_or_else(|| {
        let names: Vec<_> = services().map(Service::as_str).collect();
        let names = names.join(", ");
        format!("{name:?} is not a service; give one of {names}, or a URL alone")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(Option<Service>, String), String> {
        text.parse::<EndpointArg>()
            .map(|endpoint| (endpoint.service, endpoint.url))
    }

    #[test]
    fn an_endpoint_is_for_all_services_or_for_the_one_named() {
        assert_eq!(
            read("https://a.example"),
            Ok((None, "https://a.example".into()))
        );
        assert_eq!(
            read("dws=https://a.example/x?y=z"),
            Ok((Some(Service::Dws), "https://a.example/x?y=z".into()))
        );
        assert_eq!(
            read("DataArts=http://127.0.0.1:1"),
            Ok((Some(Service::DataArts), "http://127.0.0.1:1".into()))
        );
        assert_eq!(
            read("https://a.example/x?y=z"),
            Ok((None, "https://a.example/x?y=z".into()))
        );
    }

    #[test]
    fn an_unknown_service_is_refused_with_the_known_ones() {
        assert!(
            read("dsw=https://a.example")
                .unwrap_err()
                .contains("dataarts, dws, mrs, iam")
        );
        assert!(read("mrs=").unwrap_err().contains("give a URL"));
        assert!(read("").unwrap_err().contains("give a URL"));
    }
}
