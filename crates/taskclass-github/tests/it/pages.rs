//! Lists: only the `next` link is followed, never out of the origin, never without bound; conditional requests.

use taskclass_github::{CallError, Conditional, Etag, PullNumber, TaskQuery};

use crate::fake::{Fake, repo};

fn file(name: &str) -> String {
    format!(r#"[{{"filename":"{name}","status":"added","additions":1,"deletions":0}}]"#)
}

fn next(url: &str) -> String {
    format!(r#"<https://api.github.com/x?page=9>; rel="last", <{url}>; rel="next""#)
}

#[test]
fn pages_are_read_by_their_next_link_one_request_each() {
    let fake = Fake::new();
    let second = next("https://api.github.com/repositories/1/pulls/5/files?page=2&cursor=a%2Fb");
    fake.answer(200, &[("Link", &second), ("x-github-request-id", "R1"), ("x-ratelimit-remaining", "10")], &file("a"));
    fake.answer(200, &[("link", &next("/third")), ("x-github-request-id", "R2")], &file("b"));
    fake.answer(
        200,
        &[("link", r#"<https://api.github.com/first>; rel="first""#), ("x-github-request-id", "R3")],
        "[]",
    );
    let client = fake.client();

    let first = client.list_pull_files(&repo(), PullNumber(5)).unwrap();
    assert_eq!(fake.requests().len(), 1);
    let all = client.collect(first, 3).unwrap();

    let names: Vec<&str> = all.items.iter().map(|file| file.filename.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
    let ids: Vec<_> = all.metas.iter().map(|meta| meta.request_id.as_deref().unwrap()).collect();
    assert_eq!(ids, ["R1", "R2", "R3"]);
    assert_eq!(all.metas[0].rate.remaining, Some(10));
    assert_eq!(all.metas[1].rate.remaining, None);
    assert_eq!(
        fake.paths(),
        [
            "/repos/octo-org/widgets/pulls/5/files?per_page=100",
            "/repositories/1/pulls/5/files?page=2&cursor=a%2Fb",
            "/third"
        ]
    );
}

#[test]
fn a_list_longer_than_allowed_is_an_error_and_not_a_short_list() {
    let fake = Fake::new();
    fake.answer(200, &[("link", &next("/2"))], &file("a"));
    fake.answer(200, &[("link", &next("/2"))], &file("a"));
    let client = fake.client();
    let first = client.list_pull_files(&repo(), PullNumber(5)).unwrap();
    let error = client.collect(first, 2).unwrap_err();
    assert!(matches!(error, CallError::TooManyPages { limit: 2, .. }), "{error}");
    assert_eq!(fake.requests().len(), 2);
}

#[test]
fn a_link_out_of_the_origin_is_refused() {
    for target in
        ["https://evil.example/x", "http://api.github.com/x", "https://api.github.com:8443/x", "//evil.example/x"]
    {
        let fake = Fake::new();
        fake.answer(200, &[("link", &next(target))], &file("a"));
        let error = fake.client().list_pull_files(&repo(), PullNumber(5)).unwrap_err();
        assert!(matches!(error, CallError::ForeignLink { .. }), "{error}");
        assert!(!error.to_string().contains("evil"));
    }
}

#[test]
fn pages_inside_an_object_are_collected_too() {
    let fake = Fake::new();
    fake.answer(200, &[("link", &next("/2"))], r#"{"tasks":[{"id":"a","state":"queued"}],"total_active_count":2}"#);
    fake.answer(200, &[], r#"{"tasks":[{"id":"b","state":"failed"}]}"#);
    let client = fake.client();
    let first = client.list_tasks(&TaskQuery::default()).unwrap();
    assert_eq!(first.value.body.total_active_count, Some(2));
    let all = client.collect(first, 10).unwrap();
    assert_eq!(all.items.iter().map(|task| task.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn an_etag_is_kept_sent_back_and_304_is_not_modified() {
    let fake = Fake::new();
    fake.answer(200, &[("etag", "W/\"abc\"")], r#"{"tasks":[]}"#);
    fake.answer(304, &[("x-ratelimit-remaining", "9"), ("etag", "W/\"abc\"")], "");
    fake.answer(200, &[], r#"{"tasks":[{"id":"a","state":"queued"}]}"#);
    let client = fake.client();
    let query = TaskQuery::default();

    let etag = client.list_repo_tasks(&repo(), &query).unwrap().meta.etag.unwrap();
    let unchanged = client.list_repo_tasks_if_changed(&repo(), &query, &etag).unwrap();
    assert_eq!(unchanged.value, Conditional::NotModified);
    assert_eq!((unchanged.meta.status, unchanged.meta.rate.remaining), (304, Some(9)));
    let changed = client.list_repo_tasks_if_changed(&repo(), &query, &etag).unwrap();
    assert!(matches!(changed.value, Conditional::Modified(page) if page.body.tasks.len() == 1));

    let sent: Vec<_> =
        fake.requests().iter().map(|request| request.headers.get("if-none-match").map(str::to_owned)).collect();
    assert_eq!(sent, [None, Some("W/\"abc\"".to_owned()), Some("W/\"abc\"".to_owned())]);
}

#[test]
fn the_other_conditional_operations() {
    let etag = Etag::new("\"x\"").unwrap();
    let fake = Fake::new();
    for _ in 0..3 {
        fake.answer(304, &[], "");
    }
    let client = fake.client();
    assert_eq!(client.list_tasks_if_changed(&TaskQuery::default(), &etag).unwrap().value, Conditional::NotModified);
    assert_eq!(client.get_repo_task_if_changed(&repo(), &"t".into(), &etag).unwrap().value, Conditional::NotModified);
    assert_eq!(client.get_pull_if_changed(&repo(), PullNumber(1), &etag).unwrap().value, Conditional::NotModified);
    assert!(fake.requests().iter().all(|request| request.headers.get("if-none-match") == Some("\"x\"")));
}

#[test]
fn a_304_nobody_asked_for_is_no_value() {
    let fake = Fake::answering(304, "");
    assert_eq!(fake.client().get_user().unwrap_err().api().unwrap().status, 304);
}

#[test]
fn a_tag_that_cannot_stand_in_a_field_is_none() {
    assert!(Etag::new("W/\"ok\"").is_some());
    for bad in ["", "a\r\nx: y", "é", &"x".repeat(300)] {
        assert!(Etag::new(bad).is_none());
    }
}
