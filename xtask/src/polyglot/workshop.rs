//! Where clients are generated and drivers are built: copies in folders that git ignores, so that the tree stays clean.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Language;
use crate::codegen::services::Service;
use crate::tools::{Failure, Toolbox, emptied};

/// What the languages build with and from.
#[derive(Debug)]
pub(super) struct Workshop {
    root: PathBuf,
    /// Installed programs.
    pub(super) tools: Toolbox,
}

impl Workshop {
    /// The workshop of the workspace at `root`.
    pub(super) fn new(root: &Path) -> Self {
        Self {
            root: root.to_path_buf(),
            tools: Toolbox::of(root),
        }
    }

    /// Folder of the OpenAPI documents.
    pub(super) fn documents(&self) -> PathBuf {
        self.root.join("openapi")
    }

    /// The document of a service.
    pub(super) fn document(&self, service: &Service) -> PathBuf {
        self.root.join(service.file)
    }

    /// Copies the driver of a language to a folder of its own, without what an earlier run left there.
    pub(super) fn bench(&self, language: Language) -> Result<PathBuf, Failure> {
        let folder = self.tools.scratch(&format!("polyglot-{language}"))?;
        self.lay_out(language, folder)
    }

    /// The same in `folder`, for tools that look for their packages in the folders above.
    pub(super) fn bench_in(&self, folder: PathBuf, language: Language) -> Result<PathBuf, Failure> {
        self.lay_out(language, emptied(folder)?)
    }

    fn lay_out(&self, language: Language, folder: PathBuf) -> Result<PathBuf, Failure> {
        let sources = self
            .root
            .join("tests")
            .join("polyglot")
            .join(language.name());
        match copy(&sources, &folder) {
            Ok(()) => Ok(folder),
            Err(error) => Err(Failure::new(format!(
                "{} cannot be copied to {}: {error}",
                sources.display(),
                folder.display()
            ))),
        }
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
