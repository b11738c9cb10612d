//! `executor/v1`: the configuration on the machine that runs it, not in the registry.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::form::{ANY, Form, Items, Maybe, Text, text_form};
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
    /// The SQLite file that holds the journal, as a path from this file. It is the audit log: back it up.
    #[schemars(example = "taskclass.db")]
    #[serde(with = "Text::<1, ANY>")]
    pub state: String,
    /// How often GitHub is asked.
    #[serde(default, with = "Maybe::<WatchConfig>", skip_serializing_if = "Option::is_none")]
    pub watch: Option<WatchConfig>,
    /// Ways to tell people.
    #[serde(default, with = "Maybe::<Notify>", skip_serializing_if = "Option::is_none")]
    pub notify: Option<Notify>,
    /// How long what is kept beside the journal stays. Left out, all of it stays.
    #[serde(default, with = "Maybe::<Retention>", skip_serializing_if = "Option::is_none")]
    pub retention: Option<Retention>,
    /// Traces and measures for the tools that operators have. Left out, there are none.
    #[serde(default, with = "Maybe::<Telemetry>", skip_serializing_if = "Option::is_none")]
    pub telemetry: Option<Telemetry>,
}

/// Which registry is run, and what of it is trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegistryConfig {
    /// The registry's git repository, as a path from this file. Only committed objects are read, never the work tree.
    #[schemars(example = "../agent-tasks")]
    #[serde(with = "Text::<1, ANY>")]
    pub git: String,
    /// The full ref that is read: a short name could mean a tag or a branch, and is refused.
    #[serde(rename = "ref", with = "FullRef")]
    #[schemars(example = "refs/heads/main")]
    pub git_ref: String,
    /// The SHA-256 of `trust/allowed_signers`: who can write to the registry cannot add a signer unnoticed.
    pub allowed_signers: Digest,
}

text_form!(
    /// A ref's full name.
    FullRef, "a full ref such as `refs/heads/main`",
    { "pattern": "^refs/(heads|tags|remotes)/[!-~]+$" },
    |text| {
        let kinds = ["refs/heads/", "refs/tags/", "refs/remotes/"];
        let name = kinds.iter().find_map(|kind| text.strip_prefix(kind));
        name.is_some_and(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic()))
    }
);

text_form!(
    /// A version of GitHub's REST API.
    ApiVersion, "a date such as `2026-03-10`",
    { "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" },
    |text| {
        text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() })
    }
);

/// How GitHub is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GithubConfig {
    /// The API's base URL: `https://api.github.com` or `https://api.SUBDOMAIN.ghe.com`. Plain HTTP only to this machine.
    #[schemars(example = "https://api.github.com")]
    #[serde(with = "Text::<1, ANY>")]
    pub api: String,
    /// The REST API's version, as `X-GitHub-Api-Version` names it. Left out, the one that this release was made for.
    #[serde(default, with = "Maybe::<ApiVersion>", skip_serializing_if = "Option::is_none")]
    #[schemars(example = "2026-03-10")]
    pub api_version: Option<String>,
    /// Where the token comes from; never the token itself.
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
    Command(#[serde(with = "Items::<String, 1, ANY>")] Vec<String>),
}

/// How often GitHub is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WatchConfig {
    /// The shortest time between two looks at the task list. Left out, 15s.
    #[serde(default, with = "Maybe::<Duration>", skip_serializing_if = "Option::is_none")]
    pub min_interval: Option<Duration>,
    /// The longest time between two looks at the task list. Left out, 60s.
    #[serde(default, with = "Maybe::<Duration>", skip_serializing_if = "Option::is_none")]
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
    /// Where the address comes from that it is sent to.
    pub url: Secret,
    /// Where the key comes from that signs it.
    pub secret: Secret,
}

/// How long what is kept beside the journal stays. The journal itself is never shortened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// How long request bodies, inputs and evidence stay once their task is over. `taskclass state prune` clears away what is older;
    /// nothing else does.
    #[schemars(example = "90d")]
    pub payloads: Duration,
}

/// Traces and measures for the tools that operators have. What cannot be delivered holds nothing up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Telemetry {
    /// A collector that takes OpenTelemetry's protocol over HTTP.
    #[serde(default, with = "Maybe::<Otlp>", skip_serializing_if = "Option::is_none")]
    pub otlp: Option<Otlp>,
    /// A text file for a node exporter.
    #[serde(default, with = "Maybe::<Prometheus>", skip_serializing_if = "Option::is_none")]
    pub prometheus: Option<Prometheus>,
}

/// A collector that takes OpenTelemetry's protocol over HTTP.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Otlp {
    /// Its address, to which `/v1/traces` and `/v1/metrics` are added. Left out, the environment's `OTEL_EXPORTER_OTLP_ENDPOINT`, which counts
    /// nowhere else. With headers it must be there: they hold secrets, and go only where the configuration says.
    #[schemars(example = "http://127.0.0.1:4318")]
    #[serde(default, with = "Maybe::<Text<1, ANY>>", skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// Headers that go with each request, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, Secret>,
}

/// A text file for a node exporter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Prometheus {
    /// The file, as a path from this one; written anew after each tick. A node exporter wants it to end in `.prom`.
    #[schemars(example = "/var/lib/node_exporter/taskclass.prom")]
    #[serde(with = "Text::<1, ANY>")]
    pub file: String,
}
