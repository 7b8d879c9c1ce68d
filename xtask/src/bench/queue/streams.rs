//! Ten thousand people who listen to one server's event streams: how much memory it has with all of them.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use super::super::replica::Replica;
use super::super::wrk::HALVES;
use super::joins::JOINS;
use crate::failure::Failure;

/// Open at a time.
const STREAMS: usize = 10_000;
/// Of the whole server, with what else it keeps.
const MEBIBYTES_MAX: u32 = 300;
/// How long a stream may take to tell the first place.
const TOLD_SECONDS_MAX: u64 = 10;

/// Opens a stream for people who joined at `replica`, as the files in `folder` tell, and tells the lines of the
/// table.
pub fn run(replica: &Replica<'_>, folder: &Path) -> Result<String, Failure> {
    let mut people = String::new();
    for half in 0..HALVES {
        people += &fs::read_to_string(folder.join(format!("{}.{half}", JOINS.name)))?;
    }
    let tokens: Vec<&str> =
        people.lines().filter_map(|person| person.split(' ').next_back()).take(STREAMS).collect();
    if tokens.len() < STREAMS {
        return Err(Failure::Message(format!("only {} people can listen", tokens.len())));
    }
    eprintln!("xtask: {STREAMS} people listen");
    let before = replica.resident_bytes()?;
    let streams: Result<Vec<TcpStream>, Failure> =
        tokens.into_iter().map(|token| listen(replica, token)).collect();
    let streams = streams?;
    let with_all = replica.resident_bytes()?;
    drop(streams);
    Ok(table(before, with_all))
}

/// A stream that has told its first place.
fn listen(replica: &Replica<'_>, queue_token: &str) -> Result<TcpStream, Failure> {
    let host = replica.url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(Duration::from_secs(TOLD_SECONDS_MAX)))?;
    write!(
        stream,
        "GET /v1/queue-tokens/current/events HTTP/1.1\r\nhost: {host}\r\nx-queue-token: {queue_token}\r\n\r\n"
    )?;
    for line in BufReader::new(&stream).lines() {
        let line = line?;
        if line.starts_with("data:") {
            return Ok(stream);
        }
        if line.starts_with("HTTP/1.1 ") && !line.starts_with("HTTP/1.1 200") {
            return Err(Failure::Message(format!("a stream was refused: {line}")));
        }
    }
    Err(Failure::Message("a stream ended at once".to_owned()))
}

fn table(before: u64, with_all: u64) -> String {
    #[allow(clippy::cast_precision_loss, reason = "far below 2^53")]
    let mebibytes = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    format!(
        "{STREAMS} open event streams          MiB\n{:<28}{:>12.1}\n{:<28}{:>12.1}    at most {MEBIBYTES_MAX}\n\n",
        "the server before",
        mebibytes(before),
        "the server with them",
        mebibytes(with_all),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_tells_what_the_server_takes() {
        let text = table(100 << 20, (250 << 20) + (1 << 19));
        for line in [
            "the server before                  100.0",
            "the server with them               250.5    at most 300",
        ] {
            assert!(text.lines().any(|one| one == line), "{line} is not in\n{text}");
        }
    }
}
