//! One entry of the journal, which is the audit log: what happened, and everything that an auditor asks about it.

mod body;
mod facts;
mod kind;
mod result;

use std::borrow::Cow;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use taskclass_spec::Digest;

pub use body::{ApprovalFacts, Body, BrokenGlass, Planned};
pub use facts::GateResult;
pub use kind::Kind;
pub use result::EvidenceRead;

use crate::vocab::{CallerFacts, Http, Key, RunId, State, TokenOwner};

/// The format's name; also what the hash begins with.
pub const SCHEMA: &str = "taskclass-audit/v1";

/// An event before it has its place in the chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// When it happened: by GitHub's clock where GitHub says so, else by ours.
    pub occurred: Timestamp,
    /// When it was written down, by ours.
    pub observed: Timestamp,
    /// The task.
    pub key: Option<Key>,
    /// The run.
    pub run: Option<RunId>,
    /// What the HTTP answer said that led to it.
    pub http: Http,
    /// What happened.
    pub body: Body,
}

/// The facts about a task that every one of its events repeats, so that one line of the log stands by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Subject {
    /// Which attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// The class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// Its digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// The rollout stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// The prompt's SHA-256.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_sha256: Option<Digest>,
    /// The inputs' SHA-256.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inputs_sha256: Option<Digest>,
    /// The model asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_asked: Option<String>,
    /// The models that worked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models_used: Vec<String>,
    /// The repository's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// The repository's database id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository_id: Option<i64>,
    /// The base branch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_ref: Option<String>,
    /// The base branch's commit at planning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_sha: Option<String>,
    /// The agent's branch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head_ref: Option<String>,
    /// GitHub's task id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_id: Option<String>,
    /// Where a person sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_url: Option<String>,
    /// Its sessions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub session_ids: Vec<String>,
    /// The pull request's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pull_request: Option<i64>,
    /// Who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<CallerFacts>,
    /// As whom it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_owner: Option<TokenOwner>,
    /// Who approved the class.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<ApprovalFacts>,
    /// Whether class or policy stand only by break-glass approvals.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub break_glass: bool,
    /// What it has used; absent if unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nano_credits: Option<u64>,
}

/// One entry of the journal. Its canonical JSON is one line of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "audit-event/v1", description = "One entry of the journal, which is the audit log.")]
pub struct Event {
    /// The format's version.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: String,
    /// Its place, from 1, without a gap.
    pub seq: u64,
    /// When it happened.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub occurred: Timestamp,
    /// When it was written down.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub observed: Timestamp,
    /// The run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<RunId>,
    /// The task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Key>,
    /// The task's state before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<State>,
    /// The task's state after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<State>,
    /// Facts about the task.
    #[serde(flatten)]
    pub subject: Subject,
    /// The HTTP answer's status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http_status: Option<u16>,
    /// The HTTP answer's request id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http_request_id: Option<String>,
    /// Which version of the program wrote it.
    pub executor_version: String,
    /// Under which lease it was written.
    pub epoch: u64,
    /// What happened: `kind` and `data`.
    #[serde(flatten)]
    pub body: Body,
    /// The hash of the entry before; 64 zeros for the first.
    pub previous: String,
    /// SHA-256 over `taskclass-audit/v1`, a line feed, and this entry's JCS form without this field.
    pub hash: String,
}

/// What replay needs of an entry; everything else is derived from it.
#[derive(Debug, Clone, Deserialize)]
pub struct Replayed<'l> {
    /// Its place.
    pub seq: u64,
    /// When it happened.
    pub occurred: Timestamp,
    /// When it was written down.
    pub observed: Timestamp,
    /// The run.
    #[serde(default)]
    pub run: Option<RunId>,
    /// The task.
    #[serde(default)]
    pub key: Option<Key>,
    #[serde(borrow)]
    kind: Cow<'l, str>,
    #[serde(borrow, default)]
    data: Option<&'l RawValue>,
    /// The hash of the entry before.
    #[serde(borrow)]
    pub previous: Cow<'l, str>,
    /// Its hash.
    #[serde(borrow)]
    pub hash: Cow<'l, str>,
}

/// Why an entry's body could not be read.
#[derive(Debug)]
pub enum Unread {
    /// It is of a kind that this version does not know: written by a newer one, not broken.
    Foreign,
    /// It is no body.
    Broken(String),
}

impl Replayed<'_> {
    /// What happened.
    ///
    /// # Errors
    /// [`Unread`] if it is of no known kind, or not of its kind's form.
    pub fn body(&self) -> Result<Body, Unread> {
        // In a line the kind stands behind its data: put before it, the data are read once and not kept in between.
        let kind = serde_json::Value::from(self.kind.as_ref());
        let data = self.data.map(|data| format!(",\"data\":{data}")).unwrap_or_default();
        serde_json::from_str(&format!("{{\"kind\":{kind}{data}}}")).map_err(|error| {
            let named = serde_json::from_value::<Body>(serde_json::json!({ "kind": self.kind }));
            let foreign = named.is_err_and(|error| error.to_string().starts_with("unknown variant"));
            if foreign { Unread::Foreign } else { Unread::Broken(error.to_string()) }
        })
    }
}
