//! What an agent does with a task.

use serde::Deserialize;

use super::{Span, Step};

/// What happens to the tasks that match. Every field has a default; together they are a good agent that changes a
/// dependency in `Cargo.toml` and `Cargo.lock`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AgentScript {
    /// Which new tasks this is for. Left out: all.
    #[serde(rename = "match")]
    pub matches: AgentMatch,
    /// The task's sessions. The first begins when the task is created, each later one its `after` past the end of the one
    /// before. Left out: one, with every default. A person's `@copilot` comment adds one like the last.
    pub sessions: Option<Vec<SessionScript>>,
    /// The pull request, where the task asks for one.
    pub pull_request: PullRequestScript,
    /// Check runs on each commit that the agent pushes. Left out: `build` and `test`, which succeed after 3 minutes.
    pub checks: Option<Vec<CheckScript>>,
    /// Commit statuses on each commit that the agent pushes.
    pub statuses: Vec<StatusScript>,
    /// The Actions run behind each session.
    pub run: RunScript,
    /// What people do with the pull request afterwards.
    pub later: Vec<Step>,
    /// How far durations of work and spend vary by the seed, in percent up and down. Default 0.
    pub jitter: u8,
}

/// Which new tasks a script is for; all that is given must hold.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AgentMatch {
    /// A pattern for `owner/name`.
    pub repository: Option<String>,
    /// A text that the prompt contains.
    pub prompt: Option<String>,
    /// The model asked for.
    pub model: Option<String>,
    /// Only the nth task (from 1) of those for which all else holds.
    pub nth: Option<u64>,
    /// Only every nth task of those for which all else holds.
    pub every: Option<u64>,
}

/// One session.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SessionScript {
    /// For a second or later session: how long after the end of the one before. Default 1h.
    pub after: Span,
    /// How long it is queued. Default 20s.
    pub queue: Span,
    /// How long it works, pauses not counted. Default 6m. What exceeds the session limit (59m) ends as `timed_out` there.
    pub work: Span,
    /// A pause in the middle.
    pub pause: Option<Pause>,
    /// The state in which it ends: `completed` (default), `failed`, `timed_out` (at the session limit), `cancelled`, or for good
    /// in `waiting_for_user` or `idle`.
    pub outcome: String,
    /// The error's message, for `failed`.
    pub error: Option<String>,
    /// What it changes. `[]`: nothing. Left out: a few lines in `Cargo.toml` and `Cargo.lock`, unless it fails.
    pub files: Option<Vec<FileScript>>,
    /// The model that it says it used; `{model}` stands for the one asked for (`gpt-5.3-codex` where none was). Default `{model}`; a
    /// live quirk is `sweagent-capi:{model}`.
    pub model: String,
    /// What it used. Left out: 12.4 AI credits. `null`: it does not say.
    #[serde(deserialize_with = "usage_or_none")]
    pub usage: Option<UsageScript>,
}

impl Default for SessionScript {
    fn default() -> Self {
        Self {
            after: Span::minutes(60),
            queue: Span::seconds(20),
            work: Span::minutes(6),
            pause: None,
            outcome: "completed".to_owned(),
            error: None,
            files: None,
            model: "{model}".to_owned(),
            usage: Some(UsageScript::default()),
        }
    }
}

fn usage_or_none<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<UsageScript>, D::Error> {
    Option::deserialize(deserializer)
}

/// A stop in the middle of a session.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// `waiting_for_user` or `idle`.
    pub state: String,
    /// After how much work.
    pub after: Span,
    /// For how long. Left out: for good.
    #[serde(default, rename = "for")]
    pub lasts: Option<Span>,
}

/// One changed file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileScript {
    /// Its path; for a rename, the new one.
    pub path: String,
    /// Lines added. Default 3.
    #[serde(default = "three")]
    pub additions: u64,
    /// Lines removed. Default 1, or 0 for a new file.
    #[serde(default)]
    pub deletions: Option<u64>,
    /// `added`, `removed`, `modified`, `renamed`. Left out: `modified` if the path exists, else `added`. With no line added and none
    /// removed it is a binary file.
    #[serde(default)]
    pub status: Option<String>,
    /// What sort of entry it is. Default a plain file.
    #[serde(default)]
    pub entry: EntryKind,
    /// For a rename: the old path.
    #[serde(default)]
    pub previous_path: Option<String>,
}

impl FileScript {
    /// A file with so many lines added and removed.
    #[must_use]
    pub fn new(path: &str, additions: u64, deletions: u64) -> Self {
        Self {
            path: path.to_owned(),
            additions,
            deletions: Some(deletions),
            status: None,
            entry: EntryKind::File,
            previous_path: None,
        }
    }
}

/// What sort of entry of a tree a path is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A plain file.
    #[default]
    File,
    /// A file that may be run.
    Executable,
    /// A symbolic link.
    Symlink,
    /// Another repository's commit.
    Submodule,
}

impl EntryKind {
    /// Its mode in a tree, and what it is there.
    pub(crate) fn mode(self) -> (&'static str, &'static str) {
        match self {
            Self::File => ("100644", "blob"),
            Self::Executable => ("100755", "blob"),
            Self::Symlink => ("120000", "blob"),
            Self::Submodule => ("160000", "commit"),
        }
    }
}

fn three() -> u64 {
    3
}

/// What a session used; exactly one of the amounts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UsageScript {
    /// AI credits, reported in nano units.
    #[serde(default)]
    pub credits: Option<f64>,
    /// AI credits in nano units.
    #[serde(default)]
    pub nanos: Option<u64>,
    /// Premium requests, the older measure.
    #[serde(default)]
    pub premium_requests: Option<f64>,
    /// The field that carries the number.
    #[serde(default)]
    pub field: UsageField,
    /// Whether it grows while the session works; else it shows when the session has ended.
    #[serde(default)]
    pub live: bool,
}

impl Default for UsageScript {
    fn default() -> Self {
        Self { credits: Some(12.4), nanos: None, premium_requests: None, field: UsageField::Amount, live: false }
    }
}

/// Where the number stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UsageField {
    /// As documented.
    #[default]
    Amount,
    /// As seen live.
    Credits,
}

/// The pull request of a task that asks for one.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PullRequestScript {
    /// Whether the agent opens it at all. Default true.
    pub opens: bool,
    /// Whether the artifact has its GraphQL id. Default true.
    pub global_id: bool,
    /// Whether it can be merged. Default true.
    pub mergeable: bool,
    /// For how long after a push `mergeable` is null. Default 5s.
    pub mergeable_unknown: Span,
    /// Whether the prompt's `Task-Class...:` lines are carried as trailers in commits and body. Default true.
    pub trailers: bool,
}

impl Default for PullRequestScript {
    fn default() -> Self {
        Self { opens: true, global_id: true, mergeable: true, mergeable_unknown: Span::seconds(5), trailers: true }
    }
}

/// One check run.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckScript {
    /// Its name.
    pub name: String,
    /// How long after the push it ends. Default 3m. `null`: never; it stays `queued`.
    #[serde(default = "three_minutes")]
    pub after: Option<Span>,
    /// How it ends: `success` (default), `failure`, `neutral`, `cancelled`, `skipped`, `timed_out`, `action_required`.
    #[serde(default = "success")]
    pub conclusion: String,
    /// The slug of the app that made it. Default `github-actions`.
    #[serde(default = "actions_app")]
    pub app: String,
}

impl CheckScript {
    /// A check that ends like this 3 minutes after the push.
    #[must_use]
    pub fn new(name: &str, conclusion: &str) -> Self {
        Self { name: name.to_owned(), after: three_minutes(), conclusion: conclusion.to_owned(), app: actions_app() }
    }
}

fn three_minutes() -> Option<Span> {
    Some(Span::minutes(3))
}

pub(super) fn success() -> String {
    "success".to_owned()
}

fn actions_app() -> String {
    "github-actions".to_owned()
}

/// One commit status, set by some other system.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusScript {
    /// Its context.
    pub context: String,
    /// `success`, `failure`, `error`, `pending`.
    #[serde(default = "success")]
    pub state: String,
    /// How long after the push.
    #[serde(default)]
    pub after: Span,
    /// Who sets it, by login. Left out: nobody that GitHub still knows, so that its creator is null.
    #[serde(default)]
    pub by: Option<String>,
}

/// The Actions run behind a session.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RunScript {
    /// How many there are on the session's branch. Default 1.
    pub count: u8,
    /// Whether a code-review run of GitHub's is on the same branch. Default false.
    pub reviewer: bool,
    /// What cancelling does.
    pub on_cancel: OnCancel,
    /// How long it takes. Default 5s.
    pub stops_after: Span,
}

impl Default for RunScript {
    fn default() -> Self {
        Self { count: 1, reviewer: false, on_cancel: OnCancel::Stops, stops_after: Span::seconds(5) }
    }
}

/// What cancelling a run does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnCancel {
    /// 202; the run ends, the task becomes `cancelled`.
    Stops,
    /// 202; the run ends, the task says `in_progress` until the session limit.
    LeavesTask,
    /// 202, and nothing happens.
    Ignored,
    /// 409.
    Conflict,
}
