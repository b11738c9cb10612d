//! What a failed call tells its caller.

use taskclass_github::{ApiErrorKind, CallError, CreateIssue, RateLimitKind, SendError};

use crate::fake::{Fake, repo};

fn call(fake: &Fake) -> CallError {
    fake.client().get_repo(&repo()).unwrap_err()
}

fn refused(status: u16, headers: &[(&str, &str)], body: &str) -> CallError {
    let fake = Fake::new();
    fake.answer(status, headers, body);
    call(&fake)
}

#[test]
fn a_refusal_names_operation_reason_and_request() {
    let body = r#"{"message":"Not Found","documentation_url":"https://docs.github.com/rest"}"#;
    let error = refused(404, &[("x-github-request-id", "C0:1")], body);
    assert!(error.is_not_found());
    assert_eq!(
        error.to_string(),
        "GET /repos/{owner}/{repo}: GitHub answered 404: not there, or not visible to this token; check the name and the token's \
         repositories; GitHub said: Not Found (request C0:1)"
    );
    assert_eq!(error.meta().unwrap().request_id.as_deref(), Some("C0:1"));
}

#[test]
fn a_rate_limit_is_found_from_any_operation() {
    let error = refused(
        403,
        &[
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "1795262400"),
            ("date", "Sat, 21 Nov 2026 11:50:00 GMT"),
        ],
        r#"{"message":"API rate limit exceeded"}"#,
    );
    let limit = error.rate_limit().unwrap();
    assert_eq!(limit.kind, RateLimitKind::Primary);
    let now = "2026-11-21T08:00:00Z".parse().unwrap();
    assert_eq!(limit.retry_at(now).to_string(), "2026-11-21T08:10:00Z");
}

#[test]
fn only_what_is_certain_counts_as_not_happened() {
    for (status, may) in
        [(400, false), (403, false), (404, false), (408, true), (422, false), (429, false), (500, true), (302, true)]
    {
        assert_eq!(refused(status, &[], "{}").may_have_happened(), may, "{status}");
    }
    let fake = Fake::new();
    fake.fail(SendError::not_sent("refused"));
    fake.fail(SendError::unknown("reset"));
    fake.answer(200, &[], "{");
    assert!(!call(&fake).may_have_happened());
    assert!(call(&fake).may_have_happened());
    assert!(call(&fake).may_have_happened());
}

#[test]
fn a_body_that_cannot_be_read_says_where() {
    let error = refused(200, &[("x-github-request-id", "R")], r#"{"id":"x"}"#);
    let CallError::Unreadable { reason, meta, .. } = &error else { panic!("{error}") };
    assert!(reason.contains("line 1"), "{reason}");
    assert_eq!(meta.request_id.as_deref(), Some("R"));
    let hostile = refused(200, &[], &format!(r#"{{"id":"\u001b[2J{}"}}"#, "x".repeat(9000)));
    assert!(hostile.to_string().chars().count() < 600);
    assert!(!hostile.to_string().contains('\u{1b}'));
}

#[test]
fn an_answer_nested_too_deep_is_refused_not_a_crash() {
    let body = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(matches!(refused(200, &[], &body), CallError::Unreadable { .. }));
    assert!(matches!(refused(422, &[], &body).api().unwrap().kind, ApiErrorKind::Validation { .. }));
}

#[test]
fn a_mutation_is_sent_once_whatever_comes_back() {
    for status in [202, 301, 307, 403, 429, 500, 502, 503] {
        let fake = Fake::new();
        fake.answer(status, &[("location", "/elsewhere"), ("retry-after", "0")], "{}");
        let issue = CreateIssue { title: "T".to_owned(), ..CreateIssue::default() };
        fake.client().create_issue(&repo(), &issue).unwrap_err();
        assert_eq!(fake.requests().len(), 1, "{status}");
    }
}
