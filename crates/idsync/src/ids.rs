//! Identifiers that are safe to put into a path or a header.
//!
//! Each holds 1 to 64 ASCII letters, digits, `_` or `-`. The MRS page states this for cluster ids; for
//! projects (there: letters and digits only) and workspaces it is inferred from the ids seen, which are
//! hexadecimal or UUIDs. Nothing else is accepted, since `/`, `..` or `?` would change the request.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::Error;

const MAX_LENGTH: usize = 64;

/// Checks `value` against the rule of the module; `what` names the identifier in the error.
fn checked(what: &str, value: &str) -> Result<Arc<str>, Error> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if (1..=MAX_LENGTH).contains(&value.len()) && value.chars().all(is_allowed) {
        return Ok(value.into());
    }
    Err(Error::invalid_input(format!(
        "the {what} {value:?} is not 1 to {MAX_LENGTH} letters, digits, `_` or `-`"
    )))
}

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        ///
        /// 1 to 64 ASCII letters, digits, `_` or `-`. Cheap to clone.
        ///
        /// # Errors
        ///
        /// Conversion from text fails with `InvalidInput`.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(value: &str) -> Result<Self, Error> {
                Ok(Self(checked($what, value)?))
            }
        }

        impl TryFrom<&str> for $name {
            type Error = Error;

            fn try_from(value: &str) -> Result<Self, Error> {
                value.parse()
            }
        }

        impl TryFrom<&String> for $name {
            type Error = Error;

            fn try_from(value: &String) -> Result<Self, Error> {
                value.parse()
            }
        }

        impl TryFrom<String> for $name {
            type Error = Error;

            fn try_from(value: String) -> Result<Self, Error> {
                value.parse()
            }
        }

        impl From<&$name> for $name {
            fn from(value: &$name) -> Self {
                value.clone()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

identifier!(
    /// The id of a project: the part of an account in one region that holds the clusters.
    ProjectId, "project id"
);
identifier!(
    /// The id of an MRS or DWS cluster.
    ClusterId, "cluster id"
);
identifier!(
    /// The id of a DataArts Studio workspace.
    WorkspaceId, "workspace id"
);

/// Lets an identifier that is already checked be given wherever text is.
impl From<Infallible> for Error {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    #[test]
    fn an_id_of_letters_digits_underscores_and_hyphens_is_accepted() {
        for good in [
            "a",
            "0833a5737480d53b2f25c010dc1a7b88",
            "cc6588d6-8301-4c9a-b0c0-186bb824e8c0",
            &"x".repeat(64),
        ] {
            assert_eq!(good.parse::<ClusterId>().unwrap().as_str(), good);
        }
    }

    #[test]
    fn an_id_that_could_change_the_request_is_refused() {
        let long = "x".repeat(65);
        for bad in ["", "a/b", "..", "a b", "a?b", "a%2fb", "a\r\nb", "é", &long] {
            let error = bad.parse::<ClusterId>().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(error.message().contains("the cluster id"), "{error}");
        }
    }
}
