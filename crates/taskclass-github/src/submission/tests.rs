//! Every status and every failure, classified.

use super::{Attempt, Submission, classify};
use crate::transport::{Response, SendError};

const ID: &str = r#"{"id":"t1","state":"queued","created_at":"2026-11-21T12:00:00Z"}"#;

fn attempt(status: u16, headers: &[(&str, &str)], body: &str) -> Attempt {
    let response = Response { status, headers: headers.iter().copied().collect(), body: body.as_bytes().to_vec() };
    classify("POST /x", Ok(&response))
}

fn class(status: u16, headers: &[(&str, &str)], body: &str) -> &'static str {
    match attempt(status, headers, body).submission {
        Submission::Created(_) => "created",
        Submission::NotSent(_) => "not sent",
        Submission::RateLimited(_) => "rate limited",
        Submission::Refused(_) => "refused",
        Submission::Unknown(_) => "unknown",
    }
}

#[test]
fn every_status_there_is() {
    for status in 100..600 {
        let expected = match status {
            201 => "created",
            408 => "unknown",
            429 => "rate limited",
            400..=499 => "refused",
            _ => "unknown",
        };
        assert_eq!(class(status, &[], ID), expected, "{status}");
    }
}

#[test]
fn a_201_is_created_if_and_only_if_an_id_can_be_read() {
    assert_eq!(class(201, &[], r#"{"id":"t1"}"#), "created");
    assert_eq!(class(201, &[], r#"{"id":"t1","state":7,"created_at":"soon","artifacts":3,"sessions":[1]}"#), "created");
    for body in ["", "{", "{}", "null", "[]", r#"{"id":""}"#, r#"{"id":null}"#, "<html>", &ID[..ID.len() - 1]] {
        assert_eq!(class(201, &[], body), "unknown", "{body}");
    }
}

#[test]
fn a_403_is_a_rate_limit_or_a_refusal() {
    assert_eq!(class(403, &[], "{}"), "refused");
    assert_eq!(class(403, &[("retry-after", "5")], "{}"), "rate limited");
    assert_eq!(class(403, &[("x-ratelimit-remaining", "0")], "{}"), "rate limited");
    assert_eq!(class(403, &[("x-ratelimit-remaining", "1")], "{}"), "refused");
    assert_eq!(class(403, &[], r#"{"message":"You have exceeded a secondary rate limit"}"#), "rate limited");
    assert_eq!(class(403, &[("x-github-sso", "required")], "{}"), "refused");
}

#[test]
fn rate_limit_fields_do_not_excuse_a_server_error() {
    assert_eq!(class(503, &[("retry-after", "5"), ("x-ratelimit-remaining", "0")], "{}"), "unknown");
    assert_eq!(class(408, &[("retry-after", "5")], "{}"), "unknown");
}

#[test]
fn failures_to_send() {
    let not_sent = classify("POST /x", Err(SendError::not_sent("refused")));
    assert_eq!(not_sent, Attempt { submission: Submission::NotSent("refused".to_owned()), meta: None });
    let unknown = classify("POST /x", Err(SendError::unknown("reset")));
    assert_eq!(unknown, Attempt { submission: Submission::Unknown("reset".to_owned()), meta: None });
}

#[test]
fn what_the_answer_says_beside_its_body_is_kept() {
    for status in [201, 403, 422, 429, 502] {
        let meta = attempt(status, &[("x-github-request-id", "R1"), ("x-ratelimit-remaining", "9")], ID).meta.unwrap();
        assert_eq!((meta.status, meta.request_id.as_deref(), meta.rate.remaining), (status, Some("R1"), Some(9)));
    }
}
