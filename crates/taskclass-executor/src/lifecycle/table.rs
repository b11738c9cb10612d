//! The one transition table: which kind of event may follow which state. Live and on recovery, nothing else decides.

use crate::event::Kind;
use crate::vocab::State;

/// What an event means in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// It counts.
    Legal,
    /// It may come, and changes nothing, for this reason.
    Ignored(&'static str),
    /// It cannot have happened; on recovery the journal is corrupt.
    Illegal,
}

/// What a state is, as far as the table cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Planned,
    Queued,
    Sending,
    Unknown,
    Unresolved,
    /// GitHub's task exists and is not settled.
    Live,
    Settled,
    /// Delivered or empty.
    Read,
    Judged,
    Merged,
    Closed,
    /// Given up; its pull request may still be open.
    Abandoned,
    /// Refused, reverted.
    Over,
}

fn phase(state: &State) -> Phase {
    match state {
        State::Planned => Phase::Planned,
        State::Queued => Phase::Queued,
        State::Sending => Phase::Sending,
        State::Unknown => Phase::Unknown,
        State::Unresolved => Phase::Unresolved,
        State::Task(agent) if agent.is_settled() => Phase::Settled,
        State::Accepted | State::Adopted | State::Task(_) => Phase::Live,
        State::Delivered | State::Empty => Phase::Read,
        State::Judged(_) => Phase::Judged,
        State::Merged => Phase::Merged,
        State::Closed => Phase::Closed,
        State::Abandoned => Phase::Abandoned,
        State::Refused | State::Reverted => Phase::Over,
    }
}

const OVER: Rule = Rule::Ignored("the task is over");
const AWAKE: Rule = Rule::Ignored("the task came back to life while its result was read");

/// The table.
pub fn rule(state: &State, kind: Kind) -> Rule {
    use Phase as P;
    use Rule::{Ignored, Illegal, Legal};
    let phase = phase(state);
    let exists = matches!(phase, P::Live | P::Settled | P::Read | P::Judged);
    let ended = matches!(phase, P::Merged | P::Closed | P::Abandoned | P::Over);
    let legal_if = |legal: bool| if legal { Legal } else { Illegal };
    match kind {
        Kind::Planned => Illegal,
        Kind::Queued => legal_if(matches!(phase, P::Planned | P::Queued)),
        Kind::Sending => legal_if(phase == P::Queued),
        Kind::Accepted | Kind::Requeued | Kind::Unknown => legal_if(phase == P::Sending),
        Kind::Refused => legal_if(matches!(phase, P::Planned | P::Queued | P::Sending)),
        Kind::Looked | Kind::Unresolved => legal_if(phase == P::Unknown),
        Kind::Adopted => legal_if(matches!(phase, P::Unknown | P::Unresolved)),
        Kind::Abandoned => legal_if(!ended && phase != P::Sending),
        Kind::Observed => match phase {
            _ if exists => Legal,
            _ if ended => OVER,
            _ => Illegal,
        },
        Kind::Missing | Kind::OverBudget => match phase {
            _ if exists => Legal,
            _ if ended => OVER,
            _ => Illegal,
        },
        Kind::ClockExpired | Kind::DeadlineReached => {
            if ended {
                OVER
            } else {
                Legal
            }
        }
        Kind::CancelRequested => match phase {
            P::Sending | P::Unknown | P::Unresolved | P::Live => Legal,
            P::Settled | P::Read | P::Judged => Ignored("the task has settled"),
            P::Planned | P::Queued => Illegal,
            _ => OVER,
        },
        Kind::CancelUnconfirmed => match phase {
            P::Live => Legal,
            _ if exists => Ignored("the task has settled"),
            _ if ended => OVER,
            _ => Illegal,
        },
        Kind::Acknowledged => Legal,
        Kind::EvidenceRead => match phase {
            P::Settled | P::Read | P::Judged => Legal,
            P::Live => AWAKE,
            _ if ended => OVER,
            _ => Illegal,
        },
        Kind::Judged => match phase {
            P::Read | P::Judged => Legal,
            P::Live | P::Settled => AWAKE,
            _ if ended => OVER,
            _ => Illegal,
        },
        Kind::PullRequest => match phase {
            _ if exists || matches!(phase, P::Merged | P::Closed | P::Abandoned) => Legal,
            P::Over => OVER,
            _ => Illegal,
        },
        Kind::Merged => match phase {
            _ if exists || matches!(phase, P::Closed | P::Abandoned) => Legal,
            P::Merged => Ignored("it is merged already"),
            P::Over => OVER,
            _ => Illegal,
        },
        Kind::Closed => match phase {
            _ if exists => Legal,
            _ if ended => OVER,
            _ => Illegal,
        },
        Kind::LookedAfter => match phase {
            P::Merged | P::Closed | P::Abandoned => Legal,
            P::Over => OVER,
            _ => Illegal,
        },
        Kind::Reverted => match phase {
            P::Merged => Legal,
            P::Abandoned | P::Over => OVER,
            _ => Illegal,
        },
        Kind::Acting => legal_if(phase != P::Sending),
        Kind::RetryRequested => legal_if(phase != P::Sending),
        Kind::Acted | Kind::ActionFailed => legal_if(phase != P::Sending),
    }
}
