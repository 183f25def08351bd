//! Programs of other languages, installed at pinned versions into a folder that git ignores.
//!
//! The languages themselves (Go, Node.js, Python, a JDK with Maven) have to be there; what is missing is named with what to
//! install. Everything else comes from the public registry of its language, once: a second run finds it in place.

mod failure;
mod installation;
mod leash;
mod packages;
mod process;
mod turn;

use std::fs;
use std::path::{Path, PathBuf, absolute};
use std::process::Command;

pub use self::failure::Failure;
use self::installation::Installation;
pub(crate) use self::installation::emptied;
pub use self::packages::Packages;
pub use self::process::{needed, output, run};
pub use self::turn::Turn;

/// The folder that programs are installed into, and what can be installed there.
#[derive(Clone, Debug)]
pub struct Toolbox {
    folder: PathBuf,
}

impl Toolbox {
    /// The tools of the workspace at `root`, in its `target/tools`.
    pub fn of(root: &Path) -> Self {
        let folder = root.join("target").join("tools");
        Self {
            // Installers run elsewhere and some, such as Go, take nothing but a full path. Only an empty one has none.
            folder: absolute(&folder).unwrap_or(folder),
        }
    }

    /// A Python environment with exactly these packages; gives its folder of programs.
    ///
    /// # Errors
    ///
    /// [`Failure`] if Python is not there, or something cannot be installed.
    pub fn python(&self, packages: &Packages) -> Result<PathBuf, Failure> {
        let place = Installation::of(&self.folder, "python", packages);
        place.once(|folder| {
            run(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
            let pins = folder.join("pins.txt");
            write(&pins, packages.pins)?;
            run(Command::new(folder.join("bin").join("pip"))
                .args(["install", "--quiet", "--disable-pip-version-check"])
                .arg("--constraint")
                .arg(pins)
                .args(packages.wanted))
        })?;
        Ok(place.folder().join("bin"))
    }

    /// Packages of npm; gives the folder that holds their `node_modules`.
    ///
    /// # Errors
    ///
    /// [`Failure`] if Node.js is not there, or something cannot be installed.
    pub fn node(&self, packages: &Packages) -> Result<PathBuf, Failure> {
        let place = Installation::of(&self.folder, "node", packages);
        place.once(|folder| {
            write(&folder.join("package.json"), &packages.manifest())?;
            write(&folder.join("package-lock.json"), packages.pins)?;
            run(Command::new("npm")
                .args(["ci", "--no-fund", "--no-audit", "--loglevel=error"])
                .arg("--prefix")
                .arg(folder))
        })?;
        Ok(place.folder().to_path_buf())
    }

    /// A program written in Go, such as `github.com/oasdiff/oasdiff@v1.30.0`; gives the folder that holds it.
    ///
    /// # Errors
    ///
    /// [`Failure`] if Go is not there, or the program cannot be built.
    pub fn go(&self, name: &str, package: &str) -> Result<PathBuf, Failure> {
        let place = Installation::new(&self.folder, "go", name, &[package], "");
        place.once(|folder| {
            run(Command::new("go")
                .args(["install", package])
                .env("GOBIN", folder)
                .env("GOFLAGS", "-mod=mod"))
        })?;
        Ok(place.folder().to_path_buf())
    }

    /// A program written in Rust, such as `cargo-deny` of version `0.18.9`; gives the folder that holds it.
    ///
    /// # Errors
    ///
    /// [`Failure`] if the program cannot be built.
    pub fn rust(&self, program: &str, version: &str) -> Result<PathBuf, Failure> {
        let place = Installation::new(&self.folder, "rust", program, &[version], "");
        place.once(|folder| {
            run(Command::new("cargo")
                .args([
                    "install",
                    program,
                    "--version",
                    version,
                    "--locked",
                    "--quiet",
                ])
                .arg("--root")
                .arg(folder))
        })?;
        Ok(place.folder().join("bin"))
    }

    /// Maven, to which arguments can be added, with what it downloads kept here too.
    pub fn maven(&self) -> Command {
        let mut command = Command::new("mvn");
        let repository = self.folder.join("maven").join("repository");
        command
            .args(["--batch-mode", "--quiet", "--no-transfer-progress"])
            .arg(format!("-Dmaven.repo.local={}", repository.display()));
        command
    }

    /// Lets one run at a time do what is called `name`, with the folders that it works in.
    ///
    /// # Errors
    ///
    /// [`Failure`] if the file that says so cannot be made.
    pub fn turn(&self, name: &str) -> Result<Turn, Failure> {
        Turn::wait(&self.folder.join(format!("{name}.lock")))
    }

    /// A folder for files that a task makes on the way; emptied if it was there.
    ///
    /// # Errors
    ///
    /// [`Failure`] if it cannot be emptied or made.
    pub fn scratch(&self, name: &str) -> Result<PathBuf, Failure> {
        emptied(self.folder.join("scratch").join(name))
    }
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text)
        .map_err(|error| Failure::new(format!("{} cannot be written: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_a_relative_root_is_a_full_path() {
        let toolbox = Toolbox::of(Path::new("."));
        assert!(toolbox.folder.is_absolute(), "{toolbox:?}");
    }
}
