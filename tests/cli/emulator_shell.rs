//! `idsync emulator` for shells: in the background with `--print-env`, and its warning about an address that other hosts can reach.

use std::io::{ErrorKind, Read};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::idsync::{Idsync, Run, first_line};
use crate::interrupt::signal;

/// A shell that finds the command by its name.
fn shell(script: &str) -> Command {
    let folder = Path::new(env!("CARGO_BIN_EXE_idsync")).parent().unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", script]).env_clear();
    shell.env("PATH", format!("{}:/usr/bin:/bin", folder.display()));
    shell.env("IDSYNC_NO_METADATA", "1");
    shell
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    shell
}

#[test]
fn the_printed_variables_connect_commands_to_the_emulator() {
    let script = "HUAWEICLOUD_SDK_SECURITY_TOKEN=stale; export HUAWEICLOUD_SDK_SECURITY_TOKEN
        eval \"$(idsync emulator --print-env --seed 5)\"
        idsync tasks -o ndjson && kill \"$IDSYNC_EMULATOR_PID\"";
    let run = Run::of(shell(script).spawn().unwrap()).exits(0);
    assert!(run.lines().len() > 10, "{}", run.stdout);
}

#[test]
fn the_printed_variables_hold_what_sdks_need() {
    let run = Run::of(
        shell("idsync emulator --print-env --while $$")
            .spawn()
            .unwrap(),
    )
    .exits(0);
    let value = |name: &str| {
        let start = format!("export {name}='");
        let line = run.stdout.lines().find(|line| line.starts_with(&start));
        line.unwrap_or_else(|| panic!("{name} in {}", run.stdout))
            .trim_start_matches(&start)
            .to_owned()
    };
    assert_eq!(
        value("OS_AUTH_URL"),
        format!("{}/v3'", value("IDSYNC_ENDPOINT").trim_end_matches('\''))
    );
    for (name, constant) in [
        ("OS_USERNAME", idsync_emulator::USER_NAME),
        ("OS_PASSWORD", idsync_emulator::PASSWORD),
        ("OS_USER_DOMAIN_NAME", idsync_emulator::DOMAIN_NAME),
    ] {
        assert_eq!(value(name), format!("{constant}'"));
    }
    for service in ["DATAARTSSTUDIO", "DWS", "MRS"] {
        let name = format!("HUAWEICLOUD_SDK_REGION_{service}_CN_NORTH_4");
        assert_eq!(value(&name), value("IDSYNC_ENDPOINT"));
    }
}

#[test]
fn an_emulator_in_the_background_ends_with_its_shell() {
    let script = "eval \"$(idsync emulator --print-env)\"; echo \"$IDSYNC_ENDPOINT\"; read end";
    let mut child = shell(script).spawn().unwrap();
    let url = first_line(&mut child);
    let address = url.trim().strip_prefix("http://").unwrap();
    let mut connection = TcpStream::connect(address).unwrap();
    // Closing its input ends the shell.
    drop(child.stdin.take());
    Run::of(child);
    connection
        .set_read_timeout(Some(Duration::from_secs(50)))
        .unwrap();
    // A reset ends the connection as well; a timeout does not.
    match connection.read(&mut [0]) {
        Ok(bytes) => assert_eq!(bytes, 0),
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset),
    }
}

#[test]
fn an_emulator_that_cannot_start_in_the_background_reports_why() {
    let run = Idsync::new("emulator --print-env --listen 192.0.2.1:1")
        .run()
        .exits(1);
    run.says("192.0.2.1:1");
    assert_eq!(run.stdout, "");
}

#[test]
fn an_address_for_other_hosts_gives_a_warning_even_with_quiet() {
    for (address, warned) in [("0.0.0.0:0", true), ("127.0.0.1:0", false)] {
        let mut child = Idsync::new("emulator -q --listen").arg(address).spawn();
        first_line(&mut child);
        signal(&child, "-TERM");
        let run = Run::of(child).exits(0);
        let is_warned = run.stderr.contains("warning") && run.stderr.contains("not secret");
        assert_eq!(is_warned, warned, "{}", run.stderr);
    }
}
