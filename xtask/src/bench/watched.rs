//! A thousand tasks in flight, watched in real time by a process of its own: how much memory it holds and how much of a core it uses.

use std::{fs, net::TcpListener, path::Path, process::Command};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use taskclass_executor::{
    Classes, ExecError, Executor, Looked, NoWebhooks, NotNow, Parts, Settings, SqliteStore, SystemClock,
    book::Book,
    event::{Body, Draft},
    vocab::TaskRef,
};
use taskclass_github::{ApiUrl, Client, HttpOptions, HttpTransport, Token, TokenKind};
use taskclass_sim::{Outcome, Request, Sim, server};
use taskclass_spec::{ClassName, Duration};
use taskclass_storm::rig::scenario;

use super::{journal, table::Table};

/// Tasks in flight.
const TASKS: usize = 1000;
/// How long the process is looked at, once it has seen every task.
const LOOKED_AT: SignedDuration = SignedDuration::from_mins(4);
/// The token of the rig's scenario.
const TOKEN: &str = "github_pat_simulator";

/// Agents that work on and on, and a GitHub that lets a thousand tasks be made at once.
const LONG_WORK: &str = "
agents: [{sessions: [{work: 50m}]}]
limits: {content_per_minute: 100000, content_per_hour: 100000, points_per_minute: 1000000}
";

/// Makes the tasks at GitHub, and gives their references.
fn made(sim: &mut Sim, now: Timestamp) -> Result<Vec<TaskRef>, String> {
    let body = serde_json::json!({ "prompt": "Raise serde", "model": "gpt-5.3-codex" }).to_string();
    let mut tasks = Vec::new();
    for _ in 0..TASKS {
        let mut request = Request::new("POST", "/agents/repos/acme/svc-orders/tasks")
            .header("authorization", &format!("Bearer {TOKEN}"))
            .header("user-agent", "a-bench")
            .header("content-type", "application/json");
        request.body = body.clone().into_bytes();
        let Outcome::Respond(answer) = sim.handle(&request, now) else { return Err("no answer".to_owned()) };
        let task: Value = serde_json::from_slice(&answer.body).map_err(|error| error.to_string())?;
        let id = task["id"].as_str().ok_or("a task without an id")?.to_owned();
        tasks.push(TaskRef { id, url: None, created_at: now });
    }
    Ok(tasks)
}

/// A state file that says of each of these tasks that it was accepted just now.
fn journal_of(path: &Path, tasks: &[TaskRef], now: Timestamp) -> Result<(), String> {
    let life = journal::a_life()?;
    let store = SqliteStore::open(path).map_err(|error| error.to_string())?;
    let mut book = Book::open(Box::new(store), now).map_err(|error| error.to_string())?;
    for (nth, task) in (0..).zip(tasks) {
        let mut drafts = Vec::new();
        for draft in journal::again(&life, nth, now) {
            let accepted = matches!(draft.body, Body::Accepted { .. });
            let body = if accepted { Body::Accepted { task: task.clone() } } else { draft.body };
            drafts.push(Draft { occurred: now, observed: now, body, ..draft });
            if accepted {
                break;
            }
        }
        book.commit(drafts, Vec::new()).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Starts the simulator and the process, and says what the process says of itself.
pub(super) fn run(_: &Path, _: usize) -> Result<Table, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let state = folder.path().join("state.db");
    let clock = server::Clock::start(1.0);
    let mut sim = Sim::new(&scenario(LONG_WORK), 7);
    let tasks = made(&mut sim, clock.now())?;
    journal_of(&state, &tasks, clock.now())?;
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    let server = server::Server::serve(listener, sim, clock).map_err(|error| error.to_string())?;
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let before = server.with_sim(|sim| sim.counts().requests);
    let output = Command::new(own)
        .args(["bench-child", "watch"])
        .arg(&state)
        .arg(format!("http://{}", server.addr()))
        .output()
        .map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    let figures: Vec<f64> = text.split_whitespace().filter_map(|figure| figure.parse().ok()).collect();
    let [peak, share, seen] = figures[..] else {
        return Err(format!("no figures: {text}{}", String::from_utf8_lossy(&output.stderr)));
    };
    let requests = server.with_sim(|sim| sim.counts().requests) - before;
    let head = ["tasks in flight", "seen working", "peak MB", "goal", "% of a core", "goal", "requests in all"];
    let mut table = Table::new("A thousand tasks in flight, watched in real time", &head);
    table.row([
        super::run::grouped(TASKS),
        format!("{seen}"),
        format!("{:.1}", peak / 1024.0),
        "< 64".to_owned(),
        format!("{share:.2}"),
        "< 1".to_owned(),
        requests.to_string(),
    ]);
    table.note(format!(
        "User and system time of a process of its own over {} minutes at the 60 s interval, after it has read every task once.",
        LOOKED_AT.as_secs() / 60
    ));
    Ok(table)
}

struct NoClasses;

impl Classes for NoClasses {
    fn look(&self, name: &ClassName, _last: Option<&str>, _now: Timestamp) -> Looked {
        Looked { accepted: None, class: Err(NotNow::CannotTell(format!("{name} is not asked for here"))) }
    }
}

/// The process: watches what the state file says, then tells its peak of memory in KB, its share of a core in percent, and how many
/// tasks it has seen working.
pub(super) fn watch(state: &Path, api: &str) -> Result<(), String> {
    let api = ApiUrl::parse(api).map_err(|error| error.to_string())?;
    let token = Token::new(TOKEN).map_err(|error| error.to_string())?;
    let transport =
        HttpTransport::new(api.clone(), token, HttpOptions::default()).map_err(|error| error.to_string())?;
    let clock = SystemClock::default();
    let mut executor = Executor::open(Parts {
        store: Box::new(SqliteStore::open(state).map_err(|error| error.to_string())?),
        github: Client::new(Box::new(transport), api),
        clock: &clock,
        classes: &NoClasses,
        webhooks: &NoWebhooks,
        token_kind: TokenKind::FineGrainedPat,
        settings: Settings { min_interval: Duration::from_seconds(60), max_interval: Duration::from_seconds(60) },
    })
    .map_err(|error| error.to_string())?;
    let working = |executor: &Executor<'_>| {
        executor.ledger().tasks.values().filter(|task| task.times.working_since.is_some()).count()
    };
    // Warm: every task has been read once and is at work.
    while working(&executor) < TASKS {
        on_until(&mut executor, Timestamp::now() + SignedDuration::from_secs(10)).map_err(|error| error.to_string())?;
    }
    let (used, since) = (processor_time()?, Timestamp::now());
    on_until(&mut executor, since + LOOKED_AT).map_err(|error| error.to_string())?;
    let used = processor_time()? - used;
    let passed = Timestamp::now().duration_since(since).as_secs_f64();
    let status = fs::read_to_string("/proc/self/status").map_err(|error| format!("/proc/self/status: {error}"))?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    let peak = peak.trim().trim_end_matches("kB").trim();
    println!("{peak} {:.3} {}", 100.0 * used / passed, working(&executor));
    Ok(())
}

fn on_until(executor: &mut Executor<'_>, end: Timestamp) -> Result<(), ExecError> {
    executor.run_until(&mut |_, now| now >= end, &mut |_, _| {})
}

/// Seconds of user and system time of this process so far.
fn processor_time() -> Result<f64, String> {
    // The first field: nanoseconds on a processor, of every thread's own file.
    let mut nanos = 0_f64;
    for thread in fs::read_dir("/proc/self/task").map_err(|error| error.to_string())? {
        let path = thread.map_err(|error| error.to_string())?.path().join("schedstat");
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        nanos += text.split_whitespace().next().and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    }
    Ok(nanos / 1e9)
}
