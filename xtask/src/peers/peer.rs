//! A program that calls with an official SDK, and the line-by-line talk with it.

use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::tools::{Failure, Packages, Toolbox, run};

/// The official SDK for Python, in its parts.
pub(crate) const PYTHON_PACKAGES: Packages = Packages {
    name: "peers",
    wanted: &[
        "huaweicloudsdkcore==3.1.219",
        "huaweicloudsdkdataartsstudio==3.1.219",
        "huaweicloudsdkdws==3.1.219",
        "huaweicloudsdkmrs==3.1.219",
    ],
    pins: include_str!("../../pins/pip-peers.txt"),
};

/// A running program.
pub(super) struct Peer {
    pub(super) name: &'static str,
    /// Class of the SDK's exception for a status below 500.
    pub(super) refusal: &'static str,
    process: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

/// Installs both SDKs and starts their programs; where a region is called, it is at `url`.
pub(super) fn start_all(root: &Path, tools: &Toolbox, url: &str) -> Result<[Peer; 2], Failure> {
    let folder = tools.scratch("peers")?;
    let sources = root.join("tests").join("peers");
    let python = tools.python(&PYTHON_PACKAGES)?.join("python");
    let go = folder.join("peer");
    run(Command::new("go")
        .current_dir(sources.join("go"))
        .args(["build", "-mod=readonly", "-o"])
        .arg(&go))?;
    let mut script = Command::new(python);
    script.arg(sources.join("python").join("peer.py"));
    Ok([
        Peer::start(
            "Python 3.1.219",
            "ClientRequestException",
            script,
            &folder,
            url,
        )?,
        Peer::start(
            "Go v0.1.207",
            "*sdkerr.ServiceResponseError",
            Command::new(go),
            &folder,
            url,
        )?,
    ])
}

impl Peer {
    fn start(
        name: &'static str,
        refusal: &'static str,
        mut command: Command,
        home: &Path,
        url: &str,
    ) -> Result<Self, Failure> {
        for service in ["DATAARTSSTUDIO", "DWS", "MRS"] {
            command.env(format!("HUAWEICLOUD_SDK_REGION_{service}_CN_NORTH_4"), url);
        }
        // The SDKs read profiles and a .netrc from the home folder and write to it; proxies are for other machines.
        command.env("HOME", home).env("NO_PROXY", "*");
        let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let failed = |what: &str| Failure::new(format!("the program with the {name} SDK {what}"));
        let mut process = started.map_err(|error| failed(&format!("does not start: {error}")))?;
        let (Some(input), Some(output)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(failed("has no pipes"));
        };
        Ok(Self {
            name,
            refusal,
            process,
            input,
            output: BufReader::new(output).lines(),
        })
    }

    /// Tells it to make a call; gives what came of it.
    pub(super) fn ask(&mut self, call: &Value) -> Result<Value, Failure> {
        let silent = || {
            Failure::new(format!(
                "the program with the {} SDK ended without an outcome for {call}",
                self.name
            ))
        };
        writeln!(self.input, "{call}").map_err(|_| silent())?;
        let line = self.output.next().and_then(Result::ok).ok_or_else(silent)?;
        serde_json::from_str(&line).map_err(|error| {
            Failure::new(format!(
                "the {} SDK's outcome is no JSON: {error}",
                self.name
            ))
        })
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended by itself, and then there is nothing to do.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
