//! Requests that no well-behaved client sends, byte by byte.

use frontrow_tests::Answer;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Sends bytes as they are, and reads the one answer. The request should ask to close the connection.
pub async fn send(address: SocketAddr, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).await.expect("the server listens");
    // The server may answer and close before it has read all.
    let _ = stream.write_all(request).await;
    let mut answer = Vec::new();
    while let Ok(1..) = stream.read_buf(&mut answer).await {}
    parse(&String::from_utf8(answer).expect("answers are text"))
}

/// A POST whose body comes in chunks, so that its length is not known beforehand.
pub fn chunked(path: &str, headers: &[(&str, &str)], chunks: &[&str]) -> Vec<u8> {
    let head = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
    let body = chunks.iter().map(|chunk| format!("{:x}\r\n{chunk}\r\n", chunk.len()));
    let mut request = format!("POST {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n");
    request.extend(head);
    request += "content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    request.extend(body);
    request += "0\r\n\r\n";
    request.into_bytes()
}

fn parse(answer: &str) -> Answer {
    let (head, body) = answer.split_once("\r\n\r\n").expect("an answer has a head");
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(": ").expect("a header has a value");
        let name: HeaderName = name.parse().expect("a header has a name");
        headers.append(name, HeaderValue::from_str(value).expect("values are text"));
    }
    let status = status.expect("an answer has a status");
    Answer { status, headers, body: serde_json::from_str(body).unwrap_or(Value::Null) }
}
