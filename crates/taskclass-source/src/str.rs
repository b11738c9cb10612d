//! Text of a scalar without a copy: a slice of the file where the file says it as it is, its own text where not.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use crate::Span;

/// A string that shares its bytes with the file it was read from whenever its decoded form stands there verbatim.
#[derive(Clone)]
pub struct Str {
    text: Arc<str>,
    span: Span,
}

impl Str {
    /// The slice `span` of `text`; empty where the span does not fall on characters of the text.
    pub(crate) fn slice(text: &Arc<str>, span: Span) -> Self {
        Self { text: Arc::clone(text), span }
    }

    /// Text of its own.
    pub fn owned(text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let span = Span::new(0, text.len());
        Self { text, span }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        self.text.get(self.span.range()).unwrap_or_default()
    }
}

impl Deref for Str {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Str {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl Borrow<str> for Str {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq for Str {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Str {}

impl PartialEq<str> for Str {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Str {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialOrd for Str {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Str {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for Str {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Debug for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), f)
    }
}

impl From<&str> for Str {
    fn from(text: &str) -> Self {
        Self::owned(text)
    }
}

impl From<String> for Str {
    fn from(text: String) -> Self {
        Self::owned(text)
    }
}
