//! A server other than the services.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

/// Answers every request the same way, or never; it stops on drop.
pub(crate) struct Impostor {
    url: String,
    stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Impostor {
    /// Answers with this status line and these headers, and an empty body.
    pub(crate) fn saying(head: &str) -> Self {
        Self::with(Some(format!(
            "{head}Content-Length: 0\r\nConnection: close\r\n\r\n"
        )))
    }

    /// Accepts connections and never responds.
    pub(crate) fn silent() -> Self {
        Self::with(None)
    }

    /// The address of a server that has stopped.
    pub(crate) fn gone() -> String {
        Self::silent().url.clone()
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    fn with(answer: Option<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let stopping = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&stopping);
        let thread = thread::spawn(move || {
            let mut kept = Vec::new();
            for connection in listener.incoming() {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let connection = connection.unwrap();
                match &answer {
                    Some(answer) => reply(connection, answer),
                    None => kept.push(connection),
                }
            }
        });
        Self {
            url,
            stopping,
            thread: Some(thread),
        }
    }
}

/// Reads the first segment, which holds all of a small request, and replies. Errors of the connection are ignored.
fn reply(mut connection: TcpStream, answer: &str) {
    let _ = connection
        .read(&mut [0; 16 * 1024])
        .and_then(|_| connection.write_all(answer.as_bytes()));
}

impl Drop for Impostor {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        // Wakes it up.
        let _ = TcpStream::connect(self.url.trim_start_matches("http://"));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
