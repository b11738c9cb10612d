//! No room for the journal: one error, nothing sent that is not written down, and the state as it was.

#![cfg(unix)]

use std::process::Command;

use crate::harness::{Ended, Running, World};

/// The usual run under a limit on the size of any file it writes, in blocks of 512 bytes.
fn run_with_limit(world: &World, blocks: usize, more: &[&str]) -> Ended {
    let arguments = World::run_arguments(more);
    let plain = world.command(&arguments);
    // The signal is ignored, so that a write beyond the limit fails like one to a full disk.
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.arg("-c").arg(script).arg(plain.get_program()).args(plain.get_args());
    command.current_dir(world.executor_folder()).env_clear();
    command.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    Running::start(command).wait()
}

#[test]
fn with_no_room_from_the_start_nothing_is_sent() {
    let world = World::approved();
    run_with_limit(&world, 1, &["--wait"]).fails_clearly(2, &["taskclass.db"]);
    world.assert_nothing_posted();
    // With room again the same command works.
    world.run(&["--wait"]).exits(0);
    world.executor(&["audit", "verify"]).exits(0);
    assert_eq!(world.sim.tasks().len(), 1);
}

#[test]
fn when_room_runs_out_at_any_point_nothing_is_lost_or_sent_twice() {
    // The journal of one run needs a few hundred blocks; each limit strikes at another point of it.
    for blocks in [40, 80, 120, 160, 200, 260, 320] {
        let world = World::approved();
        let ended = run_with_limit(&world, blocks, &["--wait"]);
        if ended.code != Some(0) {
            ended.fails_clearly(2, &["taskclass.db"]);
        }
        let sent = world.sim.creations().len();
        assert!(sent <= 1, "limit of {blocks} blocks");
        if world.state().exists() && world.executor(&["status"]).code == Some(0) {
            world.executor(&["audit", "verify"]).exits(0);
        }
        if sent == 1 {
            // It was written down before it was sent, so it is found and followed to its end.
            world.tick_until_state("verdict.accepted");
        } else {
            world.executor(&["tick"]).exits(0);
        }
        assert!(world.sim.creations().len() <= 1, "limit of {blocks} blocks");
        world.executor(&["audit", "verify"]).exits(0);
    }
}

/// Runs a script as root of a name space of its own, in which `small` is a file system of a few kilobytes; `None` where the machine
/// does not let an ordinary user do that.
#[cfg(target_os = "linux")]
fn on_a_small_device(world: &World, script: &str) -> Option<Ended> {
    let small = world.executor_folder().join("small");
    std::fs::create_dir_all(&small).unwrap();
    let of_its_own = |script: &str| {
        let run = world.command(&World::run_arguments(&[]));
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount", "sh", "-c"]);
        command.arg(format!("mount -t tmpfs -o size=96k tmpfs small || exit 99; {script}"));
        command.arg(run.get_program()).args(run.get_args());
        command.current_dir(world.executor_folder()).env_clear();
        command.envs(run.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command
    };
    let possible = of_its_own("exit 7").output().is_ok_and(|tried| tried.status.code() == Some(7));
    possible.then(|| Running::start(of_its_own(script)).wait())
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_without_room_is_called_a_full_disk_and_the_state_stands() {
    let world = World::approved();
    world.reconfigure("state: taskclass.db", "state: small/taskclass.db");
    // Too small for a state at all; then large enough for a run; then filled to the last byte by somebody else.
    let steps = [
        "\"$0\" \"$@\" 2>first; echo $?; mount -o remount,size=9m small; \"$0\" \"$@\" 2>/dev/null >&2; echo $?;",
        "cat /dev/zero 2>/dev/null >small/rest; \"$0\" \"$@\" 2>second; echo $?; \"$0\" tick 2>third; echo $?;",
        "rm small/rest; \"$0\" audit verify >&2; echo $?; \"$0\" tick >&2; echo $?",
    ];
    let Some(ended) = on_a_small_device(&world, &steps.concat()) else {
        println!("skipped: this machine gives no small file system to an ordinary user");
        return;
    };
    assert_eq!(ended.stdout.split_whitespace().collect::<Vec<_>>(), ["2", "0", "2", "2", "0", "0"], "{ended}");
    for file in ["first", "second", "third"] {
        let said = std::fs::read_to_string(world.executor_folder().join(file)).unwrap();
        for words in ["the disk is full", "taskclass.db", "make room"] {
            assert!(said.contains(words), "{file} does not say `{words}`: {said}");
        }
    }
    assert_eq!(world.sim.creations().len(), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_backup_and_a_clearing_away_that_find_no_room_leave_everything_as_it_was() {
    let world = World::approved();
    world.reconfigure("state: taskclass.db", "state: small/taskclass.db");
    let steps = [
        "mount -o remount,size=9m small; \"$0\" \"$@\" --wait 2>/dev/null >&2; echo $?; cat /dev/zero 2>/dev/null >small/rest;",
        "\"$0\" state backup small/copy.db 2>first; echo $?; ls -A small | grep -v -e taskclass.db -e rest;",
        "\"$0\" state prune --older-than 0s 2>second; echo $?;",
        "rm small/rest; \"$0\" state check >&2; echo $?; \"$0\" state backup small/copy.db >&2; echo $?",
    ];
    let Some(ended) = on_a_small_device(&world, &steps.concat()) else {
        println!("skipped: this machine gives no small file system to an ordinary user");
        return;
    };
    assert_eq!(ended.stdout.split_whitespace().collect::<Vec<_>>(), ["0", "2", "2", "0", "0"], "{ended}");
    for file in ["first", "second"] {
        let said = std::fs::read_to_string(world.executor_folder().join(file)).unwrap();
        assert!(said.contains("the disk is full") || said.contains("No space left"), "{file}: {said}");
    }
}
