//! What a change does to what an agent may do.

use std::fmt;

/// The effect of a change, from harmless to grave: the order is that of attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Effect {
    /// Nothing that a task could notice: a title, a comment, the layout.
    Neutral,
    /// Proved: whatever is allowed after was allowed before.
    Narrows,
    /// What the agent is told or works from changed: a prompt, a partial, the default model or branch. Such
    /// changes have no order.
    Rewrites,
    /// Neither proved to narrow nor to widen; to be read as widening.
    MayWiden,
    /// Something is allowed that was not.
    Widens,
}

impl Effect {
    /// Whether it must be taken as widening.
    pub fn is_widening(self) -> bool {
        self >= Self::MayWiden
    }

    /// The word for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Narrows => "narrows",
            Self::Rewrites => "rewrites",
            Self::MayWiden => "may widen",
            Self::Widens => "widens",
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
