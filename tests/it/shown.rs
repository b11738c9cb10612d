//! How the executor's commands look: whole lines in a pipe, lines as wide as the terminal on one, in words and with a next step.

use serde_json::json;

use crate::harness::{Terminal, World};

/// How many columns a line takes, without its paint.
fn columns(line: &str) -> usize {
    let mut parts = line.split('\u{1b}');
    let plain = parts.next().unwrap_or_default().chars().count();
    plain + parts.filter_map(|part| part.split_once('m')).map(|(_, rest)| rest.chars().count()).sum::<usize>()
}

/// The words of a text, without paint.
fn words(text: &str) -> Vec<String> {
    let mut parts = text.split('\u{1b}');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    parts.filter_map(|part| part.split_once('m')).for_each(|(_, rest)| plain.push_str(rest));
    plain.split_whitespace().map(str::to_owned).collect()
}

/// A world with a task that was rejected, and one that waits for its review.
fn two_tasks() -> World {
    let world = World::with_pull_requests();
    world.run(&["--wait"]).exits(0);
    world.sim.agents(&json!({"sessions": [{"work": "3m", "files": [{"path": "infra/prod/main.tf"}]}], "checks": []}));
    world.run(&["--wait"]).exits(1);
    world
}

#[test]
fn on_a_terminal_lines_fit_and_no_word_is_broken() {
    let world = two_tasks();
    let key = world.views().tasks()[0]["key"].as_str().unwrap().to_owned();
    for (arguments, code) in [
        (vec!["status"], 0),
        (vec!["inbox"], 4),
        (vec!["show", &key], 0),
        (vec!["trace", &key], 0),
        (vec!["audit", "tail", "--all"], 0),
        (vec!["audit", "verify"], 0),
        (vec!["audit", "drift"], 0),
    ] {
        let piped = world.executor(&arguments).exits(code);
        let whole = words(&piped.stdout);
        for width in [60_u16, 80, 120] {
            let seen = Terminal::of_width(world.command(&arguments), width).ends(code);
            for line in seen.lines().filter(|line| columns(line) > usize::from(width)) {
                // Only what no line holds, and commands, which are to be copied.
                let whole = words(line).iter().any(|word| word.chars().count() + 2 > usize::from(width));
                assert!(
                    whole || line.contains("taskclass "),
                    "{arguments:?} at {width}: {} columns\n{line}\n{seen}",
                    columns(line)
                );
            }
            // `status` has fewer words where there is less room, and `trace` shorter digests.
            for word in words(&seen).iter().filter(|_| !matches!(arguments[0], "status" | "trace")) {
                assert!(
                    whole.contains(word) || piped.stderr.contains(word),
                    "{arguments:?} at {width}: {word}\n{seen}"
                );
            }
        }
        let longest = piped.stdout.lines().map(columns).max().unwrap();
        assert!(longest > 60, "{arguments:?} has nothing to break, and tests nothing\n{piped}");
    }
    let at = |width| Terminal::of_width(world.command(&["status"]), width).ends(0);
    assert!(at(120).contains("credits (US$0."), "{}", at(120));
    assert!(at(80).contains("credits (US$)"), "{}", at(80));
    for width in [60, 80, 120] {
        // Besides each row: where to look, who does what next, all together, and the next step at the end.
        let seen = at(width);
        assert!(seen.contains("\n          https://github.com/acme/svc-orders/pull/1\n"), "{seen}");
        assert!(words(&seen).join(" ").contains("waits for @acme/platform to review"), "{seen}");
        assert!(
            words(&seen).join(" ").contains("2 tasks: 1 fine, 1 did not end well; 24.8 credits (US$0.25) used"),
            "{seen}"
        );
        assert!(
            seen.trim_end().ends_with("taskclass show ") || seen.trim_end().lines().last().unwrap().contains("Next:"),
            "{seen}"
        );
    }
    assert!(at(60).contains("          dependency-bump on acme/svc-orders"), "{}", at(60));
}

#[test]
fn a_long_refusal_fits_as_well() {
    let world = World::new();
    let run = World::run_arguments(&[]);
    let seen = Terminal::of_width(world.command(&run), 60).ends(3);
    let too_wide = |line: &&str| columns(line) > 60 && words(line).len() > 1 && !line.contains('`');
    assert_eq!(seen.lines().find(too_wide), None, "{seen}");
}

#[test]
fn each_item_of_the_inbox_ends_with_the_command_that_answers_it() {
    let world = two_tasks();
    let tasks = world.views().tasks();
    let key = |state: &str| {
        let task = tasks.iter().find(|task| task["state"] == state).unwrap_or_else(|| panic!("{state}: {tasks:?}"));
        task["key"].as_str().unwrap()[..8].to_owned()
    };
    let (rejected, accepted) = (key("verdict.rejected"), key("verdict.accepted"));
    let acknowledge = format!("taskclass resolve {rejected} --acknowledge");
    let inbox = world.executor(&["inbox"]).exits(4).prints(&[
        &format!("{rejected}  dependency-bump on acme/svc-orders: the result was rejected\n"),
        &format!("\n          {acknowledge}\n"),
        &format!("\n          taskclass show {accepted}\n"),
        "\n          merge or close https://github.com/acme/svc-orders/pull/1\n",
        "; to be answered within 23h ",
    ]);
    assert!(!inbox.stdout.contains("cancelled"), "nothing is left to be cancelled\n{inbox}");
    // The other's pull request decides about it: it is not given up.
    world
        .executor(&["resolve", &accepted, "--abandon"])
        .fails_clearly(2, &["verdict.accepted", "is open: the task ends when that is merged or closed"]);
    world.executor(&["resolve", &rejected, "--acknowledge"]).exits(0);
    let inbox = world.executor(&["inbox"]).exits(4);
    assert!(!inbox.stdout.contains(&rejected) && inbox.stdout.contains(&accepted), "{inbox}");
}

#[test]
fn a_run_says_which_registry_it_read() {
    let world = World::new();
    let head = || world.registry.git(&["rev-parse", "HEAD"]).trim().to_owned();
    let commit = head();
    let local = world.registry.root().file_name().unwrap().to_string_lossy().into_owned();
    let line = format!("registry  refs/heads/main at {} (", &commit[..7]);
    // Also, and above all, where it does not run.
    let refused = world.run(&[]).exits(3).says(&[&line, &local]);
    assert!(refused.stderr.starts_with("registry  "), "{refused}");
    world.registry.approve_all();
    let run = world.run(&["--wait", "--format", "json"]).exits(0);
    let read = &run.json()["registry"];
    assert_eq!((read["ref"].as_str(), read["commit"].as_str()), (Some("refs/heads/main"), Some(&*head())));
    let key = run.json()["key"].as_str().unwrap().to_owned();
    world.executor(&["show", &key]).exits(0).prints(&["verdict       accepted", "published the verdict accepted on "]);
}

#[test]
fn what_was_done_is_said_in_words() {
    let world = two_tasks();
    let key = world.views().tasks()[0]["key"].as_str().unwrap().to_owned();
    for arguments in [vec!["show", &key], vec!["trace", &key], vec!["audit", "tail", "--all"]] {
        let told = world.executor(&arguments).exits(0).prints(&["1 file, "]);
        // A trace tells what led to what, and not each step.
        assert!(arguments[0] == "trace" || told.stdout.contains("published the verdict rejected on "), "{told}");
        for raw in ["publish_status", "notify:", "1 files", "  acting\n", "  acted\n", "  observed\n"] {
            assert!(!told.stdout.contains(raw), "`{raw}`\n{told}");
        }
    }
    world
        .executor(&["audit", "tail", "--all"])
        .prints(&["begun: the journal ", "observed: GitHub says in_progress  → "]);
    for _ in 0..3 {
        let ticked = world.executor(&["tick"]).exits(0);
        assert!(!ticked.stdout.lines().any(|line| line.starts_with(' ')), "a line about nothing\n{ticked}");
        assert!(!ticked.stderr.contains("in 0s"), "{ticked}");
    }
}

#[test]
fn a_terminal_shows_how_the_task_stands_while_it_is_waited_for() {
    for width in [60_u16, 100] {
        let world = World::approved();
        let mut terminal = Terminal::of_width(world.command(&World::run_arguments(&["--wait"])), width);
        terminal.reads("task.in_progress");
        terminal.reads("waits for the agent to");
        terminal.reads("Ctrl-C ends the waiting, not the task");
        let seen = terminal.ends(0);
        // What was drawn is gone at the end, and the result stands below the changes.
        let end = seen.rfind("Ctrl-C").unwrap();
        assert!(seen[end..].contains("verdict"), "{seen}");
    }
}

#[test]
fn in_a_pipe_and_without_colour_nothing_is_drawn_or_painted() {
    let world = World::approved();
    let piped = world.run(&["--wait"]).exits(0);
    assert!(!piped.to_string().contains('\u{1b}') && !piped.stderr.contains("Ctrl-C"), "{piped}");
    let world = World::approved();
    let mut command = world.command(&World::run_arguments(&["--wait"]));
    command.env("NO_COLOR", "1");
    let seen = Terminal::of_width(command, 100).ends(0);
    let paint = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    assert!(seen.contains("Ctrl-C ends") && !paint.is_match(&seen), "{seen}");
    let world = World::approved();
    let mut command = world.command(&World::run_arguments(&["--wait"]));
    command.env("TERM", "dumb");
    let seen = Terminal::of_width(command, 100).ends(0);
    assert!(!seen.contains("Ctrl-C ends") && seen.contains("task.in_progress"), "{seen}");
}

#[test]
fn a_watch_tells_a_program_each_change_on_a_line() {
    let world = World::approved();
    world.run(&[]).exits(0);
    let watched = world.executor(&["watch", "--format", "json"]).exits(0);
    let changes: Vec<serde_json::Value> = watched
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    let last = changes.last().unwrap();
    assert_eq!(last["state"], "verdict.accepted", "{watched}");
    assert!(last["from"].is_string() && last["at"].is_string() && last["key"].is_string(), "{last}");
}

#[test]
fn a_command_that_is_suggested_can_be_typed_as_it_stands() {
    let world = World::new();
    let config = "../executor/executor.yaml";
    let suggested = |ended: &crate::harness::Ended| -> Vec<Vec<String>> {
        let commands = ended.stderr.split('`').skip(1).step_by(2).filter_map(|text| text.strip_prefix("taskclass "));
        commands.map(|command| command.split(' ').map(str::to_owned).collect()).collect()
    };
    world.registry.approve_all();
    let run = world.run(&["--config", config]).exits(0);
    let unknown = world.executor(&["show", "zzzz", "--config", config]).exits(2);
    let mut typed = 0;
    for command in suggested(&unknown).into_iter().chain(suggested(&run)) {
        assert!(command.ends_with(&["--config".to_owned(), config.to_owned()]), "{command:?}");
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        world.executor(&command).exits(0);
        typed += 1;
    }
    assert!(typed >= 3, "{unknown}\n{run}");
}
