//! Tells systemd how the service stands, where systemd started it.

/// The variable that names the socket of the service manager.
const SOCKET: &str = "NOTIFY_SOCKET";

/// Sends a state such as `READY=1`. A manager that cannot be reached waits for its own timeout, so a failure changes nothing.
#[cfg(target_os = "linux")]
pub(super) fn notify(state: &str) {
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::net::{SocketAddr, UnixDatagram};

    let Some(name) = crate::connect::variable(SOCKET) else {
        return;
    };
    let address = match name.strip_prefix('@') {
        Some(name) => SocketAddr::from_abstract_name(name),
        None => SocketAddr::from_pathname(&name),
    };
    let sent = address
        .and_then(|address| UnixDatagram::unbound()?.send_to_addr(state.as_bytes(), &address));
    if let Err(error) = sent {
        tracing::debug!("{SOCKET}: {error}");
    }
}

/// There is no systemd here.
#[cfg(not(target_os = "linux"))]
pub(super) fn notify(_: &str) {}
