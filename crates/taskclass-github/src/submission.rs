//! What is known after asking GitHub to create a task: the request that has no idempotency key.

use crate::error::{ApiError, ApiErrorKind, RateLimit};
use crate::ids::TaskId;
use crate::meta::Meta;
use crate::model::Task;
use crate::text;
use crate::transport::{Response, SendError};

/// What is known after a submission was tried once.
#[derive(Debug, Clone, PartialEq)]
pub enum Submission {
    /// 201 with an id: the task exists.
    Created(Box<Task>),
    /// Not a byte was written: it can be sent again.
    NotSent(String),
    /// GitHub turned it away for its rate limit: it can be sent again, not before [`RateLimit::retry_at`].
    RateLimited(RateLimit),
    /// A definite no (4xx other than 408): sending the same again is pointless.
    Refused(Box<ApiError>),
    /// Nobody knows whether the task exists: find out before anything else is sent.
    Unknown(String),
}

/// A submission that was tried, with what the answer said beside its body, if one came.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// What is known.
    pub submission: Submission,
    /// Status, request id, rate limit; `None` if there was no answer.
    pub meta: Option<Meta>,
}

/// Classifies the outcome of the one request that creates a task.
///
/// Unknown is the answer to everything that is not certain: a timeout, a reset, 408, every 5xx, a 201 without a readable id, any other
/// 1xx, 2xx or 3xx.
pub fn classify(operation: &'static str, outcome: Result<&Response, SendError>) -> Attempt {
    let response = match outcome {
        Ok(response) => response,
        Err(SendError::NotSent(reason)) => return Attempt { submission: Submission::NotSent(reason), meta: None },
        Err(SendError::Unknown(reason)) => return Attempt { submission: Submission::Unknown(reason), meta: None },
    };
    let submission = match response.status {
        201 => created(response),
        400..=499 => refused(ApiError::of(operation, response)),
        500..=599 => Submission::Unknown(ApiError::of(operation, response).to_string()),
        status => {
            Submission::Unknown(format!("GitHub answered {status}, which is neither a success nor a refusal here"))
        }
    };
    Attempt { submission, meta: Some(Meta::of(response)) }
}

/// The id is what counts: a task whose other fields cannot be read exists all the same.
fn created(response: &Response) -> Submission {
    #[derive(serde::Deserialize)]
    struct OnlyId {
        id: TaskId,
    }
    let task = serde_json::from_slice::<Task>(&response.body)
        .or_else(|_| serde_json::from_slice::<OnlyId>(&response.body).map(|task| Task::known_by_id(task.id)));
    match task {
        Ok(task) if !task.id.as_str().is_empty() => Submission::Created(Box::new(task)),
        Ok(_) => Submission::Unknown("GitHub answered 201 with an empty task id".to_owned()),
        Err(error) => {
            let error = text::clean(&error.to_string(), text::REASON);
            Submission::Unknown(format!("GitHub answered 201, but without a readable task id: {error}"))
        }
    }
}

fn refused(error: ApiError) -> Submission {
    if !error.is_definite() {
        return Submission::Unknown(error.to_string());
    }
    match error.kind {
        ApiErrorKind::RateLimited(limit) => Submission::RateLimited(limit),
        _ => Submission::Refused(Box::new(error)),
    }
}

#[cfg(test)]
mod tests;
