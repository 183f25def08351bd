//! What is wanted of a registry, and in which versions it comes with everything that it needs.

use std::collections::BTreeMap;

use serde_json::json;

/// A set of packages that are installed together.
///
/// The files in `xtask/pins` hold the versions of all packages behind the wanted ones, so that next year brings the same
/// programs as today. To renew one, change the wanted versions and, in a folder of its own,
///
/// - for pip: install them without it into a fresh environment, and keep what `pip list --format=freeze` prints, without
///   pip and setuptools, and without certifi, which is to be of today;
/// - for npm: `npm install --package-lock-only --omit-lockfile-registry-resolved=true WANTED`, and keep `package-lock.json`.
#[derive(Clone, Copy, Debug)]
pub struct Packages {
    /// Name of the folder that they are installed into.
    pub name: &'static str,
    /// What is called, each with its version.
    pub wanted: &'static [&'static str],
    /// The file with all versions: constraints of pip, or the lock of npm.
    pub pins: &'static str,
}

impl Packages {
    /// The project file that npm wants beside its lock.
    pub(super) fn manifest(&self) -> String {
        let wanted = self.wanted.iter();
        let versions: BTreeMap<_, _> = wanted
            .filter_map(|package| package.rsplit_once('@'))
            .collect();
        json!({ "dependencies": versions }).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_project_file_names_scopes_and_versions() {
        let packages = Packages {
            name: "any",
            wanted: &["@types/node@20.1.2", "tsx@4.0.0"],
            pins: "",
        };
        assert_eq!(
            packages.manifest(),
            r#"{"dependencies":{"@types/node":"20.1.2","tsx":"4.0.0"}}"#
        );
    }
}
