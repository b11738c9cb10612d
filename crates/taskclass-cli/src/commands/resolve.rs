//! `taskclass resolve`: a person's word on a task that the executor cannot or must not decide about by itself.

use taskclass_executor::{Decided, Decision, views};

use super::show::unknown;
use crate::{
    args::{Global, Resolve},
    caller,
    exit::{Exit, Outcome},
    machine::{Session, failure},
    ui::Ui,
};

pub(crate) fn resolve(args: &Resolve, global: &Global, ui: &mut Ui) -> Outcome {
    let mut session = Session::open(&args.executor, global)?;
    let (mut executor, _, _) = session.executor()?;
    let key = views::find(executor.ledger(), &args.task).ok_or_else(|| unknown(&args.task))?.key.clone();
    let decision = match &args.adopt {
        Some(id) => Decision::Adopt(id.clone()),
        None if args.resubmit => Decision::Resubmit,
        None if args.acknowledge => Decision::Acknowledge,
        None if args.retry => Decision::Retry,
        None => Decision::Abandon,
    };
    let shown = match executor.resolve(&key, &caller::person(), decision).map_err(failure)? {
        Decided::Done => key,
        Decided::Found(task) => {
            let link = task.url.as_deref().unwrap_or(&task.id);
            ui.note(format!(
                "GitHub shows the task by now ({}): it is followed on, and nothing was sent again",
                taskclass_source::text::visible(link)
            ));
            key
        }
        Decided::Replaced(next) => {
            ui.note(format!("{} is given up; {next} takes its place, recorded as possibly a duplicate", key.short()));
            next
        }
    };
    executor.tick().map_err(failure)?;
    let state = executor.ledger().tasks.get(&shown).map(|task| task.state.to_string()).unwrap_or_default();
    ui.line(format!("{}  {state}", shown.short()));
    Ok(Exit::Fine)
}
