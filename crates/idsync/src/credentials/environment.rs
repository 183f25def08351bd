//! Credentials from environment variables, by the names that the official SDKs read.

use super::Credentials;
use crate::region::Environment;
use crate::{Error, ErrorKind};

const ACCESS_KEY: &str = "HUAWEICLOUD_SDK_AK";
const SECRET_KEY: &str = "HUAWEICLOUD_SDK_SK";
const SECURITY_TOKEN: &str = "HUAWEICLOUD_SDK_SECURITY_TOKEN";
const TOKEN: &str = "IDSYNC_TOKEN";

/// What to do where there are none.
pub(super) const REMEDY: &str = "set HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, or IDSYNC_TOKEN";

/// Where credentials from here come from, in words.
pub(super) const ORIGIN: &str = "the environment";

/// Reads the variables; an empty one counts as absent. `None` if there is neither a key nor a token.
///
/// # Errors
///
/// A credentials error if a key is there without its secret, or the reverse.
pub(super) fn read(environment: Environment<'_>) -> Result<Option<Credentials>, Error> {
    let get = |name: &str| environment(name).filter(|value| !value.is_empty());
    match (get(ACCESS_KEY), get(SECRET_KEY)) {
        (Some(access_key), Some(secret_key)) => {
            let credentials = Credentials::access_key(access_key, secret_key);
            Ok(Some(match get(SECURITY_TOKEN) {
                Some(token) => credentials.with_security_token(token),
                None => credentials,
            }))
        }
        (Some(_), None) => Err(missing(&format!(
            "{ACCESS_KEY} is set, but {SECRET_KEY} is not; set both"
        ))),
        (None, Some(_)) => Err(missing(&format!(
            "{SECRET_KEY} is set, but {ACCESS_KEY} is not; set both"
        ))),
        (None, None) => Ok(get(TOKEN).map(Credentials::token)),
    }
}

fn missing(message: &str) -> Error {
    Error::new(ErrorKind::Credentials, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_from(variables: &[(&str, &str)]) -> Result<String, String> {
        let get = |name: &str| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        read(&get)
            .map(|found| format!("{found:?}"))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn an_access_key_beats_a_token() {
        assert_eq!(
            read_from(&[(ACCESS_KEY, "a"), (SECRET_KEY, "s"), (TOKEN, "t")]).unwrap(),
            "Some(Credentials(access key))"
        );
        assert_eq!(
            read_from(&[(ACCESS_KEY, "a"), (SECRET_KEY, "s"), (SECURITY_TOKEN, "t")]).unwrap(),
            "Some(Credentials(temporary access key))"
        );
        assert_eq!(
            read_from(&[(TOKEN, "t")]).unwrap(),
            "Some(Credentials(IAM token))"
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        assert!(
            read_from(&[(ACCESS_KEY, "a")])
                .unwrap_err()
                .contains("HUAWEICLOUD_SDK_SK is not")
        );
        assert!(
            read_from(&[(SECRET_KEY, "s"), (ACCESS_KEY, "")])
                .unwrap_err()
                .contains("HUAWEICLOUD_SDK_AK is not")
        );
        assert_eq!(read_from(&[]).unwrap(), "None");
        assert_eq!(read_from(&[(ACCESS_KEY, ""), (TOKEN, "")]).unwrap(), "None");
    }
}
