//! No secret appears in a `Debug`, a `Display` or an event of any level.

use std::fmt::{Debug, Display};

use idsync::{Client, Credentials};
use idsync_emulator::{
    Emulator, Fault, FaultKind, SECURITY_TOKEN, TEMPORARY_ACCESS_KEY, TEMPORARY_SECRET_KEY,
};

use crate::log::Log;
use crate::session::Session;

/// So many bytes of a secret identify it.
const RECOGNISABLE: usize = 10;

/// The texts that callers and logs see, and the secrets that must not be in them.
struct Evidence {
    secrets: Vec<String>,
    shown: Vec<String>,
    logged: Log,
}

impl Evidence {
    /// Starts to collect the log of this thread.
    fn about(secrets: &[&str]) -> Self {
        Self {
            secrets: secrets.iter().map(|&secret| secret.to_owned()).collect(),
            shown: Vec::new(),
            logged: Log::listen(),
        }
    }

    fn debug(&mut self, value: &impl Debug) {
        self.shown.push(format!("{value:?} {value:#?}"));
    }

    fn display(&mut self, value: &(impl Display + Debug)) {
        self.shown.push(value.to_string());
        self.debug(value);
    }

    #[track_caller]
    fn is_clean(&self) {
        let log = self.logged.text();
        for secret in &self.secrets {
            let part = &secret[..RECOGNISABLE.min(secret.len())];
            for text in self.shown.iter().chain([&log]) {
                assert!(!text.contains(part), "{part} is in\n{text}");
            }
        }
    }
}

/// Responses that echo the secrets of a request.
fn echoes(secrets: &[&str]) -> Vec<Fault> {
    let all = secrets.join(" ");
    let html = format!("<html>{all}</html>");
    let cut = format!("{}{all}", "x ".repeat(508));
    let error = format!(r#"{{"error_code":"{all}","error_msg":"{all}","request_id":"{all}"}}"#);
    let items = format!(
        r#"{{"sync_records":[{{"start_time":"{all}"}}],"tasks":[{{"sync_time":"{all}"}}],"is_synchronizing":"{all}"}}"#
    );
    let location = format!("https://elsewhere.example/{all}");
    [
        FaultKind::status_with(401, error.clone()),
        FaultKind::status_with(503, error),
        FaultKind::status_with(500, html.clone()),
        FaultKind::status_with(500, cut.clone()),
        FaultKind::body(html),
        FaultKind::body(cut),
        FaultKind::body(items),
        FaultKind::redirect(location),
        FaultKind::Drop,
    ]
    .into_iter()
    .map(|kind| Fault::everywhere(kind).header("X-Request-Id", all.as_str()))
    .collect()
}

/// Makes every call, and keeps the errors.
async fn use_everything(session: &Session, evidence: &mut Evidence) {
    let Session { client, .. } = session;
    let (tasks, records) = (
        client.dataarts(session.workspace()).tasks(),
        client.dws().sync_records(session.dws_cluster()),
    );
    evidence.debug(client);
    evidence.debug(&client.dataarts(session.workspace()));
    evidence.debug(&(client.dws(), client.mrs()));
    evidence.debug(&(&tasks, &records));
    match tasks.clone().send().await {
        Ok(page) => page.errors().for_each(|error| evidence.display(error)),
        Err(error) => evidence.display(&error),
    }
    match records.clone().send().await {
        Ok(page) => page.errors().for_each(|error| evidence.display(error)),
        Err(error) => evidence.display(&error),
    }
    if let Err(error) = session.syncing().await {
        evidence.display(&error);
    }
    let health = client.health().workspace(session.workspace());
    evidence.debug(&health);
    match health.check().await {
        Ok(report) => evidence.debug(&report.problems),
        Err(error) => evidence.display(&error),
    }
}

#[tokio::test]
async fn no_call_shows_or_logs_a_secret_that_a_service_echoes() {
    let emulator = Emulator::builder().start().await.unwrap();
    let ready = emulator.ready();
    let token = ready.token.as_str();
    // Longer than what is kept of a code, an id or a body.
    let endless = "MIIabcdefghijklmnop0123456789".repeat(100);
    for (credentials, secrets) in [
        (
            Credentials::access_key(&ready.ak, &ready.sk),
            vec![ready.ak.as_str(), ready.sk.as_str()],
        ),
        (
            Credentials::access_key(TEMPORARY_ACCESS_KEY, TEMPORARY_SECRET_KEY)
                .with_security_token(SECURITY_TOKEN),
            vec![TEMPORARY_ACCESS_KEY, TEMPORARY_SECRET_KEY, SECURITY_TOKEN],
        ),
        (Credentials::token(token), vec![token]),
        (Credentials::token(&endless), vec![endless.as_str()]),
        (
            Credentials::access_key(&ready.ak, "WRONGSECRETKEYWRONG"),
            vec![ready.ak.as_str(), "WRONGSECRETKEYWRONG"],
        ),
        (
            Credentials::token("WRONG+TOKEN/WITH=SIGNS"),
            vec!["WRONG+TOKEN/WITH=SIGNS"],
        ),
    ] {
        let mut evidence = Evidence::about(&secrets);
        evidence.debug(&credentials);
        let builder = Client::builder().credentials(credentials.clone());
        evidence.debug(&builder);
        let session = Session::with(Emulator::builder(), |client| {
            client.credentials(credentials)
        })
        .await;
        use_everything(&session, &mut evidence).await;
        for echo in echoes(&secrets) {
            session.emulator.clear_faults();
            session.fault(echo);
            use_everything(&session, &mut evidence).await;
        }
        evidence.is_clean();
        let masked = evidence.shown.iter().filter(|text| text.contains("***"));
        assert!(masked.count() > 20, "no echo arrived");
        let log = evidence.logged.text();
        for event in ["attempt failed", "call failed", "waiting to try again"] {
            assert!(log.contains(event), "{event}");
        }
    }
}
