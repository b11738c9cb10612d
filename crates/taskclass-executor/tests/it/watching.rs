//! Watching: how soon a change is known and what that costs; what comes back, is hidden, is gone, or is not to be read.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use jiff::{SignedDuration, Timestamp};
use taskclass_executor::{
    Clock as _, Executor, NoWebhooks, Parts, Settings,
    book::Book,
    event::{Body, Event},
    vocab::{AgentState, Key, RunId, State, TaskRef, Verdict},
};
use taskclass_github::{ApiUrl, Client, Request, Response, SendError, Submission, TokenKind, Transport};
use taskclass_sim::scenario::{Fault, FaultKind, Moment};
use taskclass_spec::Digest;

use crate::registry;
use crate::rig::{Rig, ToSim, bump};

const LIST: &str = "agent-tasks/list-tasks";
const GET: &str = "agent-tasks/get-task-by-id";
const INTERVAL: i64 = 15;

/// A rig whose clocks do not run out while a crowd works.
fn wide(rest: &str) -> Rig {
    let edits = [("queue: 30m, run: 65m, stale: 20m", "queue: 9h, run: 8d, stale: 30h")];
    Rig::with(registry::edited(&edits), rest)
}

/// So many tasks of ours that GitHub has just made, as a journal has them that was written by an executor.
fn crowd(rig: &Rig, tasks: usize, apart: SignedDuration) -> Vec<Key> {
    let mut executor = rig.open();
    let (run, first) = rig.bump(&mut executor);
    let plan = (*executor.ledger().tasks[&first].plan).clone();
    executor.cancel(&first, "alice", "only its plan is wanted").unwrap();
    drop(executor);
    let client = Client::new(rig.transport(), "https://api.github.com".parse::<ApiUrl>().unwrap());
    let repo = "acme/svc-orders".parse().unwrap();
    let mut book = Book::open(Box::new(rig.store.reopen()), rig.clock.now()).unwrap();
    let mut keys = Vec::new();
    for number in 0..tasks {
        let now = rig.clock.now();
        let made = client.create_task_bytes(&repo, br#"{"prompt": "one of a crowd"}"#);
        let Submission::Created(made) = made.submission else { panic!("{made:?}") };
        let key: Key = letters(number).parse().unwrap();
        let task = TaskRef { id: made.id.to_string(), url: made.html_url, created_at: made.created_at.unwrap() };
        let bodies = [
            Body::Planned(Box::new(plan.clone())),
            Body::Queued { not_before: None, held_by: None },
            Body::Sending {
                request_sha256: Digest::of(b""),
                prompt_sha256: plan.prompt_sha256,
                break_glass: Vec::new(),
            },
            Body::Accepted { task },
        ];
        let drafts = bodies.into_iter().map(|body| {
            let mut draft = book.about(&key, now, body);
            draft.run = Some(run.clone());
            draft
        });
        let drafts = drafts.collect();
        book.commit(drafts, Vec::new()).unwrap();
        keys.push(key);
        rig.clock.0.set(now + apart);
    }
    keys
}

/// A key of its own for each number.
fn letters(mut number: usize) -> String {
    let mut text = vec![b'a'; 26];
    for place in text.iter_mut().take(8) {
        *place = b'a' + u8::try_from(number % 26).unwrap();
        number /= 26;
    }
    String::from_utf8(text).unwrap()
}

/// What changed at the simulator, by task: when, and into which state.
type Truth = BTreeMap<String, Vec<(Timestamp, String)>>;

/// Lets an executor do its work until `end`, and notes every change of a task's state at the moment at which it happens.
fn live(rig: &Rig, executor: &mut Executor<'_>, end: Timestamp) -> Truth {
    let mut truth = Truth::new();
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    let mut look = |truth: &mut Truth, now: Timestamp| {
        for task in rig.sim.borrow().tasks() {
            if known.get(&task.id) != Some(&task.state) {
                truth.entry(task.id.clone()).or_default().push((now, task.state.clone()));
                known.insert(task.id, task.state);
            }
        }
    };
    rig.sim.borrow_mut().advance(rig.clock.now());
    look(&mut truth, rig.clock.now());
    truth.clear();
    loop {
        let next = executor.tick().unwrap().next_due.unwrap_or(end).min(end);
        // Everything that happens at GitHub until then, one moment after the other.
        while let Some(at) = { rig.sim.borrow().next_change() }.filter(|at| *at <= next) {
            rig.clock.0.set(at.max(rig.clock.now()));
            rig.sim.borrow_mut().advance(rig.clock.now());
            look(&mut truth, rig.clock.now());
        }
        rig.clock.sleep_until(next);
        if next >= end {
            return truth;
        }
    }
}

/// One event about a task of GitHub's: when it was written down, what it says had changed when, and into which state.
struct Told {
    observed: Timestamp,
    occurred: Timestamp,
    state: String,
}

/// Events of the journal about GitHub's tasks, by their id there.
fn observed(rig: &Rig) -> BTreeMap<String, Vec<Told>> {
    let mut seen: BTreeMap<String, Vec<Told>> = BTreeMap::new();
    for line in rig.store.all() {
        let event: Event = serde_json::from_str(&line).unwrap();
        if let (Body::Observed(view), Some(id)) = (&event.body, event.subject.task_id) {
            let state = view.state.as_str().to_owned();
            seen.entry(id).or_default().push(Told { observed: event.observed, occurred: event.occurred, state });
        }
    }
    seen
}

/// From each change to the first event that tells of it or of a later one, shortest first. Between two changes of its own the executor
/// waits within a tick; what happens then is noted after it, and may be written down before: then GitHub's own moment counts.
fn lags(rig: &Rig, truth: &Truth, until: Timestamp) -> Vec<SignedDuration> {
    let seen = observed(rig);
    let changes = truth.iter().flat_map(|(id, changes)| changes.iter().map(move |change| (id, change)));
    let lag = |(id, (at, state)): (&String, &(Timestamp, String))| {
        let events = || seen.get(id).into_iter().flatten();
        match events().find(|told| told.state == *state && told.observed < *at) {
            Some(told) => told.observed.duration_since(told.occurred),
            None => events()
                .find(|told| told.observed >= *at)
                .map_or(until.duration_since(*at), |told| told.observed.duration_since(*at)),
        }
    };
    let mut lags: Vec<_> = changes.filter(|(_, (at, _))| *at < until).map(lag).collect();
    lags.sort();
    lags
}

#[test]
fn a_hundred_tasks_are_watched_with_a_thirtieth_of_the_requests_and_no_change_waits_for_two_intervals() {
    let rig = wide(
        "limits: {content_per_minute: 1000, content_per_hour: 1000, session: 9h}\nagents:\n  - jitter: 35\n    sessions: [{queue: 3m, work: 46m}]\n",
    );
    let keys = crowd(&rig, 100, SignedDuration::from_secs(1));
    let (lists, gets) = (rig.requests(LIST), rig.requests(GET));
    let mut executor = rig.open();
    let begin = rig.clock.now();
    let end = begin + SignedDuration::from_mins(62);
    let truth = live(&rig, &mut executor, end);
    // What a loop would have asked that gets each task that is under way once an interval.
    let settled = |id: &str| truth.get(id).and_then(|changes| changes.iter().find(|(_, state)| state == "completed"));
    let under_way = |id: &String| settled(id).map_or(end, |(at, _)| *at).duration_since(begin).as_secs();
    let ids = keys.iter().map(|key| executor.ledger().tasks[key].at_github.as_ref().unwrap().id.clone());
    let naive: i64 = ids.map(|id| under_way(&id) / INTERVAL).sum();
    let asked = rig.requests(LIST) - lists + rig.requests(GET) - gets;
    let free = usize::try_from(rig.sim.borrow().counts().not_modified).unwrap();
    let lags = lags(&rig, &truth, end - SignedDuration::from_secs(INTERVAL));
    let p95 = lags[lags.len() * 95 / 100];
    println!(
        "{} changes, p95 {p95:?}, longest {:?}; {asked} requests ({free} free), one by one {naive}",
        lags.len(),
        lags.last()
    );
    assert!(lags.len() >= 120, "{}", lags.len());
    assert!(p95 <= SignedDuration::from_secs(2 * INTERVAL), "{p95:?}");
    assert!(lags.last().unwrap() <= &SignedDuration::from_secs(2 * INTERVAL), "{:?}", lags.last());
    assert!(i64::try_from(asked).unwrap() * 30 <= naive, "{asked} requests, one by one {naive}");
    assert_eq!(rig.sim.borrow().counts().limited, 0);
    // What a row does not tell is known all the same, of each that has ended.
    let ended =
        keys.iter().map(|key| &executor.ledger().tasks[key]).filter(|task| matches!(task.state, State::Judged(_)));
    let ended: Vec<_> = ended.collect();
    assert!(ended.len() > 30 && ended.iter().all(|task| !task.agent.as_ref().unwrap().sessions.is_empty()));
}

#[test]
fn a_thousand_tasks_stay_inside_the_hours_requests() {
    let rig = wide(
        "limits: {content_per_minute: 9000, content_per_hour: 9000, session: 90h}\nagents:\n  - jitter: 70\n    sessions: [{queue: 70m, work: 6h}]\n",
    );
    crowd(&rig, 1000, SignedDuration::from_secs(1));
    // The hour in which they were made is over, and they begin to work, one after the other.
    rig.clock.0.set(rig.clock.now() + SignedDuration::from_hours(1));
    let before = rig.sim.borrow().counts();
    let begun = std::time::Instant::now();
    let mut executor = rig.open();
    // Five minutes, at the beginning of which nobody has been read for an hour: as dear as any.
    let end = rig.clock.now() + SignedDuration::from_mins(5);
    let mut steps = 0;
    loop {
        let report = executor.tick().unwrap();
        steps += report.did.len();
        match report.next_due {
            Some(next) if next < end => rig.clock.sleep_until(next),
            _ => break,
        };
    }
    let after = rig.sim.borrow().counts();
    let charged = after.requests - before.requests - (after.not_modified - before.not_modified);
    println!("{charged} requests charged in five minutes, {steps} steps, {:?}", begun.elapsed());
    assert!(charged * 12 < 4900, "{charged}");
    assert_eq!(rig.sim.borrow().counts().limited, before.limited);
}

#[test]
fn what_cannot_be_read_of_one_task_puts_off_that_task_only() {
    let class = registry::edited(&[(", repeat: 3, pull_request: never}", ", repeat: 3}")]);
    let rig = Rig::with(class, "agents:\n  - later: [{after: 3h, do: {kind: merge}, by: hubot}]\n");
    let mut executor = rig.open();
    let run = |executor: &mut Executor<'_>, repository: &str| {
        executor.start_run(&rig.class("dependency-bump"), &bump(repository)).unwrap_or_else(|error| panic!("{error}"))
    };
    let (gone, _) = (run(&mut executor, "acme/svc-orders").1, ());
    let open = run(&mut executor, "acme/svc-billing").1;
    rig.run_for(&mut executor, 3600);
    let state = |executor: &Executor<'_>, key: &Key| executor.ledger().tasks[key].state.clone();
    assert_eq!(
        state(&executor, &gone),
        State::Judged(Verdict::Accepted),
        "{:?}",
        executor.ledger().tasks[&gone].judgement
    );
    let message = "the organisation has closed it".to_owned();
    let fault = Fault {
        repository: Some("acme/svc-orders".to_owned()),
        ..Fault::always("pulls/get", FaultKind::Forbidden { message })
    };
    rig.sim.borrow_mut().add_fault(fault);
    let before = rig.requests("pulls/get");
    let mut held = BTreeSet::new();
    let end = rig.clock.now() + SignedDuration::from_hours(4);
    loop {
        let report = executor.tick().unwrap();
        assert_eq!(report.trouble, None, "nothing stands in the way of the others");
        held.extend(report.put_off.iter().map(|held| held.key.clone()));
        match report.next_due {
            Some(next) if next < end => rig.clock.sleep_until(next),
            _ => break,
        };
    }
    assert_eq!(held, BTreeSet::from([gone.clone()]));
    assert_eq!(state(&executor, &gone), State::Judged(Verdict::Accepted), "nobody knows better");
    assert_eq!(state(&executor, &open), State::Merged);
    let merged = executor.ledger().tasks[&open].since;
    let truth = rig.sim.borrow().requests().filter(|request| request.operation == Some("pulls/get")).count() - before;
    assert!(truth < 24 + 120, "the one that is put off is asked for a few times an hour: {truth}");
    assert!(merged < end - SignedDuration::from_mins(50), "{merged}");
}

#[test]
fn a_change_that_could_not_be_read_at_once_is_not_forgotten() {
    for fault in [FaultKind::Drop {}, FaultKind::Status { status: 502, when: Moment::Before }] {
        let rig = Rig::new("");
        let mut executor = rig.open();
        let (_, key) = rig.bump(&mut executor);
        rig.run_for(&mut executor, 120);
        assert_eq!(executor.ledger().tasks[&key].state, State::Task(AgentState::InProgress));
        rig.sim.borrow_mut().add_fault(Fault { count: 2, ..Fault::nth(GET, 1, fault) });
        rig.run_for(&mut executor, 340);
        let task = &executor.ledger().tasks[&key];
        assert_eq!(task.agent.as_ref().unwrap().state, AgentState::Completed);
    }
}

#[test]
fn a_task_that_comes_back_to_life_is_judged_anew() {
    let sessions = "agents:\n  - sessions: [{work: 4m}, {after: 2h, work: 30m, files: [{path: Makefile}]}]\n";
    let class = registry::edited(&[(", repeat: 3, pull_request: never}", ", repeat: 3}")]);
    let rig = Rig::with(class, sessions);
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    rig.settle(&mut executor, &run);
    assert_eq!(executor.ledger().tasks[&key].state, State::Judged(Verdict::Accepted));
    rig.run_for(&mut executor, 2 * 3600);
    let task = &executor.ledger().tasks[&key];
    assert_eq!(task.state, State::Task(AgentState::InProgress), "{:?}", task.state);
    assert!(task.evidence.is_none(), "what was read of the first session says nothing of the second");
    rig.run_for(&mut executor, 3600);
    let task = &executor.ledger().tasks[&key];
    assert_eq!(task.state, State::Judged(Verdict::Rejected), "{:?}", task.judgement);
    assert_eq!(task.agent.as_ref().unwrap().sessions.len(), 2);
    assert_eq!(rig.tasks_with(&key), 1);
}

#[test]
fn what_came_back_to_life_while_nobody_watched_is_found_by_whoever_comes_next() {
    let rig = Rig::new("agents:\n  - sessions: [{work: 4m}, {after: 2h, work: 30m, files: [{path: Makefile}]}]\n");
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    rig.settle(&mut executor, &run);
    assert!(executor.ledger().active.is_empty(), "no pull request: nothing more is expected of it");
    drop(executor);
    rig.clock.0.set(rig.clock.now() + SignedDuration::from_mins(130));
    let mut executor = rig.open();
    executor.tick().unwrap();
    assert_eq!(executor.ledger().tasks[&key].state, State::Task(AgentState::InProgress));
    rig.settle(&mut executor, &run);
    assert_eq!(executor.ledger().tasks[&key].state, State::Judged(Verdict::Rejected));
    // And one that did not costs a request, once.
    let lists = rig.requests(LIST);
    let mut executor = rig.open();
    assert!(executor.tick().unwrap().next_due.is_none());
    assert_eq!(rig.requests(LIST), lists + 1);
}

#[test]
fn a_task_that_is_archived_is_followed_to_its_end_with_one_request_a_look() {
    let rig = Rig::new("agents:\n  - sessions: [{work: 40m}]\n");
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 300);
    let id = executor.ledger().tasks[&key].at_github.as_ref().unwrap().id.clone();
    assert!(rig.sim.borrow_mut().archive_task(&id));
    rig.run_for(&mut executor, 1500);
    let gets = rig.requests(GET);
    let end = rig.clock.now() + SignedDuration::from_mins(20);
    let truth = live(&rig, &mut executor, end);
    let lags = lags(&rig, &truth, end);
    assert_eq!(lags.len(), 1, "{truth:?}");
    assert!(lags[0] <= SignedDuration::from_secs(2 * INTERVAL), "{:?}", lags[0]);
    assert!(executor.ledger().tasks[&key].agent.as_ref().unwrap().archived);
    assert!(rig.requests(GET) - gets <= 6, "{}", rig.requests(GET) - gets);
}

#[test]
fn a_task_that_is_not_found_at_first_is_not_missing() {
    let faults = |lasts: &str| {
        format!("faults: [{{operation: agent-tasks/create-task-in-repo, do: {{kind: not_found, for: {lasts}}}}}]\n")
    };
    let missing = |rig: &Rig| rig.store.all().iter().filter(|line| line.contains(r#""kind":"missing""#)).count();
    let rig = Rig::new(&faults("100s"));
    let task = rig.bump_to_the_end();
    assert_eq!((task.state, missing(&rig)), (State::Judged(Verdict::Accepted), 0));
    // One that is not found for an hour is missing, once; and when it is found after all, it is as if nothing had been.
    let rig = Rig::new(&faults("1h"));
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 1800);
    assert!(executor.ledger().tasks[&key].missing_since.is_some());
    rig.run_for(&mut executor, 3600);
    let task = &executor.ledger().tasks[&key];
    assert_eq!((task.missing_since, missing(&rig)), (None, 1));
    assert_eq!(task.agent.as_ref().unwrap().state, AgentState::Completed);
}

/// What is made of an answer.
type Change = dyn Fn(&Request, Response) -> Response;

/// A wire on which answers are changed under way.
struct Changed {
    sim: ToSim,
    change: Rc<RefCell<Box<Change>>>,
}

impl Transport for Changed {
    fn send(&self, request: &Request) -> Result<Response, SendError> {
        let response = self.sim.send(request)?;
        Ok((self.change.borrow())(request, response))
    }
}

/// A process that hears from GitHub what `change` makes of it.
fn hears<'r>(rig: &'r Rig, change: impl Fn(&Request, Response) -> Response + 'static) -> Executor<'r> {
    let change: Box<Change> = Box::new(change);
    let wire = Changed { sim: rig.transport(), change: Rc::new(RefCell::new(change)) };
    let github: taskclass_executor::Github<'r> =
        Client::new(Box::new(wire) as Box<dyn Transport>, "https://api.github.com".parse::<ApiUrl>().unwrap());
    Executor::open(Parts {
        store: Box::new(rig.store.reopen()),
        github,
        clock: &rig.clock,
        classes: &rig.classes,
        webhooks: &NoWebhooks,
        token_kind: TokenKind::FineGrainedPat,
        settings: Settings::default(),
    })
    .unwrap()
}

fn of_tasks(request: &Request) -> bool {
    request.path_and_query.starts_with("/agents/tasks")
}

#[test]
fn a_state_that_nobody_knows_is_kept_as_it_is_watched_and_told_when_nothing_moves() {
    let rig = Rig::new("agents:\n  - sessions: [{work: 50m}]\n");
    let unknown = Rc::new(Cell::new(true));
    let still = unknown.clone();
    let mut executor = hears(&rig, move |request, mut response| {
        if of_tasks(request) && still.get() {
            let body = String::from_utf8(response.body).unwrap();
            response.body = body.replace("\"in_progress\"", "\"held_by_policy\"").into_bytes();
        }
        response
    });
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 1500);
    let task = &executor.ledger().tasks[&key];
    assert_eq!(task.state, State::Task(AgentState::Other("held_by_policy".to_owned())));
    assert!(task.state.is_in_flight() && task.judgement.is_none(), "nothing is guessed");
    let stale = taskclass_spec::written::EscalationTrigger::Stale;
    assert!(task.open_episodes().any(|episode| episode.trigger == stale.into()), "{:?}", task.episodes);
    unknown.set(false);
    rig.run_for(&mut executor, 3600);
    assert_eq!(executor.ledger().tasks[&key].state, State::Judged(Verdict::Accepted));
}

#[test]
fn a_task_that_was_deleted_is_missing_and_a_person_is_told() {
    let rig = Rig::new("agents:\n  - sessions: [{work: 50m}]\n");
    let deleted = Rc::new(Cell::new(false));
    let gone = deleted.clone();
    let mut executor = hears(&rig, move |request, mut response| {
        if of_tasks(request) && gone.get() {
            let list = request.path_and_query.starts_with("/agents/tasks?");
            response.body = if list { br#"{"tasks": []}"#.to_vec() } else { br#"{"message": "Not Found"}"#.to_vec() };
            response.status = if list { response.status } else { 404 };
        }
        response
    });
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 120);
    deleted.set(true);
    rig.run_for(&mut executor, 1500);
    let task = &executor.ledger().tasks[&key];
    assert!(task.missing_since.is_some() && task.state.is_in_flight());
    assert!(task.open_episodes().next().is_some(), "nothing has moved for too long, and people are told");
    let lines = rig.store.all().iter().filter(|line| line.contains(r#""kind":"missing""#)).count();
    assert_eq!(lines, 1);
}

#[test]
fn what_moves_without_a_word_is_not_read_each_time() {
    // GitHub moves `updated_at` while an agent works: the row says so, and the task need not be asked.
    let rig = Rig::new("agents:\n  - sessions: [{work: 50m}]\n");
    let clock = rig.clock.clone();
    let mut executor = hears(&rig, move |request, mut response| {
        if of_tasks(request) && response.status == 200 {
            let mut body: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
            let now = clock.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
            let moves = |task: &mut serde_json::Value| {
                if task["state"] == "in_progress" {
                    task["updated_at"] = now.clone().into();
                }
            };
            match body.get_mut("tasks").and_then(|tasks| tasks.as_array_mut()) {
                Some(tasks) => tasks.iter_mut().for_each(moves),
                None => moves(&mut body),
            }
            response.body = body.to_string().into_bytes();
            response.headers = response
                .headers
                .iter()
                .filter(|(name, _)| *name != "etag")
                .map(|(n, v)| (n.to_owned(), v.to_owned()))
                .collect();
        }
        response
    });
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 60);
    let (gets, lines) = (rig.requests(GET), rig.store.all().len());
    rig.run_for(&mut executor, 2400);
    let task = &executor.ledger().tasks[&key];
    assert_eq!(task.state, State::Task(AgentState::InProgress));
    assert!(task.expired.is_empty(), "it does move: {:?}", task.expired);
    assert!(rig.requests(GET) - gets <= 9, "{} in forty minutes", rig.requests(GET) - gets);
    assert!(rig.store.all().len() - lines <= 10, "what says nothing is not written down each time");
}

#[test]
fn who_waits_for_people_is_looked_at_more_seldom() {
    let rig = Rig::new("agents:\n  - sessions: [{pause: {state: waiting_for_user, after: 2m, for: 3h}}]\n");
    let mut executor = rig.open();
    rig.bump(&mut executor);
    rig.run_for(&mut executor, 600);
    let lists = rig.requests(LIST);
    rig.run_for(&mut executor, 3600);
    let in_an_hour = rig.requests(LIST) - lists;
    assert!((58..=62).contains(&in_an_hour), "{in_an_hour}");
}

#[test]
fn a_run_that_only_its_own_repository_keeps_waiting_is_given_up_for_now() {
    let rig = Rig::new(
        "faults: [{operation: repos/compare-commits-with-basehead, count: 0, do: {kind: status, status: 502, when: before}}]\n",
    );
    let mut executor = rig.open();
    let (run, _): (RunId, Key) = rig.bump(&mut executor);
    let begun = rig.clock.now();
    let outcome = executor.run_until_settled(&run, &mut |_, _| {});
    let took = rig.clock.now().duration_since(begun);
    if let Err(error) = outcome {
        assert!(error.to_string().contains("502"), "{error}");
        assert!(took < SignedDuration::from_hours(2), "{took:?}");
    } else {
        panic!("what was never read cannot be settled");
    }
}
