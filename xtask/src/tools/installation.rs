//! One set of programs in a folder of its own, named after what is in it.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use super::{Failure, Packages, Turn};

/// Written when everything is installed: without it, the folder is what an interrupted run left.
const COMPLETE: &str = ".complete";

/// Where a set of programs is, or will be.
pub(super) struct Installation {
    folder: PathBuf,
    contents: String,
}

impl Installation {
    /// The set `name` of a language. Other contents make for another folder, so a new pin is never mistaken for the old one.
    pub(super) fn new(
        tools: &Path,
        language: &str,
        name: &str,
        contents: &[&str],
        pins: &str,
    ) -> Self {
        let mut hasher = DefaultHasher::new();
        (contents, pins).hash(&mut hasher);
        let folder = tools
            .join(language)
            .join(format!("{name}-{:016x}", hasher.finish()));
        Self {
            folder,
            contents: contents.join("\n"),
        }
    }

    /// The set of these packages.
    pub(super) fn of(tools: &Path, language: &str, packages: &Packages) -> Self {
        Self::new(
            tools,
            language,
            packages.name,
            packages.wanted,
            packages.pins,
        )
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Installs the set, unless that has been done.
    pub(super) fn once(
        &self,
        install: impl FnOnce(&Path) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mark = self.folder.join(COMPLETE);
        if mark.exists() {
            return Ok(());
        }
        // Another run may be at it, and must not find its folder emptied.
        let _turn = Turn::wait(&self.folder.with_extension("lock"))?;
        if mark.exists() {
            return Ok(());
        }
        let folder = emptied(self.folder.clone())?;
        install(&folder).map_err(|failure| self.not_installed(&failure))?;
        fs::write(&mark, &self.contents)
            .map_err(|error| Failure::new(format!("{} cannot be written: {error}", mark.display())))
    }

    fn not_installed(&self, failure: &Failure) -> Failure {
        let contents = self.contents.replace('\n', ", ");
        Failure::new(format!(
            "{contents} cannot be installed, which takes a network once: {failure}"
        ))
    }
}

/// `folder` with nothing in it.
pub(crate) fn emptied(folder: PathBuf) -> Result<PathBuf, Failure> {
    let failed = |what: &str, error: &std::io::Error| {
        Failure::new(format!("{} cannot be {what}: {error}", folder.display()))
    };
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| failed("emptied", &error))?;
    }
    fs::create_dir_all(&folder).map_err(|error| failed("made", &error))?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_installed_once_and_again_after_an_interruption() {
        let tools = tempfile::tempdir().unwrap();
        let set = Installation::new(tools.path(), "any", "set", &["one@1"], "");
        let interrupted = set.once(|folder| {
            fs::write(folder.join("half"), "").unwrap();
            Err(Failure::new("interrupted"))
        });
        assert_eq!(
            interrupted.unwrap_err().to_string(),
            "one@1 cannot be installed, which takes a network once: interrupted"
        );
        let mut installed = 0;
        for _ in 0..2 {
            let done = set.once(|folder| {
                assert!(!folder.join("half").exists());
                installed += 1;
                Ok(())
            });
            done.unwrap();
        }
        assert_eq!(installed, 1);
    }

    #[test]
    fn another_version_goes_to_another_folder() {
        let tools = Path::new("tools");
        let of = |version, pins| {
            let set = Installation::new(tools, "any", "set", &[version], pins);
            set.folder().to_path_buf()
        };
        assert_ne!(of("one@1", ""), of("one@2", ""));
        assert_ne!(of("one@1", "two==1"), of("one@1", "two==2"));
        assert_eq!(of("one@1", ""), of("one@1", ""));
    }
}
