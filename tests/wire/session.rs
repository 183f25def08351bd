//! An emulator and a client for it.

use std::time::Duration;

use idsync::dws::Record;
use idsync::health::Checker;
use idsync::{Client, ClientBuilder, Credentials, Error};
use idsync_emulator::{Emulator, EmulatorBuilder, Fault, FaultKind, Operation, SeenRequest};

/// An emulator, and a client with valid credentials.
pub(crate) struct Session {
    pub(crate) emulator: Emulator,
    pub(crate) client: Client,
}

impl Session {
    pub(crate) async fn start() -> Self {
        Self::with(Emulator::builder(), |client| client).await
    }

    pub(crate) async fn with(
        emulator: EmulatorBuilder,
        configure: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Self {
        let emulator = emulator.start().await.unwrap();
        let client = configure(client_of(&emulator)).build().unwrap();
        Self { emulator, client }
    }

    pub(crate) fn workspace(&self) -> &str {
        &self.emulator.ready().workspace
    }

    pub(crate) fn dws_cluster(&self) -> &str {
        &self.emulator.ready().clusters.dws[0]
    }

    pub(crate) fn mrs_cluster(&self) -> &str {
        &self.emulator.ready().clusters.mrs[0]
    }

    pub(crate) fn fault(&self, fault: Fault) {
        self.emulator.add_fault(fault).unwrap();
    }

    /// Makes each of the three reading operations fail like this.
    pub(crate) fn break_with(&self, kind: &FaultKind) {
        for operation in [Operation::Tasks, Operation::Records, Operation::Syncing] {
            self.fault(Fault::on(operation, kind.clone()));
        }
    }

    /// Lets each of the three reading operations answer 200 with `body`.
    pub(crate) fn answer_with(&self, body: impl Into<Vec<u8>>) {
        self.break_with(&FaultKind::body(body.into()));
    }

    /// What each of the three operations fails with.
    pub(crate) async fn errors(&self) -> [Error; 3] {
        [
            self.tasks().await.expect_err("tasks"),
            self.records().await.expect_err("records"),
            self.syncing().await.expect_err("syncing"),
        ]
    }

    /// A check of all workspaces, by `client`.
    pub(crate) fn health_by(&self, client: &Client) -> Checker {
        let workspaces = self.emulator.workspaces().iter();
        workspaces.fold(client.health(), |check, workspace| {
            check.workspace(workspace)
        })
    }

    pub(crate) fn health(&self) -> Checker {
        self.health_by(&self.client)
    }

    pub(crate) async fn tasks(&self) -> Result<Vec<idsync::dataarts::Task>, Error> {
        let mut items = self.client.dataarts(self.workspace()).tasks().items();
        let mut tasks = Vec::new();
        while let Some(task) = items.try_next().await? {
            tasks.push(task);
        }
        Ok(tasks)
    }

    pub(crate) async fn records(&self) -> Result<Vec<Record>, Error> {
        let mut items = self.client.dws().sync_records(self.dws_cluster()).items();
        let mut records = Vec::new();
        while let Some(record) = items.try_next().await? {
            records.push(record);
        }
        Ok(records)
    }

    pub(crate) async fn syncing(&self) -> Result<Option<bool>, Error> {
        self.client.mrs().is_synchronizing(self.mrs_cluster()).await
    }

    /// How many requests of an operation arrived.
    pub(crate) fn count(&self, operation: Operation) -> u64 {
        let counts = self.emulator.request_counts().operations;
        counts.get(&operation).copied().unwrap_or_default()
    }

    /// What arrived, oldest first.
    pub(crate) fn requests(&self) -> Vec<SeenRequest> {
        self.emulator.requests()
    }
}

/// A client with a valid key, which does not wait between requests.
pub(crate) fn client_of(emulator: &Emulator) -> ClientBuilder {
    let ready = emulator.ready();
    Client::builder()
        .region(&ready.region)
        .endpoint(&ready.url)
        .project_id(&ready.project_id)
        .credentials(Credentials::access_key(&ready.ak, &ready.sk))
        .backoff(Duration::ZERO, Duration::ZERO)
}
