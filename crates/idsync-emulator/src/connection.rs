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
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower_http::add_extension::AddExtension;

use crate::faults::RawAnswer;

/// Pause after a connection could not be accepted, for example with too many open files.
const RETRY_PAUSE: Duration = Duration::from_millis(100);

/// Maximum time for responses in progress after the emulator was stopped.
const STOP_GRACE: Duration = Duration::from_secs(2);

/// Numbers of client connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionCounts {
    /// Accepted since the start.
    pub accepted: u64,
    /// Open now.
    pub open: u64,
}

/// The connections of an emulator.
#[derive(Debug, Default)]
pub(crate) struct Connections {
    accepted: AtomicU64,
    open: TaskTracker,
}

/// Takes over the connection of a request: what is sent here is written instead of an HTTP response. An extension of each request.
pub(crate) type Takeover = mpsc::Sender<RawAnswer>;

impl Connections {
    pub(crate) fn counts(&self) -> ConnectionCounts {
        ConnectionCounts {
            accepted: self.accepted.load(Ordering::SeqCst),
            open: self.open.len() as u64,
        }
    }

    /// Serves connections until the emulator stops, and then until responses in progress are complete.
    pub(crate) async fn serve(
        self: Arc<Self>,
        listener: TcpListener,
        router: Router,
        stop: CancellationToken,
    ) {
        while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
            let Ok((stream, _)) = accepted else {
                sleep(RETRY_PAUSE).await;
                continue;
            };
            self.accepted.fetch_add(1, Ordering::SeqCst);
            self.open
                .spawn(serve_connection(stream, router.clone(), stop.clone()));
        }
        drop(listener);
        self.open.close();
        self.open.wait().await;
    }
}

async fn serve_connection(stream: TcpStream, router: Router, stop: CancellationToken) {
    // Responses are small: waiting to fill a segment only delays them. An error makes them late, not wrong.
    let _ = stream.set_nodelay(true);
    let (takeover, mut taken): (Takeover, _) = mpsc::channel(1);
    let service = TowerToHyperService::new(AddExtension::new(router, takeover));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // An error means that the client closed the connection.
    tokio::select! {
        _ = &mut connection => {}
        Some(answer) = taken.recv() => {
            let stream = connection.into_parts().io.into_inner();
            let _ = stop.run_until_cancelled(answer.send(stream)).await;
        }
        () = stop.cancelled() => {
            std::pin::Pin::new(&mut connection).graceful_shutdown();
            let _ = timeout(STOP_GRACE, connection).await;
        }
    }
}
