//! As much HTTP as the tests need: one message read whole, one request a connection.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// No exchange takes as long.
const PATIENCE: Duration = Duration::from_secs(60);

/// A request or response: its first line, its headers, its body.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) first: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Message {
    /// Reads one with a `Content-Length`, or without a body. `None` at the end of the stream.
    pub(crate) fn read(stream: &TcpStream) -> io::Result<Option<Self>> {
        let mut reader = BufReader::new(stream);
        let Some(first) = line(&mut reader)? else { return Ok(None) };
        let mut headers = Vec::new();
        while let Some(text) = line(&mut reader)?.filter(|text| !text.is_empty()) {
            let (name, value) = text.split_once(':').ok_or_else(|| io::Error::other("a header without a colon"))?;
            headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let length = length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        Ok(Some(Self { first, headers, body }))
    }

    /// Writes it, as the only one on its connection.
    pub(crate) fn write(&self, mut stream: &TcpStream) -> io::Result<()> {
        let mut bytes = format!("{}\r\n", self.first).into_bytes();
        for (name, value) in self.headers.iter().filter(|(name, _)| name != "connection") {
            bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        bytes.extend_from_slice(b"connection: close\r\n\r\n");
        bytes.extend_from_slice(&self.body);
        stream.write_all(&bytes)?;
        stream.flush()
    }

    /// A response's status.
    pub(crate) fn status(&self) -> Option<u16> {
        self.first.split(' ').nth(1)?.parse().ok()
    }
}

fn line(reader: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    reader.read_until(b'\n', &mut bytes)?;
    let text = String::from_utf8(bytes).map_err(io::Error::other)?;
    Ok(if text.is_empty() { None } else { Some(text.trim_end().to_owned()) })
}

/// Sends a request on a connection of its own.
pub(crate) fn exchange(addr: SocketAddr, request: &Message) -> io::Result<Option<Message>> {
    let stream = TcpStream::connect_timeout(&addr, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    request.write(&stream)?;
    Message::read(&stream)
}

/// One JSON request, whose answer must be 200.
pub(crate) fn json(addr: SocketAddr, method: &str, path: &str, body: Option<&Value>) -> Value {
    let body = body.map(Value::to_string).unwrap_or_default().into_bytes();
    let headers = vec![("host".to_owned(), addr.to_string()), ("content-length".to_owned(), body.len().to_string())];
    let request = Message { first: format!("{method} {path} HTTP/1.1"), headers, body };
    let answer = exchange(addr, &request).and_then(|answer| answer.ok_or_else(|| io::Error::other("no answer")));
    let answer = answer.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
    let text = String::from_utf8_lossy(&answer.body);
    assert_eq!(answer.status(), Some(200), "{method} {path}: {text}");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{method} {path}: {error}: {text}"))
}
