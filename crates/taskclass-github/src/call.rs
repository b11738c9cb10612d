//! One operation being put together: its template, the values for it, query, body.

use serde::Serialize;

use crate::meta::Etag;
use crate::repo_name::RepoName;
use crate::transport::{Method, Purpose};

/// A request in the making. A value that cannot stand in the path is remembered and refused when the call is made.
#[derive(Debug)]
pub(crate) struct Call {
    /// `GET /repos/{owner}/{repo}`: names the operation in errors.
    pub(crate) operation: &'static str,
    pub(crate) method: Method,
    pub(crate) purpose: Purpose,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) if_none_match: Option<Etag>,
    pub(crate) problem: Option<String>,
}

impl Call {
    /// `operation` is the method, a space and the path as GitHub's description has it, with `{names}` to fill.
    pub(crate) fn new(operation: &'static str, purpose: Purpose) -> Self {
        let (method, path) = match operation.split_once(' ') {
            Some(("POST", path)) => (Method::Post, path),
            Some(("PATCH", path)) => (Method::Patch, path),
            Some((_, path)) => (Method::Get, path),
            None => (Method::Get, operation),
        };
        Self {
            operation,
            method,
            purpose,
            path: path.to_owned(),
            query: String::new(),
            body: None,
            if_none_match: None,
            problem: None,
        }
    }

    /// A call that only reads.
    pub(crate) fn read(operation: &'static str) -> Self {
        Self::new(operation, Purpose::Read)
    }

    /// Fills `{owner}` and `{repo}`.
    pub(crate) fn repo(self, repo: &RepoName) -> Self {
        self.segment("owner", repo.owner()).segment("repo", repo.name())
    }

    /// Fills one placeholder with one path segment; a slash in the value is encoded.
    pub(crate) fn segment(self, name: &str, value: &str) -> Self {
        let encoded = encode(value);
        self.fill(name, value, &[value], encoded)
    }

    /// Fills one placeholder with a path of several segments, keeping its slashes.
    pub(crate) fn segments(self, name: &str, value: &str) -> Self {
        let parts: Vec<&str> = value.split('/').collect();
        let encoded = parts.iter().map(|part| encode(part)).collect::<Vec<_>>().join("/");
        self.fill(name, value, &parts, encoded)
    }

    /// Fills one placeholder with two values around `...`.
    pub(crate) fn range(self, name: &str, base: &str, head: &str) -> Self {
        let encoded = format!("{}...{}", encode(base), encode(head));
        self.fill(name, "", &[base, head], encoded)
    }

    fn fill(mut self, name: &str, value: &str, parts: &[&str], encoded: String) -> Self {
        // A dot segment would be resolved away by any URL parser and reach another operation.
        if parts.iter().any(|part| matches!(*part, "" | "." | "..")) {
            let shown = crate::text::clean(value, crate::text::WORD);
            self.problem
                .get_or_insert(format!("`{shown}` cannot be used as {name}: empty, `.` and `..` parts are not names"));
        }
        self.path = self.path.replace(&format!("{{{name}}}"), &encoded);
        self
    }

    /// Adds a query parameter.
    pub(crate) fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push(if self.query.is_empty() { '?' } else { '&' });
        self.query.push_str(&encode(name));
        self.query.push('=');
        self.query.push_str(&encode(value));
        self
    }

    /// Adds a query parameter if there is a value.
    pub(crate) fn query_opt(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    /// Asks for the largest page that GitHub gives.
    pub(crate) fn full_pages(self) -> Self {
        self.query("per_page", "100")
    }

    /// Sets the body to the JSON of a value.
    pub(crate) fn json(mut self, value: &impl Serialize) -> Self {
        match serde_json::to_vec(value) {
            Ok(bytes) => self.body = Some(bytes),
            Err(error) => self.problem = Some(format!("the body cannot be written as JSON: {error}")),
        }
        self
    }

    /// Sets the body to these exact bytes.
    pub(crate) fn bytes(mut self, body: &[u8]) -> Self {
        self.body = Some(body.to_vec());
        self
    }

    /// Asks only for a change since the answer that carried this tag.
    pub(crate) fn if_none_match(mut self, etag: &Etag) -> Self {
        self.if_none_match = Some(etag.clone());
        self
    }
}

/// Percent-encodes everything but RFC 3986's unreserved characters.
fn encode(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            const HEX: &[u8; 16] = b"0123456789ABCDEF";
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::Call;

    #[test]
    fn values_are_encoded_strictly() {
        let call = Call::read("GET /x/{a}").segment("a", "feature/ä ?#%&+").query("q", "a b&c=d").query("r", "1");
        assert_eq!(call.path, "/x/feature%2F%C3%A4%20%3F%23%25%26%2B");
        assert_eq!(call.query, "?q=a%20b%26c%3Dd&r=1");
        assert_eq!(Call::read("GET /x/{a}").segments("a", "docs/a b.md").path, "/x/docs/a%20b.md");
        assert_eq!(Call::read("GET /x/{a}").range("a", "main", "copilot/fix").path, "/x/main...copilot%2Ffix");
    }

    #[test]
    fn a_value_with_braces_is_not_filled_again() {
        let call = Call::read("GET /x/{a}/{b}").segment("a", "{b}").segment("b", "y");
        assert_eq!(call.path, "/x/%7Bb%7D/y");
    }

    #[test]
    fn dot_segments_are_a_problem() {
        for bad in ["", ".", ".."] {
            assert!(Call::read("GET /x/{a}").segment("a", bad).problem.is_some());
        }
        for bad in ["a/../b", "/a", "a/", "a//b", "./a"] {
            assert!(Call::read("GET /x/{a}").segments("a", bad).problem.is_some(), "{bad}");
        }
        assert!(Call::read("GET /x/{a}").range("a", "main", "").problem.is_some());
        assert!(Call::read("GET /x/{a}").segment("a", "a..b").problem.is_none());
    }
}
