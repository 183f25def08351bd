//! Answers on loopback as a world says.

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

/// What of a request decides on the answer.
struct Target {
    path: String,
    query: String,
    workspace: String,
}

fn answer_all(stream: TcpStream, world: &World) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut writer = stream;
    while let Some(target) = read_target(&mut reader) {
        let (status, body) = answer(world, &target);
        let length = body.len();
        write!(
            writer,
            "HTTP/1.1 {status} World\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        )
        .ok()?;
    }
    None
}

fn read_target(reader: &mut impl BufRead) -> Option<Target> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let url = line.split(' ').nth(1)?.to_owned();
    let mut workspace = String::new();
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("workspace") => {
                value.clone_into(&mut workspace);
            }
            Some(_) => {}
            None => break,
        }
    }
    let (path, query) = url.split_once('?').unwrap_or((&url, ""));
    Some(Target {
        path: path.to_owned(),
        query: query.to_owned(),
        workspace,
    })
}

fn answer(world: &World, target: &Target) -> (u16, String) {
    let path: Vec<_> = target.path.split('/').collect();
    let (list, found) = match path.as_slice() {
        ["", "_emulator", "clock"] => {
            let clock = json!({ "now": NOW, "scale": 1.0, "running": false });
            return (200, clock.to_string());
        }
        ["", "v1", project, "security", "member-sync-tasks"] => {
            let key = format!("{project}/{}", target.workspace);
            ("tasks", world.answers.get(&key))
        }
        ["", _, project, "clusters", cluster, .., operation] => {
            let list = if *operation == "iam-sync" {
                ""
            } else {
                "sync_records"
            };
            (list, world.answers.get(&format!("{project}/{cluster}")))
        }
        _ => ("", None),
    };
    match found {
        Some(Answer::Items(items)) => {
            let (mut page, total) = page(list, items, &target.query);
            page[total] = items.len().into();
            (200, page.to_string())
        }
        Some(Answer::Uncounted(items)) => (200, page(list, items, &target.query).0.to_string()),
        Some(Answer::Raw(status, body)) => (*status, body.clone()),
        None => (
            404,
            r#"{"error_code":"APIGW.0101","error_msg":"The API does not exist"}"#.into(),
        ),
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
