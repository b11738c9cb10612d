//! `policy/v1`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::form::{Form, Items, Maybe, Number};
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
    /// Ceilings on the classes' numbers. Where a class says more, the ceiling counts.
    pub maxima: Maxima,
    /// How many repositories a class may reach without a rollout.
    #[serde(with = "Number::<0, 100_000>")]
    pub free_reach: u32,
    /// Capacity kept for some priorities.
    #[serde(default, with = "Maybe::<Reserve>", skip_serializing_if = "Option::is_none")]
    pub reserve: Option<Reserve>,
    /// Where escalation goes when the target takes no issues.
    pub escalation: PolicyEscalation,
    /// Which tokens the executor may use.
    pub tokens: PolicyTokens,
    /// Levels of lint rules.
    #[serde(default, with = "Maybe::<Lint>", skip_serializing_if = "Option::is_none")]
    pub lint: Option<Lint>,
}

/// Which models classes may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyModels {
    /// The only models that a class may name.
    #[serde(with = "Items::<ModelId, 1, 100>")]
    pub allow: Vec<ModelId>,
    /// A shorter list for security-sensitive repositories. A class that reaches one needs an override, or must deny it.
    #[serde(default, with = "Maybe::<SensitiveModels>", skip_serializing_if = "Option::is_none")]
    pub sensitive: Option<SensitiveModels>,
}

/// Models for security-sensitive repositories.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SensitiveModels {
    /// Which repositories are sensitive.
    #[serde(with = "Items::<RepoPattern, 1, 500>")]
    pub repositories: Vec<RepoPattern>,
    /// The only models that may work there.
    #[serde(with = "Items::<ModelId, 1, 100>")]
    pub allow: Vec<ModelId>,
}

/// Repositories that no class may touch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyRepositories {
    /// Repositories that no class may touch; added to every class's `repositories.deny`.
    #[serde(default, with = "Items::<RepoPattern, 0, 500>")]
    pub deny: Vec<RepoPattern>,
}

/// Files that no class may touch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyPaths {
    /// Files that no class may touch; added to every class's `validation.paths.deny`.
    #[serde(default, with = "Items::<PathPattern, 0, 500>")]
    pub deny: Vec<PathPattern>,
}

/// What makes a document approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approvals {
    /// How many people must sign, by risk.
    pub quorum: Quorum,
    /// How long an approval may count: its `expires_at` lies no further from its `approved_at`.
    pub max_age: Duration,
    /// How long before an approval ends lint begins to warn. Left out, 14 days.
    #[serde(default, with = "Maybe::<Duration>", skip_serializing_if = "Option::is_none")]
    pub warn_before: Option<Duration>,
}

/// How many people must sign, by risk. The policy itself needs `high`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quorum {
    /// How many people must approve a class of `risk: low`.
    #[serde(with = "Number::<1, 20>")]
    pub low: u32,
    /// How many people must approve a class of `risk: medium`.
    #[serde(with = "Number::<1, 20>")]
    pub medium: u32,
    /// How many people must approve a class of `risk: high`, and the policy itself.
    #[serde(with = "Number::<1, 20>")]
    pub high: u32,
}

/// Ceilings on the classes' numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Maxima {
    /// The most that a class may say in `budget.per_task`, in whole AI credits (1 credit is US$0.01).
    pub per_task: Credits,
    /// The most that a class may say in `budget.per_day`, and that all classes together may spend in a day (UTC), in whole AI
    /// credits.
    pub per_day: Credits,
    /// The most that a class may say in `limits.submissions.per_hour`, and that all classes together may start.
    #[serde(with = "Number::<1, 500>")]
    pub submissions_per_hour: u32,
    /// The most that a class may say in `limits.in_flight.total`, and that all classes together may have under way.
    #[serde(with = "Number::<1, 100>")]
    pub in_flight: u32,
    /// The most that a class may say in `limits.open_pull_requests.total`, and that all classes together may have open.
    #[serde(with = "Number::<1, 10_000>")]
    pub open_pull_requests: u32,
    /// The most repositories that one rollout stage may reach.
    #[serde(with = "Number::<1, 100_000>")]
    pub stage_repositories: u32,
    /// The longest `limits.timeouts.run` that a class may say.
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
    /// The repository in which issues are opened when the target takes none.
    pub repository: RepoName,
    /// Who answers when a class's own owners do not.
    pub owner: Owner,
}

/// Which tokens the executor may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyTokens {
    /// The kinds of token that the executor may run with.
    #[serde(with = "Items::<TokenKind, 1, 4>")]
    pub kinds: Vec<TokenKind>,
    /// The farthest away that a token's expiry may lie; one without an expiry is refused. Left out, any expiry will do.
    #[serde(default, with = "Maybe::<Duration>", skip_serializing_if = "Option::is_none")]
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
