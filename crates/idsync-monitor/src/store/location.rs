//! Where a history is.

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use url::form_urlencoded;

use crate::MonitorError;

/// Timeout of one attempt to connect, where the URL has none.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Where a history is: a file of `SQLite`, or a database of `PostgreSQL`. Neither `Display` nor `Debug` has the user or the
/// password.
#[derive(Clone, Debug)]
pub struct StoreLocation(pub(super) Place);

#[derive(Clone, Debug)]
pub(super) enum Place {
    Sqlite(PathBuf),
    Postgres(Box<PostgresUrl>),
}

/// How to connect to `PostgreSQL`.
#[derive(Clone)]
pub(super) struct PostgresUrl {
    config: Config,
    /// Read for each connection, so that a password can be changed while the monitor runs.
    password_file: Option<PathBuf>,
}

impl StoreLocation {
    /// Reads `sqlite:PATH`, a path, or a URL such as `postgres://user@host/database`. Beside the parameters of libpq that
    /// tokio-postgres has, the URL takes `password_file=PATH`. Without `sslmode`, TLS with a verified certificate is required
    /// unless the host is a loopback address or a Unix socket.
    ///
    /// # Errors
    ///
    /// If it is another URL, or not a valid one. The message does not repeat the text, which may have a password.
    pub fn parse(text: impl AsRef<Path>) -> Result<Self, MonitorError> {
        let path = text.as_ref();
        let Some(text) = path.to_str() else {
            return Ok(path.to_owned().into());
        };
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self(Place::Postgres(Box::new(PostgresUrl::parse(text)?))));
        }
        let path = text.strip_prefix("sqlite:").unwrap_or(text);
        if let Some((scheme, _)) = path.split_once("://") {
            let message = format!(
                "store: a URL with {scheme:?} is not supported; give sqlite:PATH or postgres://USER@HOST/DATABASE"
            );
            return Err(MonitorError::new(message));
        }
        Ok(PathBuf::from(path).into())
    }
}

impl From<PathBuf> for StoreLocation {
    fn from(path: PathBuf) -> Self {
        Self(Place::Sqlite(path))
    }
}

impl fmt::Display for StoreLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::Sqlite(path) => path.display().fmt(f),
            Place::Postgres(url) => url.fmt(f),
        }
    }
}

impl PostgresUrl {
    fn parse(text: &str) -> Result<Self, MonitorError> {
        let (base, query) = text.rsplit_once('?').unwrap_or((text, ""));
        let (mut ssl_mode, mut password_file, mut others) = (None, None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match form_urlencoded::parse(pair.as_bytes()).next() {
                Some((name, mode)) if name == "sslmode" => ssl_mode = Some(mode),
                Some((name, path)) if name == "password_file" => {
                    password_file = Some(PathBuf::from(path.into_owned()));
                }
                _ => others.push(pair),
            }
        }
        let config: Result<Config, _> = format!("{base}?{}", others.join("&")).parse();
        // The cause can repeat a part of the text.
        let mut config = config.map_err(|_| {
            MonitorError::new(
                "store: this is not a valid URL of PostgreSQL; special characters of user and password are percent-encoded",
            )
        })?;
        config.ssl_mode(match ssl_mode.as_deref() {
            None if config.get_hosts().iter().all(is_local) => SslMode::Disable,
            Some("disable") => SslMode::Disable,
            None | Some("require" | "verify-ca" | "verify-full") => SslMode::Require,
            Some(_) => {
                let message = "store: sslmode is disable, or verify-full, which require and verify-ca mean too";
                return Err(MonitorError::new(message));
            }
        });
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        if config.get_application_name().is_none() {
            config.application_name("idsync");
        }
        Ok(Self {
            config,
            password_file,
        })
    }

    /// The parameters of a connection, with the password that the file has now.
    pub(super) fn config(&self) -> Result<Config, MonitorError> {
        let mut config = self.config.clone();
        if let Some(path) = &self.password_file {
            let password = std::fs::read_to_string(path)
                .map_err(|error| MonitorError::of_file(path, "read", error))?;
            config.password(password.trim_end_matches(['\r', '\n']));
        }
        Ok(config)
    }
}

/// Whether no network lies between.
fn is_local(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            let address = name.parse::<IpAddr>();
            name == "localhost" || address.is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hosts = self.config.get_hosts().iter().map(|host| match host {
            Host::Tcp(name) => name.clone(),
            #[cfg(unix)]
            Host::Unix(folder) => folder.display().to_string(),
        });
        let hosts: Vec<_> = hosts.collect();
        write!(f, "postgres://{}", hosts.join(","))?;
        if let Some(port) = self.config.get_ports().first() {
            write!(f, ":{port}")?;
        }
        let database = self.config.get_dbname().or(self.config.get_user());
        write!(f, "/{}", database.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tls(url: &str) -> bool {
        match StoreLocation::parse(url).unwrap().0 {
            Place::Postgres(url) => url.config.get_ssl_mode() == SslMode::Require,
            Place::Sqlite(path) => panic!("{}", path.display()),
        }
    }

    #[test]
    fn neither_text_nor_error_nor_debug_has_the_password() {
        let url = "postgres://me:s3cret@db.example.com:5433/idsync?password_file=/run/s3cret";
        let location = StoreLocation::parse(url).unwrap();
        assert_eq!(
            location.to_string(),
            "postgres://db.example.com:5433/idsync"
        );
        let shown = format!("{location} {location:?}");
        assert!(
            !shown.contains("s3cret") && !shown.contains("me@"),
            "{shown}"
        );
        for wrong in [
            "postgres://me:pass@host:s3cret/db",
            "postgres://me:s3cret@host/db?sslmode=s3cret",
            "postgres://me:s3cret@host/db?s3cret=1",
            "mysql://me:s3cret@host/db",
        ] {
            let error = StoreLocation::parse(wrong).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("s3cret"), "{shown}");
        }
    }

    #[test]
    fn a_host_on_the_network_needs_tls_unless_the_url_says_otherwise() {
        assert!(tls("postgres://db.example.com/idsync"));
        assert!(tls("postgresql://10.0.0.1/idsync"));
        assert!(!tls("postgres://127.0.0.1/idsync"));
        assert!(!tls("postgres://localhost/idsync"));
        assert!(!tls("postgres:///idsync?host=/run/postgresql"));
        assert!(!tls("postgres://db.example.com/idsync?sslmode=disable"));
        assert!(tls("postgres://localhost/idsync?sslmode=verify-full"));
        // What an active attacker can turn off is no choice.
        assert!(StoreLocation::parse("postgres://localhost/idsync?sslmode=prefer").is_err());
    }

    #[test]
    fn everything_else_is_a_path() {
        for (text, path) in [
            ("sqlite:/a/b.db", "/a/b.db"),
            ("a/postgres.db", "a/postgres.db"),
        ] {
            assert_eq!(StoreLocation::parse(text).unwrap().to_string(), path);
        }
    }

    #[test]
    fn the_password_is_that_of_the_file_at_the_time_of_the_connection() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        let url = format!("postgres://h/db?password_file={}", path.display());
        let url = PostgresUrl::parse(&url).unwrap();
        assert!(url.config().is_err());
        for password in ["first", "second"] {
            std::fs::write(&path, format!("{password}\n")).unwrap();
            assert_eq!(
                url.config().unwrap().get_password(),
                Some(password.as_bytes())
            );
        }
    }
}
