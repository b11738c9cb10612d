//! What a row of a task list says about a task of ours, and whether it is enough.

use jiff::{SignedDuration, Timestamp};
use taskclass_github::Task as GithubTask;

use crate::clock::to_millis;
use crate::lifecycle::Task;
use crate::reading;
use crate::vocab::{AgentState, AgentView};

/// Up to so many tasks under way, every change of state is read from the task itself. With more, a task that begins to work is known
/// from its row, and its session when it is read anyway.
const FEW: u32 = 20;

/// What a row says.
#[derive(Debug, PartialEq)]
pub(super) enum News {
    /// What is known.
    Nothing,
    /// Something that the row tells whole.
    Row(Box<AgentView>),
    /// Something that only the task itself can tell: how it ended, what it asks, that a session was added.
    Whole,
}

/// What a row says of a task that is known, while so many are under way.
pub(super) fn news(task: &Task, row: &GithubTask, in_flight: u32, now: Timestamp) -> News {
    let state = AgentState::parse(row.state.as_str());
    let plain = matches!(state, AgentState::Queued | AgentState::InProgress);
    let Some(known) = &task.agent else {
        let enough = plain && in_flight > FEW;
        return if enough { News::Row(Box::new(reading::row(row, None, now))) } else { News::Whole };
    };
    let moved = state != known.state;
    let newer = row.updated_at.is_none_or(|at| to_millis(at) != known.updated_at);
    // A session of which nothing is known yet is the first.
    let sessions = known.sessions.len().max(1);
    let more = row.session_count.is_some_and(|count| usize::try_from(count).is_ok_and(|count| count > sessions));
    let archived = row.archived_at.is_some() != known.archived;
    if !(moved || newer || more || archived) {
        return News::Nothing;
    }
    let settled = known.state.is_settled();
    if !plain || more || settled || moved && in_flight <= FEW {
        return News::Whole;
    }
    News::Row(Box::new(reading::row(row, Some(known), now)))
}

/// Whether a reading is worth an event. GitHub moves `updated_at`, and usage grows, while an agent works: that alone is written down
/// only as often as the `stale` clock needs it.
pub(super) fn tells(task: &Task, view: &AgentView, now: Timestamp) -> bool {
    let Some(known) = &task.agent else { return true };
    let mut alike = view.clone();
    alike.updated_at = known.updated_at;
    alike.nano_credits = known.nano_credits;
    if alike != *known || view.state.is_settled() {
        return view != known;
    }
    let often = SignedDuration::from_secs(60).max(task.contract().timeouts.stale.signed() / 4);
    view != known && now.duration_since(task.times.changed) >= often
}
