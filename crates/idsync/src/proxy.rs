//! Which proxy a request goes through.

use std::fmt;

use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

use crate::Error;
use crate::config::Environment;

/// Addresses of this machine are never reached through a proxy.
const LOOPBACK: &str = "localhost,127.0.0.0/8,::1";

/// Stands for any proxy where only the exceptions matter.
const SOME_PROXY: &str = "http://proxy.invalid";

/// The proxies for plain and for encrypted requests, and the hosts that are reached without one.
///
/// `https_proxy`, `http_proxy`, `all_proxy` and `no_proxy`; each also in capitals, except `http_proxy`, since web
/// servers set `HTTP_PROXY` from a header of their callers. What `no_proxy` means is documented at
/// [`ClientBuilder::no_proxy`](crate::ClientBuilder::no_proxy).
#[derive(Debug)]
pub(crate) struct Proxies {
    http: Option<Result<Proxy, Error>>,
    https: Option<Result<Proxy, Error>>,
    /// Knows the hosts that are reached without a proxy.
    matcher: Matcher,
}

/// One proxy, and where it is set.
#[derive(Clone)]
pub(crate) struct Proxy {
    /// With user and password.
    pub(crate) url: Url,
    origin: &'static str,
}

impl Proxies {
    /// Reads from the variables what is not given: the proxy for all requests, and the hosts that need none. A proxy that
    /// cannot be used is an error only where it would be used.
    pub(crate) fn new(
        given: Option<&Result<Proxy, Error>>,
        exceptions: Option<&str>,
        environment: Environment<'_>,
    ) -> Self {
        let first = |names: &[&'static str]| {
            let mut names = names.iter();
            names.find_map(|name| Some((environment(name)?, *name)))
        };
        let proxy = |names| {
            let found = || first(names).map(|(url, origin)| Proxy::new(&url, origin));
            given.cloned().or_else(found)
        };
        let exceptions = exceptions.map(str::to_owned);
        let exceptions = exceptions.or_else(|| Some(first(&["no_proxy", "NO_PROXY"])?.0));
        let exceptions = exceptions.unwrap_or_default();
        // `*.example.com` means what `.example.com` means: the matcher knows no asterisk before a domain, and would send the
        // requests to the proxy.
        let exceptions = exceptions.split(',').map(str::trim).map(|entry| {
            let domain = entry.strip_prefix('*');
            domain.filter(|it| it.starts_with('.')).unwrap_or(entry)
        });
        let exceptions: Vec<_> = exceptions.collect();
        let matcher = Matcher::builder()
            .all(SOME_PROXY)
            .no(format!("{LOOPBACK},{}", exceptions.join(",")))
            .build();
        Self {
            http: proxy(&["http_proxy", "all_proxy", "ALL_PROXY"]),
            https: proxy(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]),
            matcher,
        }
    }

    /// The proxy for `url`, or why it cannot be used.
    pub(crate) fn lookup(&self, url: &Url) -> Option<Result<&Proxy, &Error>> {
        let proxy = match url.scheme() {
            "https" => self.https.as_ref()?,
            _ => self.http.as_ref()?,
        };
        let uri = url.as_str().parse().ok()?;
        let is_proxied = self.matcher.intercept(&uri).is_some();
        is_proxied.then_some(proxy.as_ref())
    }

    /// The proxy for `url`, if there is one that can be used.
    pub(crate) fn of(&self, url: &Url) -> Option<&Proxy> {
        self.lookup(url)?.ok()
    }
}

impl Proxy {
    /// # Errors
    ///
    /// `Configuration` if `text` is not the URL of an http or https proxy. The text is not shown: it may contain a
    /// password.
    pub(crate) fn new(text: &str, origin: &'static str) -> Result<Self, Error> {
        let text = if text.contains("://") {
            text.to_owned()
        } else {
            format!("http://{text}")
        };
        let is_usable = |url: &Url| {
            let has_more = url.query().is_some() || url.fragment().is_some();
            matches!(url.scheme(), "http" | "https") && matches!(url.path(), "" | "/") && !has_more
        };
        let url = Url::parse(&text).ok().filter(is_usable).ok_or_else(|| {
            Error::configuration(format!(
                "the proxy in {origin} is not of the form http://[USER:PASSWORD@]HOST:PORT or https://…: correct it or unset \
                 it, and write `#`, `/` and `?` in user and password as %23, %2F and %3F"
            ))
        })?;
        Ok(Self { url, origin })
    }
}

/// Its address without user and password, and where it is set.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.url.host_str().unwrap_or_default();
        write!(f, "{}://{host}", self.url.scheme())?;
        if let Some(port) = self.url.port() {
            write!(f, ":{port}")?;
        }
        write!(f, " ({})", self.origin)
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Proxies {
        Proxies::new(None, None, &|wanted| {
            let found = variables.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    fn of(proxies: &Proxies, url: &str) -> Option<String> {
        let proxy = proxies.lookup(&url.parse().unwrap())?;
        Some(proxy.unwrap().to_string())
    }

    #[test]
    fn the_hosts_of_no_proxy_and_loopback_need_no_proxy() {
        let proxies = read(&[
            ("https_proxy", "http://user:SECRET@proxy.example:3128"),
            (
                "no_proxy",
                "internal, .corp.example,10.0.0.0/8, *.star.example",
            ),
        ]);
        let proxy = Some("http://proxy.example:3128 (https_proxy)".to_owned());
        for (url, expected) in [
            ("https://dws.example/x", proxy.clone()),
            ("https://xcorp.example/x", proxy),
            ("http://dws.example/x", None),
            ("https://internal/x", None),
            ("https://a.corp.example/x", None),
            ("https://a.star.example/x", None),
            ("https://10.1.2.3/x", None),
            ("https://127.0.0.1/x", None),
            ("https://[::1]/x", None),
        ] {
            assert_eq!(of(&proxies, url), expected, "{url}");
        }
    }

    #[test]
    fn lower_case_beats_capitals_and_one_for_a_scheme_beats_one_for_all() {
        for (variables, http, https) in [
            (
                &[("HTTPS_PROXY", "http://a:1")][..],
                None,
                Some("HTTPS_PROXY"),
            ),
            (
                &[("HTTPS_PROXY", "b:1"), ("https_proxy", "a:1")],
                None,
                Some("https_proxy"),
            ),
            (&[("HTTP_PROXY", "http://a:1")], None, None),
            (&[("http_proxy", "http://a:1")], Some("http_proxy"), None),
            (
                &[("ALL_PROXY", "a"), ("https_proxy", "https://b")],
                Some("ALL_PROXY"),
                Some("https_proxy"),
            ),
            (&[("ALL_PROXY", "a"), ("NO_PROXY", "x, *")], None, None),
        ] {
            let proxies = read(variables);
            for (url, origin) in [("http://h.example", http), ("https://h.example", https)] {
                let shown = of(&proxies, url);
                let found = shown
                    .as_deref()
                    .and_then(|shown| shown.split(['(', ')']).nth(1));
                assert_eq!(found, origin, "{variables:?}");
            }
        }
    }

    #[test]
    fn an_unusable_proxy_is_refused_by_the_name_of_its_variable_where_it_would_be_used() {
        for value in [
            "socks5://user:SECRET@a:1",
            "http://user:SECRET@:1",
            "http://user:SECRET@a:99999",
            "http://user:12#SECRET@a:1",
            "http://user:12/SECRET@a:1",
            "http://user:12?SECRET@a:1",
            "http://a:1/pac",
        ] {
            let proxies = read(&[("all_proxy", value)]);
            let refused = proxies.lookup(&"https://h.example".parse().unwrap());
            let error = refused.unwrap().unwrap_err().to_string();
            assert!(error.contains("all_proxy"), "{error}");
            assert!(
                !format!("{error} {proxies:?}").contains("SECRET"),
                "{error}"
            );
            assert_eq!(of(&proxies, "http://127.0.0.1:1"), None);
        }
    }
}
