//! The settings of TLS for all connections of the monitor itself.

use std::sync::Arc;

use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};

use crate::MonitorError;

/// Trusts the root certificates of the system; `SSL_CERT_FILE` names others.
///
/// # Errors
///
/// If the versions of TLS cannot be set up.
pub(crate) fn client() -> Result<ClientConfig, MonitorError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| MonitorError::caused("TLS could not be set up", error))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
