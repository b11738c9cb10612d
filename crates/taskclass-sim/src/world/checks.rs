//! Check runs and commit statuses.

use std::collections::HashMap;

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
    /// A status that some system sets by itself.
    pub(crate) fn by_system(id: u64, context: String, state: String, at: Timestamp) -> Self {
        Self { id, context, state, description: None, target_url: None, creator: None, at }
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

    /// Sets a status, in the place of an older one of its context.
    pub(crate) fn set_status(&mut self, sha: &str, status: Status) {
        let statuses = self.statuses.entry(sha.to_owned()).or_default();
        statuses.retain(|old| old.context != status.context);
        statuses.insert(0, status);
    }

    pub(crate) fn runs(&self, sha: &str) -> &[CheckRun] {
        self.runs.get(sha).map_or(&[], Vec::as_slice)
    }

    /// Newest first.
    pub(crate) fn statuses(&self, sha: &str) -> &[Status] {
        self.statuses.get(sha).map_or(&[], Vec::as_slice)
    }
}
