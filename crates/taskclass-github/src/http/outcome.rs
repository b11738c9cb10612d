//! What a failed exchange says of itself, without the URL.

use std::error::Error;

/// The error and its causes in one line. The URL is left out: the transport names the host, and the
/// operation's name says the rest.
pub(super) fn describe(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let said = inner.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = inner.source();
    }
    text
}
