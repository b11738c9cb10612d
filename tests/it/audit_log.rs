//! The log shows any later change: of a byte, a line, an order.

use std::fs;

use crate::harness::{Ended, World};

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
