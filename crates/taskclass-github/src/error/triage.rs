//! From an answer that is no success to the kind of refusal it is.

use serde::Deserialize;
use serde_json::Value;

use super::{ApiError, ApiErrorKind, RateLimit, RateLimitKind, RetryAfter, ValidationError};
use crate::meta::Meta;
use crate::text;
use crate::time;
use crate::transport::Response;

/// Entries of a 422 that are kept.
const MAX_ERRORS: usize = 20;

#[derive(Default, Deserialize)]
struct Body {
    #[serde(default)]
    message: Value,
    #[serde(default)]
    documentation_url: Value,
    #[serde(default)]
    errors: Value,
}

impl ApiError {
    /// Classifies an answer whose status is no success.
    pub fn of(operation: &'static str, response: &Response) -> Self {
        let body: Body = serde_json::from_slice(&response.body).unwrap_or_default();
        let message = words(&body.message, text::REASON).unwrap_or_default();
        let meta = Meta::of(response);
        let kind = match response.status {
            300..=399 => ApiErrorKind::Redirected,
            400 => ApiErrorKind::BadRequest,
            401 => ApiErrorKind::Unauthorized,
            403 => forbidden(response, &meta, &message),
            404 => ApiErrorKind::NotFound,
            408 => ApiErrorKind::Timeout,
            409 => ApiErrorKind::Conflict,
            410 => ApiErrorKind::Gone,
            422 => ApiErrorKind::Validation { errors: validation(&body.errors) },
            429 => ApiErrorKind::RateLimited(rate_limit(response, &meta, &message)),
            500..=599 => ApiErrorKind::ServerError,
            _ => ApiErrorKind::Other,
        };
        let documentation_url = words(&body.documentation_url, text::URL).filter(|url| url.starts_with("https://"));
        Self { operation, status: response.status, kind, message, documentation_url, meta }
    }
}

/// The order matters: an exhausted limit, then single sign-on, then a missing permission; what is left is a policy.
fn forbidden(response: &Response, meta: &Meta, message: &str) -> ApiErrorKind {
    let headers = &response.headers;
    if headers.get("retry-after").is_some() || meta.rate.remaining == Some(0) || says_secondary(message) {
        return ApiErrorKind::RateLimited(rate_limit(response, meta, message));
    }
    if let Some(field) = headers.get("x-github-sso") {
        return ApiErrorKind::Sso { url: sso_url(field) };
    }
    match headers.get("x-accepted-github-permissions").map(|field| text::clean(field, text::REASON)) {
        Some(accepted) if !accepted.is_empty() => ApiErrorKind::MissingPermission { accepted },
        _ => ApiErrorKind::Policy,
    }
}

fn says_secondary(message: &str) -> bool {
    message.to_ascii_lowercase().contains("secondary rate limit")
}

fn rate_limit(response: &Response, meta: &Meta, message: &str) -> RateLimit {
    let exhausted = meta.rate.remaining == Some(0);
    let kind = if exhausted && !says_secondary(message) { RateLimitKind::Primary } else { RateLimitKind::Secondary };
    RateLimit {
        kind,
        retry_after: response.headers.get("retry-after").and_then(retry_after),
        reset: meta.rate.reset.filter(|_| exhausted),
        server_date: meta.date,
        resource: meta.rate.resource.clone(),
    }
}

fn retry_after(field: &str) -> Option<RetryAfter> {
    match field.trim().parse() {
        Ok(seconds) => Some(RetryAfter::Seconds(seconds)),
        Err(_) => time::http_date(field).map(RetryAfter::At),
    }
}

/// `required; url=https://github.com/orgs/…`.
fn sso_url(field: &str) -> Option<String> {
    let url = field.split(';').find_map(|part| part.trim().strip_prefix("url="))?;
    let printable = url.bytes().all(|b| b.is_ascii_graphic());
    (url.starts_with("https://") && printable && url.len() <= 2048).then(|| url.to_owned())
}

fn validation(errors: &Value) -> Vec<ValidationError> {
    let entries = match errors {
        Value::Array(entries) => entries.as_slice(),
        Value::Null => &[],
        one => std::slice::from_ref(one),
    };
    entries.iter().take(MAX_ERRORS).map(validation_error).collect()
}

/// Some operations send plain texts instead of objects.
fn validation_error(entry: &Value) -> ValidationError {
    let member = |name: &str, limit| entry.get(name).and_then(|value| words(value, limit));
    ValidationError {
        code: member("code", text::WORD),
        field: member("field", text::WORD),
        resource: member("resource", text::WORD),
        message: member("message", text::REASON).or_else(|| words(entry, text::REASON)),
    }
}

fn words(value: &Value, limit: usize) -> Option<String> {
    let text = text::clean(value.as_str()?, limit);
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests;
