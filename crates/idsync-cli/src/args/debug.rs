//! Arguments of `idsync debug`.

use clap::{Args, Subcommand, ValueEnum};

/// Looks behind the scenes.
#[derive(Debug, Subcommand)]
pub(crate) enum DebugCommand {
    /// How a request is signed, step by step; nothing is sent
    Sign(SignArgs),
}

/// Arguments of `idsync debug sign`.
///
/// What may hold a secret is taken as text and read later: a refusal of the command line would repeat it.
#[derive(Args)]
#[command(after_long_help = super::help::SIGN)]
pub(crate) struct SignArgs {
    /// The method, GET if left out, and the address with its query
    #[arg(value_name = "[METHOD] URL", num_args = 1.., required = true)]
    pub(crate) request: Vec<String>,

    /// A header that is sent along, as `name: value`; repeatable
    ///
    /// `Host`, `X-Sdk-Date` and the security token of temporary credentials are added unless given.
    #[arg(short = 'H', long = "header", value_name = "HEADER")]
    pub(crate) headers: Vec<String>,

    /// How to sign
    #[arg(long, value_name = "NAME", value_enum, default_value_t)]
    pub(crate) algorithm: Algorithm,

    /// What the derived key of v11-hmac-sha256 is good for, such as cn-north-4/dws
    #[arg(long, value_name = "REGION/SERVICE", value_parser = scope, required_if_eq("algorithm", "v11-hmac-sha256"))]
    pub(crate) scope: Option<(String, String)>,

    /// When it is signed, such as 20260108T123456Z, in UTC [default: now]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) date: Option<String>,
}

/// How a request is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Algorithm {
    /// With the secret key itself, as the three services ask for it.
    #[default]
    SdkHmacSha256,
    /// With a key derived for one day, region and service.
    V11HmacSha256,
}

/// Shows no address and no header.
impl std::fmt::Debug for SignArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignArgs")
            .field("algorithm", &self.algorithm)
            .field("scope", &self.scope)
            .field("date", &self.date)
            .finish_non_exhaustive()
    }
}

fn scope(text: &str) -> Result<(String, String), String> {
    match text.split_once('/') {
        Some((region, service))
            if !region.is_empty() && !service.is_empty() && !service.contains('/') =>
        {
            Ok((region.to_owned(), service.to_owned()))
        }
        _ => Err("give a region and a service, such as cn-north-4/dws".to_owned()),
    }
}

fn date(text: &str) -> Result<String, String> {
    let wrong = |_| "give a date in UTC, such as 20260108T123456Z".to_owned();
    let read = jiff::fmt::strtime::parse("%Y%m%dT%H%M%SZ", text).map_err(wrong)?;
    read.to_datetime().map_err(wrong)?;
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_a_region_and_a_service() {
        assert_eq!(scope("r/s"), Ok(("r".to_owned(), "s".to_owned())));
        for bad in ["", "r", "r/", "/s", "r/s/t"] {
            assert!(scope(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_date_has_the_form_that_is_signed() {
        assert!(date("20260108T123456Z").is_ok());
        for bad in ["2026-01-08T12:34:56Z", "20260108", "20261308T123456Z", ""] {
            assert!(date(bad).is_err(), "{bad}");
        }
    }
}
