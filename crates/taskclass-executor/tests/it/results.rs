//! What becomes of results: evidence, verdict, status, pull request, comments, escalation.

use taskclass_executor::{
    RunRequest, Standing, standing, views,
    vocab::{Reason, State, Verdict},
};
use taskclass_spec::written::InputValue;

use crate::registry;
use crate::rig::{Rig, request};

fn agent(session: &str, rest: &str) -> String {
    format!("agents:\n  - sessions: [{session}]\n{rest}")
}

fn reasons(rig: &Rig) -> (State, Vec<Reason>) {
    let task = rig.bump_to_the_end();
    (task.state.clone(), task.judgement.map(|judgement| judgement.reasons).unwrap_or_default())
}

#[test]
fn each_shipped_class_comes_to_an_accepted_end() {
    let list = |values: &[&str]| {
        InputValue::List(values.iter().map(|value| InputValue::String((*value).to_owned())).collect())
    };
    let runs: [(&str, RunRequest); 4] = [
        ("release-note-draft", request("acme/platform-portal", &[("version", "2.4.0"), ("from_tag", "v2.3.1")])),
        (
            "migration-proposal",
            request(
                "acme/platform-portal",
                &[("slug", "axum"), ("from", "actix-web-3"), ("to", "axum-0.8"), ("driver", "maintenance")],
            ),
        ),
        (
            "new-service-scaffold",
            request(
                "acme/new-services",
                &[
                    ("service", "price-alerts"),
                    ("team", "web-shop"),
                    ("purpose", "Tell a customer when the price of a watched article falls."),
                ],
            ),
        ),
        ("test-modernization", {
            let mut run = request("acme/svc-orders", &[]);
            run.inputs.insert("changes".parse().unwrap(), list(&["sleeps"]));
            run
        }),
    ];
    let rig = Rig::new("");
    let mut executor = rig.open();
    for (name, request) in runs {
        let (run, key) =
            executor.start_run(&rig.class(name), &request).unwrap_or_else(|error| panic!("{name}: {error}"));
        rig.settle(&mut executor, &run);
        let task = &executor.ledger().tasks[&key];
        assert_eq!(task.state, State::Judged(Verdict::Accepted), "{name}: {:?}", task.judgement);
        let opens = matches!(name, "new-service-scaffold" | "test-modernization");
        assert_eq!(task.pull.is_some(), opens, "{name}");
    }
    assert_eq!(rig.requests("repos/create-commit-status"), 4);
    assert_eq!(rig.requests("issues/add-labels"), 2);
    assert_eq!(rig.requests("pulls/request-reviewers"), 2);
    assert_eq!(rig.sim.borrow().counts().limited, 0);
}

#[test]
fn a_file_out_of_scope_is_rejected_and_people_are_told_once() {
    let rig = Rig::new(&agent("{files: [{path: Cargo.toml}, {path: .github/workflows/ci.yml}, {path: Makefile}]}", ""));
    let task = rig.bump_to_the_end();
    assert_eq!(task.state, State::Judged(Verdict::Rejected));
    let reasons = &task.judgement.as_ref().unwrap().reasons;
    assert!(
        reasons.contains(&Reason::DeniedPaths { paths: vec![".github/workflows/ci.yml".to_owned()], count: 1 }),
        "{reasons:?}"
    );
    assert!(reasons.contains(&Reason::OutOfScope { paths: vec!["Makefile".to_owned()], count: 1 }), "{reasons:?}");
    let said: Vec<_> = reasons.iter().map(ToString::to_string).collect();
    assert!(said.contains(&"1 file outside the allowed paths: `Makefile`".to_owned()), "{said:?}");
    assert_eq!(rig.requests("issues/create"), 1);
    let inbox = views::inbox(rig.open().ledger());
    assert_eq!(inbox.len(), 1);
    assert_eq!(inbox[0].owners, ["@acme/platform-deps"]);
    assert!(inbox[0].link.as_ref().unwrap().contains("/issues/"), "{:?}", inbox[0].link);
    // The process starts anew: nothing is said twice.
    let mut executor = rig.open();
    rig.run_for(&mut executor, 3600);
    assert_eq!(rig.requests("issues/create"), 1);
}

#[test]
fn an_issue_whose_answer_was_lost_is_not_opened_twice() {
    let faults = "faults: [{operation: issues/create, do: {kind: lose_response}}]\n";
    let rig = Rig::new(&agent("{outcome: failed, error: \"CAPIError: 429 @acme/all\"}", faults));
    let task = rig.bump_to_the_end();
    assert_eq!(task.state, State::Judged(Verdict::Rejected));
    assert_eq!(rig.requests("issues/create"), 1);
    let sent =
        rig.sim.borrow().requests().find(|request| request.operation == Some("issues/create")).unwrap().body.clone();
    assert!(sent.contains("` CAPIError: 429 @acme/all `"), "text from outside stands in a code span: {sent}");
    assert!(sent.contains(&format!("Task-Class-Key: {}", task.key)));
}

#[test]
fn issues_go_to_the_inbox_where_the_target_takes_none() {
    let rig = Rig::new(&agent(
        "{files: []}",
        "repositories: [{name: acme/svc-orders, has_issues: false}, {name: acme/agent-inbox}]\n",
    ));
    let (state, reasons) = reasons(&rig);
    assert_eq!((state, reasons), (State::Judged(Verdict::Rejected), vec![Reason::EmptyResult]));
    let sim = rig.sim.borrow();
    let issue = sim.requests().find(|request| request.operation == Some("issues/create")).unwrap();
    assert_eq!(issue.path, "/repos/acme/agent-inbox/issues");
}

#[test]
fn a_target_that_refuses_the_issue_is_no_reason_to_tell_nobody() {
    let faults = "faults: [{operation: issues/create, do: {kind: forbidden, message: no}}]\n";
    let rig = Rig::new(&agent("{files: []}", faults));
    rig.bump_to_the_end();
    let sim = rig.sim.borrow();
    let paths: Vec<_> =
        sim.requests().filter(|r| r.operation == Some("issues/create")).map(|r| (r.path.clone(), r.status)).collect();
    let expected = [("/repos/acme/svc-orders/issues", 403), ("/repos/acme/agent-inbox/issues", 201)];
    assert_eq!(paths, expected.map(|(path, status)| (path.to_owned(), Some(status))));
}

#[test]
fn a_comment_where_there_is_no_pull_request_becomes_an_issue() {
    let class = registry::edited(&[("notify: [issue]", "notify: [comment]")]);
    let rig = Rig::with(class, &agent("{files: []}", ""));
    rig.bump_to_the_end();
    assert_eq!((rig.requests("issues/create"), rig.requests("issues/create-comment")), (1, 0));
}

#[test]
fn an_empty_result_publishes_nothing_on_the_base() {
    let rig = Rig::new(&agent("{files: []}", ""));
    assert_eq!(reasons(&rig).1, [Reason::EmptyResult]);
    assert_eq!(rig.requests("repos/create-commit-status"), 0);
}

#[test]
fn checks_decide_and_their_absence_is_not_green() {
    let failing = agent("{}", "    checks: [{name: build}, {name: test, conclusion: failure}]\n");
    assert_eq!(
        reasons(&Rig::new(&failing)),
        (State::Judged(Verdict::Rejected), vec![Reason::CheckFailed { name: "test".to_owned() }])
    );
    let absent = agent("{}", "    checks: [{name: build}]\n");
    assert_eq!(
        reasons(&Rig::new(&absent)),
        (State::Judged(Verdict::Inconclusive), vec![Reason::CheckMissing { name: "test".to_owned() }])
    );
    let held = agent("{}", "    checks: [{name: build}, {name: test, conclusion: action_required}]\n");
    let expected = vec![Reason::CheckAwaitsApproval { name: "test".to_owned() }];
    let rig = Rig::new(&held);
    assert_eq!(reasons(&rig), (State::Judged(Verdict::Inconclusive), expected));
    assert_eq!(rig.requests("pulls/create"), 0, "nothing is opened on a guess");
    let slow = agent("{}", "    checks: [{name: build}, {name: test, after: 3h}]\n");
    let rig = Rig::new(&slow);
    assert_eq!(reasons(&rig).0, State::Judged(Verdict::Inconclusive));
    // It becomes known later, and the verdict with it.
    let mut executor = rig.open();
    rig.run_for(&mut executor, 4 * 3600);
    let task = executor.ledger().tasks.values().next().unwrap();
    assert_eq!(task.state, State::Judged(Verdict::Accepted));
}

#[test]
fn a_substituted_model_is_rejected_and_a_decorated_name_is_not() {
    let faults =
        "faults: [{operation: agent-tasks/create-task-in-repo, do: {kind: substitute_model, model: gpt-6-astra}}]\n";
    let expected = Reason::ModelSubstituted { asked: "gpt-5.3-codex".to_owned(), used: "gpt-6-astra".to_owned() };
    let (state, found) = reasons(&Rig::new(faults));
    assert_eq!((state, found.first()), (State::Judged(Verdict::Rejected), Some(&expected)));
    let decorated = agent("{model: \"sweagent-capi:{model}\"}", "");
    assert_eq!(reasons(&Rig::new(&decorated)), (State::Judged(Verdict::Accepted), Vec::new()));
}

#[test]
fn unknown_usage_keeps_the_reservation() {
    let rig = Rig::new(&agent("{usage: null}", ""));
    let task = rig.bump_to_the_end();
    assert_eq!(task.state, State::Judged(Verdict::Accepted));
    assert_eq!((task.usage(), task.charged()), (None, task.plan.reserved.nanos()));
}

/// `dependency-bump` without its rollout, so that a single run opens its pull request.
fn opening() -> registry::Classes {
    registry::edited(&[(
        "{name: proof, repositories: 1, repeat: 3, pull_request: never}",
        "{name: proof, repositories: 1, repeat: 3}",
    )])
}

#[test]
fn an_accepted_branch_gets_its_pull_request_once_and_is_followed_to_its_merge() {
    let faults = "faults: [{operation: pulls/create, do: {kind: lose_response}}]\n";
    let rig = Rig::with(opening(), &format!("agents:\n  - sessions: [{{}}]\n{faults}"));
    let task = rig.bump_to_the_end();
    assert_eq!(task.state, State::Judged(Verdict::Accepted), "{:?}", task.judgement);
    let pull = task.pull.clone().unwrap();
    assert!(pull.open && pull.base_ref == "main");
    assert_eq!(rig.requests("pulls/create"), 1);
    assert_eq!((rig.requests("issues/add-labels"), rig.requests("pulls/request-reviewers")), (1, 1));
    let sim = rig.sim.borrow();
    let opened = sim.requests().find(|request| request.operation == Some("pulls/create")).unwrap();
    assert!(
        opened.body.contains(&format!("Task-Class-Key: {}", task.key))
            && opened.body.contains("` @acme/all said so in #1 `"),
        "{}",
        opened.body
    );
}

#[test]
fn one_tick_does_all_that_follows_from_a_verdict() {
    let rig = Rig::with(opening(), "");
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    while !matches!(executor.ledger().tasks[&key].state, State::Judged(_)) {
        let next = executor.tick().unwrap().next_due.unwrap();
        taskclass_executor::Clock::sleep_until(&rig.clock, next);
    }
    for operation in ["repos/create-commit-status", "pulls/create", "issues/add-labels", "pulls/request-reviewers"] {
        assert_eq!(rig.requests(operation), 1, "{operation}");
    }
}

#[test]
fn a_merge_without_review_is_seen_as_one() {
    for (steps, unreviewed) in [
        ("[{after: 1h, do: {kind: merge}}]", true),
        ("[{after: 1h, do: {kind: approve}, by: octocat}, {after: 1h, do: {kind: merge}}]", true),
        ("[{after: 1h, do: {kind: approve}}, {after: 1h, do: {kind: merge}}]", false),
    ] {
        let class = registry::edited(&[
            (
                "{name: proof, repositories: 1, repeat: 3, pull_request: never}",
                "{name: proof, repositories: 1, repeat: 3}",
            ),
            ("create: after_validation", "create: by_agent"),
        ]);
        let rig = Rig::with(class, &agent("{}", &format!("    later: {steps}\n")));
        let mut executor = rig.open();
        let (_, key) = rig.bump(&mut executor);
        rig.run_for(&mut executor, 4 * 3600);
        let task = &executor.ledger().tasks[&key];
        assert_eq!((&task.state, task.unreviewed_merge), (&State::Merged, unreviewed), "{steps}");
    }
}

#[test]
fn a_push_after_the_verdict_is_judged_anew() {
    let class = registry::edited(&[
        ("{name: proof, repositories: 1, repeat: 3, pull_request: never}", "{name: proof, repositories: 1, repeat: 3}"),
        ("create: after_validation", "create: by_agent"),
    ]);
    let steps = "    later: [{after: 1h, do: {kind: push, files: [{path: Makefile}]}}]\n";
    let rig = Rig::with(class, &agent("{}", steps));
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    rig.settle(&mut executor, &run);
    assert_eq!(executor.ledger().tasks[&key].state, State::Judged(Verdict::Accepted));
    rig.run_for(&mut executor, 2 * 3600);
    let task = &executor.ledger().tasks[&key];
    assert_eq!(task.state, State::Judged(Verdict::Rejected), "{:?}", task.judgement);
    assert_eq!(standing(task), Standing::Rejected);
    // The comment says what and where; once.
    assert_eq!(rig.requests("issues/create-comment"), 1);
    let comments = rig.sim.borrow().comments();
    assert!(
        comments[0].body.contains("` Makefile `") && comments[0].body.contains("validation.paths.allow"),
        "{}",
        comments[0].body
    );
}

#[test]
fn a_task_that_comes_back_to_life_is_judged_again() {
    let class = registry::edited(&[
        ("{name: proof, repositories: 1, repeat: 3, pull_request: never}", "{name: proof, repositories: 1, repeat: 3}"),
        ("create: after_validation", "create: by_agent"),
    ]);
    let rig = Rig::with(class, &agent("{}, {after: 1h, work: 3m, files: [{path: src/lib.rs}]}", ""));
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    rig.settle(&mut executor, &run);
    let first = executor.ledger().tasks[&key].judgement.clone().unwrap();
    rig.run_for(&mut executor, 2 * 3600);
    let task = &executor.ledger().tasks[&key];
    assert_eq!(task.state, State::Judged(Verdict::Accepted), "{:?}", task.judgement);
    assert_ne!(task.judgement.as_ref().unwrap().head_sha, first.head_sha);
    assert_eq!(task.agent.as_ref().unwrap().sessions.len(), 2);
    assert_eq!(task.usage().unwrap().to_string(), "24.8 credits");
}

#[test]
fn the_story_and_the_trace_lead_from_any_end_to_all() {
    let rig = Rig::new("");
    let task = rig.bump_to_the_end();
    let executor = rig.open();
    let head = task.judgement.as_ref().unwrap().head_sha.clone().unwrap();
    for name in [
        task.key.as_str(),
        task.key.short(),
        task.at_github.as_ref().unwrap().id.as_str(),
        head.as_str(),
        task.run.as_str(),
    ] {
        let traces = views::trace(&rig.store, executor.ledger(), name).unwrap().tasks();
        assert_eq!(traces.len(), 1, "{name}");
        assert_eq!(traces[0].evidence.as_ref().unwrap().files.len(), 2);
        assert_eq!(traces[0].plan.approvals.len(), 2);
    }
    let shown = views::show(&rig.store, &task).unwrap();
    let kinds: Vec<_> = shown.story.iter().map(|line| line.kind.as_str()).collect();
    assert_eq!(kinds[..5], ["planned", "queued", "sending", "accepted", "observed"]);
    assert!(!serde_json::to_string(&shown).unwrap().contains("Done when"), "no prompt in it");
}
