//! Changes after a verdict, and telling people: nothing starves, nothing goes on for ever, and nothing is said that is not so any more.

use std::cell::{Cell, RefCell};

use jiff::SignedDuration;
use taskclass_executor::{
    Clock as _, Decision, Executor, NoWebhooks, Parts, Settings,
    book::Book,
    event::Body,
    vocab::{Judgement, Key, State, Verdict},
};
use taskclass_github::{ApiUrl, Client, Request, Response, SendError, TokenKind, Transport};

use crate::escalation::{ASKS, Death, Does, Hooks, ISSUE, dies, lines, open};
use crate::registry::{self, Classes};
use crate::rig::{Rig, ToSim};

const COMMENT: &str = "issues/create-comment";

fn executor_over<'r>(rig: &'r Rig, transport: Box<dyn Transport + 'r>) -> Executor<'r> {
    Executor::open(Parts {
        store: Box::new(rig.store.reopen()),
        github: Client::new(transport, "https://api.github.com".parse::<ApiUrl>().unwrap()),
        clock: &rig.clock,
        classes: &rig.classes,
        webhooks: &NoWebhooks,
        token_kind: TokenKind::FineGrainedPat,
        settings: Settings::default(),
    })
    .unwrap()
}

/// `dependency-bump` without its rollout, so that a single run opens its pull request.
fn opening() -> Classes {
    registry::edited(&[(
        "{name: proof, repositories: 1, repeat: 3, pull_request: never}",
        "{name: proof, repositories: 1, repeat: 3}",
    )])
}

/// The same, whose agent opens it, and which says there why it is rejected.
fn commented() -> Classes {
    registry::edited(&[
        ("{name: proof, repositories: 1, repeat: 3, pull_request: never}", "{name: proof, repositories: 1, repeat: 3}"),
        ("create: after_validation", "create: by_agent"),
        ("on_rejected: [comment, escalate]", "on_rejected: [comment]"),
    ])
}

/// The commit that somebody pushes.
const PUSHED: &str = "1234567890abcdef1234567890abcdef12345678";

/// A branch that is pushed to once a verdict was published on its head: from then on that commit is called otherwise.
struct Pushed(ToSim, RefCell<Option<String>>);

impl Transport for Pushed {
    fn send(&self, request: &Request) -> Result<Response, SendError> {
        let before = self.1.borrow().clone();
        let mut asked = request.clone();
        if let Some(head) = &before {
            asked.path_and_query = asked.path_and_query.replace(PUSHED, head);
        }
        let mut answer = self.0.send(&asked)?;
        if let Some(head) = &before {
            answer.body = String::from_utf8_lossy(&answer.body).replace(head.as_str(), PUSHED).into_bytes();
        } else if let Some((_, head)) = request.path_and_query.split_once("/statuses/")
            && request.method.as_str() == "POST"
        {
            *self.1.borrow_mut() = Some(head.to_owned());
        }
        Ok(answer)
    }
}

/// A wire on which the reading right before the first issue is turned away for its rate.
struct Limited {
    wire: ToSim,
    looked: Cell<bool>,
    done: Cell<bool>,
}

impl Transport for Limited {
    fn send(&self, request: &Request) -> Result<Response, SendError> {
        let mut answer = self.wire.send(request)?;
        if request.path_and_query.contains("/svc-orders/issues?") {
            self.looked.set(true);
        } else if request.path_and_query == "/repos/acme/svc-orders" && self.looked.get() && !self.done.replace(true) {
            answer.status = 429;
            answer.headers = [("retry-after".to_owned(), "30".to_owned())].into_iter().collect();
            answer.body = b"{\"message\": \"You have exceeded a secondary rate limit\"}".to_vec();
        }
        Ok(answer)
    }
}

/// A wire on which the process dies when it publishes its verdict: before it is sent, or after it had its effect.
struct Dying(ToSim, bool);

impl Transport for Dying {
    fn send(&self, request: &Request) -> Result<Response, SendError> {
        if request.method.as_str() == "POST" && request.path_and_query.contains("/statuses/") {
            if self.1 {
                let _lost = self.0.send(request);
            }
            std::panic::panic_any("killed");
        }
        self.0.send(request)
    }
}

/// A process that dies when it publishes its verdict.
fn until_the_status(rig: &Rig, after: bool) {
    let mut executor = executor_over(rig, Box::new(Dying(rig.transport(), after)));
    rig.bump(&mut executor);
    dies(rig, executor, 3 * 3600);
}

/// The result is judged otherwise, at the commit it was judged at.
fn judged_otherwise(rig: &Rig, verdict: Verdict) -> Key {
    let now = rig.clock.now();
    let mut book = Book::open(Box::new(rig.store.reopen()), now).unwrap();
    let (key, task) = book.ledger().tasks.iter().next().unwrap();
    let (key, before) = (key.clone(), task.judgement.clone().unwrap());
    let judged = Judgement { verdict, reasons: Vec::new(), ..before };
    book.commit(vec![book.about(&key, now, Body::Judged(judged))], Vec::new()).unwrap();
    key
}

#[test]
fn people_are_told_of_what_failed_although_its_result_cannot_be_read() {
    let fault = "faults: [{operation: repos/compare-commits-with-basehead, count: 0, do: {kind: status, status: 502, when: before}}]\n";
    let rig =
        Rig::new(&format!("agents:\n  - sessions: [{{outcome: failed, files: [{{path: Cargo.toml}}]}}]\n{fault}"));
    let mut executor = rig.open();
    rig.bump(&mut executor);
    rig.run_for(&mut executor, 3 * 3600);
    assert_eq!(rig.requests(ISSUE), 1);
}

#[test]
fn whoever_waits_for_a_run_does_not_wait_for_a_receiver_that_is_down() {
    let class = registry::edited(&[
        ("[{after: 0m, notify: [issue]}]", "[{after: 0m, notify: [\"webhook:oncall\"]}]"),
        ("deadline: {after: 24h, do: cancel}", "deadline: {after: 9d, do: hold}"),
        ("waiting: 24h", "waiting: 8d"),
    ]);
    let rig = Rig::with(class, ASKS);
    let hooks = Hooks::default();
    hooks.next.borrow_mut().extend((0..40).map(|_| Does::Answers(500)));
    let mut executor = open(&rig, &hooks, &Death::default());
    let (run, _) = rig.bump(&mut executor);
    let begun = rig.clock.now();
    executor.run_until_settled(&run, &mut |_, _| {}).unwrap();
    let waited = rig.clock.now().duration_since(begun);
    assert!(waited < SignedDuration::from_mins(15), "{waited}");
    assert!((2..12).contains(&hooks.got.borrow().len()), "a short while it is waited for");
}

#[test]
fn a_reading_that_is_turned_away_slows_no_change_down() {
    // Where an issue goes is read right before it is opened, and that is turned away.
    let rig = Rig::new(ASKS);
    let wire = Limited { wire: rig.transport(), looked: Cell::new(false), done: Cell::new(false) };
    let mut executor = executor_over(&rig, Box::new(wire));
    rig.bump(&mut executor);
    rig.run_for(&mut executor, 3600);
    assert_eq!(rig.requests(ISSUE), 1);
    assert!(!lines(&rig).contains("\"kind\":\"rate_limited\""), "{}", lines(&rig));
}

#[test]
fn a_push_before_the_pull_request_is_opened_is_judged_and_then_offered() {
    let rig = Rig::with(opening(), "");
    // Somebody pushes once the verdict has been published.
    let mut executor = executor_over(&rig, Box::new(Pushed(rig.transport(), RefCell::new(None))));
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 3 * 3600);
    let task = &executor.ledger().tasks[&key];
    assert_eq!(task.state, State::Judged(Verdict::Accepted));
    assert_eq!(task.judgement.as_ref().unwrap().head_sha.as_deref(), Some(PUSHED));
    assert!(task.pull.is_some() && rig.requests("pulls/create") == 1, "{:?}", task.actions);
    assert!(lines(&rig).matches("\"kind\":\"action_failed\"").count() <= 1, "{}", lines(&rig));
}

#[test]
fn a_pull_request_whose_answer_was_lost_is_looked_for_once_and_then_no_more() {
    let faults = "faults: [{operation: pulls/create, do: {kind: status, status: 502, when: before}}]\n";
    let rig = Rig::with(opening(), &format!("agents:\n  - sessions: [{{}}]\n{faults}"));
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    while rig.requests("pulls/create") == 0 {
        let next = executor.tick().unwrap().next_due.unwrap();
        rig.clock.sleep_until(next);
    }
    drop(executor);
    assert_eq!(judged_otherwise(&rig, Verdict::Rejected), key);
    let mut executor = rig.open();
    rig.run_for(&mut executor, 2 * 86_400);
    assert_eq!(rig.requests("pulls/create"), 1);
    assert!(lines(&rig).matches("\"kind\":\"action_failed\"").count() <= 2, "{}", lines(&rig));
}

#[test]
fn a_comment_that_is_tried_again_by_a_person_still_says_that_it_may_be_the_second() {
    // Every try of the first round gets through, and every answer is lost; then none gets through.
    for (lost, doubtful) in [("502, when: after", 9), ("502, when: before", 0)] {
        let faults =
            format!("faults: [{{operation: issues/create-comment, count: 8, do: {{kind: status, status: {lost}}}}}]\n");
        let rig =
            Rig::with(commented(), &format!("agents:\n  - sessions: [{{files: [{{path: Makefile}}]}}]\n{faults}"));
        let mut executor = rig.open();
        let (_, key) = rig.bump(&mut executor);
        rig.run_for(&mut executor, 3 * 3600);
        assert_eq!(rig.requests(COMMENT), 8);
        executor.resolve(&key, "alice", Decision::Retry).unwrap();
        rig.run_for(&mut executor, 600);
        let said: Vec<_> = rig.sim.borrow().comments().into_iter().map(|comment| comment.body).collect();
        let doubts = said.iter().filter(|body| body.contains("may be the second time")).count();
        assert_eq!((said.len(), doubts), if doubtful > 0 { (9, 8) } else { (1, 0) }, "{lost}: {said:?}");
    }
}

#[test]
fn a_rejected_pull_request_that_is_reopened_and_pushed_to_is_closed_again() {
    let class = registry::edited(&[
        ("{name: proof, repositories: 1, repeat: 3, pull_request: never}", "{name: proof, repositories: 1, repeat: 3}"),
        ("create: after_validation", "create: by_agent"),
        ("on_rejected: [comment, escalate]", "on_rejected: [close_pull_request]"),
    ]);
    // Reopened it stays open; what is pushed then is judged, and rejected again.
    for (push, closed) in [("", 1), (", {after: 6h, do: {kind: push, files: [{path: Makefile}]}}", 2)] {
        let rig = Rig::with(
            class.clone(),
            &format!(
                "agents:\n  - sessions: [{{files: [{{path: Makefile}}]}}]\n    later: [{{after: 3h, do: {{kind: reopen}}}}{push}]\n"
            ),
        );
        let mut executor = rig.open();
        let (_, key) = rig.bump(&mut executor);
        rig.run_for(&mut executor, 24 * 3600);
        let task = &executor.ledger().tasks[&key];
        assert_eq!(rig.requests("pulls/update"), closed, "{:?} {:?}", task.state, task.actions);
        assert_eq!(task.state == State::Closed, closed == 2, "{:?}", task.state);
    }
}

#[test]
fn a_pull_request_is_not_looked_for_over_and_over_for_a_result_that_is_not_accepted() {
    let rig = Rig::with(opening(), "");
    until_the_status(&rig, false);
    let key = judged_otherwise(&rig, Verdict::Rejected);
    let mut executor = rig.open();
    rig.run_for(&mut executor, 2 * 86_400);
    assert_eq!(executor.ledger().tasks[&key].state, State::Judged(Verdict::Rejected));
    assert_eq!(rig.requests("pulls/create"), 0);
    // The status that was begun for the verdict before is the one thing that is not made any more.
    assert_eq!(lines(&rig).matches("\"kind\":\"action_failed\"").count(), 1, "{}", lines(&rig));
    // The next acceptance wants it again.
    drop(executor);
    judged_otherwise(&rig, Verdict::Accepted);
    let mut executor = rig.open();
    rig.run_for(&mut executor, 600);
    assert_eq!(rig.requests("pulls/create"), 1);
}

#[test]
fn the_last_word_on_a_commit_is_the_last_verdict_on_it() {
    for after in [false, true] {
        let rig = Rig::new("agents:\n  - sessions: [{files: [{path: Makefile}]}]\n");
        until_the_status(&rig, after);
        judged_otherwise(&rig, Verdict::Accepted);
        let mut executor = rig.open();
        rig.run_for(&mut executor, 3600);
        let sim = rig.sim.borrow();
        let last = sim.requests().filter(|request| request.operation == Some("repos/create-commit-status")).last();
        let body = &last.unwrap().body;
        assert!(body.contains("\"success\""), "after: {after}: {body}");
    }
}
