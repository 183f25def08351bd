//! An emulator inside the test process, for the command to call.

use std::ops::Deref;
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};

use idsync_emulator::{Emulator, EmulatorBuilder, Fault, FaultKind, Operation};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::idsync::{Idsync, Run};

/// The three reading operations.
pub(crate) const READING: [Operation; 3] =
    [Operation::Tasks, Operation::Records, Operation::Syncing];

/// A running emulator; it stops on drop.
pub(crate) struct Services {
    emulator: Arc<Emulator>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Services {
    /// The demo.
    pub(crate) fn start() -> Self {
        Self::with(|builder| builder)
    }

    /// The demo with further configuration.
    pub(crate) fn with(configure: impl FnOnce(EmulatorBuilder) -> EmulatorBuilder) -> Self {
        let builder = configure(Emulator::builder());
        let (started, emulator) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                started
                    .send(Arc::new(builder.start().await.unwrap()))
                    .unwrap();
                let _ = stopped.await;
            });
        });
        Self {
            emulator: emulator.recv().unwrap(),
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// The command with `arguments`, connected to this emulator.
    pub(crate) fn idsync(&self, arguments: &str) -> Idsync {
        Idsync::new(arguments).at(&json!(self.ready()))
    }

    /// Runs the command with `arguments`, and checks its exit code.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &str, code: i32) -> Run {
        self.idsync(arguments).run().exits(code)
    }

    /// The report of `idsync status` with `flags`.
    #[track_caller]
    pub(crate) fn report(&self, flags: &str) -> Value {
        self.run(&format!("status -o json {flags}"), 0).json()
    }

    /// The command for each of the three operations, as JSON; with a cluster of the right type where one is required.
    pub(crate) fn each_operation(&self, flags: &str) -> [(Operation, Idsync); 3] {
        let commands = [
            "tasks".to_owned(),
            format!("records {}", self.dws()),
            format!("syncing {}", self.mrs()),
        ];
        let mut operations = READING.into_iter();
        commands.map(|command| {
            let command = self.idsync(&format!("{command} -o json {flags}"));
            (operations.next().unwrap(), command)
        })
    }

    /// The first DWS cluster of the ready line.
    pub(crate) fn dws(&self) -> &str {
        &self.ready().clusters.dws[0]
    }

    /// The first MRS cluster of the ready line.
    pub(crate) fn mrs(&self) -> &str {
        &self.ready().clusters.mrs[0]
    }

    /// Makes each reading operation fail like this.
    pub(crate) fn break_with(&self, kind: &FaultKind) {
        for operation in READING {
            self.fail(operation, kind.clone());
        }
    }

    /// Lets `operation` answer 200 with `body`.
    pub(crate) fn answer(&self, operation: Operation, body: &str) {
        let body = FaultKind::body(body.as_bytes().to_vec());
        self.fail(operation, body);
    }

    /// Makes `operation` fail like this.
    pub(crate) fn fail(&self, operation: Operation, kind: FaultKind) {
        self.add_fault(Fault::on(operation, kind)).unwrap();
    }

    /// Lets `operation` answer 200 with `body` once, after the answers that were added before.
    pub(crate) fn answer_once(&self, operation: Operation, body: &str) {
        let body = FaultKind::body(body.as_bytes().to_vec());
        self.fail_times(operation, body, 1);
    }

    /// Makes `operation` fail like this for so many calls, after the faults that were added before.
    pub(crate) fn fail_times(&self, operation: Operation, kind: FaultKind, calls: u64) {
        let fault = Fault::on(operation, kind).times(calls);
        self.add_fault(fault).unwrap();
    }
}

/// The records of a cluster with a single run, which ended 10 s before `now`.
pub(crate) fn ended_before(now: Timestamp, status: &str) -> String {
    let now = now.as_millisecond();
    let record = json!({
        "id": format!("r{status}"), "identity_source_id": "s1", "status": status, "failed_count": 0,
        "start_time": now - 20_000, "end_time": now - 10_000,
    });
    json!({"sync_records": [record], "count": 1}).to_string()
}

/// The records of a cluster with a single run, which ended 10 s ago.
pub(crate) fn ended(status: &str) -> String {
    ended_before(Timestamp::now(), status)
}

/// Runs the command with `arguments` and `--demo`, and checks its exit code.
#[track_caller]
pub(crate) fn demo(arguments: &str, code: i32) -> Run {
    let command = Idsync::new(&format!("{arguments} --demo"));
    command.run().exits(code)
}

impl Deref for Services {
    type Target = Emulator;

    fn deref(&self) -> &Emulator {
        &self.emulator
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
