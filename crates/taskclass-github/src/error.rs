//! What can go wrong with a call, told apart as far as GitHub lets it be, each with what to do.

mod policy;
mod rate_limit;
mod say;
mod triage;

pub use policy::Barrier;
pub use rate_limit::{RateLimit, RateLimitKind, RetryAfter};

use crate::meta::Meta;
use crate::transport::SendError;

/// Why an operation gave no value.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CallError {
    /// A value cannot be used in the request. Nothing was sent.
    #[error("{operation}: {problem}")]
    Argument {
        /// Method and path template.
        operation: &'static str,
        /// Which value, and why.
        problem: String,
    },
    /// No answer came.
    #[error("{operation}: {error}")]
    Send {
        /// Method and path template.
        operation: &'static str,
        /// Whether anything was sent.
        #[source]
        error: SendError,
    },
    /// GitHub answered, and not with success.
    #[error(transparent)]
    Api(Box<ApiError>),
    /// GitHub answered with success, but with a body that cannot be read.
    #[error("{operation}: GitHub answered {} with a body that cannot be read: {reason}", meta.status)]
    Unreadable {
        /// Method and path template.
        operation: &'static str,
        /// What the answer said beside its body.
        meta: Box<Meta>,
        /// What is wrong with the body.
        reason: String,
    },
    /// The next page is said to be at another host. It was not asked, and the token not sent there.
    #[error("{operation}: the answer's next page lies outside the API's address; it was not followed")]
    ForeignLink {
        /// Method and path template.
        operation: &'static str,
    },
    /// The list goes on after as many pages as were allowed.
    #[error(
        "{operation}: the list has more than {limit} pages; it was not read whole, so nothing was concluded from it"
    )]
    TooManyPages {
        /// Method and path template.
        operation: &'static str,
        /// How many pages were read.
        limit: usize,
    },
}

impl CallError {
    /// GitHub's refusal, if it is one.
    pub fn api(&self) -> Option<&ApiError> {
        match self {
            Self::Api(error) => Some(error),
            _ => None,
        }
    }

    /// The rate limit that was hit, if it is that.
    pub fn rate_limit(&self) -> Option<&RateLimit> {
        match self.api().map(|error| &error.kind) {
            Some(ApiErrorKind::RateLimited(limit)) => Some(limit),
            _ => None,
        }
    }

    /// True if GitHub said 404: it is not there, or the token cannot see it.
    pub fn is_not_found(&self) -> bool {
        matches!(self.api().map(|error| &error.kind), Some(ApiErrorKind::NotFound))
    }

    /// True unless it is certain that the request had no effect. After that, look before sending a mutation again.
    pub fn may_have_happened(&self) -> bool {
        match self {
            Self::Argument { .. } | Self::Send { error: SendError::NotSent(_), .. } => false,
            Self::Api(error) => !error.is_definite(),
            Self::Send { .. } | Self::Unreadable { .. } | Self::ForeignLink { .. } | Self::TooManyPages { .. } => true,
        }
    }

    /// What the answer said beside its body, if one came: rate limit and request id count on failures too.
    pub fn meta(&self) -> Option<&Meta> {
        match self {
            Self::Api(error) => Some(&error.meta),
            Self::Unreadable { meta, .. } => Some(meta),
            _ => None,
        }
    }
}

/// One entry of a 422's `errors`. GitHub promises no more than a code; the rest is often there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidationError {
    /// `missing`, `missing_field`, `invalid`, `already_exists`, `unprocessable`, `custom`, …
    pub code: Option<String>,
    /// Which field.
    pub field: Option<String>,
    /// Which kind of thing.
    pub resource: Option<String>,
    /// What is wrong, in words.
    pub message: Option<String>,
}

/// What kind of refusal it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiErrorKind {
    /// 3xx that was not followed: moved out of the origin, or an answer to something else than a read.
    Redirected,
    /// 400: GitHub could not make sense of the request.
    BadRequest,
    /// 401: the token is missing, wrong, expired or revoked.
    Unauthorized,
    /// 403 or 429: too many requests.
    RateLimited(RateLimit),
    /// 403: the organisation wants the token authorised by single sign-on.
    Sso {
        /// Where a person authorises it, if GitHub said so.
        url: Option<String>,
    },
    /// 403: the fine-grained token lacks a permission.
    MissingPermission {
        /// Any one of these would do, as GitHub writes them, if it does.
        accepted: Option<String>,
    },
    /// 403 for any other reason: a policy, plan or setting of the organisation or repository, or too few rights. 402 too.
    Policy(Barrier),
    /// 404: not there, or not visible to the token.
    NotFound,
    /// 408: GitHub gave up waiting for the request.
    Timeout,
    /// 409: the present state does not allow it.
    Conflict,
    /// 410: it was there, or the feature is turned off.
    Gone,
    /// 422: a value was refused.
    Validation {
        /// What was refused.
        errors: Vec<ValidationError>,
    },
    /// 5xx: GitHub failed; whether the request had an effect is not known.
    ServerError,
    /// Any other status.
    Other,
}

/// GitHub's refusal. Its text says what to do; all text in it is bounded and printable.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiError {
    /// Method and path template.
    pub operation: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What kind of refusal it is.
    pub kind: ApiErrorKind,
    /// GitHub's own words; empty if it said nothing.
    pub message: String,
    /// Where GitHub documents it.
    pub documentation_url: Option<String>,
    /// What the answer said beside its body.
    pub meta: Meta,
}

impl ApiError {
    /// GitHub's id of the request.
    pub fn request_id(&self) -> Option<&str> {
        self.meta.request_id.as_deref()
    }

    /// True if GitHub certainly did nothing: a 4xx other than 408.
    pub fn is_definite(&self) -> bool {
        (400..500).contains(&self.status) && self.status != 408
    }
}

impl std::error::Error for ApiError {}
