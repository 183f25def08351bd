//! Credentials from environment variables, by the names that the official SDKs read.

use super::{Credentials, check_secret};
use crate::config::Environment;
use crate::{Error, ErrorKind};

const ACCESS_KEY: &str = "HUAWEICLOUD_SDK_AK";
const SECRET_KEY: &str = "HUAWEICLOUD_SDK_SK";
const SECURITY_TOKEN: &str = "HUAWEICLOUD_SDK_SECURITY_TOKEN";
const TOKEN: &str = "IDSYNC_TOKEN";

/// What to do where there are none.
pub(super) const REMEDY: &str =
    "set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or IDSYNC_TOKEN, or write a profile";

/// Reads the variables, and gives the credentials with their origin; `None` if there is neither a key nor a token.
///
/// # Errors
///
/// `Credentials`, with the variable, if a key is there without its secret, or the reverse, or a value cannot be used.
pub(super) fn read(environment: Environment<'_>) -> Result<Option<(Credentials, String)>, Error> {
    let get = |name: &str, what: &str| {
        let value = environment(name);
        if let Some(value) = &value {
            check_secret(&format!("{what} in {name}"), value)?;
        }
        Ok::<_, Error>(value)
    };
    let access_key = get(ACCESS_KEY, "access key")?;
    let secret_key = get(SECRET_KEY, "secret key")?;
    let credentials = match (access_key, secret_key) {
        (Some(access_key), Some(secret_key)) => {
            let token = get(SECURITY_TOKEN, "security token")?;
            let key = Credentials::key(access_key, secret_key, token);
            (key, format!("the variables {ACCESS_KEY} and {SECRET_KEY}"))
        }
        (Some(_), None) => return Err(incomplete(ACCESS_KEY, SECRET_KEY)),
        (None, Some(_)) => return Err(incomplete(SECRET_KEY, ACCESS_KEY)),
        (None, None) => match get(TOKEN, "IAM token")? {
            Some(token) => (Credentials::token(token), format!("the variable {TOKEN}")),
            None => return Ok(None),
        },
    };
    Ok(Some(credentials))
}

fn incomplete(set: &str, missing: &str) -> Error {
    let message = format!("{set} is set, but {missing} is not; set both");
    Error::new(ErrorKind::Credentials, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_from(variables: &[(&str, &str)]) -> Result<String, String> {
        let get = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        read(&get)
            .map(|found| format!("{found:?}"))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn an_access_key_beats_a_token() {
        for (variables, expected) in [
            (
                &[(ACCESS_KEY, "a"), (SECRET_KEY, "s"), (TOKEN, "t")][..],
                "(access key)",
            ),
            (
                &[(ACCESS_KEY, "a"), (SECRET_KEY, "s"), (SECURITY_TOKEN, "t")],
                "(temporary access key)",
            ),
            (&[(TOKEN, "t")], "(IAM token)"),
            (&[], "None"),
        ] {
            assert!(read_from(variables).unwrap().contains(expected));
        }
    }

    #[test]
    fn the_error_of_a_missing_or_damaged_value_names_its_variable() {
        for (variables, expected) in [
            (&[(ACCESS_KEY, "a")][..], "HUAWEICLOUD_SDK_SK is not"),
            (&[(SECRET_KEY, "s")], "HUAWEICLOUD_SDK_AK is not"),
            (
                &[(ACCESS_KEY, "a"), (SECRET_KEY, "s\n")],
                "secret key in HUAWEICLOUD_SDK_SK ends with a line break",
            ),
            (&[(TOKEN, "'t'")], "IDSYNC_TOKEN has a quotation mark"),
        ] {
            let error = read_from(variables).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }
}
