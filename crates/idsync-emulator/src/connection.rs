//! Client connections: accepted, counted, and handed over to faults that write to them directly.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tower_http::add_extension::AddExtension;

use crate::faults::RawAnswer;

/// Pause after a connection could not be accepted, for example with too many open files.
const RETRY_PAUSE: Duration = Duration::from_millis(100);

/// Numbers of client connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionCounts {
    /// Accepted since the start.
    pub accepted: u64,
    /// Open now.
    pub open: u64,
}

/// Counts connections.
#[derive(Debug, Default)]
pub(crate) struct ConnectionCounter {
    accepted: AtomicU64,
    /// Each open connection has a clone.
    open: Arc<()>,
}

impl ConnectionCounter {
    pub(crate) fn counts(&self) -> ConnectionCounts {
        ConnectionCounts {
            accepted: self.accepted.load(Ordering::SeqCst),
            open: (Arc::strong_count(&self.open) - 1) as u64,
        }
    }
}

/// Takes over the connection of a request: what is sent here is written instead of an HTTP response. An extension of each request.
pub(crate) type Takeover = mpsc::Sender<RawAnswer>;

/// Serves connections until the emulator stops, and then until responses in progress are complete.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    counter: Arc<ConnectionCounter>,
    stop: CancellationToken,
) {
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = connections.join_next() => continue,
            () = stop.cancelled() => break,
        };
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(RETRY_PAUSE).await;
            continue;
        };
        counter.accepted.fetch_add(1, Ordering::SeqCst);
        let open = Arc::clone(&counter.open);
        let (router, stop) = (router.clone(), stop.clone());
        connections.spawn(async move {
            serve_connection(stream, router, stop).await;
            drop(open);
        });
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn serve_connection(stream: TcpStream, router: Router, stop: CancellationToken) {
    // Responses are small: waiting to fill a segment only delays them. An error makes them late, not wrong.
    let _ = stream.set_nodelay(true);
    let (takeover, mut taken): (Takeover, _) = mpsc::channel(1);
    let service = TowerToHyperService::new(AddExtension::new(router, takeover));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        // An error means that the client closed the connection.
        _ = &mut connection => {}
        Some(answer) = taken.recv() => {
            answer.send(connection.into_parts().io.into_inner(), &stop).await;
        }
        () = stop.cancelled() => {
            std::pin::Pin::new(&mut connection).graceful_shutdown();
            let _ = connection.await;
        }
    }
}
