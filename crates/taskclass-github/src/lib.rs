//! GitHub's REST API for agent tasks and their evidence, typed, one file an operation.
//!
//! Layers, from the socket up:
//! - [`Transport`] sends one request once. [`HttpTransport`] is the real one; a test or a simulation puts its own in its place.
//! - [`Client`] turns an operation (one file each in `ops`) into exactly one [`Request`] and its answer into a typed [`Answer`].
//!   It never retries, never sleeps, reads no clock: when and how often to ask is the caller's decision.
//! - [`Submission`] says what is known after the one request that must not be repeated blindly: creating an agent task.
//!
//! The token lives in [`HttpTransport`] alone: no [`Request`], error or debug output of this crate carries it, and a request names a
//! path, never a host, so that it cannot leave the origin of [`ApiUrl`].
//!
//! Text in the models (titles, logins, messages) comes from outside, as it was sent: escape it where it is printed. Text in errors is
//! already bounded and free of control characters.

mod answer;
mod api_url;
mod call;
mod client;
mod error;
mod http;
mod ids;
mod lenient;
mod link;
mod meta;
mod model;
mod open_enum;
mod ops;
mod repo_name;
mod submission;
mod text;
mod time;
mod token;
mod transport;

pub use answer::{Answer, Collected, Conditional, NextPage, Page, PageBody};
pub use api_url::{ApiUrl, ApiUrlError};
pub use client::{Client, DEFAULT_API_VERSION};
pub use error::{ApiError, ApiErrorKind, Barrier, CallError, RateLimit, RateLimitKind, RetryAfter, ValidationError};
pub use http::{HttpOptions, HttpSetupError, HttpTransport};
pub use ids::{
    AppId, CheckRunId, CommentId, IssueNumber, PullId, PullNumber, RepositoryId, RulesetId, RunId, SessionId, TaskId,
    UserId,
};
pub use meta::{Etag, Meta, RateHeaders, TokenFacts};
pub use model::*;
pub use ops::*;
pub use repo_name::{RepoName, RepoNameError};
pub use submission::{Attempt, Submission, classify};
pub use token::{Token, TokenError, TokenKind};
pub use transport::{Headers, Method, Purpose, Request, Response, SendError, Transport};
