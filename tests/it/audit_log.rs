//! The log shows any later change: of a byte, a line, an order.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::harness::{Ended, Running, World, clean};

/// A log of a whole run, and where it is checked.
struct Log {
    world: World,
    lines: Vec<String>,
}

impl Log {
    fn of_a_run() -> Self {
        let world = World::approved();
        world.run(&["--wait"]).exits(0);
        let lines: Vec<_> = world.views().log().lines().map(str::to_owned).collect();
        assert!(lines.len() > 12, "{lines:?}");
        Self { world, lines }
    }

    fn verify(&self, lines: &[String], more: &[&str]) -> Ended {
        let path = self.world.executor_folder().join("log.jsonl");
        fs::write(&path, lines.iter().map(|line| format!("{line}\n")).collect::<String>()).unwrap();
        let arguments: Vec<_> = ["audit", "verify", "--file", "log.jsonl"].iter().chain(more).copied().collect();
        self.world.executor(&arguments)
    }

    /// The lines, changed.
    fn with(&self, change: impl FnOnce(&mut Vec<String>)) -> Vec<String> {
        let mut lines = self.lines.clone();
        change(&mut lines);
        assert_ne!(lines, self.lines);
        lines
    }

    /// The lines are not believed, and the first that is wrong is named.
    #[track_caller]
    fn broken_at(&self, line: usize, lines: &[String]) {
        self.verify(lines, &[]).fails_clearly(1, &[&format!("line {line}:")]);
    }

    fn head(&self) -> String {
        let last: serde_json::Value = serde_json::from_str(self.lines.last().unwrap()).unwrap();
        last["hash"].as_str().unwrap().to_owned()
    }
}

#[test]
fn an_untouched_dump_verifies() {
    let log = Log::of_a_run();
    let head = log.head();
    log.verify(&log.lines, &[]).exits(0).prints(&["verified", &format!("{} events", log.lines.len()), &head]);
    log.verify(&log.lines, &["--head", &head]).exits(0);
    // It needs no executor, no registry and no GitHub.
    fs::remove_file(log.world.executor_folder().join("executor.yaml")).unwrap();
    log.verify(&log.lines, &[]).exits(0);
}

#[test]
fn an_empty_file_is_no_log() {
    let log = Log::of_a_run();
    log.verify(&[], &[]).fails_clearly(2, &["log.jsonl` is empty"]);
    log.verify(&[], &["--format", "json"]).exits(2);
}

#[test]
fn any_edited_byte_shows_and_says_where() {
    let log = Log::of_a_run();
    for (index, line) in log.lines.iter().enumerate() {
        // Some bytes of each line, spread over it and over the lines, so that every kind of field has its turn.
        let stride = line.len() / 5;
        for at in (0..5).map(|part| (part * stride + index * 31) % line.len()) {
            let byte = line.as_bytes()[at];
            let other = if byte == b'7' { '8' } else { '7' };
            let lines = log.with(|lines| lines[index].replace_range(at..=at, &other.to_string()));
            log.broken_at(index + 1, &lines);
        }
    }
}

#[test]
fn any_removed_line_shows_and_says_where() {
    let log = Log::of_a_run();
    let last = log.lines.len() - 1;
    for index in 0..last {
        log.broken_at(index + 1, &log.with(|lines| drop(lines.remove(index))));
    }
    // What was cut off at the end shows by the head that somebody has kept.
    let cut = log.with(|lines| drop(lines.pop()));
    log.verify(&cut, &["--head", &log.head()]).fails_clearly(1, &[&log.head()]);
    log.verify(&cut, &[]).exits(0).says(&["--head"]);
}

#[test]
fn any_two_swapped_neighbours_show_and_say_where() {
    let log = Log::of_a_run();
    for index in 1..log.lines.len() {
        log.broken_at(index, &log.with(|lines| lines.swap(index - 1, index)));
    }
}

#[test]
fn any_line_put_in_shows_and_says_where() {
    let log = Log::of_a_run();
    for index in 0..log.lines.len() {
        let doubled = log.with(|lines| lines.insert(index + 1, lines[index].clone()));
        log.broken_at(index + 2, &doubled);
    }
    log.broken_at(3, &log.with(|lines| lines.insert(2, String::new())));
    log.broken_at(1, &log.with(|lines| lines.insert(0, "{}".to_owned())));
    let ends = log.with(|lines| lines.push("not an event".to_owned()));
    log.broken_at(log.lines.len() + 1, &ends);
}

#[test]
fn a_byte_changed_in_the_state_file_itself_shows() {
    let log = Log::of_a_run();
    let path = log.world.state();
    let mut bytes = fs::read(&path).unwrap();
    let (old, new) = (b"gpt-5.3-codex", b"gpt-5.3-kodex");
    let places: Vec<_> =
        bytes.windows(old.len()).enumerate().filter(|(_, window)| window == old).map(|(at, _)| at).collect();
    assert!(!places.is_empty(), "the state file is no plain SQLite file any more: find another way to change it");
    for at in places {
        bytes[at..at + new.len()].copy_from_slice(new);
    }
    fs::write(&path, &bytes).unwrap();
    log.world.executor(&["audit", "verify"]).fails_clearly(1, &["line ", "edited"]);
}

/// Who may sign checkpoints, in a file of their own.
fn auditors(world: &World) -> PathBuf {
    let public = fs::read_to_string(world.registry.key("bob").with_extension("pub")).unwrap();
    let key: Vec<&str> = public.split_whitespace().take(2).collect();
    let path = world.folder().join("auditors");
    fs::write(&path, format!("bob@acme.com namespaces=\"audit@taskclass\" {}\n", key.join(" "))).unwrap();
    path
}

/// A command of a shell in the executor's folder, which must succeed.
#[track_caller]
fn shell(world: &World, script: &str) {
    let mut command = Command::new("sh");
    clean(&mut command, world.registry.home());
    command.args(["-c", script]).current_dir(world.executor_folder());
    Running::start(command).wait().exits(0);
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn openssh_verifies_a_checkpoint_and_signs_one() {
    let log = Log::of_a_run();
    let world = &log.world;
    let (auditors, key) = (auditors(world), world.registry.key("bob"));
    let made = world.executor(&["audit", "checkpoint", "--key", text(&key), "--out", "here.json"]);
    made.exits(0).prints(&["signed", &log.head(), "here.json.sig"]).says(&["audit verify --checkpoint here.json"]);
    let verify = format!(
        "ssh-keygen -Y verify -f {} -I bob@acme.com -n audit@taskclass -s here.json.sig < here.json",
        auditors.display()
    );
    shell(world, &verify);

    // Nothing that somebody may need is written over, and what is to be typed next names the registry that was named.
    let again = ["audit", "checkpoint", "--key", text(&key), "--out", "here.json"];
    world.executor(&again).fails_clearly(2, &["`here.json` is there already", "--replace"]);
    let registry = [&again[..], &["--replace", "--registry", "../agent-tasks"]].concat();
    world.executor(&registry).exits(0).says(&["--checkpoint here.json --registry ../agent-tasks", "--allowed-signers"]);

    // The other way round: the bytes are printed, and OpenSSH signs them.
    let printed =
        world.executor(&["audit", "checkpoint", "--print"]).exits(0).says(&["ssh-keygen -Y sign -n audit@taskclass"]);
    fs::write(world.executor_folder().join("there.json"), &printed.stdout).unwrap();
    shell(world, &format!("ssh-keygen -q -Y sign -n audit@taskclass -f {} there.json", key.display()));
    for checkpoint in ["here.json", "there.json"] {
        let arguments = ["audit", "verify", "--checkpoint", checkpoint, "--allowed-signers", text(&auditors)];
        world.executor(&arguments).exits(0).prints(&["verified", "bob@acme.com", "checkpoint"]);
    }
    let arguments = ["--checkpoint", "here.json", "--allowed-signers", text(&auditors), "--format", "json"];
    let report = log.verify(&log.lines, &arguments).exits(0).json();
    assert_eq!(
        (&report["schema"], &report["whole"], &report["end_checked"]),
        (&json!("audit-verify/v1"), &json!(true), &json!(true))
    );
    assert_eq!(report["checkpoints"][0]["principal"], "bob@acme.com");
}

#[test]
fn a_checkpoint_shows_a_cut_and_is_worth_nothing_without_a_trusted_signature() {
    let log = Log::of_a_run();
    let world = &log.world;
    let (auditors, bob, alice) = (auditors(world), world.registry.key("bob"), world.registry.key("alice"));
    world.executor(&["audit", "checkpoint", "--key", text(&bob), "--out", "at.json"]).exits(0);
    let held = ["--checkpoint", "at.json", "--allowed-signers", text(&auditors)];
    let cut = log.with(|lines| drop(lines.pop()));
    log.verify(&cut, &held).fails_clearly(1, &["its end was cut off", "keep the file as it is"]);

    // By a key that nobody knows; by one that may not sign checkpoints; over other bytes.
    world.executor(&["audit", "checkpoint", "--key", text(&alice), "--out", "by-alice.json"]).exits(0);
    let by_alice = ["--checkpoint", "by-alice.json", "--allowed-signers", text(&auditors)];
    log.verify(&log.lines, &by_alice).fails_clearly(3, &["proves nothing", "nobody is known by the key"]);
    world
        .executor(&["audit", "verify", "--checkpoint", "at.json"])
        .fails_clearly(3, &["proves nothing", "audit@taskclass"]);
    let folder = world.executor_folder();
    let other = fs::read_to_string(folder.join("at.json")).unwrap().replacen("\"seq\":", "\"seq\":1", 1);
    fs::write(folder.join("at.json"), other).unwrap();
    log.verify(&log.lines, &held).fails_clearly(3, &["over other bytes"]);
}

#[test]
fn where_the_log_is_broken_stands_in_the_json_as_well() {
    let log = Log::of_a_run();
    let swapped = log.with(|lines| lines.swap(3, 5));
    let report = log.verify(&swapped, &["--format", "json"]).exits(1).json();
    assert_eq!((&report["whole"], &report["events"]), (&json!(false), &json!(3)));
    let broken = &report["broken"];
    assert_eq!((&broken["line"], &broken["seq"]), (&json!(4), &json!(6)));
    assert_eq!(broken["breach"], json!({"kind": "gap", "expected": 4, "found": 6, "later": 6}));
    assert!(broken["message"].as_str().unwrap().contains("reordered") && broken["advice"].is_string(), "{broken}");
    log.verify(&swapped, &[]).fails_clearly(1, &["line 4: event 6 of", "the 3 events before it hold"]);
}

#[test]
fn an_export_is_whole_or_a_part_and_verifies_as_what_it_is() {
    let log = Log::of_a_run();
    let world = &log.world;
    world.executor(&["audit", "export", "--out", "all.jsonl"]).exits(0).says(&["audit verify --file all.jsonl"]);
    assert_eq!(fs::read_to_string(world.executor_folder().join("all.jsonl")).unwrap(), world.views().log());
    world.executor(&["audit", "verify", "--file", "all.jsonl"]).exits(0).prints(&["verified"]);

    let run = log
        .lines
        .iter()
        .find_map(|line| serde_json::from_str::<Value>(line).unwrap()["run"].as_str().map(str::to_owned));
    world.executor(&["audit", "export", "--run", &run.unwrap(), "--out", "run.jsonl"]).exits(0).says(&["--part"]);
    world.executor(&["audit", "verify", "--part", "--file", "run.jsonl"]).exits(0).says(&["this is a part of a log"]);
    world.executor(&["audit", "verify", "--file", "run.jsonl"]).fails_clearly(1, &["missing"]);
    let since = world.executor(&["audit", "export", "--since", "5"]).exits(0).stdout;
    assert_eq!(since.lines().count(), log.lines.len() - 4);
    assert_eq!(world.executor(&["audit", "export", "--since", "2999-01-01"]).exits(0).stdout, "");
    let none = world.executor(&["audit", "export", "--class", "migration-proposal"]).exits(0);
    assert_eq!(none.says(&["no event of the log is one of those"]).stdout, "");
    world.executor(&["audit", "export", "--out", "all.jsonl"]).fails_clearly(2, &["is there already", "--replace"]);
    world.executor(&["audit", "export", "--out", "all.jsonl", "--replace"]).exits(0);

    let events = world.executor(&["audit", "export", "--format", "cloudevents"]).exits(0).stdout;
    assert_eq!(events.lines().count(), log.lines.len());
    for (line, event) in log.lines.iter().zip(events.lines()) {
        let event: Value = serde_json::from_str(event).unwrap();
        assert_eq!(event["data"], serde_json::from_str::<Value>(line).unwrap());
        assert_eq!((&event["specversion"], &event["datacontenttype"]), (&json!("1.0"), &json!("application/json")));
    }
}

#[test]
fn a_task_that_somebody_else_started_is_drift() {
    let world = World::approved();
    world.run(&["--wait"]).exits(0);
    let none = world.executor(&["audit", "drift", "--format", "json"]).exits(0).json();
    assert_eq!((&none["schema"], &none["ours"], &none["outside"]), (&json!("drift/v1"), &json!(1), &json!([])));
    world.executor(&["audit", "drift"]).exits(0).prints(&["none was started by anybody else"]);
    world.sim.somebody_starts("acme/svc-payments", "Do as you like\u{202e}");
    let found = world.executor(&["audit", "drift", "--format", "json"]).exits(1);
    assert_eq!(found.json()["outside"][0]["kind"], "no_key");
    world
        .executor(&["audit", "drift", "--since", "1d"])
        .exits(1)
        .prints(&["acme/svc-payments", "started without taskclass", "2 tasks since", "1 started by"])
        .says(&["1 task was not started by a run of this log"]);
    // A repository that cannot be read is not one without such tasks.
    world
        .executor(&["audit", "drift", "--repo", "acme/is-not-there"])
        .exits(5)
        .prints(&["not read", "acme/is-not-there"]);
}
