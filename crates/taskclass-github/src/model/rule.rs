//! The rules in force for a branch.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::ids::{AppId, RulesetId};

/// One rule in force for a branch, whatever ruleset it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct BranchRule {
    /// The type, for example `pull_request` or `required_signatures`.
    pub kind: String,
    /// What it demands.
    pub parameters: RuleParameters,
    /// The ruleset.
    pub ruleset_id: Option<RulesetId>,
    /// The repository or organisation whose ruleset it is.
    pub ruleset_source: Option<String>,
}

/// What a rule demands.
#[derive(Debug, Clone, PartialEq)]
pub enum RuleParameters {
    /// `pull_request`: changes come by pull request.
    PullRequest(PullRequestRule),
    /// `required_status_checks`: these must pass.
    RequiredStatusChecks(RequiredStatusChecks),
    /// `commit_author_email_pattern`: may keep the agent from pushing at all.
    CommitAuthorEmailPattern(Pattern),
    /// `file_path_restriction`: nobody may push changes to these paths.
    FilePathRestriction(Vec<String>),
    /// Of a type that this version does not look into, or without the parameters of its type: as GitHub wrote them, or null.
    Other(Value),
}

/// How a pull request must be approved. What GitHub left out is not demanded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct PullRequestRule {
    /// Approvals needed.
    pub required_approving_review_count: u32,
    /// Whether code owners must be among them.
    pub require_code_owner_review: bool,
    /// Whether someone else than the last pusher must approve.
    pub require_last_push_approval: bool,
    /// Whether a push takes approvals back.
    pub dismiss_stale_reviews_on_push: bool,
    /// Whether every review thread must be resolved.
    pub required_review_thread_resolution: bool,
}

/// A check that must pass.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RequiredCheck {
    /// The name of the check or status.
    pub context: String,
    /// The only app it may come from; `None` is any.
    #[serde(default)]
    pub integration_id: Option<AppId>,
}

/// Checks that must pass.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct RequiredStatusChecks {
    /// The checks.
    #[serde(default)]
    pub required_status_checks: Vec<RequiredCheck>,
    /// Whether the branch must also be up to date with its base.
    #[serde(default)]
    pub strict_required_status_checks_policy: bool,
}

/// A pattern that something must (or, negated, must not) match.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Pattern {
    /// `starts_with`, `ends_with`, `contains` or `regex`.
    pub operator: String,
    /// What to look for.
    pub pattern: String,
    /// Whether it must not match.
    #[serde(default)]
    pub negate: bool,
}

impl<'de> Deserialize<'de> for BranchRule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Written {
            #[serde(rename = "type")]
            kind: String,
            #[serde(default)]
            parameters: Value,
            #[serde(default)]
            ruleset_id: Option<RulesetId>,
            #[serde(default)]
            ruleset_source: Option<String>,
        }
        let Written { kind, parameters, ruleset_id, ruleset_source } = Written::deserialize(deserializer)?;
        let parameters = RuleParameters::of(&kind, parameters);
        Ok(Self { kind, parameters, ruleset_id, ruleset_source })
    }
}

impl RuleParameters {
    fn of(kind: &str, value: Value) -> Self {
        #[derive(Deserialize)]
        struct Paths {
            restricted_file_paths: Vec<String>,
        }
        let known = match kind {
            "pull_request" => PullRequestRule::deserialize(&value).ok().map(Self::PullRequest),
            "required_status_checks" => RequiredStatusChecks::deserialize(&value).ok().map(Self::RequiredStatusChecks),
            "commit_author_email_pattern" => Pattern::deserialize(&value).ok().map(Self::CommitAuthorEmailPattern),
            "file_path_restriction" => {
                Paths::deserialize(&value).ok().map(|paths| Self::FilePathRestriction(paths.restricted_file_paths))
            }
            _ => None,
        };
        known.unwrap_or(Self::Other(value))
    }
}
