//! The pure state machine of one task: `(state, event, contract, now) → state`. It opens no socket, reads no clock
//! and knows no database. Live and on recovery the same [`step`] runs over the same table.

mod after;
mod apply;
pub mod clocks;
mod table;
mod task;
mod times;
mod wants;

pub use after::Afterwards;
pub use apply::Moment;
pub use table::{Rule, rule};
pub use task::{Cancel, Doing, Episode, OURSELVES, Occasion, Progress, Search, Task};
pub use times::Times;

use crate::event::Body;
use crate::vocab::State;

/// An event that cannot follow the state. On recovery: the journal is corrupt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} cannot follow {state}")]
pub struct Illegal {
    /// The state.
    pub state: State,
    /// The event.
    pub what: String,
}

/// Takes one event in. The contract is the one that was journaled when the task was planned; the moment comes with the event.
///
/// What the event makes necessary is in the task's state: the agenda is a function of it. An event that the table ignores changes nothing.
///
/// # Errors
/// [`Illegal`], and the task is unchanged.
pub fn step(task: &mut Task, moment: Moment, body: &Body) -> Result<(), Illegal> {
    let illegal = |what: String| Illegal { state: task.state.clone(), what };
    let kind = body.kind().ok_or_else(|| illegal("an event that concerns no task".to_owned()))?;
    match rule(&task.state, kind) {
        Rule::Illegal => return Err(illegal(format!("{kind:?}"))),
        Rule::Ignored(_) => return Ok(()),
        Rule::Legal => {}
    }
    match body {
        Body::Acted { action, .. } | Body::ActionFailed { action, .. } if !task.actions.contains_key(action) => {
            return Err(illegal(format!("the outcome of `{action}`, which was never begun,")));
        }
        _ => {}
    }
    task.apply(moment, body);
    Ok(())
}
