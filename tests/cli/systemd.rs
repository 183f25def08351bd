//! `idsync serve` under systemd.

use std::os::unix::net::UnixDatagram;
use std::time::Duration;

use crate::idsync::{Idsync, Run};

#[test]
fn systemd_is_told_that_the_service_is_ready_alive_and_stopping() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    let heard = || {
        let mut message = [0; 64];
        let length = socket.recv(&mut message).unwrap();
        String::from_utf8_lossy(&message[..length]).into_owned()
    };
    let child = Idsync::new("serve --demo --listen 127.0.0.1:0 --quiet")
        .env("NOTIFY_SOCKET", path.to_str().unwrap())
        .env("WATCHDOG_USEC", "20000")
        .spawn();
    let beginning = [heard(), heard(), heard()];
    assert_eq!(beginning, ["READY=1", "WATCHDOG=1", "WATCHDOG=1"]);
    let id = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
    while heard() != "STOPPING=1" {}
    Run::of(child).exits(0);
}
