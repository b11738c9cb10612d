//! From an answer that is no success to the kind of refusal it is.

use serde::Deserialize;
use serde_json::Value;

use super::{ApiError, ApiErrorKind, Barrier, RateLimit, RateLimitKind, RetryAfter, ValidationError};
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
        let documentation_url = words(&body.documentation_url, text::URL).filter(|url| url.starts_with("https://"));
        let said = Said { message: &message, documentation_url: documentation_url.as_deref().unwrap_or_default() };
        let kind = match response.status {
            300..=399 => ApiErrorKind::Redirected,
            400 => ApiErrorKind::BadRequest,
            401 => ApiErrorKind::Unauthorized,
            402 => ApiErrorKind::Policy(Barrier::NoCredits),
            403 => forbidden(response, &meta, &said),
            404 => ApiErrorKind::NotFound,
            408 => ApiErrorKind::Timeout,
            409 => ApiErrorKind::Conflict,
            410 => ApiErrorKind::Gone,
            422 => ApiErrorKind::Validation { errors: validation(&body.errors) },
            429 => ApiErrorKind::RateLimited(rate_limit(response, &meta, &said)),
            500..=599 => ApiErrorKind::ServerError,
            _ => ApiErrorKind::Other,
        };
        Self { operation, status: response.status, kind, message, documentation_url, meta }
    }
}

/// GitHub's own words in an answer's body.
struct Said<'a> {
    message: &'a str,
    documentation_url: &'a str,
}

impl Said<'_> {
    fn says(&self, words: &str) -> bool {
        self.message.to_ascii_lowercase().contains(words)
    }

    /// Too fast. GitHub has called it by several names.
    fn secondary(&self) -> bool {
        let names = ["secondary rate limit", "abuse detection", "temporarily blocked from content creation"];
        names.iter().any(|name| self.says(name)) || self.documentation_url.contains("secondary-rate-limit")
    }

    /// The hour's budget is used up, also where no field says so.
    fn primary(&self) -> bool {
        self.says("api rate limit exceeded")
    }

    fn sso(&self) -> bool {
        self.says("saml enforcement") || self.says("saml sso")
    }
}

/// The order matters: a limit, then single sign-on, then what GitHub's words say clearly, then a missing permission, since the field that
/// names one comes with answers that have nothing to do with it; what is left is a policy that nobody names.
fn forbidden(response: &Response, meta: &Meta, said: &Said<'_>) -> ApiErrorKind {
    let headers = &response.headers;
    let exhausted = headers.get("retry-after").is_some() || meta.rate.remaining == Some(0);
    if exhausted || said.secondary() || said.primary() {
        return ApiErrorKind::RateLimited(rate_limit(response, meta, said));
    }
    // The field also comes with lists from which organisations were left out; then it begins otherwise.
    let required = headers.get("x-github-sso").filter(|field| field.trim_start().starts_with("required"));
    if required.is_some() || said.sso() {
        return ApiErrorKind::Sso { url: required.and_then(sso_url) };
    }
    let accepted = headers.get("x-accepted-github-permissions").map(|field| text::clean(field, text::REASON));
    let accepted = accepted.filter(|accepted| !accepted.is_empty());
    match (Barrier::of(said.message), accepted) {
        // An app's token of a user is refused in the same words as its installation token; the field tells them apart.
        (Barrier::Unknown | Barrier::InstallationToken, Some(accepted)) => {
            ApiErrorKind::MissingPermission { accepted: Some(accepted) }
        }
        (Barrier::Unknown, None) if said.says("not accessible by personal access token") => {
            ApiErrorKind::MissingPermission { accepted: None }
        }
        (barrier, _) => ApiErrorKind::Policy(barrier),
    }
}

fn rate_limit(response: &Response, meta: &Meta, said: &Said<'_>) -> RateLimit {
    let exhausted = meta.rate.remaining == Some(0);
    let primary = (exhausted || said.primary()) && !said.secondary();
    let kind = if primary { RateLimitKind::Primary } else { RateLimitKind::Secondary };
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
