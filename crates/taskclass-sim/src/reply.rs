//! An operation's answer before it is put on the wire, and GitHub's errors.

use serde_json::{Map, Value, json};

use crate::message::Response;

/// What an operation answers.
pub(crate) type Answer = Result<Reply, Problem>;

/// A good answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Option<Value>,
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Reply {
    pub(crate) fn ok(body: Value) -> Self {
        Self { status: 200, body: Some(body), headers: Vec::new() }
    }

    pub(crate) fn created(body: Value) -> Self {
        Self { status: 201, ..Self::ok(body) }
    }

    pub(crate) fn header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The answer as a response, without the headers that every response has.
    pub(crate) fn into_response(self) -> Response {
        let mut headers: Vec<_> = self.headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let body = match self.body {
            Some(body) => {
                headers.push(("content-type".to_owned(), "application/json; charset=utf-8".to_owned()));
                body.to_string().into_bytes()
            }
            None => Vec::new(),
        };
        Response { status: self.status, headers, body }
    }
}

/// An error as GitHub words it. In a box: it is rare, and the answer beside it small.
#[derive(Debug, Clone)]
pub(crate) struct Problem(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    status: u16,
    message: String,
    documentation: &'static str,
    errors: Vec<Value>,
    extra: Map<String, Value>,
    headers: Vec<(&'static str, String)>,
}

const REST: &str = "https://docs.github.com/rest";
const SECONDARY: &str = "https://docs.github.com/free-pro-team@latest/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits";

impl Problem {
    pub(crate) fn new(status: u16, message: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            status,
            message: message.into(),
            documentation: REST,
            errors: Vec::new(),
            extra: Map::new(),
            headers: Vec::new(),
        }))
    }

    pub(crate) fn not_found() -> Self {
        Self::new(404, "Not Found")
    }

    fn validation(error: Value) -> Self {
        let mut problem = Self::new(422, "Validation Failed");
        problem.0.errors.push(error);
        problem
    }

    /// 422 about one field of one kind of thing. GitHub's codes: `missing_field`, `invalid`, `already_exists`, `custom`, ...
    pub(crate) fn invalid(resource: &str, field: &str, code: &str) -> Self {
        Self::validation(json!({"resource": resource, "field": field, "code": code}))
    }

    /// 422 with a message of its own.
    pub(crate) fn custom(resource: &str, message: &str) -> Self {
        Self::validation(json!({"resource": resource, "code": "custom", "message": message}))
    }

    pub(crate) fn secondary_limit(status: u16, retry_after: Option<u32>) -> Self {
        let message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach \
                       out to GitHub Support for help, please include the request ID.";
        let mut problem = Self::new(status, message);
        problem.0.documentation = SECONDARY;
        match retry_after {
            Some(seconds) => problem.header("retry-after", seconds.to_string()),
            None => problem,
        }
    }

    pub(crate) fn primary_limit(status: u16, user: u64) -> Self {
        Self::new(status, format!("API rate limit exceeded for user ID {user}."))
    }

    /// 403 for single sign-on.
    pub(crate) fn sso(organization: &str) -> Self {
        let message = "Resource protected by organization SAML enforcement. You must grant your Personal Access token \
                       access to this organization.";
        let url = format!("required; url=https://github.com/orgs/{organization}/sso?authorization_request=A");
        Self::new(403, message).header("x-github-sso", url)
    }

    pub(crate) fn header(mut self, name: &'static str, value: String) -> Self {
        self.0.headers.push((name, value));
        self
    }

    pub(crate) fn with(mut self, name: &str, value: Value) -> Self {
        self.0.extra.insert(name.to_owned(), value);
        self
    }

    pub(crate) fn into_reply(self) -> Reply {
        let Parts { status, message, documentation, errors, extra, headers } = *self.0;
        let mut body = Map::new();
        body.insert("message".to_owned(), message.into());
        if !errors.is_empty() {
            body.insert("errors".to_owned(), errors.into());
        }
        body.insert("documentation_url".to_owned(), documentation.into());
        body.insert("status".to_owned(), status.to_string().into());
        body.extend(extra);
        Reply { status, body: Some(body.into()), headers }
    }
}
