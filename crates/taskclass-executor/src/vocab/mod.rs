//! The words that the journal, the lifecycle and the driver share. Pure data; nothing here decides anything.

mod action;
mod evidence;
mod ids;
mod reason;
mod refs;
mod state;

pub use action::{Acted, Action, ActionId};
pub use evidence::{Check, CheckState, Evidence, FileChange, FileKind, FileScope, Handling, Maker, PullView, Review};
pub use ids::{Key, KeyParts, RunId};
pub use reason::{Disbelief, Flag, Judgement, LISTED, Reason};
pub use refs::{AgentView, ArtifactRef, CallerFacts, Http, TaskRef, TokenOwner};
pub use state::{AgentState, ClockName, State, Verdict};
