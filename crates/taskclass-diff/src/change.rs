//! One change: where, from what to what, and what it does.

use std::sync::Arc;

use taskclass_source::{Path, RegistryPath, SourceFile, Span};

use crate::Effect;

/// A place in a file of one of the sides.
#[derive(Debug, Clone)]
pub struct Place {
    /// The file.
    pub source: Arc<SourceFile>,
    /// The place in it, in bytes.
    pub span: Span,
}

/// A value as it stands on one side.
#[derive(Debug, Clone)]
pub struct Written {
    /// The value.
    pub value: serde_json::Value,
    /// Where it stands.
    pub place: Place,
}

/// What a change comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The document itself.
    Own,
    /// The policy, under a class that its line reaches.
    Policy,
    /// A prompt file or a partial that the class draws in.
    File(RegistryPath),
}

/// One change of a document.
#[derive(Debug, Clone)]
pub struct Change {
    /// Where it stands: in the document, or in the policy for [`Cause::Policy`]; `prompt` for a file that is drawn in.
    pub path: Path,
    /// What it comes from.
    pub cause: Cause,
    /// What it does.
    pub effect: Effect,
    /// What may happen now that could not before, or no longer, in one sentence without a full stop. Every text from the
    /// registry in it stands between backticks and is made visible.
    pub what: String,
    /// The value before; `None` where there was none.
    pub before: Option<Written>,
    /// The value after; `None` where there is none.
    pub after: Option<Written>,
}

impl Change {
    /// The order of attention: the gravest first, then by place.
    pub fn sort_key(&self) -> (std::cmp::Reverse<Effect>, &Cause, &Path) {
        (std::cmp::Reverse(self.effect), &self.cause, &self.path)
    }
}
