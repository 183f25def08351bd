//! Tells systemd how the service stands, where systemd started it: <https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html>.

use std::time::Duration;

/// The service manager that started this process, if one did.
#[derive(Debug)]
pub(super) struct ServiceManager {
    /// The path of its socket; after `@` an abstract name.
    socket: Option<String>,
    /// It restarts a service that it has not heard from for so long.
    watchdog: Option<Duration>,
}

impl ServiceManager {
    pub(super) fn from_environment() -> Self {
        Self::from_variables(crate::connect::variable)
    }

    fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Self {
        let own = std::process::id().to_string();
        let is_own = variable("WATCHDOG_PID").is_none_or(|id| id == own);
        let microseconds = variable("WATCHDOG_USEC").and_then(|text| text.parse().ok());
        let microseconds = microseconds.filter(|number| is_own && *number > 0);
        Self {
            socket: variable("NOTIFY_SOCKET"),
            watchdog: microseconds.map(Duration::from_micros),
        }
    }

    /// Sends a state such as `READY=1`. A manager that cannot be reached acts by its own timeouts, so a failure is only logged.
    pub(super) fn notify(&self, state: &str) {
        if let Some(socket) = &self.socket
            && let Err(error) = send(socket, state)
        {
            tracing::debug!("{state} could not be sent to systemd: {error}");
        }
    }

    /// Pings the watchdog twice in its period as long as `is_alive`. Returns at once where there is none.
    pub(super) async fn ping(&self, is_alive: impl Fn() -> bool) {
        let Some(period) = self.watchdog else { return };
        loop {
            if is_alive() {
                self.notify("WATCHDOG=1");
            }
            tokio::time::sleep(period / 2).await;
        }
    }
}

#[cfg(target_os = "linux")]
fn send(socket: &str, state: &str) -> std::io::Result<()> {
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::net::{SocketAddr, UnixDatagram};

    let address = match socket.strip_prefix('@') {
        Some(name) => SocketAddr::from_abstract_name(name)?,
        None => SocketAddr::from_pathname(socket)?,
    };
    UnixDatagram::unbound()?.send_to_addr(state.as_bytes(), &address)?;
    Ok(())
}

/// There is no systemd here.
#[cfg(not(target_os = "linux"))]
fn send(_: &str, _: &str) -> std::io::Result<()> {
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::cell::Cell;
    use std::os::unix::net::UnixDatagram;

    use tokio::sync::Notify;

    use super::*;

    fn manager(socket: &str, microseconds: &str, id: Option<&str>) -> ServiceManager {
        ServiceManager::from_variables(|name| match name {
            "NOTIFY_SOCKET" => Some(socket.to_owned()),
            "WATCHDOG_USEC" => Some(microseconds.to_owned()),
            "WATCHDOG_PID" => id.map(str::to_owned),
            _ => None,
        })
    }

    #[tokio::test]
    async fn the_watchdog_is_pinged_only_while_the_service_is_alive() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        socket.set_nonblocking(true).unwrap();
        let manager = manager(path.to_str().unwrap(), "2000", None);
        let (asked, asked_often) = (Cell::new(0), Notify::new());
        let is_alive = || {
            asked.set(asked.get() + 1);
            if asked.get() == 5 {
                asked_often.notify_one();
            }
            asked.get() <= 2
        };
        tokio::select! {
            () = manager.ping(is_alive) => panic!("it stopped"),
            () = asked_often.notified() => {}
        }
        let mut message = [0; 64];
        for _ in 0..2 {
            let length = socket.recv(&mut message).unwrap();
            assert_eq!(&message[..length], b"WATCHDOG=1");
        }
        assert!(socket.recv(&mut message).is_err());
    }

    #[test]
    fn a_watchdog_of_another_process_or_without_a_period_is_none() {
        let own = std::process::id().to_string();
        for (microseconds, id, expected) in [
            ("60000000", None, Some(Duration::from_secs(60))),
            ("60000000", Some(&*own), Some(Duration::from_secs(60))),
            ("60000000", Some("1"), None),
            ("0", None, None),
            ("soon", None, None),
        ] {
            let manager = manager("@idsync", microseconds, id);
            assert_eq!(manager.watchdog, expected, "{microseconds} {id:?}");
        }
    }
}
