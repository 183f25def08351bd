//! `--print-env`: an emulator in a process of its own, for as long as a shell lives.

use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::process::{CommandExt, parent_id};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};

use crate::args::EmulatorArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Output, Served};

/// How often it is looked whether the shell still lives.
const GLANCE: Duration = Duration::from_millis(250);

/// Starts this program once more, to serve in the background, and prints what a shell has to know of it.
pub(super) fn start(args: &EmulatorArgs, output: &Output) -> Result<Exit, Failure> {
    let mut child = spawn(args)
        .map_err(|error| Failure::surroundings("cannot start in the background", &error))?;
    let line = first_line(&mut child)?;
    if let Ok(served) = serde_json::from_str::<Served>(&line) {
        return output.exports(&served, child.id());
    }
    output.pass_on(&last_words(&mut child));
    Ok(Exit::Failed)
}

/// The same command line without `--print-env`, quiet, and bound to the life of the shell. It is in a group of processes of
/// its own: what a terminal interrupts is not meant for it.
fn spawn(args: &EmulatorArgs) -> io::Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(
        std::env::args_os()
            .skip(1)
            .filter(|argument| argument != "--print-env"),
    );
    if args.lifeline.is_none() {
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

fn first_line(child: &mut Child) -> Result<String, Failure> {
    let mut line = String::new();
    if let Some(stdout) = child.stdout.take() {
        BufReader::new(stdout)
            .read_line(&mut line)
            .map_err(|error| Failure::surroundings("cannot read the ready line", &error))?;
    }
    Ok(line)
}

/// What a process that does not serve has to say.
fn last_words(child: &mut Child) -> String {
    let mut words = String::new();
    if let Some(mut stderr) = child.stderr.take() {
        // What can be read is told; an error here would only hide it.
        let _ = stderr.read_to_string(&mut words);
    }
    let _ = child.wait();
    words
}

/// Returns when the process has ended; without a number, never.
pub(super) async fn ended(process: Option<u32>) {
    let Some(process) = process else {
        return std::future::pending().await;
    };
    while lives(process) {
        tokio::time::sleep(GLANCE).await;
    }
}

fn lives(process: u32) -> bool {
    let id = i32::try_from(process).ok().and_then(Pid::from_raw);
    // A process of somebody else is one that lives.
    id.is_some_and(|id| !matches!(test_kill_process(id), Err(Errno::SRCH)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_lives_until_it_has_ended_and_been_waited_for() {
        assert!(lives(std::process::id()));
        let mut child = Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        assert!(!lives(child.id()));
        assert!(!lives(0) && !lives(u32::MAX));
    }
}
