//! Nothing twice, nothing lost.

use jiff::SignedDuration;
use taskclass_executor::{
    Clock as _, Decided, Decision, Standing, standing,
    vocab::{State, Verdict},
};

use crate::rig::{Rig, Wire};

const CREATE: &str = "agent-tasks/create-task-in-repo";

fn fault(kind: &str) -> String {
    format!("faults: [{{operation: {CREATE}, do: {kind}}}]\n")
}

#[test]
fn a_bump_is_submitted_once_and_accepted() {
    let rig = Rig::new("");
    let task = rig.bump_to_the_end();
    assert_eq!(task.state, State::Judged(Verdict::Accepted), "{:?}", task.judgement);
    assert_eq!(standing(&task), Standing::Fine);
    assert_eq!(rig.sim.borrow().tasks().len(), 1);
    assert_eq!(rig.tasks_with(&task.key), 1);
    assert_eq!(task.usage().unwrap().to_string(), "12.4 credits");
    let made = rig.sim.borrow().tasks()[0].clone();
    assert_eq!(
        (made.model.as_deref(), made.create_pull_request, made.base_ref.as_str()),
        (Some("gpt-5.3-codex"), false, "main")
    );
}

#[test]
fn a_lost_answer_is_found_again_and_nothing_is_sent_twice() {
    for kind in [
        "{kind: lose_response}",
        "{kind: status, status: 502, when: after}",
        "{kind: garble}",
        "{kind: archived}",
        "{kind: not_found, for: 40s}",
        "{kind: status, status: 500, when: after}",
    ] {
        let rig = Rig::new(&fault(kind));
        let task = rig.bump_to_the_end();
        assert_eq!(task.state, State::Judged(Verdict::Accepted), "{kind}: {:?}", task.judgement);
        assert_eq!((rig.sim.borrow().tasks().len(), rig.requests(CREATE)), (1, 1), "{kind}");
    }
}

#[test]
fn an_archived_task_whose_answer_was_lost_is_found_too() {
    let faults = format!(
        "faults:\n  - {{operation: {CREATE}, do: {{kind: archived}}}}\n  - {{operation: {CREATE}, do: {{kind: lose_response}}}}\n"
    );
    let rig = Rig::new(&faults);
    let task = rig.bump_to_the_end();
    assert_eq!(task.state, State::Judged(Verdict::Accepted));
    assert_eq!((rig.sim.borrow().tasks().len(), rig.requests(CREATE)), (1, 1));
}

#[test]
fn a_task_that_lists_show_late_is_adopted_late() {
    let faults = format!(
        "faults:\n  - {{operation: {CREATE}, do: {{kind: unlisted, for: 4m}}}}\n  - {{operation: {CREATE}, do: {{kind: lose_response}}}}\n"
    );
    let rig = Rig::new(&faults);
    let task = rig.bump_to_the_end();
    assert_eq!(task.state, State::Judged(Verdict::Accepted));
    assert_eq!((rig.sim.borrow().tasks().len(), rig.requests(CREATE)), (1, 1));
}

#[test]
fn a_5xx_before_anything_happened_ends_with_a_person() {
    let rig = Rig::new(&fault("{kind: status, status: 502, when: before}"));
    let task = rig.bump_to_the_end();
    assert_eq!(task.state, State::Unresolved);
    assert_eq!(standing(&task), Standing::NeedsPerson);
    let waited = rig.clock.now().duration_since(task.times.sent.unwrap());
    assert!(waited >= SignedDuration::from_secs(5 + 15 + 45 + 120 + 300 + 900), "{waited:?}");
    assert_eq!((rig.sim.borrow().tasks().len(), rig.requests(CREATE)), (0, 1), "it was not sent again by itself");
    // The escalation's issue stands in the target, once.
    assert_eq!(rig.requests("issues/create"), 1);

    // Nothing else goes to that repository meanwhile.
    let mut executor = rig.open();
    let (_, other) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 60);
    assert_eq!(executor.ledger().tasks[&other].state, State::Queued);
    assert!(executor.ledger().tasks[&other].held_by.as_ref().unwrap().contains("not known"));

    // A person says to send it again: another attempt, another key.
    let decided = executor.resolve(&task.key, "alice", Decision::Resubmit).unwrap();
    let Decided::Replaced(second) = decided else { panic!("{decided:?}") };
    assert_ne!(second, task.key);
    rig.settle(&mut executor, &task.run);
    assert_eq!(executor.ledger().tasks[&task.key].state, State::Abandoned);
    assert_eq!(executor.ledger().tasks[&second].state, State::Judged(Verdict::Accepted));
    assert_eq!(executor.ledger().tasks[&second].plan.attempt, 2);
    // What may exist all the same keeps its reservation.
    assert_eq!(executor.ledger().tasks[&task.key].charged(), task.plan.reserved.nanos());
}

#[test]
fn a_person_can_point_to_the_task_or_give_it_up() {
    let faults = format!(
        "faults:\n  - {{operation: {CREATE}, do: {{kind: unlisted, for: 40m}}}}\n  - {{operation: {CREATE}, do: {{kind: lose_response}}}}\n"
    );
    let rig = Rig::new(&faults);
    let task = rig.bump_to_the_end();
    assert_eq!(task.state, State::Unresolved);
    let mut executor = rig.open();
    assert!(executor.resolve(&task.key, "alice", Decision::Adopt("nope".to_owned())).is_err());
    let id = rig.sim.borrow().tasks()[0].id.clone();
    assert_eq!(executor.resolve(&task.key, "alice", Decision::Adopt(id)).unwrap(), Decided::Done);
    rig.settle(&mut executor, &task.run);
    assert_eq!(executor.ledger().tasks[&task.key].state, State::Judged(Verdict::Accepted));
    assert!(executor.resolve(&task.key, "alice", Decision::Resubmit).is_err());
}

#[test]
fn of_several_with_one_key_the_oldest_is_adopted_and_a_person_is_told_of_the_rest() {
    let faults = format!(
        "faults:\n  - {{operation: {CREATE}, do: {{kind: lose_response}}}}\n  - {{operation: agent-tasks/list-tasks-for-repo, count: 2, do: {{kind: empty}}}}\n"
    );
    let rig = Rig::new(&faults);
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    executor.tick().unwrap();
    assert_eq!(executor.ledger().tasks[&key].state, State::Unknown);
    // Somebody (a proxy, a person with a terminal) sends the same bytes once more.
    let body = executor.payload(executor.ledger().tasks[&key].request_sha256.as_ref().unwrap()).unwrap().unwrap();
    rig.clock.0.set(rig.clock.now() + SignedDuration::from_secs(2));
    let api = "https://api.github.com".parse::<taskclass_github::ApiUrl>().unwrap();
    let client = taskclass_github::Client::new(rig.transport(), api);
    client.create_task_bytes(&"acme/svc-orders".parse().unwrap(), &body);
    assert_eq!(rig.tasks_with(&key), 2);
    rig.settle(&mut executor, &run);
    let task = &executor.ledger().tasks[&key];
    let (first, second) = (rig.sim.borrow().tasks()[0].id.clone(), rig.sim.borrow().tasks()[1].id.clone());
    assert_eq!(task.at_github.as_ref().unwrap().id, first);
    assert_eq!(task.quarantined.iter().map(|other| other.id.as_str()).collect::<Vec<_>>(), [second.as_str()]);
    let sim = rig.sim.borrow();
    let issue = sim.requests().find(|request| request.operation == Some("issues/create")).unwrap();
    assert!(issue.body.contains(&second) && issue.body.contains("is not watched"), "{}", issue.body);
}

const LIST: &str = "agent-tasks/list-tasks-for-repo";
const GET: &str = "agent-tasks/get-task-by-repo-and-id";

/// A task whose answer is lost, in a scenario with further faults.
fn lost(rest: &[String]) -> Rig {
    let lost = format!("{{operation: {CREATE}, do: {{kind: lose_response}}}}");
    let faults: Vec<_> = rest.iter().cloned().chain([lost]).collect();
    Rig::new(&format!("faults: [{}]\n", faults.join(", ")))
}

#[test]
fn a_repository_that_has_another_name_by_now_is_looked_for_in_the_users_own_list() {
    let gone = "{kind: forbidden, message: moved}";
    let rig = lost(&[
        format!("{{operation: {LIST}, count: 0, do: {gone}}}"),
        format!("{{operation: {GET}, count: 0, do: {gone}}}"),
    ]);
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 2);
    let task = &executor.ledger().tasks[&key];
    assert_eq!(task.at_github.as_ref().map(|task| task.id.clone()), Some(rig.sim.borrow().tasks()[0].id.clone()));
    assert_eq!(rig.requests(CREATE), 1);
}

#[test]
fn what_is_listed_and_cannot_be_read_is_waited_for_and_in_the_end_a_person_is_asked() {
    for (hidden, found) in [("30m", true), ("9h", false)] {
        let rig = lost(&[format!("{{operation: {CREATE}, do: {{kind: not_found, for: {hidden}}}}}")]);
        let mut executor = rig.open();
        let (_, key) = rig.bump(&mut executor);
        rig.run_for(&mut executor, 2 * 3600);
        let task = &executor.ledger().tasks[&key];
        assert_eq!(task.at_github.is_some(), found, "{hidden}: {}", task.state);
        assert_eq!(task.state == State::Unresolved, !found, "{hidden}: {}", task.state);
        assert_eq!(rig.requests(CREATE), 1);
    }
}

#[test]
fn a_list_that_cannot_be_understood_for_long_is_put_before_a_person() {
    let rig = lost(&[format!("{{operation: {LIST}, count: 0, do: {{kind: garble}}}}")]);
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 50 * 60);
    assert_eq!(executor.ledger().tasks[&key].state, State::Unknown);
    rig.run_for(&mut executor, 50 * 60);
    assert_eq!(executor.ledger().tasks[&key].state, State::Unresolved);
}

#[test]
fn what_comes_into_the_list_after_the_last_look_is_not_sent_again_at_a_persons_word() {
    let rig = lost(&[format!("{{operation: {CREATE}, do: {{kind: unlisted, for: 40m}}}}")]);
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 60);
    let early = executor.resolve(&key, "alice", Decision::Resubmit).unwrap_err().to_string();
    assert!(early.contains("still looked for, until about 09:23 UTC") && early.contains("--adopt ID"), "{early}");
    rig.run_for(&mut executor, 30 * 60);
    assert_eq!(executor.ledger().tasks[&key].state, State::Unresolved);
    rig.run_for(&mut executor, 30 * 60);
    let id = rig.sim.borrow().tasks()[0].id.clone();
    let decided = executor.resolve(&key, "alice", Decision::Resubmit).unwrap();
    assert!(matches!(&decided, Decided::Found(task) if task.id == id), "{decided:?}");
    rig.settle(&mut executor, &run);
    assert_eq!(executor.ledger().tasks[&key].state, State::Judged(Verdict::Accepted));
    assert_eq!(rig.requests(CREATE), 1);
}

#[test]
fn a_person_cannot_point_to_what_bears_another_key() {
    let rig = lost(&[
        format!("{{operation: {LIST}, count: 0, do: {{kind: empty}}}}"),
        "{operation: agent-tasks/list-tasks, count: 0, do: {kind: empty}}".to_owned(),
    ]);
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 1800);
    assert_eq!(executor.ledger().tasks[&key].state, State::Unresolved);
    let body = executor.payload(executor.ledger().tasks[&key].request_sha256.as_ref().unwrap()).unwrap().unwrap();
    let other = String::from_utf8(body).unwrap().replace(key.as_str(), &"z".repeat(26));
    let api = "https://api.github.com".parse::<taskclass_github::ApiUrl>().unwrap();
    let client = taskclass_github::Client::new(rig.transport(), api);
    client.create_task_bytes(&"acme/svc-orders".parse().unwrap(), other.as_bytes());
    rig.run_for(&mut executor, 60);
    let id = rig.sim.borrow().tasks()[1].id.clone();
    let said = executor.resolve(&key, "alice", Decision::Adopt(id)).unwrap_err().to_string();
    assert!(said.contains(&format!("bears the key {}", "z".repeat(26))), "{said}");
}

#[test]
fn a_rate_limit_queues_and_sends_once_later() {
    for (kind, at_least) in [
        ("{kind: rate_limit, status: 429, retry_after: 90}", 90),
        ("{kind: rate_limit, status: 403, retry_after: 30}", 30),
        ("{kind: rate_limit, status: 403}", 60),
    ] {
        let rig = Rig::new(&fault(kind));
        let mut executor = rig.open();
        let (run, key) = rig.bump(&mut executor);
        let started = rig.clock.now();
        executor.tick().unwrap();
        assert_eq!(executor.ledger().tasks[&key].state, State::Queued, "{kind}");
        rig.settle(&mut executor, &run);
        let task = &executor.ledger().tasks[&key];
        assert_eq!(task.state, State::Judged(Verdict::Accepted), "{kind}");
        assert!(task.times.sent.unwrap().duration_since(started) >= SignedDuration::from_secs(at_least), "{kind}");
        assert_eq!((rig.sim.borrow().tasks().len(), rig.requests(CREATE)), (1, 2), "{kind}");
    }
}

#[test]
fn a_definite_no_is_final_and_gives_the_money_back() {
    let rig = Rig::new(&fault("{kind: forbidden, message: Copilot is disabled here}"));
    let task = rig.bump_to_the_end();
    assert_eq!(task.state, State::Refused);
    assert!(task.end_reason.as_ref().unwrap().contains("Copilot is disabled here"));
    assert_eq!(task.charged().0, 0);
    assert_eq!(rig.requests(CREATE), 1);
}

#[test]
fn what_could_not_be_sent_is_sent_later() {
    let rig = Rig::new("");
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    rig.wire.set(Wire::Unreachable);
    executor.tick().unwrap();
    assert_eq!(executor.ledger().tasks[&key].state, State::Queued);
    rig.wire.set(Wire::Whole);
    rig.settle(&mut executor, &run);
    assert_eq!(executor.ledger().tasks[&key].state, State::Judged(Verdict::Accepted));
    assert_eq!(rig.tasks_with(&key), 1);
}

#[test]
fn a_crash_at_either_side_of_the_request_leaves_exactly_one_task_or_a_question() {
    // After GitHub has done it: found by its key.
    let rig = Rig::new("");
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    rig.killed(executor, Wire::DiesAfter);
    let mut executor = rig.open();
    assert_eq!(executor.ledger().tasks[&key].state, State::Unknown);
    rig.settle(&mut executor, &run);
    assert_eq!(executor.ledger().tasks[&key].state, State::Judged(Verdict::Accepted));
    assert_eq!((rig.tasks_with(&key), rig.requests(CREATE)), (1, 1));

    // Before a byte was written: nobody can know, so a person decides.
    let rig = Rig::new("");
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    rig.killed(executor, Wire::DiesBefore);
    let mut executor = rig.open();
    rig.settle(&mut executor, &run);
    assert_eq!(executor.ledger().tasks[&key].state, State::Unresolved);
    assert_eq!((rig.tasks_with(&key), rig.requests(CREATE)), (0, 0));
}

#[test]
fn a_class_that_is_no_longer_what_was_planned_is_not_sent() {
    let rig = Rig::new("");
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    *rig.classes.0.borrow_mut() = crate::registry::edited(&[("max_files: 12", "max_files: 11")]);
    rig.settle(&mut executor, &run);
    let task = &executor.ledger().tasks[&key];
    assert_eq!(task.state, State::Refused);
    assert!(task.end_reason.as_ref().unwrap().contains("has changed"), "{:?}", task.end_reason);
    assert_eq!(rig.requests(CREATE), 0);

    let (run, key) = rig.bump(&mut executor);
    rig.classes.0.borrow_mut().clear();
    rig.settle(&mut executor, &run);
    assert!(executor.ledger().tasks[&key].end_reason.as_ref().unwrap().contains("not approved now"));
    assert_eq!(rig.requests(CREATE), 0);
}

#[test]
fn a_task_that_was_planned_under_another_policy_is_not_sent() {
    for (from, to) in
        [("per_task: 200", "per_task: 20"), ("deny: [\"acme/*-prod\"", "deny: [\"acme/svc-orders\", \"acme/*-prod\"")]
    {
        let rig = Rig::new("");
        let mut executor = rig.open();
        let (run, key) = rig.bump(&mut executor);
        *rig.classes.0.borrow_mut() = crate::registry::under_policy(&[(from, to)]);
        rig.settle(&mut executor, &run);
        let why = executor.ledger().tasks[&key].end_reason.clone().unwrap_or_default();
        assert!(why.contains("the policy has changed"), "{from}: {why}");
        assert_eq!(rig.requests(CREATE), 0);
    }
}

#[test]
fn the_kill_switch_holds_what_was_not_sent() {
    let rig = Rig::new("");
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    executor.stop_all("alice", "an incident").unwrap();
    rig.run_for(&mut executor, 120);
    assert_eq!(executor.ledger().tasks[&key].state, State::Queued);
    let refused = executor.start_run(&rig.class("dependency-bump"), &crate::rig::bump("acme/svc-billing")).unwrap_err();
    assert!(refused.to_string().contains("stopped by alice"), "{refused}");
    executor.start_again("alice").unwrap();
    rig.settle(&mut executor, &run);
    assert_eq!(executor.ledger().tasks[&key].state, State::Judged(Verdict::Accepted));
}

#[test]
fn a_second_task_in_a_repository_waits_for_the_first() {
    let rig = Rig::new("");
    let mut executor = rig.open();
    let (first_run, first) = rig.bump(&mut executor);
    let (second_run, second) = rig.bump(&mut executor);
    assert_ne!(first, second);
    rig.run_for(&mut executor, 60);
    let tasks = &executor.ledger().tasks;
    let states: Vec<_> = [&first, &second].map(|key| tasks[key].state.clone()).into();
    assert_eq!(states.iter().filter(|state| **state == State::Queued).count(), 1, "{states:?}");
    rig.settle(&mut executor, &first_run);
    rig.settle(&mut executor, &second_run);
    assert_eq!(rig.sim.borrow().tasks().len(), 2);
    assert_eq!(rig.sim.borrow().counts().limited, 0);
}

#[test]
fn lists_that_are_refused_are_not_taken_for_empty_ones() {
    let gone = "{kind: forbidden, message: moved}";
    let rig = lost(&[
        format!("{{operation: {LIST}, count: 0, do: {gone}}}"),
        format!("{{operation: agent-tasks/list-tasks, count: 0, do: {gone}}}"),
    ]);
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 3600);
    assert_eq!(executor.ledger().tasks[&key].state, State::Unknown, "no look has seen anything yet");
    rig.run_for(&mut executor, 3600);
    assert_eq!(executor.ledger().tasks[&key].state, State::Unresolved);
    let said = executor.resolve(&key, "alice", Decision::Resubmit).unwrap_err().to_string();
    assert!(said.contains("did not show all") && said.contains("--abandon"), "{said}");
    rig.run_for(&mut executor, 600);
    assert_eq!(rig.requests(CREATE), 1);
}

#[test]
fn one_failure_after_a_long_absence_does_not_end_a_search_that_never_began() {
    let rig = lost(&[format!("{{operation: {LIST}, do: {{kind: status, status: 502, when: before}}}}")]);
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    rig.killed(executor, Wire::DiesAfter);
    // The next process writes down that nobody knows, and is gone for two hours before it has looked.
    drop(rig.open());
    rig.clock.0.set(rig.clock.now() + SignedDuration::from_hours(2));
    let mut executor = rig.open();
    executor.tick().unwrap();
    assert_eq!(executor.ledger().tasks[&key].state, State::Unknown);
    rig.settle(&mut executor, &run);
    assert_eq!(executor.ledger().tasks[&key].state, State::Judged(Verdict::Accepted));
    assert_eq!(rig.requests(CREATE), 1);
}

/// The lines of the journal of this kind.
fn lines(rig: &Rig, kind: &str) -> usize {
    let kind = format!("\"kind\":\"{kind}\"");
    rig.store.all().iter().filter(|line| line.contains(&kind)).count()
}

#[test]
fn why_a_task_waits_in_the_queue_is_written_down_once() {
    let rig = Rig::new("");
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    drop(executor);
    // From now on the token is somebody else's.
    let others = "schema: simulation/v1\ntokens: [{token: github_pat_simulator, login: hubot, kind: fine_grained_pat, expires_at: \
                  2027-01-01T00:00:00Z}]\n";
    let scenario = taskclass_sim::Scenario::from_yaml(others).unwrap();
    *rig.sim.borrow_mut() = taskclass_sim::Sim::new(&scenario, 1);
    let before = lines(&rig, "queued");
    let mut executor = rig.open();
    rig.run_for(&mut executor, 24 * 3600);
    let task = &executor.ledger().tasks[&key];
    assert!(task.held_by.as_ref().unwrap().contains("the token is @hubot's"), "{:?}", task.held_by);
    assert_eq!((lines(&rig, "queued") - before, rig.requests(CREATE)), (1, 0));
}

#[test]
fn a_token_that_is_turned_away_for_a_day_is_tried_more_and_more_seldom() {
    let rig = Rig::new(&format!("faults: [{{operation: {CREATE}, count: 0, do: {{kind: sso}}}}]\n"));
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 24 * 3600);
    assert_eq!(executor.ledger().tasks[&key].state, State::Queued);
    let tried = rig.requests(CREATE);
    assert!((20..=30).contains(&tried), "{tried}");
}
