//! `taskclass cancel`: stops a task, or asks GitHub to; or all tasks of a run. What is said is what came of the attempt.

use serde::Serialize;
use taskclass_executor::{
    ExecError, Ledger, TickReport,
    lifecycle::{Progress, Task},
    views,
    vocab::{Action, AgentState, Key, RunId, State},
};
use taskclass_source::text::visible;

use super::show::unknown;
use crate::{
    args::{Cancel, Format, Global},
    caller,
    exit::{Exit, Outcome},
    followed::{self, What},
    machine::{Session, failure},
    phrases,
    ui::{Tone, Ui},
};

pub(crate) fn cancel(args: &Cancel, global: &Global, ui: &mut Ui) -> Outcome {
    let mut session = Session::open(&args.executor, global)?;
    let (mut executor, _, _) = session.executor()?;
    let keys = named(executor.ledger(), &args.task);
    if keys.is_empty() {
        return Err(unknown(&args.task));
    }
    let (mut asked, mut nothing) = (Vec::new(), Vec::new());
    for key in keys {
        match executor.cancel(&key, &caller::person(), &args.reason) {
            Ok(()) => asked.push(key),
            Err(ExecError::NotNow(why)) => nothing.push(why),
            Err(error) => return Err(failure(error)),
        }
    }
    if asked.is_empty() {
        return Err(failure(ExecError::NotNow(nothing.join("; "))));
    }
    let report = executor.tick().map_err(|error| {
        failure(error).help("the stop is written down: `taskclass tick` asks GitHub for it once it can be asked")
    })?;
    let tasks = asked.iter().filter_map(|key| executor.ledger().tasks.get(key));
    let told: Vec<Told> = tasks.map(|task| told(task, &report)).collect();
    if ui.format == Format::Json {
        ui.json(&serde_json::json!({ "tasks": told, "nothing_to_stop": nothing }))?;
    } else {
        for told in &told {
            let state = ui.paint(&told.state, Tone::of(&told.state));
            let lead = format!("{}  {state}  ", told.key.short());
            ui.led(&lead, &visible(&told.says));
        }
        for why in nothing {
            ui.note(why);
        }
        for next in told.iter().filter_map(|told| told.next.as_ref()) {
            ui.note(next);
        }
    }
    if report.interrupted {
        return Err(followed::ended(ExecError::Interrupted, What::All, executor.ledger()));
    }
    Ok(exit(&told))
}

/// The task of that name, or all of a run.
fn named(ledger: &Ledger, name: &str) -> Vec<Key> {
    match views::find(ledger, name) {
        Some(task) => vec![task.key.clone()],
        None => name.parse::<RunId>().ok().and_then(|run| ledger.runs.get(&run)).cloned().unwrap_or_default(),
    }
}

/// What came of the wish to stop a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Came {
    /// It was never sent, and never will be.
    TakenBack,
    /// GitHub's task says that it is cancelled.
    Stopped,
    /// It had ended by itself.
    Ended,
    /// Actions took the request to cancel its run.
    Asked,
    /// Nothing was asked of GitHub yet; it is tried again by itself.
    NotYet,
    /// Nobody knows whether there is anything to stop.
    Unknown,
    /// Nothing was asked of GitHub, and nothing will be: a person has to.
    GivenUp,
}

/// The same of one task, with its words.
#[derive(Serialize)]
struct Told {
    key: Key,
    state: State,
    outcome: Came,
    says: String,
    #[serde(skip)]
    next: Option<String>,
}

fn told(task: &Task, report: &TickReport) -> Told {
    let short = task.key.short();
    let looks = || Some("it counts as cancelled once GitHub's task says so; `taskclass watch` looks".to_owned());
    let again = || Some("nothing is stopped yet: `taskclass tick` or `taskclass watch` goes on asking".to_owned());
    let (outcome, says, next) = match &task.state {
        State::Abandoned => (Came::TakenBack, "taken back; it was never sent".to_owned(), None),
        State::Unknown | State::Sending => (
            Came::Unknown,
            "nothing was asked of GitHub, as nobody knows yet whether the task exists; it is stopped as soon as it is found".to_owned(),
            Some("`taskclass tick` or `taskclass watch` looks for it".to_owned()),
        ),
        State::Unresolved => (
            Came::Unknown,
            "nothing was asked of GitHub, as nobody knows whether the task exists; it is stopped once somebody has found it".to_owned(),
            Some(format!("look for it in GitHub, then `taskclass resolve {short} --adopt ID` or `taskclass resolve {short} --abandon`")),
        ),
        state if !state.is_in_flight() => match task.agent.as_ref().map(|agent| &agent.state) {
            Some(AgentState::Cancelled) => (Came::Stopped, "stopped: GitHub's task is cancelled".to_owned(), None),
            _ => (Came::Ended, "nothing was stopped: the task had ended by itself".to_owned(), None),
        },
        _ => {
            let request = task.cancel.as_ref().map_or(1, |cancel| cancel.request);
            let doing = task.actions.get(&Action::CancelRun { request }.id());
            let why = || doing.and_then(|doing| doing.reason.clone()).or_else(|| report.trouble.clone());
            let because = || why().map(|why| format!(": {}", phrases::one_line(&why))).unwrap_or_default();
            match doing.map(|doing| &doing.progress) {
                Some(Progress::Done { .. }) => {
                    (Came::Asked, "asked: GitHub took the request to cancel its Actions run".to_owned(), looks())
                }
                Some(Progress::GivenUp { .. }) => {
                    let at = task.at_github.as_ref().and_then(|found| found.url.clone());
                    let at = at.map(|url| format!(" at {}", visible(&url))).unwrap_or_default();
                    let next = format!("stop it{at} yourself; `taskclass inbox` keeps it until nothing of it runs");
                    (Came::GivenUp, format!("not stopped{}", because()), Some(next))
                }
                _ => (Came::NotYet, format!("not asked of GitHub yet{}", because()), again()),
            }
        }
    };
    Told { key: task.key.clone(), state: task.state.clone(), outcome, says, next }
}

/// What needs somebody, or another try, comes before what is done.
fn exit(told: &[Told]) -> Exit {
    let any = |of: &dyn Fn(&Told) -> bool| told.iter().any(of);
    let unresolved = |told: &Told| told.state == State::Unresolved;
    if any(&|told| told.outcome == Came::GivenUp || unresolved(told)) {
        Exit::NeedsPerson
    } else if any(&|told| matches!(told.outcome, Came::NotYet | Came::Unknown)) {
        Exit::Github
    } else if told.iter().all(|told| told.outcome == Came::Ended) {
        // As for one that was known to be over: there was nothing to stop.
        Exit::Usage
    } else {
        Exit::Fine
    }
}
