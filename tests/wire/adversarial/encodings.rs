//! Character encodings and compression.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use idsync::ErrorKind;
use idsync_emulator::{FaultKind, RawAnswer, RawEnd};

use super::outcome::{Outcome, Place, fails, unreadable};
use super::row::{GOOD, Row};
use super::run::check;
use Outcome::{Reads, Says};
use Place::{List, Nowhere};

fn good(name: &'static str, body: impl Into<Vec<u8>>) -> Row {
    Row::body(name, body, Reads(1, vec![])).flag(Says(Some(true)))
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

/// `bytes` with one bit flipped.
fn damaged(mut bytes: Vec<u8>, at: usize) -> Vec<u8> {
    bytes[at] ^= 1;
    bytes
}

#[tokio::test]
async fn only_utf_8_is_read_with_or_without_a_byte_order_mark() {
    let utf_16: Vec<_> = GOOD.encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(vec![
        good("a byte order mark", format!("\u{feff}{GOOD}")),
        good("another character set declared", GOOD)
            .header("Content-Type", "application/json; charset=utf-16"),
        Row::body(
            "two byte order marks",
            format!("\u{feff}\u{feff}{GOOD}"),
            unreadable(Nowhere),
        ),
        Row::body("UTF-16", utf_16, unreadable(Nowhere)),
        Row::body("not text", vec![0xff; 100], unreadable(Nowhere)),
    ])
    .await;
}

#[tokio::test]
async fn bytes_that_are_not_utf_8_are_replaced_with_an_error() {
    let with = |item: &[u8]| {
        let items = [&br#"[{"id":"a"},"#[..], item, br#",{"id":"c"}]"#].concat();
        let tasks = [&br#"{"tasks":"#[..], &items, br#","total":3,"#].concat();
        [&tasks[..], br#""sync_records":"#, &items, br#","count":3}"#].concat()
    };
    let replaced =
        |name, item: &[u8]| Row::body(name, with(item), Reads(3, vec![List])).flag(Says(None));
    check(vec![
        replaced("a byte of Latin 1", b"{\"id\":\"\xe4\"}"),
        replaced("a surrogate", b"{\"id\":\"\xed\xa0\x80\"}"),
        Row::body(
            "between the values",
            with(b"{\"id\":\"b\"}\xff"),
            unreadable(Nowhere),
        )
        .flag(unreadable(Nowhere)),
    ])
    .await;
}

#[tokio::test]
async fn a_damaged_compressed_body_is_an_error() {
    let packed = gzip(GOOD.as_bytes());
    let body = packed.len() / 2;
    let zipped = |row: Row| row.header("Content-Encoding", "gzip");
    let broken = |name, bytes: &[u8]| zipped(Row::body(name, bytes, unreadable(Nowhere)));
    check(vec![
        zipped(good("a good body", packed.clone())),
        broken("damage in the middle", &damaged(packed.clone(), body)),
        broken("truncated", &packed[..body]),
        broken("a plain body", GOOD.as_bytes()),
        broken("an empty body, compressed", &gzip(b"")),
        Row::body("compressed and not declared", packed, unreadable(Nowhere)),
        Row::body(
            "an encoding that was not asked for",
            vec![0x1b, 0x5d, 0, 0x80],
            unreadable(Nowhere),
        )
        .header("Content-Encoding", "br"),
    ])
    .await;
}

#[tokio::test]
async fn the_size_limit_counts_decompressed_bytes() {
    let bomb = gzip(&vec![b' '; 32 << 20]);
    assert!(bomb.len() < 64 << 10);
    let too_large = fails(ErrorKind::TooLarge).status(200);
    let head = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n";
    let endless = RawAnswer::new(head).then(RawEnd::Repeat(bomb.clone().into()));
    check(vec![
        Row::body("32 MiB out of 32 KiB", bomb, too_large.clone())
            .header("Content-Encoding", "gzip")
            .with(|client| client.max_response_bytes(1 << 20)),
        Row::of("32 MiB repeated", FaultKind::Raw(endless), too_large)
            .with(|client| client.max_response_bytes(1 << 20)),
    ])
    .await;
}
