//! Redirects, which would send the credentials to another host.

use std::net::Ipv4Addr;
use std::time::Duration;

use idsync::ErrorKind;
use idsync_emulator::{Emulator, FaultKind};
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::session::Session;

#[tokio::test]
async fn the_target_of_a_redirect_gets_no_request() {
    let elsewhere = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let target = format!("http://{}/", elsewhere.local_addr().unwrap());
    let session = Session::with(Emulator::builder(), |client| client).await;
    session.break_with(&FaultKind::redirect(target));
    for error in session.errors().await {
        assert_eq!(error.kind(), ErrorKind::Redirect, "{error}");
    }
    let visit = timeout(Duration::ZERO, elsewhere.accept()).await;
    assert!(visit.is_err(), "{visit:?}");
    assert_eq!(session.requests().len(), 3);
}
