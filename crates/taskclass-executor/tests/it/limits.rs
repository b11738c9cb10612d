//! GitHub's limits on changes: kept, found out where they are secret, shared fairly, and remembered.

use jiff::{SignedDuration, Timestamp};
use taskclass_executor::{Clock as _, Executor, vocab::Key};

use crate::registry;
use crate::rig::{Rig, bump};

const CREATE: &str = "agent-tasks/create-task-in-repo";
/// Agents that are done in seconds and leave nothing that had to be changed at GitHub: only submissions count.
const QUICK: &str = "agents: [{sessions: [{queue: 1s, work: 2s, files: []}]}]\n";
const EMPTY: (&str, &str) = ("empty_result: rejected", "empty_result: accepted");

/// So many repositories, and reads without end: what is measured are the limits on changes.
fn scenario(repositories: usize, limits: &str) -> String {
    let names: Vec<_> = (0..repositories).map(|n| format!("{{name: acme/svc-{n}}}")).collect();
    format!("{QUICK}repositories: [{}]\nlimits: {{primary_per_hour: 100000{limits}}}\n", names.join(", "))
}

fn rig(repositories: usize, limits: &str) -> Rig {
    Rig::with(registry::wide_of(&[], &[("dependency-bump", &[EMPTY])]), &scenario(repositories, limits))
}

fn plan(rig: &Rig, executor: &mut Executor<'_>, class: &str, repositories: std::ops::Range<usize>) -> Vec<Key> {
    let class = rig.class(class);
    let start =
        |n| executor.start_run(&class, &bump(&format!("acme/svc-{n}"))).unwrap_or_else(|error| panic!("{error}")).1;
    repositories.map(start).collect()
}

/// When tasks were created, in order.
fn created(rig: &Rig) -> Vec<Timestamp> {
    let sim = rig.sim.borrow();
    let creates = sim.requests().filter(|request| request.operation == Some(CREATE) && request.status == Some(201));
    creates.map(|request| request.at).collect()
}

/// Goes on until so many were created; a fresh process takes over after `lives[0]`, `lives[1]` … of them.
fn until(rig: &Rig, count: usize, lives: &[usize]) {
    for upto in lives.iter().copied().chain([count]) {
        let mut executor = rig.open();
        while created(rig).len() < upto {
            let next = executor.tick().unwrap().next_due.expect("something is under way");
            rig.clock.sleep_until(next);
        }
    }
}

fn span(moments: &[Timestamp]) -> i64 {
    moments.last().unwrap().duration_since(moments[0]).as_secs()
}

#[test]
fn five_hundred_go_at_the_pace_that_github_allows_and_none_is_turned_away() {
    let rig = rig(500, "");
    plan(&rig, &mut rig.open(), "dependency-bump", 0..500);
    until(&rig, 500, &[]);
    let created = created(&rig);
    assert!(created.windows(2).all(|two| two[1].duration_since(two[0]) >= SignedDuration::from_secs(1)));
    let (took, bound) = (span(&created), 499);
    assert!(took * 100 <= bound * 103, "{took} s, and {bound} s at best");
    assert_eq!(rig.sim.borrow().counts().limited, 0);
}

#[test]
fn a_secret_limit_costs_three_requests_at_most_and_then_its_pace_is_kept() {
    for answers in ["", ", retry_after: false, secondary_status: 429"] {
        let rig = rig(500, &format!(", secret_tasks_per_minute: 20{answers}"));
        plan(&rig, &mut rig.open(), "dependency-bump", 0..500);
        until(&rig, 500, &[]);
        let (took, bound) = (span(&created(&rig)), (500 / 20 - 1) * 60);
        let wasted = rig.sim.borrow().counts().limited;
        assert!(wasted <= 3, "{wasted} wasted");
        assert!(took * 100 <= bound * 115, "{took} s, and {bound} s at best");
    }
}

#[test]
fn a_restart_in_the_middle_changes_nothing() {
    let sent = |lives: &[usize]| {
        let rig = rig(90, ", secret_tasks_per_minute: 20");
        plan(&rig, &mut rig.open(), "dependency-bump", 0..90);
        until(&rig, 90, lives);
        created(&rig)
    };
    // While it is at its full pace, while it waits for the limit to end, and while it keeps to what it has learned.
    assert_eq!(sent(&[]), sent(&[10, 20, 21, 60, 61]));
}

#[test]
fn a_thousand_tasks_of_one_class_do_not_keep_another_waiting() {
    let classes = registry::wide_of(&[], &[("few", &[EMPTY]), ("many", &[EMPTY])]);
    let rig = Rig::with(classes, &scenario(80, ""));
    let mut executor = rig.open();
    plan(&rig, &mut executor, "many", 0..60);
    rig.run_for(&mut executor, 9);
    let before = created(&rig).len();
    let few = plan(&rig, &mut executor, "few", 60..65);
    drop(executor);
    until(&rig, 60, &[25]);
    let executor = rig.open();
    let mut sent: Vec<_> =
        executor.ledger().tasks.values().filter_map(|task| Some((task.times.sent?, &task.key))).collect();
    sent.sort();
    let places: Vec<_> =
        sent.iter().enumerate().filter(|(_, (_, key))| few.contains(*key)).map(|(place, _)| place).collect();
    assert_eq!(places.len(), 5, "all of them");
    assert!(places.windows(2).all(|two| two[1] - two[0] == 2), "turn by turn: {places:?}");
    assert!(places[0] <= before + 1, "from the moment on at which they were asked for: {places:?}");
}

#[test]
fn what_is_kept_for_the_critical_is_there_when_the_others_have_used_up_theirs() {
    let urgent = [EMPTY, ("limits:\n", "limits:\n  priority: critical\n")];
    let reserve = ("reserve: {critical: 0%}", "reserve: {critical: 20%}");
    let classes = registry::wide_of(&[reserve], &[("urgent", &urgent), ("usual", &[EMPTY])]);
    let rig = Rig::with(classes, &scenario(420, ""));
    let mut executor = rig.open();
    plan(&rig, &mut executor, "usual", 0..410);
    drop(executor);
    until(&rig, 400, &[]);
    let mut executor = rig.open();
    rig.run_for(&mut executor, 60);
    assert_eq!(created(&rig).len(), 400, "the rest waits for the hour to end");
    let asked = rig.clock.now();
    plan(&rig, &mut executor, "urgent", 410..415);
    drop(executor);
    until(&rig, 405, &[]);
    let waited = created(&rig)[404].duration_since(asked);
    assert!(waited <= SignedDuration::from_secs(6), "{waited:?}");
    assert_eq!(rig.sim.borrow().counts().limited, 0);
}

#[test]
fn who_is_turned_away_without_a_word_on_how_long_waits_longer_each_time() {
    let fault = format!("faults: [{{operation: {CREATE}, count: 4, do: {{kind: rate_limit, status: 403}}}}]\n");
    let rig = Rig::new(&fault);
    let mut executor = rig.open();
    let (run, _) = rig.bump(&mut executor);
    rig.settle(&mut executor, &run);
    let sim = rig.sim.borrow();
    let asked: Vec<_> =
        sim.requests().filter(|request| request.operation == Some(CREATE)).map(|request| request.at).collect();
    let waited: Vec<_> = asked.windows(2).map(|two| two[1].duration_since(two[0]).as_secs()).collect();
    assert_eq!(waited, [60, 120, 240, 480]);
}

#[test]
fn a_clock_that_is_set_back_neither_stops_the_sending_nor_lets_it_burst() {
    let rig = rig(60, "");
    let mut executor = rig.open();
    plan(&rig, &mut executor, "dependency-bump", 0..60);
    rig.run_for(&mut executor, 19);
    let before = created(&rig).len();
    assert!(before >= 19, "{before}");
    // Two hours back, in the running process and for the next one.
    rig.clock.0.set(rig.clock.now() - SignedDuration::from_hours(2));
    let begin = rig.clock.now();
    let mut sent = Vec::new();
    for _ in 0..40 {
        let at = rig.clock.now();
        let next = executor.tick().unwrap().next_due.expect("something is under way");
        sent.push((at, created(&rig).len()));
        rig.clock.sleep_until(next.min(rig.clock.now() + SignedDuration::from_secs(5)));
    }
    let took = rig.clock.now().duration_since(begin).as_secs();
    assert_eq!(created(&rig).len(), 60, "all are sent in {took} s");
    assert!(took <= 400, "{took} s");
}

#[test]
fn money_is_reserved_by_what_the_class_has_used_so_far() {
    let credits = |rig: &Rig, key: &Key| rig.open().ledger().tasks[key].plan.reserved.0;
    let rig = rig(14, "");
    let keys = plan(&rig, &mut rig.open(), "dependency-bump", 0..9);
    let mut executor = rig.open();
    rig.run_for(&mut executor, 900);
    drop(executor);
    // Nine are too few to go by: `budget.per_task`.
    let tenth = plan(&rig, &mut rig.open(), "dependency-bump", 9..10);
    assert_eq!((credits(&rig, &keys[0]), credits(&rig, &tenth[0])), (40, 40));
    let mut executor = rig.open();
    rig.run_for(&mut executor, 900);
    let settled =
        executor.ledger().tasks.values().filter_map(taskclass_executor::lifecycle::Task::settled_usage).count();
    assert_eq!(settled, 10);
    drop(executor);
    let next = plan(&rig, &mut rig.open(), "dependency-bump", 10..11);
    assert_eq!(credits(&rig, &next[0]), 13, "12.4 credits each, in whole ones");
    assert_eq!(rig.open().ledger().tasks[&next[0]].charged().to_string(), "13.0 credits");
}

#[test]
fn what_is_not_known_to_have_been_used_keeps_its_reservation() {
    let classes = registry::wide_of(&[], &[("dependency-bump", &[EMPTY])]);
    let silent = scenario(12, "").replace("files: []}", "files: [], usage: null}");
    let rig = Rig::with(classes, &silent);
    let mut executor = rig.open();
    let keys = plan(&rig, &mut executor, "dependency-bump", 0..11);
    rig.run_for(&mut executor, 900);
    let tasks = &executor.ledger().tasks;
    assert!(
        keys.iter()
            .all(|key| tasks[key].times.settled.is_some() && tasks[key].charged() == tasks[key].plan.reserved.nanos())
    );
    let next = plan(&rig, &mut executor, "dependency-bump", 11..12);
    assert_eq!(executor.ledger().tasks[&next[0]].plan.reserved.0, 40, "eleven that say nothing are no sample");
}
