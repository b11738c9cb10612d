//! `executor/v1`: the configuration on the machine that runs it, not in the registry.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::schema_id;
use crate::{Digest, Duration, NotifierName};

schema_id!(ExecutorSchema, "executor/v1");

/// The executor's configuration. Paths are relative to the file that holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExecutorConfig {
    /// The document's format and version.
    pub schema: ExecutorSchema,
    /// Which registry is run, and what of it is trusted.
    pub registry: RegistryConfig,
    /// How GitHub is reached.
    pub github: GithubConfig,
    /// The SQLite file that holds the journal.
    #[schemars(length(min = 1), example = "taskclass.db")]
    pub state: String,
    /// How often GitHub is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watch: Option<WatchConfig>,
    /// Ways to tell people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notify: Option<Notify>,
}

/// Which registry is run, and what of it is trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegistryConfig {
    /// The git repository, as a path.
    #[schemars(length(min = 1), example = "../agent-tasks")]
    pub git: String,
    /// The full ref that is read, never a short name.
    #[serde(rename = "ref")]
    #[schemars(regex(pattern = "^refs/(heads|tags|remotes)/[!-~]+$"), example = "refs/heads/main")]
    pub git_ref: String,
    /// The SHA-256 of `trust/allowed_signers`.
    pub allowed_signers: Digest,
}

/// How GitHub is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GithubConfig {
    /// The API's base URL: `https://api.github.com` or `https://api.SUBDOMAIN.ghe.com`. Plain HTTP only to this machine.
    #[schemars(length(min = 1), example = "https://api.github.com")]
    pub api: String,
    /// The REST API's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), example = "2026-03-10")]
    pub api_version: Option<String>,
    /// Where the token comes from.
    pub token: Secret,
}

/// Where a secret comes from. The value itself is never written in a file of the registry or of the executor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Secret {
    /// An environment variable.
    Env(String),
    /// A file that only its owner can read.
    File(String),
    /// A command that prints it; run without a shell.
    Command(#[schemars(length(min = 1))] Vec<String>),
}

/// How often GitHub is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WatchConfig {
    /// The shortest time between two looks at the task list; default 15s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_interval: Option<Duration>,
    /// The longest; default 60s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_interval: Option<Duration>,
}

/// Ways to tell people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Notify {
    /// Webhooks by name; a class's ladder says `webhook:NAME`.
    #[serde(default)]
    pub webhooks: BTreeMap<NotifierName, Webhook>,
}

/// A webhook, signed with HMAC-SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// Where it is sent.
    pub url: Secret,
    /// The key that signs it.
    pub secret: Secret,
}
