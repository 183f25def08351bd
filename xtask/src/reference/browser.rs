//! A browser without a window and without a network.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::net_log;
use crate::tools::{Failure, output, run};

/// Names under which Chromium goes.
const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// Package of Debian and its kin that brings it.
const PACKAGE: &str = "chromium";

/// No window, no sandbox (containers lack what it needs; the page is our own), and no calls home.
const FLAGS: [&str; 11] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    // The page's own time, so that all of its work is done when it is looked at, however slow the machine.
    "--virtual-time-budget=20000",
];

/// An image elsewhere, which a browser asks for unless it is told not to.
const ELSEWHERE: &str = "http://reference.invalid/image.png";

/// A browser of this machine.
pub(super) struct Browser {
    program: PathBuf,
}

/// What came of looking at a page.
pub(super) struct Visit {
    /// The document after its scripts ran, as HTML.
    pub(super) dom: String,
    /// The addresses that the page asked for, of which none was reached.
    pub(super) requests: Vec<String>,
}

impl Browser {
    /// The browser of this machine; installed if there is none and this user may.
    pub(super) fn find() -> Result<Self, Failure> {
        if let Some(program) = present() {
            return Ok(Self { program });
        }
        let remedy = || {
            Failure::new(format!(
                "there is no Chromium on this machine: install the package `{PACKAGE}`, or put its folder on PATH"
            ))
        };
        if !is_root() {
            return Err(remedy());
        }
        run(Command::new("apt-get").args(["update", "--quiet"]))?;
        run(Command::new("apt-get")
            .args([
                "install",
                "--quiet",
                "--yes",
                "--no-install-recommends",
                PACKAGE,
            ])
            .env("DEBIAN_FRONTEND", "noninteractive"))?;
        let program = present().ok_or_else(remedy)?;
        Ok(Self { program })
    }

    /// Opens `file` and lets its scripts run.
    pub(super) fn visit(&self, file: &Path) -> Result<Visit, Failure> {
        let profile = tempfile::tempdir()
            .map_err(|error| Failure::new(format!("no folder can be made: {error}")))?;
        let log = profile.path().join("net-log.json");
        let ended = output(
            Command::new(&self.program)
                .args(FLAGS)
                .arg(format!("--user-data-dir={}", profile.path().display()))
                .arg(format!("--log-net-log={}", log.display()))
                .arg("--dump-dom")
                .arg(format!("file://{}", file.display())),
        )?;
        let requests = fs::read(&log).ok().and_then(|log| net_log::requests(&log));
        if let Some(requests) = requests.filter(|_| ended.status.success()) {
            return Ok(Visit {
                dom: String::from_utf8_lossy(&ended.stdout).into_owned(),
                requests,
            });
        }
        let said = String::from_utf8_lossy(&ended.stderr);
        Err(Failure::new(format!(
            "{} ended with {} or left no log of its network:\n{said}",
            self.program.display(),
            ended.status
        )))
    }

    /// Shows that a request would be seen: a page that makes one is visited first.
    pub(super) fn control(&self, folder: &Path) -> Result<(), Failure> {
        let file = folder.join("control.html");
        fs::write(&file, format!("<!doctype html><img src=\"{ELSEWHERE}\">")).map_err(|error| {
            Failure::new(format!("{} cannot be written: {error}", file.display()))
        })?;
        let requests = self.visit(&file)?.requests;
        match requests.as_slice() {
            [only] if only == ELSEWHERE => Ok(()),
            other => Err(Failure::new(format!(
                "this browser does not tell what pages ask for: a request for {ELSEWHERE} was seen as {other:?}"
            ))),
        }
    }
}

/// The first of the known names that is on the path.
fn present() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    let places = NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    places.into_iter().find(|place| place.is_file())
}

/// Whether this user may install packages.
fn is_root() -> bool {
    let user = output(Command::new("id").arg("-u"));
    user.is_ok_and(|user| user.stdout.trim_ascii() == b"0")
}
