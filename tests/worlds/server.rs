//! A server on loopback with the responses of a world.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use serde_json::{Value, json};

use crate::world::{Answer, NOW, World};

/// Serves `world` until the process ends; gives the base URL.
pub(crate) fn serve(world: &World) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let world = Arc::new(world.clone());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let world = Arc::clone(&world);
            thread::spawn(move || answer_one(stream, &world));
        }
    });
    url
}

/// Answers the one request of a connection.
fn answer_one(mut stream: TcpStream, world: &World) -> Option<()> {
    let lines = BufReader::new(stream.try_clone().ok()?).lines();
    let lines = lines.map_while(Result::ok);
    let head: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
    let url = head.first()?.split(' ').nth(1)?;
    let mut headers = head.iter().filter_map(|line| line.split_once(": "));
    let workspace = headers.find(|(name, _)| name.eq_ignore_ascii_case("workspace"));
    let (status, body) = answer(world, url, workspace.map_or("", |(_, value)| value));
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status} World\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n{body}"
    )
    .ok()
}

fn answer(world: &World, url: &str, workspace: &str) -> (u16, String) {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let path: Vec<_> = path.split('/').collect();
    let (list, key) = match path.as_slice() {
        ["", "_emulator", "clock"] => {
            let clock = json!({ "now": NOW, "scale": 1.0, "running": false });
            return (200, clock.to_string());
        }
        ["", "v1", project, "security", "member-sync-tasks"] => {
            ("tasks", format!("{project}/{workspace}"))
        }
        ["", _, project, "clusters", cluster, ..] => {
            ("sync_records", format!("{project}/{cluster}"))
        }
        _ => ("", String::new()),
    };
    match world.answers.get(&key) {
        Some(Answer::Items(items)) => (200, page(list, items, query).to_string()),
        Some(Answer::Raw(status, body)) => (*status, body.clone()),
        None => (404, r#"{"error_code":"APIGW.0101"}"#.to_owned()),
    }
}

/// One page. As documented, `offset` counts tasks of DataArts Studio and pages of DWS.
fn page(list: &str, items: &[Value], query: &str) -> Value {
    let number = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let value = pairs.find(|(key, _)| *key == name);
        value.and_then(|(_, value)| value.parse::<usize>().ok())
    };
    let limit = number("limit").unwrap_or(1000);
    let offset = number("offset").unwrap_or_default();
    let (start, total) = match list {
        "tasks" => (offset, "total"),
        _ => (offset * limit, "count"),
    };
    let page: Vec<_> = items.iter().skip(start).take(limit).collect();
    json!({ list: page, total: items.len() })
}
