//! The clocks of `limits.timeouts`, as pure functions of a task's times.

use jiff::{SignedDuration, Timestamp};

use super::task::{Progress, Task};
use crate::vocab::{Action, AgentState, ClockName, State, Verdict};

/// When a lost task is looked for, counted from the look before. After the last it is unresolved.
pub const LOOKS: [i64; 6] = [5, 15, 45, 120, 300, 900];

/// How long a task that was told to stop may take to say that it did.
pub const CONFIRM_WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// How long after its creation a task may be "not found".
pub const GRACE: SignedDuration = SignedDuration::from_mins(2);

/// `at` + `by`, the greatest timestamp where that overflows.
pub fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// When a task that became unknown just now is first looked for: at once, since "nothing found" costs only another look.
pub fn first_look(now: Timestamp) -> Timestamp {
    now
}

/// When it is looked for after `looks` looks that found nothing; `None` if that was the last.
pub fn next_look(looks: u32, now: Timestamp) -> Option<Timestamp> {
    let wait = *LOOKS.get(usize::try_from(looks).ok()?)?;
    Some(later(now, SignedDuration::from_secs(wait)))
}

/// Until when a task that is to be stopped may take to say that it was; `None` where that is not awaited, or could not be asked for yet.
/// The time runs from when it could be asked for, and anew from when Actions took the request.
pub fn confirm_by(task: &Task) -> Option<Timestamp> {
    let cancel = task.cancel.as_ref().filter(|cancel| cancel.is_pending())?;
    let accepted = task.times.accepted.filter(|_| task.at_github.is_some() && task.state.is_in_flight())?;
    let untried = task.actions.get(&Action::CancelRun { request: cancel.request }.id()).is_some_and(|doing| {
        // A process that was away may find the time over, and has not even asked.
        doing.tries == 0 && doing.reason.is_none() && !matches!(doing.progress, Progress::GivenUp { .. })
    });
    let since = cancel.at.max(accepted).max(cancel.asked.unwrap_or(cancel.at));
    (!untried).then(|| later(since, CONFIRM_WITHIN))
}

/// Whether the end of all time gives the task up at once: it is not sent, or has settled and only waits.
pub fn ends_with_total(task: &Task) -> bool {
    match &task.state {
        State::Planned | State::Queued | State::Delivered | State::Empty | State::Judged(_) => true,
        State::Task(agent) => agent.is_settled(),
        _ => false,
    }
}

/// When a clock runs out, if it is running.
pub fn due(task: &Task, clock: ClockName) -> Option<Timestamp> {
    // A process that wrote down that all time was over and ended before it wrote down what follows: what it would have stopped was
    // stopped with it, so what nothing stops is still to be given up.
    let left_over = clock == ClockName::Total && task.cancel.is_none() && ends_with_total(task);
    if task.state.is_ended() || task.expired.contains(&clock) && !left_over {
        return None;
    }
    let limits = task.contract().timeouts;
    let times = &task.times;
    let working = matches!(&task.state, State::Task(AgentState::InProgress));
    match clock {
        ClockName::Queue => {
            let waits = matches!(&task.state, State::Accepted | State::Adopted | State::Task(AgentState::Queued));
            let since = times.sent.or(times.accepted)?;
            (waits && times.began.is_none()).then(|| limits.queue.after(since))
        }
        ClockName::Run => {
            let since = times.working_since.filter(|_| working)?;
            Some(later(since, limits.run.signed().saturating_sub(times.worked)))
        }
        ClockName::Stale => {
            let moves = match &task.state {
                State::Task(AgentState::InProgress | AgentState::Other(_)) => true,
                // Queued anew after it had begun: the queue clock has done its part.
                State::Task(AgentState::Queued) => times.began.is_some(),
                _ => false,
            };
            moves.then(|| limits.stale.after(times.changed))
        }
        ClockName::Waiting => times.waiting_since.map(|since| limits.waiting.after(since)),
        ClockName::Review => {
            let open = task.pull.as_ref().is_some_and(|pull| pull.open) && !task.state.is_in_flight();
            times.review_since.filter(|_| open).map(|since| limits.review.after(since))
        }
        ClockName::Total => {
            let over = match task.state {
                // Judged for good and nobody's pull request waits: there is nothing left to end.
                State::Judged(verdict) => {
                    verdict != Verdict::Inconclusive && !task.pull.as_ref().is_some_and(|pull| pull.open)
                }
                _ => false,
            };
            (!over).then(|| limits.total.after(times.planned))
        }
    }
}

/// The clock that runs out next.
pub fn next(task: &Task) -> Option<(Timestamp, ClockName)> {
    ClockName::ALL.into_iter().filter_map(|clock| due(task, clock).map(|at| (at, clock))).min()
}
