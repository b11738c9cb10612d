//! GitHub's limits.

use serde::Deserialize;

use super::Span;

/// The limits in force. The defaults are GitHub's published ones.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Requests an hour for each user, over all of the user's tokens. Default 5,000.
    pub primary_per_hour: u32,
    /// Content-creating requests (all but GET) a minute for each user. Default 80.
    pub content_per_minute: u32,
    /// Content-creating requests an hour for each user. Default 500.
    pub content_per_hour: u32,
    /// Points a minute for each endpoint and user: 1 for a GET, 5 for any other. Default 900.
    pub points_per_minute: u32,
    /// New tasks a minute that are let through without a word about it anywhere. Default: no such limit.
    pub secret_tasks_per_minute: Option<u32>,
    /// The status of a secondary limit's answer, 403 (default) or 429.
    pub secondary_status: u16,
    /// Whether a secondary limit's answer says when to come back. Default true.
    pub retry_after: bool,
    /// When a session ends, whatever it does. Default 59m.
    pub session: Span,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            primary_per_hour: 5000,
            content_per_minute: 80,
            content_per_hour: 500,
            points_per_minute: 900,
            secret_tasks_per_minute: None,
            secondary_status: 403,
            retry_after: true,
            session: Span::minutes(59),
        }
    }
}
