//! `policy/v1`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::schema_id;
use crate::{Credits, Duration, ModelId, Owner, PathPattern, Percent, RepoName, RepoPattern};

schema_id!(PolicySchema, "policy/v1");

/// A registry's ceilings and rules for all its classes. A class can only be tighter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The document's format and version.
    pub schema: PolicySchema,
    /// The registry's own repository; approvals name it, so that they count nowhere else.
    pub registry: RepoName,
    /// Which models classes may use.
    pub models: PolicyModels,
    /// Repositories that no class may touch.
    #[serde(default)]
    pub repositories: PolicyRepositories,
    /// Files that no class may touch.
    #[serde(default)]
    pub paths: PolicyPaths,
    /// What makes a document approved.
    pub approvals: Approvals,
    /// Ceilings on the classes' numbers.
    pub maxima: Maxima,
    /// A class that can reach more repositories than this needs a rollout.
    #[schemars(range(max = 100_000))]
    pub free_reach: u32,
    /// Capacity kept for some priorities.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserve: Option<Reserve>,
    /// Where escalation goes when the target takes no issues.
    pub escalation: PolicyEscalation,
    /// Which tokens the executor may use.
    pub tokens: PolicyTokens,
    /// Levels of lint rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lint: Option<Lint>,
}

/// Which models classes may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyModels {
    /// The only ones.
    #[schemars(length(min = 1, max = 100))]
    pub allow: Vec<ModelId>,
    /// Stricter for some repositories.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sensitive: Option<SensitiveModels>,
}

/// Models for security-sensitive repositories.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SensitiveModels {
    /// Which repositories are sensitive.
    #[schemars(length(min = 1, max = 500))]
    pub repositories: Vec<RepoPattern>,
    /// The only models there.
    #[schemars(length(min = 1, max = 100))]
    pub allow: Vec<ModelId>,
}

/// Repositories that no class may touch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyRepositories {
    /// Added to every class's `repositories.deny`.
    #[serde(default)]
    #[schemars(length(max = 500))]
    pub deny: Vec<RepoPattern>,
}

/// Files that no class may touch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyPaths {
    /// Added to every class's `validation.paths.deny`.
    #[serde(default)]
    #[schemars(length(max = 500))]
    pub deny: Vec<PathPattern>,
}

/// What makes a document approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approvals {
    /// How many people must sign, by risk.
    pub quorum: Quorum,
    /// How long an approval may count.
    pub max_age: Duration,
    /// How long before its end lint begins to warn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warn_before: Option<Duration>,
}

/// How many people must sign, by risk. The policy itself needs `high`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quorum {
    /// For `risk: low`.
    #[schemars(range(min = 1, max = 20))]
    pub low: u32,
    /// For `risk: medium`.
    #[schemars(range(min = 1, max = 20))]
    pub medium: u32,
    /// For `risk: high`, and for the policy.
    #[schemars(range(min = 1, max = 20))]
    pub high: u32,
}

/// Ceilings on the classes' numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Maxima {
    /// On `budget.per_task`.
    pub per_task: Credits,
    /// On `budget.per_day`, and on the day's spend of all classes together.
    pub per_day: Credits,
    /// On `limits.submissions.per_hour`, and on all classes together.
    #[schemars(range(min = 1, max = 500))]
    pub submissions_per_hour: u32,
    /// On `limits.in_flight.total`, and on all classes together.
    #[schemars(range(min = 1, max = 100))]
    pub in_flight: u32,
    /// On `limits.open_pull_requests.total`, and on all classes together.
    #[schemars(range(min = 1, max = 10_000))]
    pub open_pull_requests: u32,
    /// On the repositories of one rollout stage.
    #[schemars(range(min = 1, max = 100_000))]
    pub stage_repositories: u32,
    /// On `limits.timeouts.run`.
    pub run: Duration,
}

/// Capacity kept for some priorities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reserve {
    /// The share of rate and in-flight capacity that only `priority: critical` may use.
    pub critical: Percent,
}

/// Where escalation goes when the target takes no issues.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyEscalation {
    /// Issues are opened here.
    pub repository: RepoName,
    /// Who answers when a class's own owners do not.
    pub owner: Owner,
}

/// Which tokens the executor may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyTokens {
    /// The kinds of token.
    #[schemars(length(min = 1, max = 4))]
    pub kinds: Vec<TokenKind>,
    /// The farthest away that a token's expiry may lie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<Duration>,
}

/// A kind of GitHub token that the Agent Tasks API accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum TokenKind {
    /// `github_pat_…`
    FineGrainedPat,
    /// `ghu_…`: a GitHub App acting for a user.
    AppUser,
    /// `gho_…`
    Oauth,
    /// `ghp_…`: broad; allow it only where nothing else works.
    ClassicPat,
}

/// Levels of lint rules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lint {
    /// A level for a rule by its name. A security rule can be raised, never lowered.
    #[serde(default)]
    pub levels: BTreeMap<String, LintLevel>,
}

/// A lint rule's level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum LintLevel {
    /// Not reported.
    Allow,
    /// Reported.
    Warning,
    /// Reported; the run fails.
    Error,
}
