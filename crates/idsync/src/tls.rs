//! TLS: trusted certificates, and the causes of failed handshakes.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{AlertDescription, CertificateError, ClientConfig, RootCertStore};

use crate::config::read_file;
use crate::{Error, ErrorKind};

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

/// TLS 1.2 and 1.3, with `roots` trusted and those that the caller names.
///
/// # Errors
///
/// `Configuration`, with the name of a file that cannot be used and why.
pub(crate) fn client_config(
    files: &TlsFiles,
    mut roots: RootCertStore,
) -> Result<ClientConfig, Error> {
    if let Some(path) = &files.roots {
        for certificate in certificates(path)? {
            roots
                .add(certificate)
                .map_err(|_| unusable_file(path, "a certificate in it is damaged"))?;
        }
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::configuration("TLS could not be set up").with_source(error))?
        .with_root_certificates(roots);
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
    if found.is_empty() {
        return Err(unusable_file(
            path,
            "it contains no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----",
        ));
    }
    Ok(found)
}

fn unusable_file(path: &Path, why: &str) -> Error {
    Error::configuration(format!("the file {} cannot be used: {why}", path.display()))
}

/// The roots of the platform, or those that `SSL_CERT_FILE` and `SSL_CERT_DIR` name. On Linux, the bundle file is
/// enough: the folder beside it has the same certificates in many files.
pub(crate) fn platform_roots() -> RootCertStore {
    let mut store = RootCertStore::empty();
    let is_named = ["SSL_CERT_FILE", "SSL_CERT_DIR"]
        .into_iter()
        .any(|name| std::env::var_os(name).is_some());
    if cfg!(target_os = "linux") && !is_named {
        let bundle = openssl_probe::probe().cert_file;
        let found = rustls_native_certs::load_certs_from_paths(bundle.as_deref(), None);
        store.add_parsable_certificates(found.certs);
    }
    if store.is_empty() {
        store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    store
}

/// No root certificate was found on this machine.
pub(crate) fn no_roots() -> Error {
    Error::new(
        ErrorKind::Connect,
        "this machine has no root certificates to check the server's certificate with",
    )
    .with_hint(
        "install the package ca-certificates, or name a file of root certificates with --ca-file or SSL_CERT_FILE",
    )
}

/// What a failed handshake means, and what to do about it.
pub(crate) fn explain(error: &rustls::Error) -> (String, &'static str) {
    const ENDPOINT: &str = "check the endpoint: something else may answer there";
    let (message, hint) = match error {
        rustls::Error::InvalidCertificate(cause) => return explain_certificate(cause),
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
            let error = client_config(&files, RootCertStore::empty());
            let error = error.unwrap_err().to_string();
            assert!(error.contains(name) && error.contains(reason), "{error}");
        }
    }

    #[test]
    fn a_failed_handshake_is_told_in_words_with_a_hint_that_fits() {
        use CertificateError::{Expired, NotValidForName, NotValidYet, UnknownIssuer};
        use rustls::Error::{AlertReceived, InvalidCertificate, InvalidMessage};
        let no_tls = rustls::InvalidMessage::InvalidContentType;
        let wanted = AlertDescription::CertificateRequired;
        for (error, [words, hint]) in [
            (
                InvalidCertificate(UnknownIssuer),
                ["does not trust", "--ca-file"],
            ),
            (InvalidCertificate(Expired), ["has expired", "clock"]),
            (InvalidCertificate(NotValidYet), ["not valid yet", "clock"]),
            (
                InvalidCertificate(NotValidForName),
                ["another host", "endpoint"],
            ),
            (AlertReceived(wanted), ["client certificate", "give"]),
            (InvalidMessage(no_tls), ["does not speak TLS", "port"]),
        ] {
            let (message, advice) = explain(&error);
            assert!(
                message.contains(words) && advice.contains(hint),
                "{message}: {advice}"
            );
        }
    }
}
