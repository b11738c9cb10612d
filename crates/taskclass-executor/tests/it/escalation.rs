//! Telling people: each rung once, whatever is lost or killed on the way; what was given up; what answers it.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use taskclass_executor::{
    Decision, Delivery, Executor, Parts, Settings, Webhooks,
    answer::Answer,
    lifecycle::{Occasion, Progress, Task},
    store::Journal as _,
    views,
    vocab::{Action, ActionId, Key, State, Verdict},
    webhook::Message,
};
use taskclass_github::{ApiUrl, Client, Request, Response, SendError, TokenKind, Transport};
use taskclass_spec::NotifierName;

use crate::registry::{self, Classes};
use crate::rig::{Rig, ToSim};

pub(crate) const ISSUE: &str = "issues/create";
const COMMENT: &str = "issues/create-comment";

/// What a receiver does with the next message.
pub(crate) enum Does {
    Answers(u16),
    /// The process dies before it is sent, or after it was taken.
    Dies,
}

/// Receivers of webhooks: of every name but `nobody`.
#[derive(Default)]
pub(crate) struct Hooks {
    pub(crate) next: RefCell<VecDeque<Does>>,
    pub(crate) got: RefCell<Vec<Message>>,
}

impl Webhooks for Hooks {
    fn ready(&self, name: &NotifierName) -> Result<(), String> {
        if name.as_str() == "nobody" { Err("it is not configured".to_owned()) } else { Ok(()) }
    }

    fn post(&self, _: &NotifierName, message: &Message) -> Delivery {
        self.got.borrow_mut().push(message.clone());
        match self.next.borrow_mut().pop_front() {
            None => Delivery::Taken { status: 204 },
            Some(Does::Answers(status)) if status < 300 => Delivery::Taken { status },
            Some(Does::Answers(status)) => {
                Delivery::Failed { status: Some(status), reason: format!("the receiver answered {status}") }
            }
            Some(Does::Dies) => std::panic::panic_any("killed"),
        }
    }
}

/// Where the process dies: at the next request whose method and path fit; before it is sent, or after it had its effect.
pub(crate) type Death = Rc<RefCell<Option<(&'static str, &'static str, bool)>>>;

struct Mortal(ToSim, Death);

impl Transport for Mortal {
    fn send(&self, request: &Request) -> Result<Response, SendError> {
        let fits = |(method, path, _): &(&str, &str, bool)| {
            request.method.as_str() == *method && request.path_and_query.ends_with(path)
        };
        let death = self.1.borrow().filter(fits);
        if let Some((_, _, after)) = death {
            *self.1.borrow_mut() = None;
            if after {
                let _lost = self.0.send(request);
            }
            std::panic::panic_any("killed");
        }
        self.0.send(request)
    }
}

/// A process with these receivers, which dies where it is told to.
pub(crate) fn open<'r>(rig: &'r Rig, hooks: &'r Hooks, death: &Death) -> Executor<'r> {
    let api = "https://api.github.com".parse::<ApiUrl>().unwrap();
    Executor::open(Parts {
        store: Box::new(rig.store.reopen()),
        github: Client::new(Box::new(Mortal(rig.transport(), death.clone())), api),
        clock: &rig.clock,
        classes: &rig.classes,
        webhooks: hooks,
        token_kind: TokenKind::FineGrainedPat,
        settings: Settings::default(),
    })
    .unwrap()
}

/// Runs until the process dies.
pub(crate) fn dies(rig: &Rig, mut executor: Executor<'_>, seconds: i64) {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let died = catch_unwind(AssertUnwindSafe(|| rig.run_for(&mut executor, seconds)));
    std::panic::set_hook(hook);
    assert!(died.is_err(), "the process was to die");
}

fn death(method: &'static str, path: &'static str, after: bool) -> Death {
    Rc::new(RefCell::new(Some((method, path, after))))
}

/// An agent whose work is thrown away: its pull request is there, and a file in it is out of scope.
const REJECTED: &str = "agents:\n  - sessions: [{files: [{path: Makefile}]}]\n";
/// An agent that asks, and waits for good.
pub(crate) const ASKS: &str = "agents:\n  - sessions: [{pause: {state: waiting_for_user, after: 4m}}]\n";

/// The class with this ladder, whose pull request the agent opens.
fn commenting(ladder: &str) -> Classes {
    registry::edited(&[
        ("{name: proof, repositories: 1, repeat: 3, pull_request: never}", "{name: proof, repositories: 1, repeat: 3}"),
        ("create: after_validation", "create: by_agent"),
        ("[{after: 0m, notify: [issue]}]", ladder),
        ("on_rejected: [comment, escalate]", "on_rejected: [escalate]"),
    ])
}

fn comments(rig: &Rig) -> Vec<String> {
    let notices = |body: &String| body.contains("Task-Class-Notice");
    rig.sim.borrow().comments().into_iter().map(|comment| comment.body).filter(notices).collect()
}

fn notices(task: &Task) -> Vec<&Progress> {
    let notices = task.actions.values().filter(|doing| matches!(doing.action, Action::Notify { .. }));
    notices.map(|doing| &doing.progress).collect()
}

pub(crate) fn lines(rig: &Rig) -> String {
    let mut all = String::new();
    rig.store
        .lines(0, &mut |line| {
            all.push_str(line);
            all.push('\n');
            true
        })
        .unwrap();
    all
}

#[test]
fn an_issue_is_opened_once_wherever_the_process_dies() {
    for after in [false, true] {
        let rig = Rig::new(ASKS);
        let hooks = Hooks::default();
        let death = death("POST", "/issues", after);
        let mut executor = open(&rig, &hooks, &death);
        let (_, key) = rig.bump(&mut executor);
        dies(&rig, executor, 3600);
        let mut executor = open(&rig, &hooks, &death);
        rig.run_for(&mut executor, 3600);
        assert_eq!(rig.requests(ISSUE), 1, "after: {after}");
        let task = &executor.ledger().tasks[&key];
        assert!(matches!(notices(task)[..], [Progress::Done { .. }]), "{:?}", task.actions);
    }
}

#[test]
fn a_comment_is_made_once_unless_nobody_can_tell_whether_it_was() {
    let ladder = "[{after: 0m, notify: [comment]}]";
    // How the answer is lost, how many comments there are then, and how many say that they may be a repetition.
    let lost = "faults: [{operation: issues/create-comment, do: {kind: lose_response}}]\n";
    let dropped = "faults: [{operation: issues/create-comment, do: {kind: drop}}]\n";
    let failed = "faults: [{operation: issues/create-comment, do: {kind: status, status: 502, when: before}}]\n";
    for (faults, there, doubtful) in [("", 1, 0), (dropped, 1, 0), (failed, 1, 0), (lost, 2, 1)] {
        let rig = Rig::with(commenting(ladder), &format!("{REJECTED}{faults}"));
        let task = rig.bump_to_the_end();
        assert_eq!(task.state, State::Judged(Verdict::Rejected), "{:?}", task.judgement);
        let said = comments(&rig);
        let doubts = said.iter().filter(|body| body.contains("may be the second time")).count();
        assert_eq!((said.len(), doubts), (there, doubtful), "{faults}: {said:?}");
        assert_eq!(lines(&rig).matches("\"may_repeat\":true").count(), doubtful, "{faults}");
        assert_eq!(rig.requests(ISSUE), 0);
    }
    for (after, there) in [(false, 1), (true, 2)] {
        let rig = Rig::with(commenting(ladder), REJECTED);
        let hooks = Hooks::default();
        let death = death("POST", "/comments", after);
        let mut executor = open(&rig, &hooks, &death);
        rig.bump(&mut executor);
        dies(&rig, executor, 3600);
        let mut executor = open(&rig, &hooks, &death);
        rig.run_for(&mut executor, 3600);
        assert_eq!(comments(&rig).len(), there, "after: {after}");
    }
    assert!(COMMENT.ends_with("comment"));
}

#[test]
fn who_has_taken_notice_is_not_told_again_while_the_agent_waits_on() {
    let class = registry::edited(&[(
        "[{after: 0m, notify: [issue]}]",
        "[{after: 0m, notify: [issue]}, {after: 30m, notify: [issue]}]",
    )]);
    // While it waits its usage and its time of change go on changing.
    let rig = Rig::with(class, "agents:\n  - sessions: [{pause: {state: waiting_for_user, after: 4m, for: 5h}}]\n");
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 600);
    assert_eq!(rig.requests(ISSUE), 1);
    executor.resolve(&key, "alice", Decision::Acknowledge).unwrap();
    for _ in 0..10 {
        rig.run_for(&mut executor, 600);
        executor = rig.open();
    }
    assert_eq!(rig.requests(ISSUE), 1);
    assert_eq!(executor.ledger().tasks[&key].episodes.len(), 1);
    // It still waits, and so it still stands in the inbox.
    let inbox = views::inbox(executor.ledger());
    assert_eq!((inbox.len(), inbox[0].answer), (1, Answer::Agent));
}

#[test]
fn what_somebody_answered_while_nobody_looked_is_not_cancelled_at_the_deadline() {
    let class = registry::edited(&[("deadline: {after: 24h", "deadline: {after: 2h")]);
    let rig = Rig::with(
        class,
        "agents:\n  - sessions: [{work: 50m, pause: {state: waiting_for_user, after: 4m, for: 1h}}]\n",
    );
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 600);
    assert_eq!(executor.ledger().tasks[&key].state, State::Task(taskclass_executor::vocab::AgentState::WaitingForUser));
    drop(executor);
    // The machine sleeps past the deadline; the agent was answered after an hour, and is at work.
    rig.clock.0.set(rig.clock.0.get() + jiff::SignedDuration::from_mins(100));
    let mut executor = rig.open();
    rig.run_for(&mut executor, 60);
    let task = &executor.ledger().tasks[&key];
    assert!(task.cancel.is_none(), "{:?}", task.cancel);
    rig.settle(&mut executor, &run);
    assert!(executor.ledger().tasks[&key].cancel.is_none());
}

fn given_up(task: &Task) -> Vec<ActionId> {
    let given_up = task.actions.iter().filter(|(_, doing)| matches!(doing.progress, Progress::GivenUp { .. }));
    given_up.map(|(id, _)| id.clone()).collect()
}

#[test]
fn a_change_that_was_given_up_is_told_waits_in_the_inbox_and_can_be_tried_again() {
    let faults =
        "faults: [{operation: repos/create-commit-status, count: 8, do: {kind: status, status: 502, when: before}}]\n";
    let rig = Rig::new(faults);
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 6 * 3600);
    let task = executor.ledger().tasks[&key].clone();
    assert_eq!(given_up(&task).len(), 1, "{:?}", task.actions);
    assert!(task.open_episodes().any(|episode| episode.trigger == Occasion::GivenUp));
    let sim = rig.sim.borrow();
    let issue = sim.requests().find(|request| request.operation == Some(ISSUE)).unwrap().body.clone();
    drop(sim);
    assert!(issue.contains("is not tried again") && issue.contains("publish the verdict accepted"), "{issue}");
    assert!(issue.contains("--retry"), "{issue}");
    let inbox = views::inbox(executor.ledger());
    assert_eq!((inbox.len(), inbox[0].answer), (1, Answer::Retry), "{inbox:?}");
    assert_eq!(inbox[0].next[0], format!("taskclass resolve {} --retry", key.short()));

    executor.resolve(&key, "alice", Decision::Retry).unwrap();
    rig.run_for(&mut executor, 60);
    let task = &executor.ledger().tasks[&key];
    assert!(given_up(task).is_empty() && task.open_episodes().next().is_none(), "{:?}", task.actions);
    assert!(views::inbox(executor.ledger()).is_empty());
    assert!(executor.resolve(&key, "alice", Decision::Retry).is_err(), "there is nothing more");
    let events = lines(&rig);
    assert!(events.contains("\"kind\":\"retry_requested\""));
}

#[test]
fn a_change_that_was_given_up_can_be_waved_away() {
    let faults =
        "faults: [{operation: repos/create-commit-status, count: 0, do: {kind: status, status: 502, when: before}}]\n";
    let rig = Rig::new(faults);
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 6 * 3600);
    assert_eq!(views::inbox(executor.ledger()).len(), 1);
    executor.resolve(&key, "alice", Decision::Acknowledge).unwrap();
    assert!(views::inbox(executor.ledger()).is_empty());
    let tried = rig.requests("repos/create-commit-status");
    executor = rig.open();
    rig.run_for(&mut executor, 6 * 3600);
    assert_eq!((rig.requests("repos/create-commit-status"), rig.requests(ISSUE)), (tried, 1), "neither tried nor told");
}

/// The keys of what waits, for other tests.
pub(crate) fn waiting(executor: &Executor<'_>) -> Vec<(Key, Answer)> {
    views::inbox(executor.ledger()).into_iter().map(|item| (item.key, item.answer)).collect()
}
