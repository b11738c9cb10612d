//! The token is nowhere: in no file, no output, no log, no git object. (Every command of every test is held to it for its output.)

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;

use serde_json::json;

use crate::harness::{CLASS, Running, TOKEN, World};

/// Files below a folder that hold the token, or a good part of it.
fn leaks(folder: &Path, found: &mut Vec<String>) {
    let telltale = &TOKEN.as_bytes()[TOKEN.len() - 12..];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            leaks(&path, found);
        } else if fs::read(&path).unwrap().windows(telltale.len()).any(|window| window == telltale) {
            found.push(path.display().to_string());
        }
    }
}

#[test]
fn after_a_good_run_and_every_sort_of_failure_the_token_is_nowhere() {
    let world = World::approved();
    world.run(&["--wait", "--verbose"]).exits(0);
    world.sim.fault_at_creation(&json!({"kind": "lose_response"}));
    let billing =
        ["run", CLASS, "--repo", "acme/svc-billing", "-i", "package=serde", "-i", "to=1.0.230", "--wait", "-v"];
    world.executor(&billing).exits(0);
    world.sim.fault_at_creation(&json!({"kind": "forbidden", "message": "no"}));
    world.run(&["--wait", "-v"]).exits(5);
    // An answer that quotes the request back.
    world.sim.fault_at_creation(&json!({"kind": "forbidden", "message": format!("Bad credentials: Bearer {TOKEN}")}));
    world.run(&["--wait", "-v"]).exits(5);
    world.reconfigure("http://", "https://");
    world.run(&["--wait", "-v"]).exits(5);
    world.configure(&world.config());
    let token_file = world.folder().join("token");
    fs::write(&token_file, format!("{TOKEN}\n")).unwrap();
    world.reconfigure("{env: TASKCLASS_TOKEN}", "{file: ../token}");
    world.run(&["--dry-run"]).exits(2);
    fs::remove_file(&token_file).unwrap();
    world.reconfigure("{env: TASKCLASS_TOKEN}", "{command: [sh, -c, \"echo $TASKCLASS_TOKEN; exit 1\"]}");
    world.run(&["--dry-run"]).exits(2);
    world.configure(&world.config());
    let mut command = world.command(&World::run_arguments(&["--dry-run", "-v"]));
    command.env("RUST_LOG", "trace").env("RUST_BACKTRACE", "full");
    Running::start(command).wait();

    let views = world.views();
    let everything = [views.log(), world.executor(&["status", "--format", "json"]).stdout].concat();
    assert!(!everything.contains(TOKEN));
    let objects = world.registry.git(&["cat-file", "--batch-all-objects", "--batch"]);
    assert!(!objects.contains(TOKEN));
    let mut found = Vec::new();
    leaks(world.folder(), &mut found);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn the_token_stands_in_its_header_alone_and_does_not_follow_a_redirect() {
    let world = World::approved();
    world.run(&["--dry-run"]).exits(0);
    assert!(!world.sim.requests().is_empty());
    for request in world.sim.requests() {
        assert!(!request.to_string().contains(TOKEN), "the token stands elsewhere than in its header: {request}");
    }

    let trap = TcpListener::bind("127.0.0.1:0").unwrap();
    trap.set_nonblocking(true).unwrap();
    let away = format!("http://{}", trap.local_addr().unwrap());
    let liar = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", liar.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in liar.incoming().flatten() {
            let mut seen = [0; 4096];
            let answer = format!(
                "HTTP/1.1 301 Moved\r\nlocation: {away}/user\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            );
            // A client that has gone has gone.
            let _ = stream.read(&mut seen).and_then(|_| stream.write_all(answer.as_bytes()));
        }
    });
    world.reconfigure(&world.proxy.url(), &url);
    world.run(&["--wait"]).fails_clearly(5, &["301"]);
    assert!(trap.accept().is_err(), "somebody followed the redirect");
}
