//! Output on a terminal only.

use std::fs::File;
use std::io::Read;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::idsync::{Idsync, Run};
use crate::interrupt::{signal, stalled};
use crate::services::Services;

/// Longest wait for output.
const PATIENCE: Duration = Duration::from_secs(60);

/// A pseudo terminal, with everything that was written to it.
struct Terminal {
    parts: Receiver<Vec<u8>>,
    written: Vec<u8>,
}

impl Terminal {
    /// Opens one, and gives it with the file that a command sees of it.
    fn open() -> (Self, File) {
        let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&controller).unwrap();
        unlockpt(&controller).unwrap();
        let path = ptsname(&controller, Vec::new()).unwrap();
        let file = File::options()
            .read(true)
            .write(true)
            .open(path.to_str().unwrap());
        let controller = File::from(controller);
        let (sender, parts) = mpsc::channel();
        thread::spawn(move || watch(controller, &sender));
        let written = Vec::new();
        (Self { parts, written }, file.unwrap())
    }

    /// Waits until `text` has been written, and forgets everything up to its end.
    #[track_caller]
    fn until(&mut self, text: &str) {
        loop {
            let written = String::from_utf8_lossy(&self.written);
            if let Some((_, rest)) = written.split_once(text) {
                self.written = rest.as_bytes().to_vec();
                return;
            }
            match self.parts.recv_timeout(PATIENCE) {
                Ok(part) => self.written.extend(part),
                Err(error) => {
                    let end = written.len().saturating_sub(500);
                    let end = String::from_utf8_lossy(&self.written[end..]);
                    panic!("{text:?} was not written, but at last {end:?}: {error}")
                }
            }
        }
    }

    /// The rest of the output, after the last writer has ended.
    fn rest(mut self) -> String {
        self.written.extend(self.parts.iter().flatten());
        String::from_utf8(self.written).unwrap()
    }
}

/// Forwards the output until the last writer has ended, which is a read error on Linux.
fn watch(mut controller: File, sender: &Sender<Vec<u8>>) {
    let mut part = [0; 4096];
    while let Ok(length @ 1..) = controller.read(&mut part) {
        if sender.send(part[..length].to_vec()).is_err() {
            return;
        }
    }
}

#[test]
fn the_progress_of_a_status_is_shown_and_erased() {
    let services = stalled();
    let (mut terminal, stderr) = Terminal::open();
    let command = services.idsync("status --color never").env("TERM", "xterm");
    let child = command.stderr(stderr).spawn();
    terminal.until(" clusters checked");
    signal(&child, "-INT");
    let run = Run::of(child).exits(1);
    run.shows("VERDICT");
    let rest = terminal.rest();
    let (_, last) = rest.rsplit_once("\u{1b}[2K").unwrap();
    assert!(
        last.trim_start_matches('\r')
            .starts_with("idsync: interrupted: the report is partial"),
        "{rest:?}"
    );
}

#[test]
fn a_quiet_status_shows_no_progress() {
    let services = Services::start();
    let (terminal, stderr) = Terminal::open();
    let command = services.idsync("status -q").env("TERM", "xterm");
    let child = command.stderr(stderr).spawn();
    Run::of(child).exits(0);
    assert_eq!(terminal.rest(), "");
}

#[test]
fn a_watch_redraws_in_place_and_leaves_its_last_report() {
    let services = Services::start();
    let (mut terminal, stdout) = Terminal::open();
    let command = services
        .idsync("watch --interval 10ms --color never")
        .env("TERM", "xterm");
    let child = command.stdout(stdout).spawn();
    for _ in 0..2 {
        terminal.until("\u{1b}[H\u{1b}[2J");
        terminal.until("risk-prod-dws");
    }
    signal(&child, "-INT");
    Run::of(child).exits(0);
}

#[test]
fn an_emulator_on_a_terminal_says_in_words_how_to_call_it() {
    let (mut terminal, stdout) = Terminal::open();
    let child = Idsync::new("emulator").stdout(stdout).spawn();
    terminal.until("Ready at http://127.0.0.1:");
    terminal.until("idsync status --endpoint http://127.0.0.1:");
    signal(&child, "-TERM");
    Run::of(child).exits(0);
    assert!(!terminal.rest().contains("\"ready\""));
}
