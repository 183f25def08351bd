//! Encrypted connections: which certificates are trusted, and the errors of others.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use idsync::{Error, ErrorKind};
use idsync_emulator::Emulator;
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

fn acceptor(name: &str) -> TlsAcceptor {
    let certificate = CertificateDer::from_pem_file(fixture(&format!("{name}.pem"))).unwrap();
    let key = PrivateKeyDer::from_pem_file(fixture(&format!("{name}.key"))).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// The port at which the emulator can be called over TLS, with the certificate called `name`.
async fn encrypted(emulator: &Emulator, name: &'static str) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let inside = emulator.url().trim_start_matches("http://").to_owned();
    tokio::spawn(async move {
        while let Ok((outer, _)) = listener.accept().await {
            tokio::spawn(pass_on(acceptor(name), outer, inside.clone()));
        }
    });
    port
}

/// Terminates TLS. A connection whose handshake fails is closed.
async fn pass_on(acceptor: TlsAcceptor, outer: TcpStream, inside: String) -> std::io::Result<()> {
    let mut outer = acceptor.accept(outer).await?;
    let mut inner = TcpStream::connect(inside).await?;
    tokio::io::copy_bidirectional(&mut outer, &mut inner).await?;
    Ok(())
}

/// What a client that trusts `roots` gets from a server with the certificate called `name`.
async fn ask(name: &'static str, roots: Option<&str>) -> Result<(), Error> {
    let emulator = Emulator::builder().start().await.unwrap();
    let port = encrypted(&emulator, name).await;
    let client = client_of(&emulator).endpoint(format!("https://localhost:{port}"));
    let client = match roots {
        Some(roots) => client.ca_file(fixture(roots)),
        None => client,
    };
    let client = client.retries(0).build().unwrap();
    let cluster = emulator.ready().clusters.mrs[0].as_str();
    client.mrs().is_synchronizing(cluster).await.map(|_| ())
}

#[tokio::test]
async fn a_certificate_is_trusted_by_the_ca_file() {
    ask("localhost", Some("ca.pem")).await.unwrap();
}

#[tokio::test]
async fn the_error_of_an_untrusted_certificate_has_its_cause_and_a_hint() {
    for (name, roots, words, hint) in [
        ("localhost", None, "UnknownIssuer", "--ca-file"),
        (
            "self-signed",
            Some("self-signed.pem"),
            "CA:TRUE",
            "CA:FALSE",
        ),
    ] {
        let error = ask(name, roots).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect);
        assert!(error.message().contains(words), "{error}");
        assert!(error.hint().unwrap().contains(hint), "{error:?}");
    }
}
