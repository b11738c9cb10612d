//! What every answer says beside its body: request id, rate limit, ETag, date, facts on the token.

use jiff::Timestamp;

use crate::text;
use crate::time;
use crate::transport::{Headers, Response};

/// An entity tag, as it came, to be sent back in `if-none-match`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Etag(String);

impl Etag {
    /// Takes a tag that was kept from an earlier answer; `None` if it could not stand in a header field.
    pub fn new(text: &str) -> Option<Self> {
        let fits = !text.is_empty() && text.len() <= 256 && text.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
        fits.then(|| Self(text.to_owned()))
    }

    /// The tag with its quotes.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The `x-ratelimit-*` fields. Absent ones are `None`, which is not zero.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RateHeaders {
    /// Requests allowed in the window.
    pub limit: Option<u64>,
    /// Requests left in the window.
    pub remaining: Option<u64>,
    /// Requests used in the window.
    pub used: Option<u64>,
    /// When the window ends, by GitHub's clock.
    pub reset: Option<Timestamp>,
    /// Which bucket was charged, for example `core`.
    pub resource: Option<String>,
}

/// What the answer tells about the token that was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenFacts {
    /// When the token expires, if it does.
    pub expires: Option<Timestamp>,
    /// The scopes of a classic or OAuth token; `None` for other kinds.
    pub scopes: Option<Vec<String>>,
}

/// What an answer says beside its body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meta {
    /// The HTTP status.
    pub status: u16,
    /// GitHub's id of the request, for the journal and for its support.
    pub request_id: Option<String>,
    /// The rate-limit fields.
    pub rate: RateHeaders,
    /// The entity tag, to ask again only for a change.
    pub etag: Option<Etag>,
    /// GitHub's clock when it answered.
    pub date: Option<Timestamp>,
    /// What the answer tells about the token.
    pub token: TokenFacts,
}

impl Meta {
    /// Reads the header fields; what is missing or unreadable is `None`.
    pub fn of(response: &Response) -> Self {
        let headers = &response.headers;
        Self {
            status: response.status,
            request_id: word(headers, "x-github-request-id"),
            rate: RateHeaders {
                limit: number(headers, "x-ratelimit-limit"),
                remaining: number(headers, "x-ratelimit-remaining"),
                used: number(headers, "x-ratelimit-used"),
                reset: headers.get("x-ratelimit-reset").and_then(time::epoch_seconds),
                resource: word(headers, "x-ratelimit-resource"),
            },
            etag: headers.get("etag").and_then(Etag::new),
            date: headers.get("date").and_then(time::http_date),
            token: TokenFacts {
                expires: headers.get("github-authentication-token-expiration").and_then(time::token_expiration),
                scopes: headers.get("x-oauth-scopes").map(scopes),
            },
        }
    }
}

fn number(headers: &Headers, name: &str) -> Option<u64> {
    headers.get(name)?.trim().parse().ok()
}

fn word(headers: &Headers, name: &str) -> Option<String> {
    let text = text::clean(headers.get(name)?, text::WORD);
    (!text.is_empty()).then_some(text)
}

fn scopes(text: &str) -> Vec<String> {
    text.split(',').map(|scope| text::clean(scope, text::WORD)).filter(|scope| !scope.is_empty()).collect()
}
