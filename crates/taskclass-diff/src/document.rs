//! The result: every document in which two sides differ.

use std::cmp::Reverse;

use taskclass_source::{Finding, RegistryPath};
use taskclass_spec::{Digest, written::Risk};

use crate::{Approval, Change, Cost, Effect, ExampleDiff, Kind, Label, Reach};

/// What became of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// There was none.
    Added,
    /// There is none any more.
    Removed,
    /// Its own file or one that it draws in differs.
    Changed,
    /// It bore this name before.
    Renamed {
        /// The name before.
        from: String,
    },
    /// It is the same, and the policy that it stands under differs where it counts.
    Reached,
}

/// A document on one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its file.
    pub path: RegistryPath,
    /// Its version; `None` for the policy and the trust file, and where the document cannot be read.
    pub version: Option<u32>,
    /// Its risk; `high` for the policy; `None` where the document cannot be read.
    pub risk: Option<Risk>,
    /// Its digest: of the file's bytes for the trust file; `None` where the document cannot be read.
    pub digest: Option<Digest>,
}

/// One document in which the sides differ.
#[derive(Debug, Clone)]
pub struct Document {
    /// What kind.
    pub kind: Kind,
    /// Its name after (before, if it is gone): the class's, `policy`, or `trust`.
    pub name: String,
    /// What became of it.
    pub status: Status,
    /// As it was.
    pub before: Option<Version>,
    /// As it is.
    pub after: Option<Version>,
    /// Its whole content where it is new; `None` where there is something to hold it against, or it cannot be read.
    pub content: Option<serde_json::Value>,
    /// What changed, the gravest first.
    pub changes: Vec<Change>,
    /// What kept it from being read or run before. It may widen then: nothing is known of what it allowed.
    pub unreadable_before: Vec<Finding>,
    /// What keeps it from being read or run. The document may widen then, whatever else is told of it.
    pub unreadable: Vec<Finding>,
    /// Why nobody can approve it as it is, though it can be read: what lint refuses. Whoever compares does not know; whoever lints
    /// fills it in.
    pub refused: Option<String>,
    /// The repositories that it reaches; `None` where there is no inventory, and for what is no class.
    pub reach: Option<Reach>,
    /// The most it can spend; `None` for what is no class, and where a side cannot be read.
    pub cost: Option<Cost>,
    /// The examples whose request differs.
    pub examples: Vec<ExampleDiff>,
    /// Who approved it and who has to; `None` for the trust file and for what is gone or cannot be read.
    pub approval: Option<Approval>,
    /// For the policy: the classes that a changed line reaches, by name.
    pub reaches: Vec<String>,
}

impl Document {
    /// The gravest of its changes; what cannot be read may widen.
    pub fn effect(&self) -> Effect {
        let read = self.unreadable.is_empty() && self.unreadable_before.is_empty();
        let unread = if read { Effect::Neutral } else { Effect::MayWiden };
        self.changes.iter().map(|change| change.effect).fold(unread, Effect::max)
    }

    /// What is at stake among documents of the same effect, the greater the worse: the higher risk of both sides, which a change
    /// cannot lower; the sensitive repositories newly reached; all that are; how many changes widen.
    fn stake(&self) -> (Option<Risk>, usize, usize, usize) {
        let sides = [&self.before, &self.after].into_iter().flatten();
        let read = self.unreadable.is_empty() && self.unreadable_before.is_empty();
        let unread = (!read).then_some(Risk::High);
        let risk = sides.map(|version| version.risk).fold(unread, Option::max);
        let (sensitive, all) = self.reach.as_ref().map_or((0, 0), |reach| (reach.added.sensitive, reach.added.count));
        let widening = self.changes.iter().filter(|change| change.effect.is_widening()).count();
        (risk, sensitive, all, widening)
    }
}

/// What two sides differ in.
#[derive(Debug, Clone)]
pub struct Diff {
    /// What it was before, as the reader named it.
    pub base: Label,
    /// What it is after.
    pub head: Label,
    /// The documents that differ: the gravest effect first, then trust, policy, classes; these by what is at stake, so that what
    /// is cut from the end is the least of it: risk, sensitive repositories newly reached, all newly reached, how much widens.
    pub documents: Vec<Document>,
    /// How many repositories the inventory knows; `None` where there is none.
    pub inventory: Option<usize>,
}

impl Diff {
    /// Documents in the order of attention.
    #[must_use]
    pub fn new(base: Label, head: Label, mut documents: Vec<Document>, inventory: Option<usize>) -> Self {
        documents.sort_by_cached_key(|document| {
            (Reverse(document.effect()), document.kind, Reverse(document.stake()), document.name.clone())
        });
        Self { base, head, documents, inventory }
    }

    /// The gravest effect; `None` where nothing differs.
    pub fn effect(&self) -> Option<Effect> {
        self.documents.iter().map(Document::effect).max()
    }
}
