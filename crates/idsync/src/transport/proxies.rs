//! Which proxies the environment names, read as curl reads it.

use std::fmt;

use reqwest::{NoProxy, Proxy};
use url::Url;

use crate::Error;
use crate::region::{Environment, is_loopback};

/// What is on this machine is never asked for through a proxy.
const LOOPBACK: &str = "localhost,127.0.0.0/8,::1";

/// The proxies for plain and for encrypted requests, and the hosts that need none.
///
/// `https_proxy`, `http_proxy`, `all_proxy` and `no_proxy`; each also in capitals except `http_proxy`, since a web
/// server sets `HTTP_PROXY` from a header of its callers. Proxies are asked by http or https.
#[derive(Clone, Default)]
pub(crate) struct Proxies {
    http: Option<Url>,
    https: Option<Url>,
    excepted: String,
}

impl Proxies {
    /// # Errors
    ///
    /// `Usage` if a variable holds no URL of a proxy. The value is not shown: it may hold a password.
    pub(crate) fn from_environment(environment: Environment<'_>) -> Result<Self, Error> {
        let named = |names: &[&'static str]| {
            let set = names
                .iter()
                .find_map(|name| Some((*name, environment(name)?)));
            set.map(|(name, value)| proxy(name, &value)).transpose()
        };
        let all = named(&["all_proxy", "ALL_PROXY"])?;
        let excepted = environment("no_proxy").or_else(|| environment("NO_PROXY"));
        let excepted = excepted.unwrap_or_default();
        if excepted.split(',').any(|host| host.trim() == "*") {
            return Ok(Self::default());
        }
        Ok(Self {
            http: named(&["http_proxy"])?.or_else(|| all.clone()),
            https: named(&["https_proxy", "HTTPS_PROXY"])?.or(all),
            excepted,
        })
    }

    /// The host of the proxy that `url` is asked through. Of the excepted hosts, names and their subdomains are known;
    /// networks are left to the HTTP library.
    pub(crate) fn host_for(&self, url: &Url) -> Option<&str> {
        let proxy = if url.scheme() == "https" {
            &self.https
        } else {
            &self.http
        };
        let host = url.host_str().unwrap_or_default();
        let is_excepted = self.excepted.split(',').any(|name| {
            let name = name.trim().trim_start_matches('.');
            let rest = host.strip_suffix(name);
            !name.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        });
        let proxy = proxy.as_ref().filter(|_| !is_excepted && !is_loopback(url));
        proxy.and_then(Url::host_str)
    }

    /// As the HTTP library wants them.
    pub(super) fn rules(&self) -> Result<Vec<Proxy>, Error> {
        let excepted = NoProxy::from_string(&format!("{LOOPBACK},{}", self.excepted));
        let http = self.http.clone().map(Proxy::http);
        let https = self.https.clone().map(Proxy::https);
        http.into_iter()
            .chain(https)
            .map(|rule| {
                rule.map(|rule| rule.no_proxy(excepted.clone()))
                    .map_err(|_| Error::configuration("a proxy of the environment cannot be used"))
            })
            .collect()
    }
}

fn proxy(name: &str, value: &str) -> Result<Url, Error> {
    let text = if value.contains("://") {
        value.to_owned()
    } else {
        format!("http://{value}")
    };
    let url = Url::parse(&text).map_err(|error| {
        Error::configuration(format!(
            "the variable {name} is not the URL of a proxy ({error}): set http://HOST:PORT, or unset it"
        ))
    })?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        other => Err(Error::configuration(format!(
            "the variable {name} names a proxy of the kind {other:?}; only http and https are supported"
        ))),
    }
}

/// Shows where the proxies are, without the passwords that their URLs may hold.
impl fmt::Debug for Proxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = |url: &Option<Url>| url.as_ref().and_then(Url::host_str).map(str::to_owned);
        f.debug_struct("Proxies")
            .field("http", &host(&self.http))
            .field("https", &host(&self.https))
            .field("excepted", &self.excepted)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Proxies, Error> {
        Proxies::from_environment(&|wanted| {
            let found = variables.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    fn hosts(variables: &[(&str, &str)]) -> [Option<String>; 2] {
        let Proxies { http, https, .. } = read(variables).unwrap();
        [http, https].map(|url| url.and_then(|url| url.host_str().map(str::to_owned)))
    }

    #[test]
    fn a_host_that_is_excepted_or_here_is_asked_without_a_proxy() {
        let proxies = read(&[
            ("https_proxy", "http://proxy.example:1"),
            ("no_proxy", "internal, .corp.example"),
        ])
        .unwrap();
        for (url, expected) in [
            ("https://dws.example/x", Some("proxy.example")),
            ("http://dws.example/x", None),
            ("https://internal/x", None),
            ("https://a.corp.example/x", None),
            ("https://xcorp.example/x", Some("proxy.example")),
            ("https://127.0.0.1/x", None),
        ] {
            assert_eq!(proxies.host_for(&url.parse().unwrap()), expected, "{url}");
        }
    }

    #[test]
    fn lower_case_beats_capitals_and_one_for_a_scheme_beats_one_for_all() {
        let both = |http: Option<&str>, https: Option<&str>| {
            [http.map(str::to_owned), https.map(str::to_owned)]
        };
        for (variables, expected) in [
            (&[][..], both(None, None)),
            (&[("HTTPS_PROXY", "http://a:1")], both(None, Some("a"))),
            (
                &[("HTTPS_PROXY", "b:1"), ("https_proxy", "a:1")],
                both(None, Some("a")),
            ),
            (&[("HTTP_PROXY", "http://a:1")], both(None, None)),
            (&[("http_proxy", "http://a:1")], both(Some("a"), None)),
            (&[("ALL_PROXY", "a")], both(Some("a"), Some("a"))),
            (
                &[("ALL_PROXY", "a"), ("https_proxy", "https://b")],
                both(Some("a"), Some("b")),
            ),
            (
                &[("ALL_PROXY", "a"), ("NO_PROXY", "x, *")],
                both(None, None),
            ),
        ] {
            assert_eq!(hosts(variables), expected, "{variables:?}");
        }
    }

    #[test]
    fn what_is_no_proxy_is_refused_by_the_name_of_its_variable_only() {
        for (value, reason) in [
            ("socks5://user:SECRET@a:1", "socks5"),
            ("http://user:SECRET@:1", "not the URL"),
            ("http://user:SECRET@a:99999", "not the URL"),
        ] {
            let error = read(&[("https_proxy", value)]).unwrap_err().to_string();
            assert!(
                error.contains("https_proxy") && error.contains(reason),
                "{error}"
            );
            assert!(!error.contains("SECRET"), "{error}");
        }
    }

    #[test]
    fn a_password_is_not_shown() {
        let proxies = read(&[("all_proxy", "http://user:SECRET@a:1")]).unwrap();
        assert!(!format!("{proxies:?}").contains("SECRET"));
        assert_eq!(proxies.rules().unwrap().len(), 2);
    }
}
