//! A span: one stretch of a task's life, with ids that follow from the task alone.

use std::fmt;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::vocab::{Key, RunId};

/// A run's trace: 16 bytes, printed as 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TraceId([u8; 16]);

/// A span: 8 bytes, printed as 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpanId([u8; 8]);

fn hash<const N: usize>(parts: &[&str]) -> [u8; N] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.as_bytes());
        hasher.update(b"\n");
    }
    let mut id = [0; N];
    for (to, from) in id.iter_mut().zip(hasher.finalize()) {
        *to = from;
    }
    id
}

impl TraceId {
    /// The trace of a run: whoever exports it, and however often, it is the same.
    pub fn of(run: &RunId) -> Self {
        Self(hash(&["taskclass-trace/v1", run.as_str()]))
    }
}

impl SpanId {
    /// The `count`th span of this name in a task.
    pub fn of(key: &Key, name: &str, count: u32) -> Self {
        Self(hash(&["taskclass-span/v1", key.as_str(), name, &count.to_string()]))
    }
}

fn hex(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex(&self.0, f)
    }
}

impl fmt::Display for SpanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex(&self.0, f)
    }
}

/// An attribute's value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// A yes or no.
    Flag(bool),
    /// Texts.
    Texts(Vec<String>),
}

/// How a stretch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Neither well nor badly.
    Unset,
    /// Well.
    Fine,
    /// Badly.
    Failed,
}

/// One stretch of a task's life, which has ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// Its run's trace.
    pub trace: TraceId,
    /// Its own id.
    pub id: SpanId,
    /// The task's span; absent for that itself.
    pub parent: Option<SpanId>,
    /// `task`, or what the task was in.
    pub name: &'static str,
    /// When it began: by GitHub's clock where GitHub says so, never after `end`.
    pub start: Timestamp,
    /// When it ended.
    pub end: Timestamp,
    /// How it ended.
    pub status: Status,
    /// Facts, by OpenTelemetry's semantic conventions where there are any.
    pub attributes: Vec<(&'static str, Value)>,
}
