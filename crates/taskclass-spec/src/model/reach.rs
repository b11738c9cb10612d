//! Where a class may run: repositories and base branches.

use super::TaskClass;
use crate::{RefName, RepoName};

/// Why a repository is out of reach.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutOfReach {
    /// No pattern of `repositories.allow` matches.
    #[error("{repository} matches nothing in the class's `repositories.allow`: {}", .allow.join(", "))]
    NotAllowed {
        /// The repository.
        repository: RepoName,
        /// The patterns.
        allow: Vec<String>,
    },
    /// A pattern of `repositories.deny` matches.
    #[error("{repository} is denied by the class's `repositories.deny[{index}]`: {pattern}")]
    Denied {
        /// The repository.
        repository: RepoName,
        /// The pattern's place in the list.
        index: usize,
        /// The pattern.
        pattern: String,
    },
    /// A pattern of the policy's `repositories.deny` matches.
    #[error("{repository} is denied by the policy's `repositories.deny[{index}]`: {pattern}")]
    DeniedByPolicy {
        /// The repository.
        repository: RepoName,
        /// The pattern's place in the list.
        index: usize,
        /// The pattern.
        pattern: String,
    },
}

/// A base branch that the class does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("base branch `{base_ref}` matches nothing in the class's `base_ref.allow`: {}", .allow.join(", "))]
pub struct RefRefused {
    /// The branch.
    pub base_ref: RefName,
    /// The patterns.
    pub allow: Vec<String>,
}

impl TaskClass {
    /// Whether the class may run on `repository`, or what keeps it away.
    ///
    /// # Errors
    /// With the pattern that decided.
    pub fn reaches(&self, repository: &RepoName) -> Result<(), OutOfReach> {
        let denied = |patterns: &[crate::RepoPattern]| {
            let hit = patterns.iter().enumerate().find(|(_, pattern)| pattern.matches(repository));
            hit.map(|(index, pattern)| (index, pattern.to_string()))
        };
        let repository = repository.clone();
        if let Some((index, pattern)) = denied(&self.policy.repositories.deny) {
            return Err(OutOfReach::DeniedByPolicy { repository, index, pattern });
        }
        let own = &self.written.repositories;
        if let Some((index, pattern)) = denied(&own.deny) {
            return Err(OutOfReach::Denied { repository, index, pattern });
        }
        if own.allow.iter().any(|pattern| pattern.matches(&repository)) {
            Ok(())
        } else {
            let allow = own.allow.iter().map(ToString::to_string).collect();
            Err(OutOfReach::NotAllowed { repository, allow })
        }
    }

    /// The base branch of a task: the one that the caller named, or the default.
    ///
    /// # Errors
    /// When the class does not allow it.
    pub fn base_ref(&self, chosen: Option<&RefName>) -> Result<RefName, RefRefused> {
        let own = &self.written.base_ref;
        let base_ref = chosen.unwrap_or(&own.default);
        if own.allow.iter().any(|pattern| pattern.matches(base_ref.as_str())) {
            Ok(base_ref.clone())
        } else {
            let allow = own.allow.iter().map(ToString::to_string).collect();
            Err(RefRefused { base_ref: base_ref.clone(), allow })
        }
    }
}
