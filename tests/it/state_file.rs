//! The state is held by another process, is newer than the program, or is no state at all: said once, and left as it is.

use std::fs;

use crate::harness::{World, until};

/// Where SQLite keeps `user_version`, big-endian: the state's format.
const FORMAT: std::ops::Range<usize> = 60..64;

#[test]
fn while_one_process_watches_people_and_other_processes_get_through() {
    let world = World::slow();
    world.run(&[]).exits(0);
    let mut watch = world.begin(&["watch"]);
    until("the watch at work", || watch.stdout().contains("dependency-bump").then_some(()));
    let key = world.views().task()["key"].as_str().unwrap().to_owned();
    for command in [&["status"][..], &["show", &key], &["trace", &key], &["audit", "tail"], &["audit", "verify"]] {
        world.executor(command).exits(0);
    }
    // The kill switch does not wait for the watch to end, and holds for every process.
    world.executor(&["stop", "--reason", "drill"]).exits(0);
    world.run(&["--wait"]).fails_clearly(3, &["drill", "taskclass start"]);
    world.executor(&["start"]).exits(0);
    world.executor(&["tick"]).exits(0);
    world.executor(&["inbox"]).exits(0);
    assert!(watch.runs(), "the watch was disturbed");
    assert_eq!(world.sim.creations().len(), 1);
    watch.kill();
    // A holder that died leaves no lock behind.
    world.executor(&["tick"]).exits(0);
    world.executor(&["audit", "verify"]).exits(0);
}

#[test]
fn a_newer_state_is_read_and_not_written() {
    let world = World::approved();
    world.run(&["--wait"]).exits(0);
    let path = world.state();
    let mut bytes = fs::read(&path).unwrap();
    assert_eq!(bytes[FORMAT], 1_u32.to_be_bytes(), "the format has changed, and with it this test");
    bytes[FORMAT].copy_from_slice(&99_u32.to_be_bytes());
    fs::write(&path, &bytes).unwrap();
    for command in [&["tick"][..], &["watch"], &["stop"]] {
        world.executor(command).fails_clearly(2, &["taskclass.db", "format 99", "newer"]);
    }
    world.run(&["--wait"]).fails_clearly(2, &["format 99", "newer"]);
    assert_eq!(fs::read(&path).unwrap(), bytes, "the newer state was written to");
    assert_eq!(world.views().task()["state"], "verdict.accepted");
    assert_eq!(world.sim.creations().len(), 1);
    // Nothing is lost: with its own format it goes on.
    bytes[FORMAT].copy_from_slice(&1_u32.to_be_bytes());
    fs::write(&path, &bytes).unwrap();
    world.executor(&["tick"]).exits(0);
}

#[test]
fn a_file_that_is_no_state_is_left_as_it_is() {
    let world = World::approved();
    let other = "# Minutes of the meeting\n".repeat(400);
    for text in [other.as_str(), "short"] {
        fs::write(world.state(), text).unwrap();
        for command in [&["tick"][..], &["status"], &["audit", "verify"]] {
            world.executor(command).fails_clearly(2, &["taskclass.db", "not a taskclass state file"]);
        }
        world.run(&["--wait"]).fails_clearly(2, &["taskclass.db", "not a taskclass state file"]);
        assert_eq!(fs::read_to_string(world.state()).unwrap(), text);
    }
    world.assert_nothing_posted();
}

#[test]
fn a_damaged_state_is_said_to_be_damaged_and_nothing_is_sent() {
    let world = World::approved();
    world.run(&["--wait"]).exits(0);
    let path = world.state();
    let mut bytes = fs::read(&path).unwrap();
    let half = bytes.len() / 2;
    bytes[half..].fill(0xA5);
    fs::write(&path, &bytes).unwrap();
    let ended = world.run(&["--wait"]);
    assert!(ended.stderr.contains("damaged"), "{ended}");
    ended.fails_clearly(2, &["taskclass.db"]);
    assert_eq!(world.sim.creations().len(), 1);
}

#[test]
fn reading_commands_before_the_first_run_say_that_nothing_has_been_run() {
    let world = World::new();
    for command in [&["status"][..], &["inbox"], &["audit", "tail"], &["show", "abcd"]] {
        world.executor(command).fails_clearly(2, &["nothing has been run"]);
    }
    assert!(!world.state().exists());
}

#[test]
fn a_state_in_a_folder_that_is_not_there_is_wrong_usage() {
    let world = World::approved();
    world.reconfigure("state: taskclass.db", "state: nowhere/taskclass.db");
    world.run(&["--wait"]).fails_clearly(2, &["nowhere/taskclass.db", "folder"]);
    world.assert_nothing_posted();
}
