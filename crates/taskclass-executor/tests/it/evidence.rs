//! What a verdict is built on: who is believed, what a path does not tell, what GitHub does not show.

use std::cell::RefCell;
use std::rc::Rc;

use taskclass_executor::vocab::{Disbelief, FileKind, Flag, Reason, State, Verdict};
use taskclass_executor::{Clock as _, Executor, NoWebhooks, Parts, Settings};
use taskclass_github::{Client, Request, Response, SendError, TokenKind, Transport};
use taskclass_sim::scenario::{Fault, FaultKind, Moment};
use taskclass_sim::{Outcome, Scenario, Sim};

use crate::merges::{by_agent, world};
use crate::registry;
use crate::rig::{Rig, VirtualClock};

/// Verdict and reasons of a dependency bump in a world of this.
fn judged(rest: &str) -> (Verdict, Vec<Reason>) {
    let users =
        "users: [{login: octocat, id: 583231}, {login: hubot, id: 480938}, {login: 'ci[bot]', id: 8, bot: true}]\n";
    let rig = Rig::new(&format!("{users}{rest}"));
    let task = rig.bump_to_the_end();
    let judgement = task.judgement.unwrap();
    assert_eq!(task.state, State::Judged(judgement.verdict));
    // A breach is concluded at once, whatever has not ended by then.
    let open = |reason: &Reason| matches!(reason, Reason::CheckRunning { .. });
    let mut reasons = judgement.reasons;
    reasons.retain(|reason| judgement.verdict != Verdict::Rejected || !open(reason));
    (judgement.verdict, reasons)
}

#[test]
fn a_required_check_counts_only_from_who_may_say_so() {
    use Disbelief::{Agent, Nobody, Requester};
    let by =
        |by: &str| format!("agents: [{{checks: [{{name: build}}], statuses: [{{context: test, after: 1m{by}}}]}}]\n");
    for (rest, disbelief) in [
        (by(", by: 'ci[bot]'"), None),
        (by(", by: hubot"), None),
        (by(", by: octocat"), Some((Requester, "@octocat"))),
        (by(", by: Copilot"), Some((Agent, "@Copilot"))),
        (by(""), Some((Nobody, "an account that GitHub does not name"))),
        (
            "agents: [{checks: [{name: build}, {name: test, app: copilot-swe-agent}]}]\n".to_owned(),
            Some((Agent, "the app `copilot-swe-agent`")),
        ),
    ] {
        let expected: Vec<_> = disbelief
            .into_iter()
            .map(|(because, by)| Reason::CheckNotBelieved { name: "test".to_owned(), by: by.to_owned(), because })
            .collect();
        let verdict = if expected.is_empty() { Verdict::Accepted } else { Verdict::Inconclusive };
        assert_eq!(judged(&rest), (verdict, expected), "{rest}");
    }
    // A failure from somebody who is not believed is none; one that is believed is one beside a green one.
    let failing = "agents: [{statuses: [{context: test, state: failure, by: Copilot}]}]\n";
    assert_eq!(judged(failing).0, Verdict::Accepted);
    let failing = "agents: [{statuses: [{context: test, state: failure, by: 'ci[bot]'}]}]\n";
    assert_eq!(judged(failing), (Verdict::Rejected, vec![Reason::CheckFailed { name: "test".to_owned() }]));
    // Of one status the newest counts.
    let mended = "agents: [{checks: [{name: build}], statuses: [{context: test, state: failure, by: hubot}, \
                  {context: test, by: 'ci[bot]'}]}]\n";
    assert_eq!(judged(mended), (Verdict::Accepted, Vec::new()));
}

#[test]
fn a_verdict_that_somebody_else_has_published_is_a_breach_and_ours_stands_above_it() {
    let rest = "agents: [{statuses: [{context: taskclass/verdict, by: 'ci[bot]'}]}]\n";
    assert_eq!(judged(rest), (Verdict::Rejected, vec![Reason::VerdictForged { by: "@ci[bot]".to_owned() }]));
    // The same name in other letters is as good to a hasty eye.
    let rest = "agents: [{statuses: [{context: TaskClass/Verdict}]}]\n";
    assert_eq!(judged(rest).0, Verdict::Rejected);
}

#[test]
fn what_a_path_does_not_tell_is_not_accepted() {
    let files = |file: &str| format!("agents: [{{sessions: [{{files: [{{path: Cargo.toml}}, {file}]}}]}}]\n");
    let paths = |path: &str| (vec![path.to_owned()], 1);
    for (file, reason) in [
        ("{path: src/link, entry: symlink, additions: 1}", {
            let (paths, count) = paths("src/link");
            Reason::NotPlainFiles { sort: FileKind::Symlink, paths, count }
        }),
        ("{path: src/vendored, entry: submodule, additions: 1}", {
            let (paths, count) = paths("src/vendored");
            Reason::NotPlainFiles { sort: FileKind::Submodule, paths, count }
        }),
        ("{path: src/logo.png, additions: 0, deletions: 0, status: added}", {
            let (paths, count) = paths("src/logo.png");
            Reason::SizeUnknown { paths, count }
        }),
    ] {
        assert_eq!(judged(&files(file)), (Verdict::Inconclusive, vec![reason]), "{file}");
    }
    // What is run is a file like any other, and what was a link before is none any more.
    assert_eq!(judged(&files("{path: src/tool, entry: executable}")).0, Verdict::Accepted);
    assert_eq!(
        judged(&files("{path: src/lib.rs, entry: symlink, status: removed, deletions: 1}")).0,
        Verdict::Accepted
    );
    // Both ends of a rename count.
    let renamed = "{path: src/x.rs, status: renamed, previous_path: README.md, additions: 0, deletions: 0}";
    let (paths, count) = paths("src/x.rs");
    assert_eq!(judged(&files(renamed)), (Verdict::Rejected, vec![Reason::OutOfScope { paths, count }]));
}

#[test]
fn a_list_of_files_that_github_cuts_is_never_taken_for_the_whole() {
    let files: Vec<_> =
        (0..3_001).map(|n| format!("{{path: src/{n}.rs, additions: 0, deletions: 1, status: modified}}")).collect();
    let class = registry::edited(&[
        ("{name: proof, repositories: 1, repeat: 3, pull_request: never}", "{name: proof, repositories: 1, repeat: 3}"),
        ("create: after_validation", "create: by_agent"),
        ("  max_files: 12\n  max_lines: 400\n", "  max_files: 3000\n"),
        ("      - {metric: files_changed.p90, max: 8}\n", ""),
    ]);
    let rig = Rig::with(class, &format!("agents: [{{sessions: [{{files: [{}]}}]}}]\n", files.join(", ")));
    let task = rig.bump_to_the_end();
    assert_eq!(task.state, State::Judged(Verdict::Inconclusive));
    assert_eq!(task.judgement.unwrap().reasons, [Reason::FilesCut]);
    let evidence = task.evidence.unwrap();
    assert_eq!((evidence.files, evidence.complete), (3_000, false));
}

#[test]
fn a_model_that_the_class_allows_too_is_told_of_and_no_breach() {
    let rig = Rig::new("agents: [{sessions: [{model: claude-sonnet-4.6}]}]\n");
    let judgement = rig.bump_to_the_end().judgement.unwrap();
    let flag = Flag::OtherModel { asked: "gpt-5.3-codex".to_owned(), used: "claude-sonnet-4.6".to_owned() };
    assert_eq!((judgement.verdict, judgement.flags), (Verdict::Accepted, vec![flag]));
}

#[test]
fn a_status_whose_answer_was_lost_is_not_set_twice() {
    let faults = "faults: [{operation: repos/create-commit-status, do: {kind: lose_response}}]\n";
    let rig = Rig::new(faults);
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 3600);
    let task = &executor.ledger().tasks[&key];
    assert_eq!(task.state, State::Judged(Verdict::Accepted));
    assert_eq!(rig.requests("repos/create-commit-status"), 1);
    let sim = rig.sim.borrow();
    let sent = sim.requests().find(|request| request.operation == Some("repos/create-commit-status")).unwrap();
    let body: serde_json::Value = serde_json::from_str(&sent.body).unwrap();
    assert_eq!((&body["context"], &body["state"]), (&"taskclass/verdict".into(), &"success".into()));
    assert_eq!(body["target_url"].as_str(), task.at_github.as_ref().unwrap().url.as_deref());
}

#[test]
fn a_comment_names_the_files_and_nothing_in_a_name_gets_out_of_it() {
    let mut files: Vec<_> = (0..60).map(|n| format!("{{path: 'docs/{n:02}.md'}}")).collect();
    files[0] = "{path: 'docs/00 `@acme/all` <b>#1.md'}".to_owned();
    let rig = Rig::with(by_agent(), &format!("agents: [{{sessions: [{{files: [{}]}}]}}]\n", files.join(", ")));
    let task = rig.bump_to_the_end();
    assert_eq!(task.state, State::Judged(Verdict::Rejected));
    assert_eq!(task.evidence.unwrap().files_outside, 60);
    let sim = rig.sim.borrow();
    let comments = sim.comments();
    assert_eq!(comments.len(), 1);
    let body = &comments[0].body;
    assert!(body.contains("- ` 60 files outside the allowed paths ` (`validation.paths.allow`)\n"), "{body}");
    assert!(body.contains("  - `` docs/00 `@acme/all` <b>#1.md ``\n  - ` docs/01.md `\n"), "{body}");
    assert!(body.contains("  - ` docs/49.md `\n  - and 10 more\n"), "{body}");
    let status = sim.requests().find(|request| request.operation == Some("repos/create-commit-status")).unwrap();
    let status: serde_json::Value = serde_json::from_str(&status.body).unwrap();
    let description = status["description"].as_str().unwrap();
    assert!(
        description.chars().count() <= 140 && description.starts_with("rejected, 4 reasons: 60 files"),
        "{description}"
    );
}

#[test]
fn mergeable_that_is_never_said_is_never_accepted() {
    let rig = Rig::with(by_agent(), "agents: [{pull_request: {mergeable_unknown: 3h}}]\n");
    let task = rig.bump_to_the_end();
    assert_eq!(task.judgement.unwrap().reasons, [Reason::MergeableUnknown]);
    assert_eq!(rig.requests("issues/add-labels"), 0);
    let mut executor = rig.open();
    rig.run_for(&mut executor, 4 * 3600);
    assert_eq!(executor.ledger().tasks[&task.key].state, State::Judged(Verdict::Accepted), "once it is said");
}

#[test]
fn what_is_merged_while_the_agent_works_on_is_what_was_judged() {
    let rig = world(
        "{}, {after: 30m, work: 40m, files: [{path: Makefile}]}",
        "{after: 20m, do: {kind: approve}}, {after: 1h, do: {kind: merge}}",
    );
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    rig.settle(&mut executor, &run);
    assert_eq!(executor.ledger().tasks[&key].state, State::Judged(Verdict::Accepted));
    // Somebody merges the accepted commit while the agent is at work on another, which never comes into it.
    rig.run_for(&mut executor, 3600);
    assert!(executor.ledger().tasks[&key].state.is_in_flight());
    rig.run_for(&mut executor, 3600);
    let task = &executor.ledger().tasks[&key];
    assert_eq!((&task.state, task.unreviewed_merge, task.merged_against_verdict), (&State::Merged, false, false));
    assert_eq!(task.agent.as_ref().unwrap().sessions.len(), 2);
}

#[test]
fn a_failed_check_that_is_run_again_and_passes_mends_the_verdict() {
    let rest = "    checks: [{name: build}]\n    statuses: [{context: test, state: failure, by: hubot}, \
                {context: test, after: 3h, by: hubot}]\n";
    let rig = Rig::with(by_agent(), &format!("agents:\n  - sessions: [{{}}]\n{rest}"));
    let task = rig.bump_to_the_end();
    assert_eq!(task.state, State::Judged(Verdict::Rejected));
    let mut executor = rig.open();
    rig.run_for(&mut executor, 4 * 3600);
    assert_eq!(executor.ledger().tasks[&task.key].state, State::Judged(Verdict::Accepted));
    assert_eq!(rig.requests("issues/add-labels"), 1);
}

/// A dependency bump that is under way before GitHub begins to answer an operation like this.
fn bump_then(rig: &Rig, operation: &str, kind: FaultKind) -> taskclass_executor::lifecycle::Task {
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    while executor.ledger().tasks[&key].times.accepted.is_none() {
        rig.run_for(&mut executor, 1);
    }
    rig.sim.borrow_mut().add_fault(Fault::always(operation, kind));
    rig.settle(&mut executor, &run);
    executor.ledger().tasks[&key].clone()
}

#[test]
fn a_branch_that_is_not_there_any_more_is_no_empty_result() {
    for empty in ["rejected", "accepted"] {
        let class = registry::edited(&[("empty_result: rejected", &format!("empty_result: {empty}"))]);
        let rig = Rig::with(class, "agents: [{sessions: [{files: [{path: Makefile}]}]}]\n");
        let gone = FaultKind::Status { status: 404, when: Moment::Before };
        let task = bump_then(&rig, "repos/get-branch", gone);
        let judgement = task.judgement.unwrap();
        assert_eq!(judgement.verdict, Verdict::Inconclusive, "{empty}: {:?}", judgement.reasons);
        assert!(matches!(&judgement.reasons[0], Reason::Unread { what } if what.ends_with("it is not there")));
        assert!(!task.evidence.unwrap().empty);
    }
}

#[test]
fn rules_that_cannot_be_read_leave_open_whose_word_counts() {
    let judged = |message: &str| {
        let refused = FaultKind::Forbidden { message: message.to_owned() };
        bump_then(&Rig::new(""), "repos/get-branch-rules", refused).judgement.unwrap()
    };
    let judgement = judged("Resource not accessible");
    assert_eq!(judgement.verdict, Verdict::Inconclusive);
    let said =
        |reason: &Reason| matches!(reason, Reason::Unread { what } if what.starts_with("the base branch's rules"));
    assert!(judgement.reasons.iter().all(said), "{:?}", judgement.reasons);
    // Where the plan has no rules, there are none.
    let none = "Upgrade to GitHub Pro or make this repository public to enable this feature.";
    assert_eq!(judged(none).verdict, Verdict::Accepted);
}

/// A wire to the simulator with another account's token.
struct As {
    sim: Rc<RefCell<Sim>>,
    clock: VirtualClock,
    token: &'static str,
}

impl Transport for As {
    fn send(&self, request: &Request) -> Result<Response, SendError> {
        let mut asked = taskclass_sim::Request::new(request.method.as_str(), &request.path_and_query)
            .header("authorization", &format!("Bearer {}", self.token))
            .header("host", "api.github.com");
        for (name, value) in request.headers.iter() {
            asked = asked.header(name, value);
        }
        asked.body = request.body.clone().unwrap_or_default();
        match self.sim.borrow_mut().handle(&asked, self.clock.now()) {
            Outcome::Respond(response) => Ok(Response {
                status: response.status,
                headers: response.headers.into_iter().collect(),
                body: response.body,
            }),
            Outcome::Dropped { .. } => Err(SendError::unknown("the connection was closed")),
        }
    }
}

#[test]
fn a_verdict_that_was_published_with_the_token_of_another_account_is_still_our_own() {
    // The checks take three hours; meanwhile the token is replaced by another account's.
    let mut rig = Rig::new("");
    let tokens = "tokens: [{token: github_pat_simulator, login: octocat, kind: fine_grained_pat, expires_at: 2027-01-01T00:00:00Z}, \
                  {token: github_pat_other, login: hubot, kind: fine_grained_pat, expires_at: 2027-01-01T00:00:00Z}]\n";
    let users = "users: [{login: octocat, id: 583231}, {login: hubot, id: 480938}]\n";
    let agents = "agents: [{checks: [{name: build, after: 3h}, {name: test}]}]\n";
    let scenario = Scenario::from_yaml(&format!("schema: simulation/v1\n{tokens}{users}{agents}")).unwrap();
    rig.sim = Rc::new(RefCell::new(Sim::new(&scenario, 7)));
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    while !matches!(executor.ledger().tasks[&key].state, State::Delivered) {
        rig.run_for(&mut executor, 60);
    }
    drop(executor);
    let wire = As { sim: rig.sim.clone(), clock: rig.clock.clone(), token: "github_pat_other" };
    let mut executor = Executor::open(Parts {
        store: Box::new(rig.store.reopen()),
        github: Client::new(Box::new(wire), "https://api.github.com".parse().unwrap()),
        clock: &rig.clock,
        classes: &rig.classes,
        webhooks: &NoWebhooks,
        token_kind: TokenKind::FineGrainedPat,
        settings: Settings::default(),
    })
    .unwrap();
    rig.run_for(&mut executor, 3600);
    assert_eq!(executor.ledger().tasks[&key].state, State::Judged(Verdict::Inconclusive));
    assert_eq!(rig.requests("repos/create-commit-status"), 1, "that it is pending was said with the other token");
    rig.run_for(&mut executor, 5 * 3600);
    let task = &executor.ledger().tasks[&key];
    assert_eq!(task.state, State::Judged(Verdict::Accepted), "{:?}", task.judgement);
}
