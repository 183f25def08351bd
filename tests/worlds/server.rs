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
            thread::spawn(move || answer_all(stream, &world));
        }
    });
    url
}

fn answer_all(stream: TcpStream, world: &World) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut writer = stream;
    while let Some((url, workspace)) = read_request(&mut reader) {
        let (status, body) = answer(world, &url, &workspace);
        let length = body.len();
        write!(
            writer,
            "HTTP/1.1 {status} World\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        )
        .ok()?;
    }
    None
}

/// The target of a request, and its workspace.
fn read_request(reader: &mut impl BufRead) -> Option<(String, String)> {
    let mut lines = reader.lines().map_while(Result::ok);
    let url = lines.next()?.split(' ').nth(1)?.to_owned();
    let mut workspace = String::new();
    for line in lines.take_while(|line| !line.is_empty()) {
        if let Some((name, value)) = line.split_once(": ")
            && name.eq_ignore_ascii_case("workspace")
        {
            value.clone_into(&mut workspace);
        }
    }
    Some((url, workspace))
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
        Some(Answer::Items(items)) => {
            let (mut page, total) = page(list, items, query);
            page[total] = items.len().into();
            (200, page.to_string())
        }
        Some(Answer::Uncounted(items)) => (200, page(list, items, query).0.to_string()),
        Some(Answer::Raw(status, body)) => (*status, body.clone()),
        None => {
            let unknown =
                json!({"error_code": "APIGW.0101", "error_msg": "The API does not exist"});
            (404, unknown.to_string())
        }
    }
}

/// One page without its total, and the key of that. As documented, `offset` counts tasks of DataArts Studio and pages of DWS.
fn page(list: &str, items: &[Value], query: &str) -> (Value, &'static str) {
    let number = |name: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let mut values = pairs.filter(|(key, _)| *key == name);
        values
            .next()
            .and_then(|(_, value)| value.parse::<usize>().ok())
    };
    let limit = number("limit").unwrap_or(1000);
    let offset = number("offset").unwrap_or_default();
    let (start, total) = match list {
        "tasks" => (offset, "total"),
        _ => (offset * limit, "count"),
    };
    let page: Vec<_> = items.iter().skip(start).take(limit).collect();
    (json!({ list: page }), total)
}
