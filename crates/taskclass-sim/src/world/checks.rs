//! Check runs and commit statuses.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::UserIndex;

/// One check run.
#[derive(Debug, Clone)]
pub(crate) struct CheckRun {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) app: String,
    pub(crate) created_at: Timestamp,
    /// None while it is queued.
    pub(crate) completed_at: Option<Timestamp>,
    /// How it ends, or will end.
    pub(crate) conclusion: String,
}

/// One commit status. Of one context the newest holds.
#[derive(Debug, Clone)]
pub(crate) struct Status {
    pub(crate) id: u64,
    pub(crate) context: String,
    pub(crate) state: String,
    pub(crate) description: Option<String>,
    pub(crate) target_url: Option<String>,
    pub(crate) creator: Option<UserIndex>,
    pub(crate) at: Timestamp,
}

impl Status {
    /// A status that some system sets by itself, as an account where it has one.
    pub(crate) fn by_system(
        id: u64,
        context: String,
        state: String,
        creator: Option<UserIndex>,
        at: Timestamp,
    ) -> Self {
        Self { id, context, state, description: None, target_url: None, creator, at }
    }
}

/// A repository's checks and statuses, by commit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Checks {
    runs: HashMap<String, Vec<CheckRun>>,
    statuses: HashMap<String, Vec<Status>>,
}

impl Checks {
    /// A new check run; gives its place among the commit's.
    pub(crate) fn start(&mut self, sha: &str, run: CheckRun) -> usize {
        let runs = self.runs.entry(sha.to_owned()).or_default();
        runs.push(run);
        runs.len() - 1
    }

    pub(crate) fn finish(&mut self, sha: &str, index: usize, at: Timestamp) {
        if let Some(run) = self.runs.get_mut(sha).and_then(|runs| runs.get_mut(index)) {
            run.completed_at = Some(at);
        }
    }

    /// Sets a status.
    pub(crate) fn set_status(&mut self, sha: &str, status: Status) {
        self.statuses.entry(sha.to_owned()).or_default().insert(0, status);
    }

    pub(crate) fn runs(&self, sha: &str) -> &[CheckRun] {
        self.runs.get(sha).map_or(&[], Vec::as_slice)
    }

    /// Every one that was ever set, newest first.
    pub(crate) fn all_statuses(&self, sha: &str) -> &[Status] {
        self.statuses.get(sha).map_or(&[], Vec::as_slice)
    }

    /// The newest of each context, newest first.
    pub(crate) fn latest_statuses(&self, sha: &str) -> Vec<&Status> {
        let mut seen = HashSet::new();
        self.all_statuses(sha).iter().filter(|status| seen.insert(status.context.as_str())).collect()
    }
}
