//! Faults: what goes wrong, at which call.

use serde::Deserialize;

use super::Span;

/// One fault. It strikes calls of `operation` that match; `nth` or `every` choose among them, `count` ends it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// GitHub's operation id, such as `agent-tasks/create-task-in-repo`; `*` for all.
    pub operation: String,
    /// A pattern for `owner/name`. Left out: any.
    #[serde(default)]
    pub repository: Option<String>,
    /// The first matching call that it strikes, from 1 (default).
    #[serde(default = "one")]
    pub nth: u64,
    /// From `nth` on, only every so many-th call. Default 1: each.
    #[serde(default = "one")]
    pub every: u64,
    /// How many times it strikes. Default 1. 0: without end.
    #[serde(default = "one")]
    pub count: u64,
    /// What happens.
    #[serde(rename = "do")]
    pub kind: FaultKind,
}

impl Fault {
    /// A fault that strikes the nth call (from 1) of an operation, once.
    #[must_use]
    pub fn nth(operation: &str, nth: u64, kind: FaultKind) -> Self {
        Self { operation: operation.to_owned(), repository: None, nth, every: 1, count: 1, kind }
    }

    /// A fault that strikes every call of an operation.
    #[must_use]
    pub fn always(operation: &str, kind: FaultKind) -> Self {
        Self { count: 0, ..Self::nth(operation, 1, kind) }
    }
}

fn one() -> u64 {
    1
}

/// Whether a fault strikes before the request had its effect or after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// Nothing has happened.
    Before,
    /// The effect is there; only the answer is wrong.
    After,
}

/// What goes wrong.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultKind {
    /// The effect happens, the connection is closed without a response.
    LoseResponse {},
    /// The connection is closed before anything happened.
    Drop {},
    /// No answer comes, and the connection stays open until the client gives up.
    Hold {
        /// Before or after the effect.
        when: Moment,
    },
    /// An answer with this status in the place of the right one.
    Status {
        /// The code, such as 502.
        status: u16,
        /// Before or after the effect.
        when: Moment,
    },
    /// The effect happens; the body of the answer is cut in half.
    Garble {},
    /// A rate limit that nobody saw coming. Nothing happens.
    RateLimit {
        /// 403 or 429.
        status: u16,
        /// Seconds in `Retry-After`. Left out: the header is.
        #[serde(default)]
        retry_after: Option<u32>,
        /// The primary limit: `x-ratelimit-remaining: 0` until the window ends. Default: a secondary limit.
        #[serde(default)]
        primary: bool,
    },
    /// 403 with `X-GitHub-SSO`.
    Sso {},
    /// 403 by the organisation's policy, with a message and no telling header.
    Forbidden {
        /// The message.
        message: String,
    },
    /// On creating a task: lists do not show it for so long.
    Unlisted {
        /// How long.
        #[serde(rename = "for")]
        lasts: Span,
    },
    /// On creating a task: getting it is answered with 404 for so long.
    NotFound {
        /// How long.
        #[serde(rename = "for")]
        lasts: Span,
    },
    /// On creating a task: it is archived at once, so that lists hide it unless asked.
    Archived {},
    /// On a list: it comes back empty.
    Empty {},
    /// On creating a task: another model works than was asked for, without a word.
    SubstituteModel {
        /// The model.
        model: String,
    },
    /// On cancelling a run: 202, and nothing happens.
    IgnoreCancel {},
}
