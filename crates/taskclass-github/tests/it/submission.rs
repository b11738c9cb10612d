//! Creating a task through the client: exact bytes, sent once, every outcome told apart.

use taskclass_github::{CreateTask, Purpose, SendError, Submission, TaskState};

use crate::fake::{Fake, repo};

fn task() -> CreateTask {
    CreateTask {
        prompt: "Write \"it\"\n—".to_owned(),
        model: None,
        custom_agent: None,
        create_pull_request: false,
        base_ref: None,
        head_ref: None,
    }
}

#[test]
fn the_body_is_the_same_bytes_every_time() {
    assert_eq!(
        String::from_utf8(task().to_body()).unwrap(),
        r#"{"prompt":"Write \"it\"\n—","create_pull_request":false}"#
    );
    let full = CreateTask {
        model: Some("m".to_owned()),
        custom_agent: Some("a".to_owned()),
        create_pull_request: true,
        base_ref: Some("b".to_owned()),
        head_ref: Some("h".to_owned()),
        prompt: "p".to_owned(),
    };
    assert_eq!(
        String::from_utf8(full.to_body()).unwrap(),
        r#"{"prompt":"p","model":"m","custom_agent":"a","create_pull_request":true,"base_ref":"b","head_ref":"h"}"#
    );
}

#[test]
fn exactly_the_given_bytes_are_sent_once() {
    let fake =
        Fake::answering(201, r#"{"id":"t1","state":"queued","html_url":"https://github.com/o/r/copilot/tasks/t1"}"#);
    let odd = b" {\"prompt\" : \"p\"}\n";
    let attempt = fake.client().create_task_bytes(&repo(), odd);
    let Submission::Created(task) = attempt.submission else { panic!("created") };
    assert_eq!((task.id.as_str(), &task.state), ("t1", &TaskState::Queued));
    let requests = fake.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].body.as_deref(), Some(&odd[..]));
    assert_eq!(requests[0].purpose, Purpose::Unrepeatable);
    assert_eq!(requests[0].path_and_query, "/agents/repos/octo-org/widgets/tasks");
}

#[test]
fn whatever_happens_it_is_sent_once() {
    for status in [201, 202, 301, 307, 400, 401, 403, 408, 422, 429, 500, 502, 503] {
        let fake = Fake::new();
        fake.answer(status, &[("location", "/x"), ("retry-after", "0")], "{}");
        fake.answer(201, &[], r#"{"id":"second"}"#);
        let attempt = fake.client().create_task_bytes(&repo(), b"{}");
        assert!(!matches!(attempt.submission, Submission::Created(_)), "{status}");
        assert_eq!(fake.requests().len(), 1, "{status}");
    }
}

#[test]
fn failures_are_told_apart() {
    let fake = Fake::new();
    fake.fail(SendError::not_sent("connection refused"));
    fake.fail(SendError::unknown("connection reset"));
    let client = fake.client();
    let first = client.create_task_bytes(&repo(), b"{}");
    assert_eq!(first.submission, Submission::NotSent("connection refused".to_owned()));
    let second = client.create_task_bytes(&repo(), b"{}");
    assert_eq!(second.submission, Submission::Unknown("connection reset".to_owned()));
}
