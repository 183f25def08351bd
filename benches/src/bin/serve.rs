//! Answers each request with a body that was made beforehand: `serve [MILLISECONDS]` prints its address.
#![allow(clippy::print_stdout, reason = "it prints its address")]

use std::time::Duration;

use idsync_benches::Call;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let latency = std::env::args().nth(1).and_then(|text| text.parse().ok());
    let latency = Duration::from_millis(latency.unwrap_or(0));
    let answers = [Call::Flag, Call::Records, Call::Tasks].map(|operation| {
        let body = operation.body();
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        &*Box::leak((head + &body).into_bytes().into_boxed_slice())
    });
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    loop {
        let (connection, _) = listener.accept().await?;
        connection.set_nodelay(true)?;
        tokio::spawn(serve(connection, answers, latency));
    }
}

async fn serve(mut connection: TcpStream, answers: [&'static [u8]; 3], latency: Duration) {
    let mut request = Vec::new();
    let mut piece = [0; 4096];
    while let Ok(length @ 1..) = connection.read(&mut piece).await {
        request.extend_from_slice(&piece[..length]);
        if !request.ends_with(b"\r\n\r\n") {
            continue;
        }
        let is_of = |part: &[u8]| request.windows(part.len()).any(|window| window == part);
        let answer = match () {
            () if is_of(b"/sync-records") => answers[1],
            () if is_of(b"/member-sync-tasks") => answers[2],
            () => answers[0],
        };
        request.clear();
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
        if connection.write_all(answer).await.is_err() {
            return;
        }
    }
}
