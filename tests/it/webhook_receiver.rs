//! A webhook from the program to a receiver on this machine: signed so that the receiver can check it by its own means, sent again
//! until it is taken, and nothing of its address or its secret in any file or output.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::harness::{CLASS_FILE, World};

const SECRET: &[u8; 32] = b"0123456789abcdef0123456789abcdef";
/// The same, as it is written in the file.
const WRITTEN: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
/// What nobody else may see of the address.
const PATH: &str = "/hooks/T0c4rryM3";

/// One request: its first line, its fields, its body.
pub(crate) type Got = (String, BTreeMap<String, String>, Vec<u8>);

/// A receiver that gives these answers, and then no more.
pub(crate) fn receiver(answers: &[&'static str]) -> (String, Receiver<Got>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}{PATH}", listener.local_addr().unwrap());
    let (tell, told) = channel();
    let answers = answers.to_vec();
    std::thread::spawn(move || {
        for answer in answers {
            let Ok((mut stream, _)) = listener.accept() else { return };
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut lines = Vec::new();
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).unwrap_or(0) <= 2 {
                    break;
                }
                lines.push(line.trim_end().to_owned());
            }
            let fields: BTreeMap<String, String> = lines
                .iter()
                .skip(1)
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                .collect();
            let length = fields.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
            let _ = tell.send((lines[0].clone(), fields, body));
        }
    });
    (url, told)
}

pub(crate) const OK: &str = "HTTP/1.1 204 No Content\r\n\r\n";
const BROKEN: &str = "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
const ELSEWHERE: &str = "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// HMAC-SHA-256, from its definition.
fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let pad = |byte: u8| -> Vec<u8> { (0..64).map(|at| key.get(at).copied().unwrap_or(0) ^ byte).collect() };
    let inner = Sha256::digest([pad(0x36), message.to_vec()].concat());
    Sha256::digest([pad(0x5c), inner.to_vec()].concat()).to_vec()
}

fn base64(bytes: &[u8]) -> String {
    let digit =
        |six: u32| char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[six as usize & 63]);
    let group = |chunk: &[u8]| {
        let word = (0..3).fold(0, |word, at| word << 8 | u32::from(chunk.get(at).copied().unwrap_or(0)));
        let digits: String =
            (0..4).map(|at| if at <= chunk.len() { digit(word >> (18 - 6 * at)) } else { '=' }).collect();
        digits
    };
    bytes.chunks(3).map(group).collect()
}

/// A world whose class tells people by the webhook alone, of an agent that fails, and whose executor sends it to `url`.
pub(crate) fn world(url: &str) -> World {
    let world = World::new();
    world.registry.replace(CLASS_FILE, "notify: [issue]", "notify: [\"webhook:oncall\"]");
    world.registry.commit("Whoever is on call is told");
    world.registry.approve_all();
    world.sim.agents(&json!({"sessions": [{"work": "1m", "outcome": "failed", "error": "CAPIError: 500"}]}));
    write(&world.executor_folder().join("url"), url);
    write(&world.executor_folder().join("key"), WRITTEN);
    let hook = "notify: {webhooks: {oncall: {url: {file: url}, secret: {file: key}}}}\n";
    world.configure(&format!("{}{hook}", world.config()));
    world
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }
}

/// Files below the executor's folder, but for the two that hold them, in which either stands.
fn leaks(world: &World) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(world.executor_folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() || path.ends_with("url") || path.ends_with("key") {
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        let holds = |what: &[u8]| bytes.windows(what.len()).any(|window| window == what);
        if holds(PATH.as_bytes()) || holds(SECRET) || holds(&WRITTEN.as_bytes()[6..]) {
            found.push(path.display().to_string());
        }
    }
    found
}

#[test]
fn it_is_signed_sent_again_and_nothing_of_it_is_written_down() {
    let (url, told) = receiver(&[BROKEN, ELSEWHERE, OK]);
    let world = world(&url);
    world.run(&["--detach", "-v"]).exits(0);
    let mut got = Vec::new();
    world.tick_until("three messages", |_| {
        got.extend(told.try_recv().ok());
        (got.len() == 3).then_some(())
    });
    for (line, fields, body) in &got {
        assert!(line.starts_with("POST ") && line.contains(PATH), "{line}");
        assert_eq!(fields["content-type"], "application/json");
        let signed = [fields["webhook-id"].as_bytes(), fields["webhook-timestamp"].as_bytes(), body].join(&b'.');
        assert_eq!(fields["webhook-signature"], format!("v1,{}", base64(&hmac(SECRET, &signed))));
        assert!(!fields.contains_key("authorization"), "GitHub's token is GitHub's");
        let sent: i64 = fields["webhook-timestamp"].parse().unwrap();
        assert!((jiff::Timestamp::now().as_second() - sent).abs() < 120);
    }
    assert!(got.windows(2).all(|pair| pair[0].1["webhook-id"] == pair[1].1["webhook-id"]), "one message");
    let said: Value = serde_json::from_slice(&got[2].2).unwrap();
    assert_eq!(
        (said["type"].as_str(), said["data"]["trigger"].as_str()),
        (Some("taskclass.escalation"), Some("failed"))
    );
    assert!(said["data"]["details"].to_string().contains("CAPIError: 500"), "{said}");
    assert!(!said.to_string().contains("Done when"), "no prompt: {said}");

    let stands = |event: &Value| event["kind"] == "acted" && event["data"]["action"] == "notify:1:0:webhook:oncall";
    world.tick_until("what came of it", |world| world.views().events().iter().any(stands).then_some(()));

    let everything = [
        world.views().log(),
        world.executor(&["inbox", "--format", "json"]).stdout,
        world.executor(&["status", "--format", "json"]).stdout,
    ]
    .concat();
    assert!(!everything.contains(PATH) && !everything.contains(&WRITTEN[6..]), "{everything}");
    assert_eq!(leaks(&world), Vec::<String>::new());
    assert!(everything.contains("the receiver answered 500") && everything.contains("redirects are not followed"));
    // Whoever looks for it afterwards is sent nothing.
    assert!(told.recv_timeout(Duration::from_millis(10)).is_err());
}

#[test]
fn a_class_whose_webhook_cannot_be_sent_to_is_refused_and_says_why() {
    let world = world("http://192.0.2.1/hooks/T0c4rryM3");
    let words = ["`escalation.ladder[0].notify[0]`", "`webhook:oncall`", "`notify.webhooks.oncall.url`", "https://"];
    let refused = world.run(&["--dry-run"]);
    assert!(!refused.stderr.contains(PATH), "{refused}");
    refused.fails_clearly(3, &words);
    fs::remove_file(world.executor_folder().join("url")).unwrap();
    world.run(&["--dry-run"]).fails_clearly(3, &["`notify.webhooks.oncall.url`", "cannot be read"]);
    world.configure(&world.config());
    world.run(&["--dry-run"]).fails_clearly(3, &["`webhook:oncall` tells nobody", "has no `notify.webhooks.oncall`"]);
    world.assert_nothing_posted();
}
