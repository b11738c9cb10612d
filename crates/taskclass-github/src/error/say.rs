//! What a refusal says to a person: what happened, what to do, GitHub's own words, the request's id.

use std::fmt;

use super::{ApiError, ApiErrorKind, RateLimit, RateLimitKind, RetryAfter, ValidationError};

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: GitHub answered {}: ", self.operation, self.status)?;
        self.advise(f)?;
        if !self.message.is_empty() {
            write!(f, "; GitHub said: {}", self.message)?;
        }
        if let Some(id) = self.request_id() {
            write!(f, " (request {id})")?;
        }
        Ok(())
    }
}

impl ApiError {
    fn advise(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ApiErrorKind::Redirected => f.write_str(
                "it points to another place, which was not followed; if the repository was renamed or moved, use its present name",
            ),
            ApiErrorKind::BadRequest => f.write_str("it could not make sense of the request"),
            ApiErrorKind::Unauthorized => {
                f.write_str("the token is wrong, expired or revoked; make a new one and give it to this program")
            }
            ApiErrorKind::RateLimited(limit) => write!(f, "{limit}"),
            ApiErrorKind::Sso { url: Some(url) } => {
                write!(f, "the organisation wants this token authorised by single sign-on; authorise it at {url}")
            }
            ApiErrorKind::Sso { url: None } => {
                f.write_str("the organisation wants this token authorised by single sign-on; do so in the token's settings")
            }
            ApiErrorKind::MissingPermission { accepted: Some(accepted) } => {
                write!(f, "the token lacks a permission; give it what GitHub accepts here: {accepted}")
            }
            ApiErrorKind::MissingPermission { accepted: None } => f.write_str(
                "the token lacks a permission, or is not for this repository; look at both in its settings (`Agent tasks`: read and write)",
            ),
            ApiErrorKind::Policy(barrier) => write!(f, "{barrier}"),
            ApiErrorKind::NotFound => f.write_str("not there, or not visible to this token; check the name and the token's repositories"),
            ApiErrorKind::Timeout => f.write_str("it gave up waiting; whether the request had an effect is not known"),
            ApiErrorKind::Conflict => f.write_str("the present state does not allow it"),
            ApiErrorKind::Gone => f.write_str("it is gone, or the feature is turned off in this repository"),
            ApiErrorKind::Validation { errors } => {
                f.write_str("a value was refused")?;
                for (index, error) in errors.iter().enumerate() {
                    write!(f, "{} {error}", if index == 0 { ":" } else { "," })?;
                }
                Ok(())
            }
            ApiErrorKind::ServerError => f.write_str("it failed; whether the request had an effect is not known"),
            ApiErrorKind::Other => f.write_str("an answer that this program does not know"),
        }
    }
}

impl RateLimit {
    /// What was hit, without how long to wait.
    pub fn what(&self) -> &'static str {
        match self.kind {
            RateLimitKind::Primary => "the hourly rate limit is used up",
            RateLimitKind::Secondary => "the secondary rate limit was hit (too fast, or too much at once)",
        }
    }
}

impl fmt::Display for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what())?;
        match (self.retry_after, self.reset) {
            (Some(RetryAfter::Seconds(seconds)), _) => write!(f, "; wait {seconds} s"),
            (Some(RetryAfter::At(moment)), _) | (None, Some(moment)) => write!(f, "; wait until {moment}"),
            (None, None) => f.write_str("; wait at least 60 s"),
        }
    }
}

impl fmt::Display for ValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [&self.resource, &self.field, &self.code, &self.message];
        let mut first = true;
        for part in parts.into_iter().flatten() {
            write!(f, "{}{part}", if first { "" } else { " " })?;
            first = false;
        }
        if first { f.write_str("(unspecified)") } else { Ok(()) }
    }
}
