//! The state copied while others write, checked, and made smaller; backups are whole or not there.

use std::fs;

use crate::harness::{World, until};

fn at(path: &std::path::Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_backup_is_made_beside_a_watch_and_can_take_the_states_place() {
    let world = World::slow();
    world.run(&[]).exits(0);
    let mut watch = world.begin(&["watch"]);
    let file = world.folder().join("backup.db");
    for round in 0..3 {
        let more: &[&str] = if round == 0 { &[] } else { &["--replace"] };
        let arguments = [&["state", "backup", at(&file)], more].concat();
        world.executor(&arguments).exits(0).prints(&["backup.db", "events", "payloads"]);
    }
    assert!(watch.runs(), "the watch was disturbed");
    watch.kill();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let left = fs::read_dir(world.folder())
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("backup.db"));
    assert_eq!(left.count(), 1, "a backup needs nothing beside it");
    let checked = world.executor(&["state", "check", at(&file), "--format", "json"]).exits(0).json();
    assert_eq!((&checked["schema"], &checked["open_to_others"]), (&"state-check/v1".into(), &false.into()));
    let log = world.views().log();
    world.executor(&["tick"]).exits(0);
    // As the manual says: in the state's place, without what lay beside it.
    for name in ["taskclass.db", "taskclass.db-wal", "taskclass.db-shm"] {
        let _ = fs::remove_file(world.executor_folder().join(name));
    }
    fs::copy(&file, world.state()).unwrap();
    fs::remove_file(world.executor_folder().join("taskclass.db.lock")).unwrap();
    assert!(log.starts_with(&world.views().log()));
    world.executor(&["tick"]).exits(0);
    world.executor(&["audit", "verify"]).exits(0);
}

#[test]
fn a_backup_never_takes_the_place_of_something_else() {
    let world = World::approved();
    world.run(&["--wait"]).exits(0);
    let file = world.folder().join("notes.txt");
    fs::write(&file, "my notes").unwrap();
    world.executor(&["state", "backup", at(&file)]).fails_clearly(2, &["notes.txt", "is there already", "--replace"]);
    world.executor(&["state", "backup", at(&file), "--replace"]).fails_clearly(2, &["no older backup of this journal"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), "my notes");
    world.executor(&["state", "backup", at(&world.state()), "--replace"]).fails_clearly(2, &["is the state itself"]);
    let nowhere = world.folder().join("nowhere/backup.db");
    world.executor(&["state", "backup", at(&nowhere)]).fails_clearly(2, &["nowhere/backup.db"]);
    // What is damaged is not kept as a backup, and the file that would have been is not left behind.
    let mut bytes = fs::read(world.state()).unwrap();
    let telltale = b"\"kind\":\"sending\"";
    let found = bytes.windows(telltale.len()).position(|window| window == telltale).unwrap();
    bytes[found + 9..found + 10].copy_from_slice(b"b");
    fs::write(world.state(), &bytes).unwrap();
    let file = world.folder().join("backup.db");
    let before = fs::read_dir(world.folder()).unwrap().count();
    world.executor(&["state", "backup", at(&file)]).fails_clearly(1, &["the copy was not kept"]);
    world.executor(&["state", "check"]).fails_clearly(1, &[]);
    assert_eq!(fs::read_dir(world.folder()).unwrap().count(), before);
}

#[test]
fn a_state_whose_log_was_removed_is_not_taken_for_the_state() {
    let world = World::slow();
    world.run(&[]).exits(0);
    let watch = world.begin(&["watch"]);
    until("events in the log", || {
        let log = fs::metadata(world.executor_folder().join("taskclass.db-wal")).ok()?;
        (log.len() > 4096).then_some(())
    });
    watch.kill();
    fs::remove_file(world.executor_folder().join("taskclass.db-wal")).unwrap();
    let _ = fs::remove_file(world.executor_folder().join("taskclass.db-shm"));
    for command in [&["tick"][..], &["status"], &["audit", "verify"], &["state", "check"]] {
        let ended = world.executor(command);
        // Where a checkpoint had come to the end of the log, nothing is missing.
        if ended.code != Some(0) {
            ended.fails_clearly(2, &["taskclass.db", "had been written", "taskclass.db.lock", "audit drift"]);
        }
    }
    fs::remove_file(world.state()).unwrap();
    world.executor(&["tick"]).fails_clearly(2, &["is not there any more"]);
    world.run(&[]).fails_clearly(2, &["is not there any more"]);
    assert!(!world.state().exists() && world.sim.creations().len() == 1);
}

#[test]
fn what_tasks_have_left_is_cleared_away_when_a_person_says_so_and_the_log_still_holds() {
    let world = World::approved();
    world.run(&["--wait"]).exits(0);
    world.executor(&["state", "prune"]).fails_clearly(2, &["everything is kept", "--older-than", "retention"]);
    world.executor(&["state", "prune", "--older-than", "90d"]).exits(0).prints(&["nothing is kept"]);
    let config = format!("{}retention: {{payloads: 1s}}\n", world.config());
    world.configure(&config);
    // The simulator's clock runs ahead, and this machine's comes after it.
    until("the task to be old", || {
        let dry = world.executor(&["state", "prune", "--dry-run", "--format", "json"]).exits(0).json();
        (dry["payloads"].as_u64()? > 0).then_some(())
    });
    let before = world.views().events().len();
    // A dry run needs no lock, and writes nothing.
    {
        let held = fs::File::open(world.executor_folder().join("taskclass.db.lock")).unwrap();
        held.lock().unwrap();
        let dry = world.executor(&["state", "prune", "--dry-run", "--format", "json"]).exits(0).json();
        assert!(dry["schema"] == "state-prune/v1" && dry["payloads"].as_u64().unwrap() > 0, "{dry}");
    }
    let done = world.executor(&["state", "prune", "--format", "json"]).exits(0).json();
    assert!(done["payloads"].as_u64().unwrap() >= 3 && done["dry_run"] == false, "{done}");
    let events = world.views().events();
    assert_eq!((events.len(), &events[before]["kind"]), (before + 1, &serde_json::json!("pruned")));
    world.executor(&["audit", "verify"]).exits(0).prints(&["cleared"]);
    world.executor(&["state", "check"]).exits(0).prints(&["sound", "cleared away"]);
    world.executor(&["state", "prune"]).exits(0).prints(&["nothing is kept"]);
    world.executor(&["show", events[5]["key"].as_str().unwrap()]).exits(0);
    world.executor(&["tick"]).exits(0);
}

#[test]
fn before_the_first_run_there_is_nothing_to_copy_and_nothing_is_made() {
    let world = World::new();
    for command in [&["state", "check"][..], &["state", "backup", "copy.db"], &["state", "prune", "--older-than", "1d"]]
    {
        world.executor(command).fails_clearly(2, &["nothing has been run"]);
    }
    assert!(!world.state().exists() && !world.executor_folder().join("copy.db").exists());
}
