//! Whom a connection trusts: the roots of the platform, and those of a file.

use std::path::Path;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{self, PemObject};
use rustls_platform_verifier::Verifier;

use crate::Error;

/// TLS 1.2 and 1.3 by rustls. Certificates of `ca_file`, in PEM, are trusted beside the platform's.
///
/// # Errors
///
/// `Usage`, with the name of the file and what is wrong with it.
pub(super) fn tls(ca_file: Option<&Path>) -> Result<ClientConfig, Error> {
    let unusable = |error| Error::configuration("TLS could not be set up").with_source(error);
    let provider = Arc::new(ring::default_provider());
    let extra = ca_file.map(certificates).transpose()?;
    let verifier = Verifier::new_with_extra_roots(extra.unwrap_or_default(), Arc::clone(&provider))
        .map_err(|error| match ca_file {
            Some(file) => wrong(file, &format!("it cannot be trusted: {error}")),
            None => unusable(error),
        })?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    Ok(config.with_no_client_auth())
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let text = std::fs::read(file).map_err(|error| wrong(file, &error.to_string()))?;
    let certificates: Result<Vec<_>, pem::Error> = CertificateDer::pem_slice_iter(&text).collect();
    match certificates {
        Ok(found) if found.is_empty() => Err(wrong(
            file,
            "it holds no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----",
        )),
        Ok(found) => Ok(found),
        Err(error) => Err(wrong(file, &error.to_string())),
    }
}

fn wrong(file: &Path, why: &str) -> Error {
    Error::configuration(format!(
        "the CA file {} is not usable: {why}",
        file.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(name: &str, content: Option<&[u8]>) -> String {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join(name);
        if let Some(content) = content {
            std::fs::write(&file, content).unwrap();
        }
        let error = tls(Some(&file)).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Configuration);
        error.to_string()
    }

    #[test]
    fn a_file_that_cannot_be_used_is_named_with_what_is_wrong() {
        for (name, content, reason) in [
            ("missing.pem", None, "No such file"),
            ("empty.pem", Some(&b""[..]), "no certificate in PEM"),
            (
                "binary.der",
                Some(b"\x30\x82\x01\x00"),
                "no certificate in PEM",
            ),
            (
                "cut.pem",
                Some(b"-----BEGIN CERTIFICATE-----\nAAAA\n"),
                "section end",
            ),
            (
                "garbage.pem",
                Some(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
                "cannot be trusted",
            ),
        ] {
            let error = refused(name, content);
            assert!(error.contains(name) && error.contains(reason), "{error}");
        }
    }

    #[test]
    fn without_a_file_the_platform_is_trusted() {
        assert!(tls(None).is_ok());
    }
}
