//! The one door to the network: a request, sent once, and what came of it.

use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use crate::text;

/// Sends one request to GitHub once.
///
/// An implementation never repeats a request that is not a [`Purpose::Read`], and tells apart "no byte was written" from "nobody knows".
pub trait Transport {
    /// Sends the request and returns the whole answer, whatever its status.
    ///
    /// # Errors
    /// [`SendError::NotSent`] if no byte of the request was written, [`SendError::Unknown`] for everything after that.
    fn send(&self, request: &Request) -> Result<Response, SendError>;
}

impl<T: Transport + ?Sized> Transport for &T {
    fn send(&self, request: &Request) -> Result<Response, SendError> {
        (**self).send(request)
    }
}

impl<T: Transport + ?Sized> Transport for Box<T> {
    fn send(&self, request: &Request) -> Result<Response, SendError> {
        (**self).send(request)
    }
}

impl<T: Transport + ?Sized> Transport for Rc<T> {
    fn send(&self, request: &Request) -> Result<Response, SendError> {
        (**self).send(request)
    }
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(&self, request: &Request) -> Result<Response, SendError> {
        (**self).send(request)
    }
}

/// The HTTP methods that the operations use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, or asks for an action.
    Post,
    /// Changes.
    Patch,
}

impl Method {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a second sending of the same request would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Nothing: it only reads. May travel on a pooled connection and follow a redirect within the origin.
    Read,
    /// Leaves the same state as the first (a label, a status, a closed pull request): safe to repeat, but counted as a mutation.
    Mutation,
    /// Makes a second thing (a task, an issue, a comment, a pull request): after an unknown outcome, look before sending again.
    Unrepeatable,
}

/// Header fields in order; names are compared without regard to case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// No fields.
    pub fn new() -> Self {
        Self::default()
    }

    /// The first value of the field, if it is there.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Adds a field after those already there.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// Every field in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Self {
        Self(fields.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

/// One request. It names no host and carries no credential: the transport adds both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Path and query as they go on the wire: begins with one `/`, is percent-encoded.
    pub path_and_query: String,
    /// User agent, API version, what is accepted; content type when there is a body; `if-none-match` when asked conditionally.
    pub headers: Headers,
    /// The exact bytes of the body.
    pub body: Option<Vec<u8>>,
    /// What a second sending would do.
    pub purpose: Purpose,
}

/// One whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The header fields.
    pub headers: Headers,
    /// The body, complete.
    pub body: Vec<u8>,
}

/// Why there is no answer. The texts are bounded, printable and free of credentials.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// No byte of the request was written (name lookup, connection, TLS, or the request was refused here): it can be sent again.
    #[error("GitHub could not be reached, nothing was sent: {0}")]
    NotSent(String),
    /// Something was, or may have been, written: timeout, reset, an answer cut short or too large.
    #[error("the connection failed after the request was (or may have been) sent: {0}")]
    Unknown(String),
}

impl SendError {
    /// Nothing was written; the reason is made printable.
    pub fn not_sent(reason: &str) -> Self {
        Self::NotSent(text::clean(reason, text::REASON))
    }

    /// Nobody knows; the reason is made printable.
    pub fn unknown(reason: &str) -> Self {
        Self::Unknown(text::clean(reason, text::REASON))
    }
}
