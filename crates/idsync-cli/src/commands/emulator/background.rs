//! `--print-env`: an emulator in its own process, which ends with the shell.

use std::io::{self, BufRead, BufReader};
use std::os::unix::process::{CommandExt, parent_id};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};
use serde_json::Value;

use crate::args::EmulatorArgs;
use crate::errors::{CliError, Exit};
use crate::output::Output;

/// Interval between checks of the process of `--while`.
const POLL: Duration = Duration::from_millis(250);

/// Services by their names in the SDKs' variables for endpoints.
const SERVICES: [&str; 3] = ["DATAARTSSTUDIO", "DWS", "MRS"];

/// Variables that take precedence over those that are set, and belong to another account.
const UNSET: &str =
    "HUAWEICLOUD_SDK_SECURITY_TOKEN HUAWEICLOUD_SDK_DOMAIN_ID IDSYNC_TOKEN IDSYNC_PROFILE";

/// Starts this program again in the background, and prints the variables for a shell.
pub(super) fn start(args: &EmulatorArgs, output: &Output) -> Result<Exit, CliError> {
    let failed = |error: io::Error| CliError::io("cannot start in the background", &error);
    let mut child = spawn(args).map_err(failed)?;
    let mut line = String::new();
    if let Some(stdout) = child.stdout.take() {
        let mut stdout = BufReader::new(stdout);
        stdout.read_line(&mut line).map_err(failed)?;
    }
    if let Ok(ready) = serde_json::from_str::<Value>(&line) {
        output.write(&exports(&ready, child.id()))?;
        return Ok(Exit::Done);
    }
    let ended = child.wait_with_output().map_err(failed)?;
    output.say(&String::from_utf8_lossy(&ended.stderr));
    Ok(Exit::Failed)
}

/// The same command line without `--print-env`, in its own process group, so that ctrl-c does not reach it.
fn spawn(args: &EmulatorArgs) -> io::Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    let arguments = std::env::args_os().skip(1);
    command.args(arguments.filter(|argument| argument != "--print-env"));
    if args.while_process.is_none() {
        command.args(["--while", &parent_id().to_string()]);
    }
    command
        .arg("--quiet")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
}

/// One `export` a line, for POSIX shells.
fn exports(ready: &Value, process: u32) -> String {
    let of = |key: &str| ready[key].as_str().unwrap_or_default();
    let (url, region) = (of("url"), of("region"));
    let mut text = format!("unset {UNSET}\n");
    let mut export = |name: &str, value: &str| {
        text.extend([format!("export {name}={}\n", quoted(value))]);
    };
    let keys = [
        ("HUAWEICLOUD_SDK_AK", "ak"),
        ("HUAWEICLOUD_SDK_SK", "sk"),
        ("HUAWEICLOUD_SDK_PROJECT_ID", "project_id"),
        ("HUAWEICLOUD_SDK_IAM_ENDPOINT", "url"),
        // For keystoneauth and what builds on it.
        ("OS_USERNAME", "user"),
        ("OS_PASSWORD", "password"),
        ("OS_USER_DOMAIN_NAME", "domain"),
        ("OS_PROJECT_ID", "project_id"),
        ("OS_REGION_NAME", "region"),
        ("IDSYNC_REGION", "region"),
        ("IDSYNC_ENDPOINT", "url"),
        ("IDSYNC_WORKSPACE", "workspace"),
    ];
    for (name, key) in keys {
        export(name, of(key));
    }
    let region = region.to_uppercase().replace('-', "_");
    for service in SERVICES {
        export(&format!("HUAWEICLOUD_SDK_REGION_{service}_{region}"), url);
    }
    export("OS_AUTH_URL", &format!("{url}/v3"));
    export("IDSYNC_CLOCK", &format!("{url}/_emulator/clock"));
    export("IDSYNC_EMULATOR_PID", &process.to_string());
    text
}

/// A word that a shell reads literally.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Returns when the process has ended; without a process, never.
pub(super) async fn process_ended(process: Option<u32>) {
    let Some(process) = process else {
        return std::future::pending().await;
    };
    while is_running(process) {
        tokio::time::sleep(POLL).await;
    }
}

fn is_running(process: u32) -> bool {
    let id = i32::try_from(process).ok().and_then(Pid::from_raw);
    // A process of another user gives a permission error.
    id.is_some_and(|id| !matches!(test_kill_process(id), Err(Errno::SRCH)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_runs_until_it_has_ended_and_been_waited_for() {
        assert!(is_running(std::process::id()));
        let mut child = Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        assert!(!is_running(child.id()));
        assert!(!is_running(0) && !is_running(u32::MAX));
    }

    #[test]
    fn a_shell_gets_back_what_was_quoted() {
        let text = "it's $HOME `x` \"y\" \\ *\n!";
        let script = format!("printf %s {}", quoted(text));
        let shell = Command::new("sh").args(["-c", &script]).output();
        assert_eq!(String::from_utf8(shell.unwrap().stdout).unwrap(), text);
    }
}
