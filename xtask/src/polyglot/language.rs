//! The languages that clients are generated for.

use std::fmt;
use std::process::Command;

use clap::ValueEnum;
use serde::Deserialize;

use super::workshop::Workshop;
use super::{go, java, python, typescript};
use crate::tools::Failure;

/// A language that a generator writes clients in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Python, by openapi-python-client.
    Python,
    /// TypeScript, by openapi-typescript for openapi-fetch.
    #[value(name = "typescript")]
    TypeScript,
    /// Go, by oapi-codegen.
    Go,
    /// Java, by openapi-generator with its library `native`.
    Java,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 4] = [Self::Python, Self::TypeScript, Self::Go, Self::Java];

    /// As it is typed; also the name of its folder in `tests/polyglot`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::TypeScript => "typescript",
            Self::Go => "go",
            Self::Java => "java",
        }
    }

    /// Generates the three clients, compiles or type-checks them together with the driver, and tells how to run it.
    pub(super) fn driver(self, workshop: &Workshop) -> Result<Command, Failure> {
        match self {
            Self::Python => python::driver(workshop),
            Self::TypeScript => typescript::driver(workshop),
            Self::Go => go::driver(workshop),
            Self::Java => java::driver(workshop),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
