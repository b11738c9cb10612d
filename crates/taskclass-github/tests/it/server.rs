//! A tiny HTTP server on loopback that does what a script says and remembers what it was sent.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use taskclass_github::{ApiUrl, HttpOptions, HttpTransport, Token};

/// What happens to one request.
#[derive(Clone)]
pub(crate) enum Act {
    /// These bytes are sent; the connection stays open.
    Send(String),
    /// These bytes are sent and the connection is closed.
    SendAndClose(String),
    /// The connection is closed without an answer.
    Close,
    /// Nothing is ever sent; the connection stays open.
    Hang,
}

/// An answer with a length, as GitHub sends it.
pub(crate) fn answer(status: u16, headers: &str, body: &str) -> Act {
    Act::Send(format!("HTTP/1.1 {status} X\r\n{headers}content-length: {}\r\n\r\n{body}", body.len()))
}

/// One request as it came, and the number of its connection.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) connection: usize,
    pub(crate) text: String,
}

pub(crate) struct Server {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Server {
    pub(crate) fn start(script: impl IntoIterator<Item = Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(Vec::new()));
        let script = Arc::new(Mutex::new(script.into_iter().collect::<VecDeque<Act>>()));
        let log = Arc::clone(&received);
        thread::spawn(move || {
            for (connection, stream) in listener.incoming().enumerate() {
                let (log, script) = (Arc::clone(&log), Arc::clone(&script));
                let Ok(stream) = stream else { return };
                thread::spawn(move || serve(stream, connection, &log, &script));
            }
        });
        Self { address, received }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn transport(&self) -> HttpTransport {
        transport(&self.url(), HttpOptions::default())
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

pub(crate) const SECRET: &str = "ghp_0123456789verysecret";

pub(crate) fn transport(url: &str, options: HttpOptions) -> HttpTransport {
    HttpTransport::new(ApiUrl::parse(url).unwrap(), Token::new(SECRET).unwrap(), options).unwrap()
}

fn serve(mut stream: TcpStream, connection: usize, log: &Mutex<Vec<Received>>, script: &Mutex<VecDeque<Act>>) {
    let mut buffer = Vec::new();
    while let Some(text) = read_request(&mut stream, &mut buffer) {
        log.lock().unwrap().push(Received { connection, text });
        let act = script.lock().unwrap().pop_front().unwrap_or(Act::Close);
        match act {
            Act::Send(bytes) => stream.write_all(bytes.as_bytes()).unwrap_or_default(),
            Act::SendAndClose(bytes) => return stream.write_all(bytes.as_bytes()).unwrap_or_default(),
            Act::Close => return,
            Act::Hang => {}
        }
    }
}

fn read_request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<String> {
    loop {
        let text = String::from_utf8_lossy(buffer).into_owned();
        if let Some(end) = text.find("\r\n\r\n") {
            let length = text[..end]
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse::<usize>().ok()
                })
                .unwrap_or(0);
            let total = end + 4 + length;
            if buffer.len() >= total {
                let request = buffer.drain(..total).collect::<Vec<u8>>();
                return Some(String::from_utf8_lossy(&request).into_owned());
            }
        }
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return None,
            Ok(got) => buffer.extend_from_slice(&chunk[..got]),
        }
    }
}
