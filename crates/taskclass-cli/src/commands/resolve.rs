//! `taskclass resolve`: a person's word on a task that the executor cannot or must not decide about by itself.

use serde_json::json;
use taskclass_executor::{
    Decided, Decision, ExecError, Ledger,
    lifecycle::{Progress, Task},
    views,
    vocab::Key,
};
use taskclass_source::text::visible;

use super::show::unknown;
use crate::{
    args::{Format, Global, Resolve},
    caller,
    exit::{Exit, Outcome},
    machine::{Session, failure},
    ui::{Tone, Ui},
};

pub(crate) fn resolve(args: &Resolve, global: &Global, ui: &mut Ui) -> Outcome {
    let mut session = Session::open(&args.executor, global)?;
    let (mut executor, _, _) = session.executor()?;
    let task = views::find(executor.ledger(), &args.task).ok_or_else(|| unknown(&args.task))?;
    let (key, url) = (task.key.clone(), task.at_github.as_ref().and_then(|found| found.url.clone()));
    if args.acknowledge && !has_unseen(task) {
        let why = format!("task {} is {}: nothing of it waits to be seen", key.short(), task.state);
        return Err(failure(ExecError::NotNow(why)));
    }
    let before = waits(executor.ledger(), &key);
    let decision = match &args.adopt {
        Some(id) => Decision::Adopt(id.clone()),
        None if args.resubmit => Decision::Resubmit,
        None if args.acknowledge => Decision::Acknowledge,
        None if args.retry => Decision::Retry,
        None => Decision::Abandon,
    };
    let shown = match executor.resolve(&key, &caller::person(), decision).map_err(failure)? {
        Decided::Done => key.clone(),
        Decided::Found(task) => {
            let link = task.url.as_deref().unwrap_or(&task.id);
            ui.note(format!(
                "GitHub shows the task by now ({}): it is followed on, and nothing was sent again",
                visible(link)
            ));
            key.clone()
        }
        Decided::Replaced(next) => {
            ui.note(format!("{} is given up; {next} takes its place, recorded as possibly a duplicate", key.short()));
            next
        }
    };
    // Before anything else happens: what the word itself has closed.
    let after = waits(executor.ledger(), &key);
    let closed: Vec<&String> = before.iter().filter(|why| !after.contains(why)).collect();
    executor.tick().map_err(failure)?;
    let state = executor.ledger().tasks.get(&shown).map(|task| task.state.clone());
    if ui.format == Format::Json {
        ui.json(&json!({ "key": shown, "state": state, "closed": closed, "open": after }))?;
        return Ok(Exit::Fine);
    }
    let text = state.as_ref().map(|state| ui.paint(state, Tone::of(state))).unwrap_or_default();
    ui.line(format!("{}  {text}", shown.short()));
    for why in closed {
        ui.note(format!("closed: {}", visible(why)));
    }
    if args.acknowledge {
        for why in &after {
            let at = url.as_ref().map(|url| format!(", at {}", visible(url))).unwrap_or_default();
            let why = visible(why);
            ui.note(format!("seen: {why}; nobody is told again, and it stays in the inbox until it is answered{at}"));
        }
    }
    Ok(Exit::Fine)
}

/// Why the task waits for a person, as the inbox says it.
fn waits(ledger: &Ledger, key: &Key) -> Vec<String> {
    views::inbox(ledger).into_iter().filter(|item| item.key == *key).map(|item| item.why).collect()
}

/// Whether a person's notice changes anything: an escalation is open, a given-up change is unseen, or the class is paused.
fn has_unseen(task: &Task) -> bool {
    let given_up = task.actions.values().any(|doing| !doing.seen && matches!(doing.progress, Progress::GivenUp { .. }));
    task.pauses_class || given_up || task.open_episodes().next().is_some()
}
