//! A revision of the repository, read through `git`.

use std::path::Path;
use std::process::Command;

use crate::tools::{Failure, output};

/// A commit, and how it was asked for.
pub(super) struct Revision<'a> {
    root: &'a Path,
    name: String,
    commit: String,
}

impl<'a> Revision<'a> {
    /// The commit that `name` stands for in the repository around `root`.
    pub(super) fn resolve(root: &'a Path, name: &str) -> Result<Self, Failure> {
        let object = format!("{name}^{{commit}}");
        let arguments = [
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &object,
        ];
        let found = git(root, &arguments)?;
        match found {
            Some(bytes) if !name.is_empty() => Ok(Self {
                root,
                name: name.to_owned(),
                commit: String::from_utf8_lossy(&bytes).trim().to_owned(),
            }),
            _ => Err(unknown(root, name)),
        }
    }

    /// How it was asked for.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Identifier of the commit.
    pub(super) fn commit(&self) -> &str {
        &self.commit
    }

    /// The files in `folder`, which is below the root.
    pub(super) fn files(&self, folder: &str) -> Result<Vec<String>, Failure> {
        let place = format!("{folder}/");
        let arguments = ["ls-tree", "--name-only", "-z", &self.commit, "--", &place];
        let listed = git(self.root, &arguments)?.ok_or_else(|| self.unreadable(folder))?;
        let listed = String::from_utf8_lossy(&listed).into_owned();
        let names = listed.split('\0').filter(|name| !name.is_empty());
        Ok(names.map(str::to_owned).collect())
    }

    /// The content of a file, which is below the root.
    pub(super) fn content(&self, file: &str) -> Result<Vec<u8>, Failure> {
        // `./` makes git read the path from the root of the workspace, which need not be that of the repository.
        let object = format!("{}:./{file}", self.commit);
        git(self.root, &["cat-file", "blob", &object])?.ok_or_else(|| self.unreadable(file))
    }

    fn unreadable(&self, file: &str) -> Failure {
        Failure::new(format!("git cannot read {file} at {}", self.name))
    }
}

/// What git prints; none if it does not end well.
fn git(root: &Path, arguments: &[&str]) -> Result<Option<Vec<u8>>, Failure> {
    let ended = output(Command::new("git").arg("-C").arg(root).args(arguments))?;
    Ok(ended.status.success().then_some(ended.stdout))
}

fn unknown(root: &Path, name: &str) -> Failure {
    let inside = git(root, &["rev-parse", "--git-dir"]);
    Failure::new(match inside {
        Ok(Some(_)) => format!(
            "`{name}` names no commit here: give a branch, a tag or a commit, as in HEAD~1 (a shallow clone lacks old ones)"
        ),
        _ => format!("{} is in no git repository", root.display()),
    })
}
