//! One repository with all that is in it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::UserIndex;
use super::checks::Checks;
use super::git::Git;
use super::issues::{Issue, Pull};
use super::runs::Run;
use crate::hash::Ids;
use crate::scenario::RepositoryScript;

/// One repository.
#[derive(Debug, Clone)]
pub(crate) struct Repo {
    pub(crate) id: u64,
    pub(crate) owner: String,
    pub(crate) name: String,
    pub(crate) script: RepositoryScript,
    pub(crate) git: Git,
    /// By number.
    pub(crate) issues: BTreeMap<u64, Issue>,
    pub(crate) checks: Checks,
    /// In the order in which they began.
    pub(crate) runs: Vec<Run>,
    pub(crate) created_at: Timestamp,
    pub(crate) pushed_at: Timestamp,
}

impl Repo {
    pub(crate) fn new(script: &RepositoryScript, index: usize, ids: &mut Ids) -> Self {
        let (owner, name) = script.name.split_once('/').unwrap_or((&script.name, ""));
        // 2025-01-01: before any run, and the same in every simulation.
        let created_at = Timestamp::from_second(1_735_689_600 + index as i64).unwrap_or_default();
        let mut branches: Vec<&str> = script.branches.iter().map(String::as_str).collect();
        branches.push(&script.default_branch);
        Self {
            id: script.id.unwrap_or(700_000_001 + index as u64),
            owner: owner.to_owned(),
            name: name.to_owned(),
            git: Git::new(&script.name, &script.files, &branches, created_at, ids),
            script: script.clone(),
            issues: BTreeMap::new(),
            checks: Checks::default(),
            runs: Vec::new(),
            created_at,
            pushed_at: created_at,
        }
    }

    /// `owner/name`.
    pub(crate) fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    /// The next number for an issue or a pull request.
    pub(crate) fn next_number(&self) -> u64 {
        self.issues.last_key_value().map_or(1, |(number, _)| number + 1)
    }

    /// An issue or pull request, and its pull request's side.
    pub(crate) fn pull(&self, number: u64) -> Option<(&Issue, &Pull)> {
        let issue = self.issues.get(&number)?;
        issue.pull.as_ref().map(|pull| (issue, pull))
    }

    /// The open pull request from one branch into another, if any.
    pub(crate) fn open_pull(&self, head: &str, base: &str) -> Option<u64> {
        self.issues.values().rev().find_map(|issue| {
            let pull = issue.pull.as_ref()?;
            (issue.closed_at.is_none() && pull.head == head && pull.base == base).then_some(issue.number)
        })
    }

    /// What a user may do: `admin`, `maintain`, `write`, `triage`, `read`, `none`.
    pub(crate) fn role(&self, login: &str) -> &str {
        let given = self.script.collaborators.iter().find(|(name, _)| name.eq_ignore_ascii_case(login));
        given.map_or("write", |(_, role)| role.as_str())
    }

    /// Whether a user may push.
    pub(crate) fn can_push(&self, login: &str) -> bool {
        matches!(self.role(login), "admin" | "maintain" | "write")
    }

    /// A new issue or pull request; gives its number.
    pub(crate) fn open_issue(
        &mut self,
        id: u64,
        (title, body): (String, Option<String>),
        author: UserIndex,
        at: Timestamp,
        pull: Option<Pull>,
    ) -> u64 {
        let number = self.next_number();
        let issue = Issue {
            id,
            number,
            title,
            body,
            author,
            closed_at: None,
            state_reason: None,
            labels: Vec::new(),
            assignees: Vec::new(),
            comments: Vec::new(),
            created_at: at,
            updated_at: at,
            pull,
        };
        self.issues.insert(number, issue);
        number
    }
}
