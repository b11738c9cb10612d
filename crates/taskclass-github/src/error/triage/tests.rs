//! Each refusal by its headers and body, and the order in which a 403 is told apart.

use super::super::{ApiError, ApiErrorKind, Barrier, RateLimitKind, RetryAfter};
use crate::transport::Response;

fn error(status: u16, headers: &[(&str, &str)], body: &str) -> ApiError {
    let headers = headers.iter().copied().collect();
    ApiError::of("GET /x", &Response { status, headers, body: body.as_bytes().to_vec() })
}

fn kind(status: u16, headers: &[(&str, &str)], body: &str) -> ApiErrorKind {
    error(status, headers, body).kind
}

fn limit_kind(status: u16, headers: &[(&str, &str)], body: &str) -> Option<RateLimitKind> {
    match kind(status, headers, body) {
        ApiErrorKind::RateLimited(limit) => Some(limit.kind),
        _ => None,
    }
}

const SSO: (&str, &str) = ("X-GitHub-SSO", "required; url=https://github.com/orgs/o/sso?authorization_request=A1");
const PERMISSION: (&str, &str) = ("X-Accepted-GitHub-Permissions", "agent_tasks=write");
const NONE_LEFT: (&str, &str) = ("x-ratelimit-remaining", "0");
const SOME_LEFT: (&str, &str) = ("x-ratelimit-remaining", "4999");

#[test]
fn a_403_is_told_apart_in_order() {
    let secondary = r#"{"message":"You have exceeded a secondary rate limit."}"#;
    assert_eq!(limit_kind(403, &[("retry-after", "30"), SSO, PERMISSION], "{}"), Some(RateLimitKind::Secondary));
    assert_eq!(limit_kind(403, &[NONE_LEFT, SSO, PERMISSION], "{}"), Some(RateLimitKind::Primary));
    assert_eq!(limit_kind(403, &[SOME_LEFT, SSO, PERMISSION], secondary), Some(RateLimitKind::Secondary));
    assert!(matches!(kind(403, &[SOME_LEFT, SSO, PERMISSION], "{}"), ApiErrorKind::Sso { url: Some(_) }));
    assert_eq!(
        kind(403, &[SOME_LEFT, PERMISSION], "{}"),
        ApiErrorKind::MissingPermission { accepted: Some("agent_tasks=write".to_owned()) }
    );
    // The field that names a permission comes with other refusals too: what GitHub says clearly goes before it.
    assert_eq!(
        kind(403, &[SOME_LEFT, PERMISSION], r#"{"message":"Copilot is disabled"}"#),
        ApiErrorKind::Policy(Barrier::AgentOff)
    );
    assert_eq!(kind(403, &[], "<html>"), ApiErrorKind::Policy(Barrier::Unknown));
}

/// One refusal: its status, fields and words, the kind that it is told to be, and what its text says to do.
type Row = (u16, &'static [(&'static str, &'static str)], &'static str, &'static str, &'static str);

const TABLE: [Row; 30] = [
    (403, &[("retry-after", "30")], "You have exceeded a secondary rate limit.", "secondary", "wait 30 s"),
    (429, &[("retry-after", "30")], "", "secondary", "wait 30 s"),
    (
        403,
        &[SOME_LEFT],
        "You have exceeded a secondary rate limit and have been temporarily blocked.",
        "secondary",
        "60 s",
    ),
    (403, &[], "You have triggered an abuse detection mechanism.", "secondary", "wait at least 60 s"),
    (
        403,
        &[NONE_LEFT, ("x-ratelimit-reset", "1795262400")],
        "API rate limit exceeded",
        "primary",
        "wait until 2026-11-21",
    ),
    (429, &[NONE_LEFT, ("x-ratelimit-reset", "1795262400")], "", "primary", "wait until 2026-11-21"),
    (403, &[], "API rate limit exceeded for user ID 7.", "primary", "wait at least 60 s"),
    (
        403,
        &[SSO],
        "Resource protected by organization SAML enforcement.",
        "sso",
        "authorise it at https://github.com/orgs/o/sso",
    ),
    (403, &[], "Resource protected by organization SAML enforcement.", "sso", "in the token's settings"),
    (403, &[("x-github-sso", "partial-results; organizations=1,2"), PERMISSION], "", "permission", "agent_tasks=write"),
    (403, &[PERMISSION], "Resource not accessible by personal access token", "permission", "agent_tasks=write"),
    (403, &[PERMISSION], "Resource not accessible by integration", "permission", "agent_tasks=write"),
    (403, &[], "Resource not accessible by personal access token", "permission", "is not for this repository"),
    (403, &[], "Resource not accessible by integration", "InstallationToken", "use a user's token"),
    (403, &[], "Copilot cloud agent is disabled by your organization's policy.", "AgentOff", "turns it on"),
    (403, &[], "Copilot is disabled here", "AgentOff", "turns it on"),
    (403, &[], "Copilot cloud agent is not enabled for this repository.", "NotThisRepository", "repository access"),
    (403, &[PERMISSION], "The coding agent is disabled for this repository", "NotThisRepository", "repository access"),
    (403, &[], "You do not have a Copilot license that includes the cloud agent", "NoLicence", "an owner assigns one"),
    (403, &[], "You have used all your premium requests for this month.", "NoCredits", "raises the budget"),
    (402, &[], "Payment Required", "NoCredits", "raises the budget"),
    (
        403,
        &[],
        "the `acme` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.",
        "AddressNotAllowed",
        "from one that is listed",
    ),
    (
        403,
        &[],
        "`acme` forbids access via a personal access token (classic). Please use a GitHub App.",
        "TokenNotAccepted",
        "make a fine-grained token",
    ),
    (
        403,
        &[PERMISSION],
        "The 'acme' organization forbids access via a fine-grained personal access tokens if the token's lifetime is greater than 366 days.",
        "TokenNotAccepted",
        "within its rules",
    ),
    (
        403,
        &[],
        "Although you appear to have the correct authorization credentials, the `acme` organization has enabled OAuth App access restrictions",
        "TokenNotAccepted",
        "approve this one",
    ),
    (403, &[], "Must have admin rights to Repository.", "NoRights", "write access"),
    (403, &[], "Repository was archived so is read-only.", "Archived", "unarchive it"),
    (403, &[], "Sorry. Your account was suspended.", "Suspended", "settle that with GitHub"),
    (403, &[], "Forbidden", "Unknown", "ask an owner"),
    (403, &[], "", "Unknown", "ask an owner"),
];

#[test]
fn each_refusal_is_what_it_is_and_says_what_to_do() {
    for (status, headers, message, expected, advice) in TABLE {
        let body = serde_json::json!({ "message": message }).to_string();
        let error = error(status, headers, &body);
        let found = match &error.kind {
            ApiErrorKind::RateLimited(limit) if limit.kind == RateLimitKind::Primary => "primary".to_owned(),
            ApiErrorKind::RateLimited(_) => "secondary".to_owned(),
            ApiErrorKind::Sso { .. } => "sso".to_owned(),
            ApiErrorKind::MissingPermission { .. } => "permission".to_owned(),
            ApiErrorKind::Policy(barrier) => format!("{barrier:?}"),
            other => format!("{other:?}"),
        };
        assert_eq!(found, expected, "{status} {headers:?} {message}");
        let text = error.to_string();
        assert!(text.contains(advice), "`{advice}` in: {text}");
        assert!(message.is_empty() || text.contains(message), "GitHub's own words in: {text}");
    }
}

#[test]
fn a_429_is_always_a_rate_limit() {
    assert_eq!(limit_kind(429, &[SSO, PERMISSION], ""), Some(RateLimitKind::Secondary));
    assert_eq!(limit_kind(429, &[NONE_LEFT], "{}"), Some(RateLimitKind::Primary));
    let both = r#"{"message":"secondary rate limit"}"#;
    assert_eq!(limit_kind(429, &[NONE_LEFT], both), Some(RateLimitKind::Secondary));
}

#[test]
fn the_fields_of_a_limit_are_kept_as_said() {
    let headers = [
        ("retry-after", "Sat, 21 Nov 2026 12:00:09 GMT"),
        NONE_LEFT,
        ("x-ratelimit-reset", "1795262400"),
        ("x-ratelimit-resource", "mission_control"),
        ("date", "Sat, 21 Nov 2026 11:59:00 GMT"),
    ];
    let ApiErrorKind::RateLimited(limit) = kind(429, &headers, "{}") else { panic!("a rate limit") };
    assert_eq!(limit.retry_after, Some(RetryAfter::At("2026-11-21T12:00:09Z".parse().unwrap())));
    assert_eq!(limit.reset, "2026-11-21T12:00:00Z".parse().ok());
    assert_eq!(limit.server_date, "2026-11-21T11:59:00Z".parse().ok());
    assert_eq!(limit.resource.as_deref(), Some("mission_control"));
    let now = "2027-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(limit.retry_at(now).to_string(), "2027-01-01T00:01:09Z");

    let ApiErrorKind::RateLimited(limit) = kind(429, &[SOME_LEFT, ("x-ratelimit-reset", "1795262400")], "{}") else {
        panic!("a rate limit")
    };
    assert_eq!(limit.reset, None, "a reset only counts when nothing remains");
}

#[test]
fn the_other_statuses() {
    for (status, expected) in [
        (301, ApiErrorKind::Redirected),
        (304, ApiErrorKind::Redirected),
        (400, ApiErrorKind::BadRequest),
        (401, ApiErrorKind::Unauthorized),
        (404, ApiErrorKind::NotFound),
        (408, ApiErrorKind::Timeout),
        (409, ApiErrorKind::Conflict),
        (410, ApiErrorKind::Gone),
        (500, ApiErrorKind::ServerError),
        (502, ApiErrorKind::ServerError),
        (451, ApiErrorKind::Other),
    ] {
        assert_eq!(kind(status, &[], "{}"), expected, "{status}");
    }
}

#[test]
fn the_entries_of_a_422() {
    let body = r#"{"message":"Validation Failed","documentation_url":"https://docs.github.com/x",
        "errors":[{"code":"custom","message":"model is not available"},{"resource":"Task","field":"prompt","code":"missing_field"},"plain",7]}"#;
    let error = error(422, &[("x-github-request-id", "AB:12")], body);
    let ApiErrorKind::Validation { errors } = &error.kind else { panic!("a validation error") };
    assert_eq!(errors.len(), 4);
    assert_eq!(error.documentation_url.as_deref(), Some("https://docs.github.com/x"));
    assert_eq!(
        error.to_string(),
        "GET /x: GitHub answered 422: a value was refused: custom model is not available, Task prompt missing_field, plain, \
         (unspecified); GitHub said: Validation Failed (request AB:12)"
    );
}

#[test]
fn every_kind_says_something_of_its_own() {
    let said = |status, headers: &[(&str, &str)], body: &str| error(status, headers, body).to_string();
    let mut texts = vec![
        said(403, &[("retry-after", "30")], "{}"),
        said(403, &[NONE_LEFT], "{}"),
        said(403, &[SSO], "{}"),
        said(403, &[("x-github-sso", "required; url=javascript:x")], "{}"),
        said(403, &[PERMISSION], "{}"),
        said(403, &[], "{}"),
    ];
    for status in [302, 400, 401, 404, 408, 409, 410, 422, 500, 418] {
        texts.push(said(status, &[], "{}").replace(&status.to_string(), ""));
    }
    let total = texts.len();
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), total);
}

#[test]
fn hostile_bodies_are_bounded_and_printable() {
    let body = format!(
        r#"{{"message":"\u001b[2Ja\nb\u202e{}","documentation_url":"javascript:x","errors":{{"a":1}}}}"#,
        "x".repeat(5000)
    );
    let error = error(422, &[("x-github-request-id", "a\u{7}b")], &body);
    let text = error.to_string();
    assert!(text.chars().count() < 700);
    assert!(!text.chars().any(|c| c.is_control() || c == '\u{202e}'));
    assert_eq!(error.documentation_url, None);
    let many = format!(r#"{{"errors":[{}]}}"#, vec!["\"e\""; 1000].join(","));
    assert!(
        super::super::ApiError::of(
            "GET /x",
            &Response { status: 422, headers: Default::default(), body: many.into_bytes() }
        )
        .to_string()
        .len()
            < 500
    );
}
