//! What becomes of pull requests: whose approval counts, how they end, and what happens to one that was judged.

use std::sync::OnceLock;

use taskclass_executor::lifecycle::Task;
use taskclass_executor::vocab::{Reason, State, Verdict};
use taskclass_executor::{Decision, views};

use crate::registry;
use crate::rig::{Rig, bump};

/// People of whom some may write, some may not, and some are none.
const PEOPLE: &str = "users: [{login: octocat, id: 583231}, {login: hubot, id: 480938}, {login: eve, id: 7}, \
                      {login: 'ci[bot]', id: 8, bot: true}]\n\
                      repositories: [{name: acme/svc-orders, collaborators: {eve: read}}, {name: acme/agent-inbox}]\n";

/// `dependency-bump` in one stage, whose pull request the agent opens itself.
pub(crate) fn by_agent() -> registry::Classes {
    static CLASS: OnceLock<registry::Classes> = OnceLock::new();
    let edits = [
        ("{name: proof, repositories: 1, repeat: 3, pull_request: never}", "{name: proof, repositories: 1, repeat: 3}"),
        ("create: after_validation", "create: by_agent"),
    ];
    CLASS.get_or_init(|| registry::edited(&edits)).clone()
}

/// A world in which people do this with the agent's pull request.
pub(crate) fn world(agent: &str, later: &str) -> Rig {
    Rig::with(by_agent(), &format!("{PEOPLE}agents:\n  - sessions: [{agent}]\n    later: [{later}]\n"))
}

/// A task in it, after so many hours.
fn after(rig: &Rig, hours: i64) -> Task {
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, hours * 3600);
    executor.ledger().tasks[&key].clone()
}

#[test]
fn only_the_approval_of_somebody_who_may_write_counts_given_for_what_was_merged_before_it_was() {
    let approve = |by: &str| format!("{{after: 1h, by: '{by}', do: {{kind: approve}}}}");
    let merge = "{after: 3h, do: {kind: merge}}";
    let push = "{after: 2h, do: {kind: push, files: [{path: src/lib.rs}]}}";
    for (steps, counted) in [
        (format!("{}, {merge}", approve("hubot")), vec!["hubot"]),
        (merge.to_owned(), vec![]),
        // The agent works in the token owner's name, and bots are nobody.
        (format!("{}, {merge}", approve("octocat")), vec![]),
        (format!("{}, {merge}", approve("ci[bot]")), vec![]),
        (format!("{}, {merge}", approve("Copilot")), vec![]),
        // Whoever may not write may not approve.
        (format!("{}, {merge}", approve("eve")), vec![]),
        // Taken back, by the person or by asking for changes; a comment takes nothing back.
        (format!("{}, {{after: 2h, do: {{kind: dismiss}}}}, {merge}", approve("hubot")), vec![]),
        (format!("{}, {{after: 2h, do: {{kind: request_changes}}}}, {merge}", approve("hubot")), vec![]),
        (
            format!("{}, {{after: 2h, do: {{kind: comment, body: b, path: p}}}}, {merge}", approve("hubot")),
            vec!["hubot"],
        ),
        // Of something else than what was merged; and too late.
        (format!("{}, {push}, {merge}", approve("hubot")), vec![]),
        ("{after: 1h, do: {kind: merge}}, {after: 61m, do: {kind: approve}}".to_owned(), vec![]),
    ] {
        let rig = world("{}", &steps);
        let task = after(&rig, 5);
        assert_eq!(task.state, State::Merged, "{steps}");
        let approved = task.handling.as_ref().unwrap().approved_by.clone().unwrap();
        assert_eq!(
            (approved, task.unreviewed_merge),
            (counted.iter().map(ToString::to_string).collect(), counted.is_empty()),
            "{steps}"
        );
    }
}

#[test]
fn an_unreviewed_merge_is_told_of_once_and_waits_in_the_inbox_until_somebody_has_seen_it() {
    let rig = world("{}", "{after: 1h, do: {kind: merge}}");
    let task = after(&rig, 3);
    assert!(task.unreviewed_merge && !task.merged_against_verdict);
    // A new process knows it still, and tells nobody again.
    let mut executor = rig.open();
    rig.run_for(&mut executor, 48 * 3600);
    assert_eq!(rig.requests("issues/create"), 1);
    let inbox = views::inbox(executor.ledger());
    assert_eq!(inbox.len(), 1, "{inbox:?}");
    assert_eq!(inbox[0].why, "merged with fewer approvals than the class asks for");
    assert!(inbox[0].link.as_ref().unwrap().contains("/issues/"));
    executor.resolve(&task.key, "octocat", Decision::Acknowledge).unwrap();
    assert!(views::inbox(executor.ledger()).is_empty());
}

#[test]
fn approvals_that_cannot_be_read_are_none() {
    let rig = Rig::with(
        by_agent(),
        "agents: [{later: [{after: 1h, do: {kind: approve}}, {after: 2h, do: {kind: merge}}]}]\n\
         faults: [{operation: pulls/list-reviews, count: 0, do: {kind: forbidden, message: no}}]\n",
    );
    let task = after(&rig, 4);
    assert_eq!((&task.state, task.unreviewed_merge), (&State::Merged, true), "{:?}", task.judgement);
    let handling = task.handling.unwrap();
    assert_eq!((handling.approved_by, handling.reviews, handling.commits_after_review), (None, None, None));
    assert!(handling.comments.is_some() && handling.commits.is_some());
}

#[test]
fn what_people_did_until_the_merge_is_counted() {
    let rig = world(
        "{}",
        "{after: 1h, do: {kind: comment, body: Why?, path: Cargo.toml}}, \
         {after: 1h, by: 'ci[bot]', do: {kind: comment, body: nit, path: Cargo.toml}}, \
         {after: 2h, do: {kind: push, files: [{path: src/lib.rs}]}}, {after: 3h, do: {kind: approve}}, \
         {after: 4h, do: {kind: merge}}",
    );
    let task = after(&rig, 6);
    let handling = task.handling.unwrap();
    assert_eq!(handling.merged_by.as_deref(), Some("hubot"));
    assert_eq!((handling.reviews, handling.comments), (Some(2), Some(1)), "bots are counted out");
    assert_eq!((handling.commits, handling.commits_after_review), (Some(3), Some(1)));
    assert!(handling.first_review_at < handling.ended_at);
    assert_eq!((task.unreviewed_merge, task.merged_against_verdict), (false, false));
}

#[test]
fn a_merge_before_the_verdict_and_one_against_it_are_told_of() {
    // The checks take three hours; somebody merges after ten minutes.
    let rig = Rig::with(
        by_agent(),
        "agents: [{checks: [{name: build, after: 3h}, {name: test}], \
         later: [{after: 5m, do: {kind: approve}}, {after: 10m, do: {kind: merge}}]}]\n",
    );
    let task = after(&rig, 2);
    assert_eq!(task.state, State::Merged);
    assert!(task.merged_against_verdict && !task.unreviewed_merge && task.judgement.is_none());
    let executor = rig.open();
    assert_eq!(views::inbox(executor.ledger())[0].why, "merged although it was rejected, or before it was judged");
    // Rejected, and merged all the same by somebody who had it reviewed.
    let rig = world("{files: [{path: Makefile}]}", "{after: 1h, do: {kind: approve}}, {after: 2h, do: {kind: merge}}");
    let task = after(&rig, 4);
    assert_eq!((&task.state, task.merged_against_verdict), (&State::Merged, true));
    assert_eq!(task.judgement.unwrap().verdict, Verdict::Rejected);
}

#[test]
fn a_pull_request_that_the_evidence_shows_merged_is_followed_to_its_end() {
    // Merged in the same minute in which the agent ended: the first reading of the evidence sees nothing else.
    let rig = world("{}", "{after: 1s, do: {kind: approve}}, {after: 2s, do: {kind: merge}}");
    let task = after(&rig, 2);
    assert_eq!((&task.state, task.merged_against_verdict), (&State::Merged, true), "{:?}", task.judgement);
}

#[test]
fn a_closed_pull_request_that_is_reopened_goes_on_where_it_stood() {
    let rig = world(
        "{}",
        "{after: 1h, do: {kind: close}}, {after: 3h, do: {kind: reopen}}, {after: 20h, do: {kind: approve}}, \
         {after: 21h, do: {kind: merge}}",
    );
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 2 * 3600);
    assert_eq!(executor.ledger().tasks[&key].state, State::Closed);
    // It is over for whoever waits, and not forgotten by whoever starts anew.
    rig.settle(&mut executor, &run);
    drop(executor);
    let mut executor = rig.open();
    assert!(executor.ledger().active().next().is_none(), "it costs nothing meanwhile");
    rig.run_for(&mut executor, 6 * 3600);
    let task = &executor.ledger().tasks[&key];
    assert_eq!(task.state, State::Judged(Verdict::Accepted));
    assert!(task.pull.as_ref().unwrap().open && task.afterwards.is_none());
    rig.run_for(&mut executor, 24 * 3600);
    let task = &executor.ledger().tasks[&key];
    assert_eq!((&task.state, task.unreviewed_merge, task.merged_against_verdict), (&State::Merged, false, false));
}

#[test]
fn a_pull_request_pointed_at_another_base_is_judged_anew_and_again_once_it_is_back() {
    let rig = world(
        "{}",
        "{after: 1h, do: {kind: retarget, base: release/1.0}}, {after: 3h, do: {kind: retarget, base: main}}",
    );
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    rig.settle(&mut executor, &run);
    assert_eq!(executor.ledger().tasks[&key].state, State::Judged(Verdict::Accepted));
    rig.run_for(&mut executor, 2 * 3600);
    let task = &executor.ledger().tasks[&key];
    let wrong = Reason::WrongBase { asked: "main".to_owned(), found: "release/1.0".to_owned() };
    assert_eq!(task.judgement.as_ref().unwrap().reasons, [wrong]);
    assert_eq!(task.state, State::Judged(Verdict::Rejected));
    rig.run_for(&mut executor, 2 * 3600);
    assert_eq!(executor.ledger().tasks[&key].state, State::Judged(Verdict::Accepted));
    // The status on the one commit has followed: success, failure, success.
    assert_eq!(rig.requests("repos/create-commit-status"), 3);
}

#[test]
fn a_branch_that_was_pushed_over_after_it_was_accepted_is_judged_anew() {
    let rig = world("{}", "{after: 1h, do: {kind: push, force: true, files: [{path: src/lib.rs, additions: 900}]}}");
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    rig.settle(&mut executor, &run);
    let first = executor.ledger().tasks[&key].judgement.clone().unwrap();
    assert_eq!(first.verdict, Verdict::Accepted);
    rig.run_for(&mut executor, 2 * 3600);
    let task = &executor.ledger().tasks[&key];
    let judged = task.judgement.as_ref().unwrap();
    assert_eq!(judged.verdict, Verdict::Rejected, "{judged:?}");
    assert_ne!(judged.head_sha, first.head_sha);
    let evidence = task.evidence.as_ref().unwrap();
    assert_eq!((evidence.files, evidence.additions), (1, 900), "what was there before is gone");
    assert_eq!(rig.requests("repos/create-commit-status"), 2, "one on each head");
}

#[test]
fn a_rejected_pull_request_is_closed_where_the_class_says_so() {
    let class = registry::edited(&[
        ("{name: proof, repositories: 1, repeat: 3, pull_request: never}", "{name: proof, repositories: 1, repeat: 3}"),
        ("create: after_validation", "create: by_agent"),
        ("on_rejected: [comment, escalate]", "on_rejected: [comment, close_pull_request]"),
    ]);
    let rig = Rig::with(class, "agents: [{sessions: [{files: [{path: Makefile}]}]}]\n");
    let task = after(&rig, 1);
    assert_eq!(task.state, State::Closed);
    let handling = task.handling.unwrap();
    assert_eq!((handling.reviews, handling.commits_after_review), (Some(0), Some(0)));
    assert_eq!((rig.requests("pulls/update"), rig.requests("issues/create-comment")), (1, 1));
}

#[test]
fn a_pull_request_left_behind_by_a_task_that_was_given_up_holds_nothing_up_and_its_merge_is_told_of() {
    let class = registry::edited(&[
        ("{name: proof, repositories: 1, repeat: 3, pull_request: never}", "{name: proof, repositories: 1, repeat: 3}"),
        ("create: after_validation", "create: by_agent"),
        ("open_pull_requests: {total: 25, per_reviewer: 5}", "open_pull_requests: {total: 1, per_reviewer: 1}"),
    ]);
    let steps =
        "[{after: 320h, do: {kind: close}}, {after: 330h, do: {kind: reopen}}, {after: 400h, do: {kind: merge}}]";
    let rig = Rig::with(class, &format!("{PEOPLE}agents:\n  - later: {steps}\n"));
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 14 * 86_400 - 3600 * 24);
    let open = |executor: &taskclass_executor::Executor<'_>| {
        let task = &executor.ledger().tasks[&key];
        (task.state.clone(), task.pull.as_ref().unwrap().open)
    };
    assert_eq!(open(&executor), (State::Abandoned, true), "the `total` clock");
    assert!(executor.ledger().active().next().is_none());
    // The next of the class is sent, though the class allows one open pull request.
    let other = bump("acme/svc-orders");
    let (_, next) = executor.start_run(&rig.class("dependency-bump"), &other).unwrap();
    rig.run_for(&mut executor, 600);
    let next = &executor.ledger().tasks[&next];
    assert!(next.times.sent.is_some(), "{:?}", next.held_by);
    // What becomes of the first is seen all the same, by a new process too.
    drop(executor);
    let mut executor = rig.open();
    rig.run_for(&mut executor, 34 * 3600);
    assert_eq!(open(&executor), (State::Abandoned, true));
    rig.run_for(&mut executor, 8 * 86_400);
    let task = &executor.ledger().tasks[&key];
    assert_eq!((&task.state, task.unreviewed_merge, task.merged_against_verdict), (&State::Merged, true, false));
    let told = views::inbox(executor.ledger()).into_iter().find(|item| item.key == key).unwrap();
    assert_eq!(told.why, "merged with fewer approvals than the class asks for");
}

#[test]
fn a_verdict_counts_for_the_commit_that_it_is_about_and_for_no_other() {
    // Each commit's checks take five minutes. The second is merged while they run: it was read, and nobody has judged it.
    let push = "{after: 12m, do: {kind: push, files: [{path: Cargo.toml}]}}";
    for (merge, against) in [("15m", true), ("17m", true), ("3h", false)] {
        let rig = Rig::with(
            by_agent(),
            &format!(
                "agents:\n  - checks: [{{name: build, after: 5m}}, {{name: test, after: 5m}}]\n    \
                 later: [{push}, {{after: {merge}, do: {{kind: merge}}}}]\n"
            ),
        );
        let task = after(&rig, 6);
        assert_eq!((&task.state, task.merged_against_verdict), (&State::Merged, against), "{merge}");
    }
}

#[test]
fn a_pull_request_that_comes_back_with_other_commits_is_judged_anew() {
    // Pushed, and closed while its checks run; they fail while it is closed.
    let rig = Rig::with(
        by_agent(),
        "agents:\n  - checks: [{name: build, after: 5m}, {name: test, after: 5m}]\n    \
         later: [{after: 10m, do: {kind: push, files: [{path: Makefile}]}}, {after: 11m, do: {kind: close}}, \
         {after: 5h, do: {kind: reopen}}]\n",
    );
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 2 * 3600);
    let closed = executor.ledger().tasks[&key].clone();
    assert_eq!(closed.state, State::Closed);
    rig.run_for(&mut executor, 20 * 3600);
    let task = &executor.ledger().tasks[&key];
    assert_eq!(task.state, State::Judged(Verdict::Rejected));
    assert_eq!(task.judgement.as_ref().unwrap().head_sha, Some(task.pull.as_ref().unwrap().head_sha.clone()));
}
