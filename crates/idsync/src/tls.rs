//! TLS: trusted certificates, and what to do about failed handshakes.

use std::path::Path;
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{AlertDescription, CertificateError, ClientConfig, RootCertStore};

use crate::Error;
use crate::config::read_file;

/// The largest file of certificates that is read, in bytes.
const LARGEST_FILE: usize = 8 * 1024 * 1024;

/// TLS 1.2 and 1.3, with `roots` trusted and those in `ca_file`.
///
/// # Errors
///
/// `Configuration`, with the name of a file that cannot be used and why.
pub(crate) fn client_config(
    ca_file: Option<&Path>,
    mut roots: RootCertStore,
) -> Result<ClientConfig, Error> {
    if let Some(path) = ca_file {
        let refuse = |why: &str| {
            Error::configuration(format!("the file {} cannot be used: {why}", path.display()))
        };
        let text = read_file(path, LARGEST_FILE)?.ok_or_else(|| refuse("it does not exist"))?;
        let before = roots.len();
        for certificate in CertificateDer::pem_slice_iter(text.as_bytes()) {
            let certificate = certificate.map_err(|error| refuse(&error.to_string()))?;
            let added = roots.add(certificate);
            added.map_err(|_| refuse("a certificate in it is damaged"))?;
        }
        if roots.len() == before {
            return Err(refuse(
                "it contains no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----",
            ));
        }
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::configuration("TLS could not be set up").with_source(error))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
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

/// What happened, in the words of the TLS library where it has words.
pub(crate) fn message(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(cause) if is_authority(cause) => {
            "invalid peer certificate: it is that of a certificate authority (CA:TRUE)".to_owned()
        }
        _ => error.to_string(),
    }
}

/// The library has no case of its own for the certificate of an authority that a server uses as its own.
fn is_authority(cause: &CertificateError) -> bool {
    matches!(cause, CertificateError::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity"))
}

/// What to do about a failed handshake.
pub(crate) fn hint(error: &rustls::Error) -> &'static str {
    use rustls::Error::{AlertReceived, InvalidCertificate, InvalidMessage};
    match error {
        InvalidCertificate(CertificateError::UnknownIssuer) => {
            "if the endpoint is your company's own, or a proxy inspects TLS, trust its root certificate with --ca-file or \
             SSL_CERT_FILE; if no server is trusted, install the package ca-certificates"
        }
        InvalidCertificate(
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. },
        ) => "set the clock of this machine if it is wrong, or renew the certificate of the server",
        InvalidCertificate(cause) if is_authority(cause) => {
            "create the server's certificate with CA:FALSE, or issue one by this authority, and trust the authority with \
             --ca-file"
        }
        AlertReceived(AlertDescription::CertificateRequired) => {
            "use an endpoint that asks for no client certificate"
        }
        InvalidMessage(_) => "check the port of the endpoint, and whether it is plain http",
        _ => "check the endpoint: something else may answer there",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_of_an_unusable_file_names_it_and_what_is_wrong() {
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
            let error = client_config(Some(&file), RootCertStore::empty());
            let error = error.unwrap_err().to_string();
            assert!(error.contains(name) && error.contains(reason), "{error}");
        }
    }
}
