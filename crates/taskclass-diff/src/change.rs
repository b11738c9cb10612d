//! One change: where, from what to what, and what it does.

use std::sync::Arc;

use taskclass_source::{Node, Path, RegistryPath, SourceFile, Span};

use crate::{Effect, weight::weight};

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
    /// The change of a document that says the same in other bytes: comments, order, layout. Its digest stays.
    pub(crate) fn layout() -> Self {
        let what = "the same, written otherwise: comments, order or layout".to_owned();
        let (path, cause, effect) = (Path::root(), Cause::Own, Effect::Neutral);
        Self { path, cause, effect, what, before: None, after: None }
    }

    /// Completes what was found in a document that differs in its bytes: where it says the same it is written otherwise and no
    /// more; where it does not and nothing was found, nothing is proved.
    pub(crate) fn account_for(changes: &mut Vec<Self>, before: &Node, after: &Node) {
        if before.same_value(after) {
            changes.push(Self::layout());
        } else if changes.is_empty() {
            let what = "the content differs in a way that no rule judges".to_owned();
            let (path, cause, effect) = (Path::root(), Cause::Own, Effect::MayWiden);
            changes.push(Self { path, cause, effect, what, before: None, after: None });
        }
    }

    /// Whether it is about the way in which a document is written alone.
    pub fn is_layout(&self) -> bool {
        let unvalued = self.before.is_none() && self.after.is_none();
        self.effect == Effect::Neutral && self.path.is_root() && unvalued
    }

    /// The order of attention: the gravest first, of those what decides on reach and money, then by place.
    pub fn sort_key(&self) -> (std::cmp::Reverse<Effect>, u8, &Cause, &Path) {
        (std::cmp::Reverse(self.effect), weight(&self.path), &self.cause, &self.path)
    }
}
