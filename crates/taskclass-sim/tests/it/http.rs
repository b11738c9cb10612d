//! The server over real HTTP on the machine's own loopback.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};
use taskclass_sim::scenario::{Fault, FaultKind, Moment};
use taskclass_sim::{Scenario, Server};

use crate::support::{CREATE, TASKS, TOKEN};

fn start(speed: f64) -> Server {
    Server::start("127.0.0.1:0", &Scenario::default(), 1, speed).unwrap()
}

/// Sends one request on a connection of its own and reads until it is closed.
fn exchange(addr: SocketAddr, method: &str, target: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let length = body.len();
    let head = format!(
        "{method} {target} HTTP/1.1\r\nHost: {addr}\r\nUser-Agent: t\r\nAuthorization: Bearer {TOKEN}\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

fn json_of(text: &str) -> Value {
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no response: {text:?}"));
    assert!(head.starts_with("HTTP/1.1 2"), "{text}");
    serde_json::from_str(body).unwrap()
}

#[test]
fn a_task_over_the_wire() {
    let server = start(1.0);
    let created = json_of(&exchange(server.addr(), "POST", TASKS, "{\"prompt\": \"x\"}"));
    let id = created["id"].as_str().unwrap().to_owned();
    assert_eq!(created["state"], "queued");
    assert!(created["url"].as_str().unwrap().starts_with(&server.url()));
    let before = server.now();
    json_of(&exchange(server.addr(), "POST", "/_sim/advance", "{\"seconds\": 400}"));
    assert!(server.now().duration_since(before).as_secs() >= 400);
    let task = json_of(&exchange(server.addr(), "GET", &format!("{TASKS}/{id}"), ""));
    assert_eq!(task["state"], "completed");
    assert_eq!(server.with_sim(|sim| sim.tasks().len()), 1);
    let list = exchange(server.addr(), "GET", TASKS, "");
    assert!(list.contains(&format!("link: <{}{TASKS}?page=1>; rel=\"first\"", server.url())), "{list}");
    server.shutdown().unwrap();
}

#[test]
fn a_dropped_connection_has_not_one_byte() {
    let server = start(1.0);
    server.with_sim(|sim| {
        sim.add_fault(Fault::nth(CREATE, 1, FaultKind::LoseResponse {}));
        sim.add_fault(Fault::nth(CREATE, 2, FaultKind::Drop {}));
    });
    assert_eq!(exchange(server.addr(), "POST", TASKS, "{\"prompt\": \"x\"}"), "");
    assert_eq!(server.with_sim(|sim| sim.tasks().len()), 1, "lost after the effect");
    assert_eq!(exchange(server.addr(), "POST", TASKS, "{\"prompt\": \"x\"}"), "");
    assert_eq!(server.with_sim(|sim| sim.tasks().len()), 1, "dropped before it");
    json_of(&exchange(server.addr(), "GET", TASKS, ""));
}

#[test]
fn a_held_connection_is_silent_until_the_client_goes() {
    let server = start(1.0);
    server.with_sim(|sim| sim.add_fault(Fault::nth(CREATE, 1, FaultKind::Hold { when: Moment::After })));
    let mut stream = TcpStream::connect(server.addr()).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    let body = "{\"prompt\": \"x\"}";
    let head = format!(
        "POST {TASKS} HTTP/1.1\r\nHost: x\r\nUser-Agent: t\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let tasks = || json_of(&exchange(server.addr(), "GET", "/_sim/tasks", "")).as_array().unwrap().len();
    assert!((0..10_000).any(|_| tasks() == 1), "it has its effect");
    let silence = stream.read(&mut [0_u8; 16]).unwrap_err();
    assert!(matches!(silence.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut), "{silence}");
    json_of(&exchange(server.addr(), "GET", TASKS, ""));
    drop(stream);
    server.shutdown().unwrap();
}

#[test]
fn one_connection_serves_many_requests() {
    let server = start(1.0);
    let mut stream = TcpStream::connect(server.addr()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    for _ in 0..3 {
        let request =
            format!("GET /user HTTP/1.1\r\nHost: x\r\nUser-Agent: t\r\nAuthorization: Bearer {TOKEN}\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut seen = Vec::new();
        let mut buffer = [0_u8; 4096];
        while !String::from_utf8_lossy(&seen).contains("two_factor_authentication\":true}") {
            let count = stream.read(&mut buffer).unwrap();
            assert!(count > 0, "closed early");
            seen.extend_from_slice(&buffer[..count]);
        }
        assert!(seen.starts_with(b"HTTP/1.1 200"));
    }
}

#[test]
fn the_clock_can_run_fast() {
    let server = start(1_000_000.0);
    let created = json_of(&exchange(server.addr(), "POST", TASKS, "{\"prompt\": \"x\"}"));
    let id = created["id"].as_str().unwrap().to_owned();
    // A thousandth of a second is more than a quarter of an hour: a few exchanges are enough.
    let ended = (0..1000)
        .any(|_| json_of(&exchange(server.addr(), "GET", &format!("/agents/tasks/{id}"), ""))["state"] == "completed");
    assert!(ended);
}

#[test]
fn what_is_too_large_is_refused() {
    let server = start(1.0);
    let text = exchange(server.addr(), "POST", TASKS, &json!({"prompt": "x".repeat(5 << 20)}).to_string());
    assert!(text.is_empty() || text.starts_with("HTTP/1.1 413"), "{}", &text[..40.min(text.len())]);
    assert!(server.with_sim(|sim| sim.tasks().is_empty()));
}

#[test]
fn an_address_in_use_is_an_error() {
    let server = start(1.0);
    assert!(Server::start(&server.addr().to_string(), &Scenario::default(), 1, 1.0).is_err());
    let addr = server.addr();
    drop(server);
    assert!(TcpStream::connect(addr).is_err(), "nothing is left behind");
}
