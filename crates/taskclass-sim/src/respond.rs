//! The last step: an answer becomes a response, with the headers that every response has.

use jiff::Timestamp;

use crate::hash::{etag, mix};
use crate::limits::{Meter, Standing, Weight};
use crate::message::{Request, Response};
use crate::reply::{Answer, Problem};
use crate::scenario::{TokenKind, TokenScript};
use crate::text::stamp;

/// The header that chooses an API version.
pub(crate) const VERSION_HEADER: &str = "x-github-api-version";
/// The API versions that exist; the first is used where none is asked for.
pub(crate) const VERSIONS: [&str; 2] = ["2022-11-28", "2026-03-10"];

/// A request that got as far as its token.
pub(crate) struct Sent<'a> {
    pub(crate) weight: Weight,
    pub(crate) token: &'a TokenScript,
    pub(crate) standing: Standing,
}

/// Puts an answer on the wire, with the headers that every answer has. What the client has already is not sent again, and the
/// meter gives the request back.
pub(crate) fn respond(
    answer: Answer,
    request: &Request,
    now: Timestamp,
    request_id: String,
    mut sent: Option<Sent<'_>>,
    meter: &mut Meter,
) -> Response {
    let reply = answer.unwrap_or_else(Problem::into_reply);
    let cacheable = request.method == "GET" && reply.status == 200;
    let mut response = reply.into_response();
    if cacheable {
        let tag = etag(&response.body);
        let tags = request.header_value("if-none-match").unwrap_or_default();
        let known = tags.split(',').any(|given| given.trim() == tag);
        response.headers.push(("etag".to_owned(), tag));
        response.headers.push(("cache-control".to_owned(), "private, max-age=60, s-maxage=60".to_owned()));
        if known {
            response.status = 304;
            response.body.clear();
            if let Some(sent) = &mut sent {
                meter.refund(sent.weight, now);
                sent.standing = meter.standing(sent.weight.user, sent.weight.agent_tasks, now);
            }
        }
    }
    let mut put = |name: &str, value: String| response.headers.push((name.to_owned(), value));
    put("date", http_date(now));
    put("server", "github.com".to_owned());
    put("x-github-request-id", request_id);
    put("x-github-media-type", "github.v3; format=json".to_owned());
    put("x-github-api-version-selected", request.header_value(VERSION_HEADER).unwrap_or(VERSIONS[0]).to_owned());
    if let Some(Sent { token, standing, .. }) = sent {
        put("x-ratelimit-limit", standing.limit.to_string());
        put("x-ratelimit-remaining", standing.remaining().to_string());
        put("x-ratelimit-used", standing.used.to_string());
        put("x-ratelimit-reset", standing.reset_second().to_string());
        put("x-ratelimit-resource", standing.resource.to_owned());
        if let Some(end) = token.expires_at {
            put("github-authentication-token-expiration", stamp(end).replace('T', " ").replace('Z', " UTC"));
        }
        if token.kind == TokenKind::Classic {
            put("x-oauth-scopes", token.scopes.join(", "));
        }
    }
    response
}

fn http_date(now: Timestamp) -> String {
    jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&now).unwrap_or_default()
}

/// In the form of GitHub's, from the seed and the request's number.
pub(crate) fn request_id(seed: u64, number: u64) -> String {
    let hash = mix(seed, &["request", &number.to_string()]);
    let (a, b, c) = (hash & 0xffff, (hash >> 16) & 0xf_ffff, (hash >> 36) & 0xff_ffff);
    format!("{a:04X}:{b:05X}:{c:06X}:{number:07X}")
}
