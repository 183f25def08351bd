//! What lies between the client and a service, and what of the machine's own settings has a say in it.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use idsync::{Client, Credentials, ErrorKind};
use idsync_emulator::Emulator;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::session::client_of;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/tls")
        .join(name)
}

fn acceptor() -> TlsAcceptor {
    let certificate = CertificateDer::from_pem_file(fixture("localhost.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(fixture("localhost.key")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// The address at which the emulator can be called over TLS.
async fn encrypted(emulator: &Emulator) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!(
        "https://localhost:{}",
        listener.local_addr().unwrap().port()
    );
    let inside = emulator.url().trim_start_matches("http://").to_owned();
    tokio::spawn(async move {
        while let Ok((outer, _)) = listener.accept().await {
            tokio::spawn(pass_on(outer, inside.clone()));
        }
    });
    url
}

/// Unwraps a connection; one that does not come about ends, which its caller notices.
async fn pass_on(outer: TcpStream, inside: String) -> std::io::Result<()> {
    let mut outer = acceptor().accept(outer).await?;
    let mut inner = TcpStream::connect(inside).await?;
    tokio::io::copy_bidirectional(&mut outer, &mut inner).await?;
    Ok(())
}

#[tokio::test]
async fn a_certificate_is_trusted_by_the_ca_file_and_not_without_it() {
    let emulator = Emulator::builder().start().await.unwrap();
    let url = encrypted(&emulator).await;
    let cluster = &emulator.ready().clusters.mrs[0];
    let trusting = client_of(&emulator)
        .endpoint(&url)
        .ca_file(fixture("ca.pem"));
    let answer = trusting
        .build()
        .unwrap()
        .mrs()
        .is_synchronizing(cluster.as_str())
        .await;
    assert!(answer.is_ok(), "{answer:?}");
    let doubting = client_of(&emulator)
        .endpoint(&url)
        .retries(0)
        .build()
        .unwrap();
    let error = doubting
        .mrs()
        .is_synchronizing(cluster.as_str())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(error.message().contains("certificate"), "{error}");
    assert_eq!(emulator.requests().len(), 1);
}

/// Tells the test below that it runs in the environment that it prepared.
const READY: &str = "IDSYNC_TEST_READY";

/// The test starts itself again, since a process cannot safely change its own environment.
#[tokio::test]
async fn neither_a_netrc_nor_a_proxy_has_a_say_on_this_machine() {
    if let Ok(ready) = std::env::var(READY) {
        return ask(&serde_json::from_str(&ready).unwrap()).await;
    }
    let emulator = Emulator::builder().start().await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let netrc = home.path().join(".netrc");
    std::fs::write(
        &netrc,
        "machine 127.0.0.1 login nobody password NETRC\ndefault login nobody password NETRC\n",
    )
    .unwrap();
    let mut again = Command::new(std::env::current_exe().unwrap());
    again
        .args([
            "--exact",
            "network::neither_a_netrc_nor_a_proxy_has_a_say_on_this_machine",
        ])
        .env(READY, serde_json::to_string(emulator.ready()).unwrap())
        .env("HOME", home.path())
        .env("NETRC", netrc);
    for proxy in [
        "http_proxy",
        "HTTP_PROXY",
        "https_proxy",
        "all_proxy",
        "ALL_PROXY",
    ] {
        // Nobody listens at the discard port.
        again.env(proxy, "http://127.0.0.1:9");
    }
    let output = tokio::task::spawn_blocking(move || again.output())
        .await
        .unwrap()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    let requests = emulator.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].header("authorization"), None);
}

/// Asks once, as the emulator's line of readiness says.
async fn ask(ready: &Value) {
    let text = |pointer: &str| ready.pointer(pointer).unwrap().as_str().unwrap();
    let client = Client::builder()
        .endpoint(text("/url"))
        .project_id(text("/project_id"))
        .credentials(Credentials::token(text("/token")))
        .build()
        .unwrap();
    let cluster = text("/clusters/mrs/0");
    client.mrs().is_synchronizing(cluster).await.unwrap();
}
