//! TLS: whom a connection trusts, and what a failed handshake means.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{
    AlertDescription, CertificateError, ClientConfig, DigitallySignedStruct, OtherError,
    RootCertStore, SignatureScheme,
};

use crate::Error;
use crate::config::read_file;

/// The largest file of certificates that is read, in bytes.
const LARGEST_FILE: usize = 8 * 1024 * 1024;

/// The files of certificates and keys that the caller of a client names.
#[derive(Clone, Debug, Default)]
pub(crate) struct TlsFiles {
    /// Roots to trust beside those of the platform.
    pub(crate) roots: Option<PathBuf>,
    /// The certificate chain of the client, and its key.
    pub(crate) client: Option<(PathBuf, PathBuf)>,
}

/// TLS 1.2 and 1.3. The roots of the platform are loaded with the first encrypted connection.
///
/// # Errors
///
/// `Configuration`, with the name of a file that cannot be used and why.
pub(crate) fn client_config(files: &TlsFiles) -> Result<ClientConfig, Error> {
    let provider = Arc::new(ring::default_provider());
    let roots = match &files.roots {
        Some(path) => certificates(path)?,
        None => Vec::new(),
    };
    let verifier = Arc::new(PlatformVerifier {
        provider: Arc::clone(&provider),
        extra: roots,
        verifier: OnceLock::new(),
    });
    let unusable = |error| Error::configuration("TLS could not be set up").with_source(error);
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let Some((certificate, key)) = &files.client else {
        return Ok(config.with_no_client_auth());
    };
    let private = PrivateKeyDer::from_pem_slice(&pem(key)?)
        .map_err(|_| unusable_file(key, "it contains no private key in PEM"))?;
    config
        .with_client_auth_cert(certificates(certificate)?, private)
        .map_err(|_| unusable_file(key, "its key does not belong to the client certificate"))
}

fn pem(path: &Path) -> Result<Vec<u8>, Error> {
    let text =
        read_file(path, LARGEST_FILE)?.ok_or_else(|| unusable_file(path, "it does not exist"))?;
    Ok(text.into_bytes())
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let pem = pem(path)?;
    let found: Vec<_> = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<_, _>>()
        .map_err(|error| unusable_file(path, &error.to_string()))?;
    let mut store = RootCertStore::empty();
    if found.is_empty() {
        return Err(unusable_file(
            path,
            "it contains no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----",
        ));
    }
    if found.iter().any(|one| store.add(one.clone()).is_err()) {
        return Err(unusable_file(path, "a certificate in it is damaged"));
    }
    Ok(found)
}

fn unusable_file(path: &Path, why: &str) -> Error {
    Error::configuration(format!("the file {} cannot be used: {why}", path.display()))
}

/// Verifies servers against the roots of the platform and some more.
#[derive(Debug)]
struct PlatformVerifier {
    provider: Arc<CryptoProvider>,
    extra: Vec<CertificateDer<'static>>,
    verifier: OnceLock<Result<Arc<WebPkiServerVerifier>, rustls::Error>>,
}

/// No root certificate was found on this machine.
#[derive(Debug)]
struct NoRoots;

impl std::fmt::Display for NoRoots {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no trusted root certificates")
    }
}

impl std::error::Error for NoRoots {}

impl PlatformVerifier {
    fn get(&self) -> Result<&WebPkiServerVerifier, rustls::Error> {
        let loaded = self.verifier.get_or_init(|| self.load());
        loaded.as_deref().map_err(Clone::clone)
    }

    fn load(&self) -> Result<Arc<WebPkiServerVerifier>, rustls::Error> {
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(platform_roots());
        store.add_parsable_certificates(self.extra.iter().cloned());
        if store.is_empty() {
            return Err(rustls::Error::Other(OtherError(Arc::new(NoRoots))));
        }
        let provider = Arc::clone(&self.provider);
        WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider)
            .build()
            .map_err(|error| rustls::Error::General(error.to_string()))
    }
}

/// The roots of the platform, or those that `SSL_CERT_FILE` and `SSL_CERT_DIR` name. On Linux, the bundle file is
/// enough: the folder beside it has the same certificates in many files.
fn platform_roots() -> Vec<CertificateDer<'static>> {
    let is_named = ["SSL_CERT_FILE", "SSL_CERT_DIR"]
        .into_iter()
        .any(|name| std::env::var_os(name).is_some());
    if cfg!(target_os = "linux")
        && !is_named
        && let Some(bundle) = openssl_probe::probe().cert_file
    {
        let found = rustls_native_certs::load_certs_from_paths(Some(&bundle), None).certs;
        if !found.is_empty() {
            return found;
        }
    }
    rustls_native_certs::load_native_certs().certs
}

impl ServerCertVerifier for PlatformVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verifier = self.get()?;
        verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.get()?.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.get()?.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

/// What a failed handshake means, and what to do about it.
pub(crate) fn explain(error: &rustls::Error) -> (String, &'static str) {
    const ENDPOINT: &str = "check the endpoint: something else may answer there";
    let (message, hint) = match error {
        rustls::Error::InvalidCertificate(cause) => return explain_certificate(cause),
        rustls::Error::Other(OtherError(cause)) if cause.is::<NoRoots>() => (
            "this machine has no root certificates to check the server's certificate with",
            "install the package ca-certificates, or name a file of root certificates with --ca-file or SSL_CERT_FILE",
        ),
        rustls::Error::AlertReceived(
            AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied,
        ) => (
            "the server wants a client certificate that it trusts",
            "give a client certificate and its key, or use an endpoint that asks for none",
        ),
        rustls::Error::AlertReceived(AlertDescription::HandshakeFailure) => (
            "the server refused the TLS handshake: it has no TLS version in common, or wants a client certificate",
            ENDPOINT,
        ),
        rustls::Error::AlertReceived(AlertDescription::UnrecognisedName) => {
            ("the server does not know the host name", ENDPOINT)
        }
        rustls::Error::InvalidMessage(_) => (
            "the server does not speak TLS at this port",
            "check the port of the endpoint, and whether it is plain http",
        ),
        rustls::Error::PeerIncompatible(_) => (
            "the server supports neither TLS 1.2 nor TLS 1.3 with a known cipher",
            ENDPOINT,
        ),
        _ => ("the TLS handshake with the server failed", ENDPOINT),
    };
    (message.to_owned(), hint)
}

fn explain_certificate(cause: &CertificateError) -> (String, &'static str) {
    let (what, hint) = match cause {
        CertificateError::UnknownIssuer => (
            "was issued by an authority that this machine does not trust",
            "if the endpoint is your company's own, or a proxy inspects TLS, trust its root certificate with --ca-file or \
             SSL_CERT_FILE",
        ),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => (
            "has expired",
            "renew it, or set the clock of this machine if that is wrong",
        ),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => (
            "is not valid yet",
            "set the clock of this machine, which is probably behind",
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => (
            "is for another host name",
            "check the host name of the endpoint, and the names in the certificate",
        ),
        CertificateError::Revoked => ("was revoked", "ask the operator of the endpoint"),
        CertificateError::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity") => (
            "is that of a certificate authority (CA:TRUE), which no server may use as its own",
            "create the server's certificate with CA:FALSE, or issue one by this authority, and trust the authority with \
             --ca-file",
        ),
        _ => (
            "is not acceptable",
            "ask the operator of the endpoint for a valid certificate",
        ),
    };
    (format!("the certificate of the server {what}"), hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_cannot_be_used_is_named_with_what_is_wrong() {
        let directory = tempfile::tempdir().unwrap();
        for (name, content, reason) in [
            ("missing.pem", None, "does not exist"),
            ("empty.pem", Some(&b""[..]), "no certificate in PEM"),
            ("binary.der", Some(b"\x30\x82\x01\x00"), "not text"),
            (
                "cut.pem",
                Some(b"-----BEGIN CERTIFICATE-----\nAAAA\n"),
                "section end",
            ),
            (
                "damaged.pem",
                Some(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
                "is damaged",
            ),
        ] {
            let file = directory.path().join(name);
            if let Some(content) = content {
                std::fs::write(&file, content).unwrap();
            }
            let files = TlsFiles {
                roots: Some(file),
                client: None,
            };
            let error = client_config(&files).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains(reason), "{error}");
        }
    }

    #[test]
    fn a_failed_handshake_is_told_in_words_with_a_hint_that_fits() {
        use rustls::Error::{AlertReceived, InvalidCertificate, InvalidMessage};
        for (error, words, hint) in [
            (
                InvalidCertificate(CertificateError::UnknownIssuer),
                "does not trust",
                "--ca-file",
            ),
            (
                InvalidCertificate(CertificateError::Expired),
                "has expired",
                "clock",
            ),
            (
                InvalidCertificate(CertificateError::NotValidYet),
                "not valid yet",
                "clock",
            ),
            (
                InvalidCertificate(CertificateError::NotValidForName),
                "another host",
                "endpoint",
            ),
            (
                AlertReceived(AlertDescription::CertificateRequired),
                "client certificate",
                "give",
            ),
            (
                InvalidMessage(rustls::InvalidMessage::InvalidContentType),
                "does not speak TLS",
                "port",
            ),
            (
                rustls::Error::Other(OtherError(Arc::new(NoRoots))),
                "no root",
                "ca-certificates",
            ),
        ] {
            let (message, advice) = explain(&error);
            assert!(
                message.contains(words) && advice.contains(hint),
                "{message}: {advice}"
            );
        }
    }
}
