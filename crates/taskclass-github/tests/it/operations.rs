//! Each operation: its request is what GitHub describes, and every answer that GitHub's schemas allow is read.

use taskclass_github::*;

use crate::fake::{Fake, repo};
use crate::openapi::{self, Recipe};

type Run = fn(&Client<&Fake>) -> Result<(), CallError>;

fn at() -> Option<jiff::Timestamp> {
    "2026-11-20T00:00:00Z".parse().ok()
}

fn tasks() -> TaskQuery {
    TaskQuery {
        sort: TaskSort::CreatedAt,
        direction: Direction::Ascending,
        states: vec![TaskState::Queued, TaskState::InProgress],
        archived: true,
        since: at(),
        per_page: Some(50),
        creators: vec![UserId(7), UserId(8)],
    }
}

fn task_body() -> Vec<u8> {
    let task = CreateTask {
        prompt: "Do it.\n".to_owned(),
        model: Some("claude-sonnet-4.6".to_owned()),
        custom_agent: Some("careful".to_owned()),
        create_pull_request: true,
        base_ref: Some("main".to_owned()),
        head_ref: Some("copilot/x".to_owned()),
    };
    task.to_body()
}

fn texts(all: &[&str]) -> Vec<String> {
    all.iter().map(|text| (*text).to_owned()).collect()
}

/// Operation id of GitHub's description, and a call of it with every parameter that the client knows.
const OPERATIONS: &[(&str, Run)] = &[
    ("users/get-authenticated", |c| c.get_user().map(drop)),
    ("rate-limit/get", |c| c.rate_limit().map(drop)),
    ("repos/get", |c| c.get_repo(&repo()).map(drop)),
    ("repos/list-for-org", |c| c.list_org_repos("octo-org").map(drop)),
    ("repos/get-branch", |c| c.get_branch(&repo(), "feature/a b").map(drop)),
    ("repos/get-branch-rules", |c| c.get_branch_rules(&repo(), "feature/a").map(drop)),
    ("copilot/get-copilot-cloud-agent-configuration", |c| c.get_cloud_agent_configuration(&repo()).map(drop)),
    ("repos/get-content", |c| c.get_content(&repo(), ".github/agents/x.agent.md", Some("main")).map(drop)),
    ("git/get-ref", |c| c.get_ref(&repo(), "heads/feature/a").map(drop)),
    ("git/get-tree", |c| c.get_tree(&repo(), "main", true).map(drop)),
    ("repos/list-commits", |c| {
        let query =
            CommitQuery { start: Some("main".to_owned()), path: Some("src".to_owned()), since: at(), until: at() };
        c.list_commits(&repo(), &query).map(drop)
    }),
    ("repos/get-commit", |c| c.get_commit(&repo(), "main").map(drop)),
    ("agent-tasks/create-task-in-repo", |c| match c.create_task_bytes(&repo(), &task_body()).submission {
        Submission::Created(task) => {
            assert_eq!(task.id.as_str(), "text");
            Ok(())
        }
        other => panic!("{other:?}"),
    }),
    ("agent-tasks/list-tasks-for-repo", |c| c.list_repo_tasks(&repo(), &tasks()).map(drop)),
    ("agent-tasks/list-tasks", |c| c.list_tasks(&tasks()).map(drop)),
    ("agent-tasks/get-task-by-repo-and-id", |c| c.get_repo_task(&repo(), &"t/1".into()).map(drop)),
    ("agent-tasks/get-task-by-id", |c| c.get_task(&"t1".into()).map(drop)),
    ("pulls/list", |c| {
        let query = PullQuery { head: Some("copilot/x".to_owned()), base: Some("main".to_owned()), open_only: true };
        c.list_pulls(&repo(), &query).map(drop)
    }),
    ("pulls/create", |c| {
        let pull = CreatePull {
            title: "T".to_owned(),
            head: "copilot/x".to_owned(),
            base: "main".to_owned(),
            body: Some("B".to_owned()),
            draft: true,
        };
        c.create_pull(&repo(), &pull).map(drop)
    }),
    ("pulls/get", |c| c.get_pull(&repo(), PullNumber(5)).map(drop)),
    ("pulls/update", |c| {
        let change =
            UpdatePull { title: Some("T".to_owned()), body: Some("B".to_owned()), state: Some(OpenState::Closed) };
        c.update_pull(&repo(), PullNumber(5), &change).map(drop)
    }),
    ("pulls/list-files", |c| c.list_pull_files(&repo(), PullNumber(5)).map(drop)),
    ("pulls/list-reviews", |c| c.list_pull_reviews(&repo(), PullNumber(5)).map(drop)),
    ("pulls/list-review-comments", |c| c.list_pull_comments(&repo(), PullNumber(5)).map(drop)),
    ("pulls/request-reviewers", |c| {
        let reviewers = Reviewers { users: texts(&["ada"]), teams: texts(&["platform"]) };
        c.request_reviewers(&repo(), PullNumber(5), &reviewers).map(drop)
    }),
    ("issues/list-for-repo", |c| {
        let query =
            IssueQuery { open_only: true, labels: texts(&["a", "b c"]), creator: Some("ada".to_owned()), since: at() };
        c.list_issues(&repo(), &query).map(drop)
    }),
    ("issues/create", |c| {
        let issue = CreateIssue {
            title: "T".to_owned(),
            body: "B".to_owned(),
            labels: texts(&["a"]),
            assignees: texts(&["ada"]),
        };
        c.create_issue(&repo(), &issue).map(drop)
    }),
    ("issues/get", |c| c.get_issue(&repo(), IssueNumber(3)).map(drop)),
    ("issues/update", |c| {
        let change = UpdateIssue {
            title: Some("T".to_owned()),
            body: Some("B".to_owned()),
            state: Some(OpenState::Closed),
            state_reason: Some(StateReason::Completed),
        };
        c.update_issue(&repo(), IssueNumber(3), &change).map(drop)
    }),
    ("issues/create-comment", |c| c.create_issue_comment(&repo(), PullNumber(3).into(), "Hello").map(drop)),
    ("issues/add-labels", |c| c.add_labels(&repo(), IssueNumber(3), &texts(&["a"])).map(drop)),
    ("checks/list-for-ref", |c| c.check_runs_for_ref(&repo(), "abc123").map(drop)),
    ("repos/get-combined-status-for-ref", |c| c.combined_status(&repo(), "abc123").map(drop)),
    ("repos/list-commit-statuses-for-ref", |c| c.list_commit_statuses(&repo(), "abc123").map(drop)),
    ("repos/create-commit-status", |c| {
        let status = CreateStatus {
            state: StatusState::Success,
            context: "taskclass/verdict".to_owned(),
            description: Some("accepted".to_owned()),
            target_url: Some("https://example.com/run".to_owned()),
        };
        c.create_commit_status(&repo(), "abc123", &status).map(drop)
    }),
    ("repos/compare-commits-with-basehead", |c| c.compare(&repo(), "main", "copilot/x").map(drop)),
    ("actions/list-workflow-runs-for-repo", |c| {
        let query =
            RunQuery { branch: Some("copilot/x".to_owned()), event: Some("dynamic".to_owned()), created_since: at() };
        c.list_workflow_runs(&repo(), &query).map(drop)
    }),
    ("actions/cancel-workflow-run", |c| c.cancel_workflow_run(&repo(), RunId(9)).map(drop)),
    ("repos/get-collaborator-permission-level", |c| c.collaborator_permission(&repo(), "ada").map(drop)),
    ("teams/get-membership-for-user-in-org", |c| c.team_membership("octo-org", "platform", "ada").map(drop)),
];

#[test]
fn every_described_operation_is_there_once() {
    let tally = openapi::tally(OPERATIONS.iter().map(|(id, _)| *id));
    let odd: Vec<_> = tally.iter().filter(|(_, count)| **count != 1).collect();
    assert!(odd.is_empty(), "{odd:?}");
}

/// Calls every operation with an answer made by a recipe; gives back what was asked.
fn run_all(recipe: Recipe) -> Vec<(openapi::Operation, Request)> {
    let mut described: Vec<_> = openapi::operations();
    let mut asked = Vec::new();
    for (id, run) in OPERATIONS {
        let index = described.iter().position(|operation| operation.id == *id).unwrap();
        let operation = described.swap_remove(index);
        let (status, body) = operation.answer(recipe);
        let fake = Fake::answering(status, &body);
        if let Err(error) = run(&fake.client()) {
            panic!("{id}: {error}\n{body}");
        }
        let mut requests = fake.requests();
        assert_eq!(requests.len(), 1, "{id} must send exactly one request");
        asked.extend(requests.pop().map(|request| (operation, request)));
    }
    asked
}

const MINIMAL: Recipe = Recipe { full: false, nulls: false, unknown: false, branch: 0 };

#[test]
fn every_request_is_as_described() {
    for (operation, request) in run_all(MINIMAL) {
        operation.check(&request);
        let get = |name| request.headers.get(name);
        assert_eq!(get("accept"), Some("application/vnd.github+json"), "{}", operation.id);
        assert_eq!(get("x-github-api-version"), Some(DEFAULT_API_VERSION));
        assert!(get("user-agent").is_some_and(|agent| agent.starts_with("taskclass/")));
        assert_eq!(get("content-type"), request.body.as_ref().map(|_| "application/json"));
        assert_eq!(get("authorization"), None);
        let reads = request.method == Method::Get;
        assert_eq!(request.purpose == Purpose::Read, reads, "{}", operation.id);
    }
}

#[test]
fn what_must_not_be_repeated_blindly_says_so() {
    let unrepeatable: Vec<String> = run_all(MINIMAL)
        .into_iter()
        .filter(|(_, request)| request.purpose == Purpose::Unrepeatable)
        .map(|(operation, _)| operation.id)
        .collect();
    assert_eq!(
        unrepeatable,
        ["agent-tasks/create-task-in-repo", "pulls/create", "issues/create", "issues/create-comment"]
    );
}

#[test]
fn every_answer_that_the_schemas_allow_is_read() {
    for full in [false, true] {
        for nulls in [false, true] {
            for unknown in [false, true] {
                // The longest choice, the kinds of branch rules, has fewer branches than this.
                for branch in 0..30 {
                    run_all(Recipe { full, nulls, unknown, branch });
                }
            }
        }
    }
}

#[test]
fn the_agent_and_version_can_be_set_and_cannot_break_out_of_their_field() {
    let fake = Fake::answering(200, r#"{"id":1,"login":"ada"}"#);
    let client = fake.client().with_user_agent("acme\r\nx-evil: 1").with_api_version("2022-11-28\n");
    client.get_user().unwrap();
    let request = &fake.requests()[0];
    assert_eq!(request.headers.get("user-agent"), Some("acmex-evil: 1"));
    assert_eq!(request.headers.get("x-github-api-version"), Some("2022-11-28"));
}

#[test]
fn exact_paths_where_encoding_matters() {
    for (run, path) in [
        (
            (|c| c.get_branch(&repo(), "feature/a b?#").map(drop)) as Run,
            "/repos/octo-org/widgets/branches/feature%2Fa%20b%3F%23",
        ),
        (
            |c| c.get_content(&repo(), "docs/ä.md", Some("a&b")).map(drop),
            "/repos/octo-org/widgets/contents/docs/%C3%A4.md?ref=a%26b",
        ),
        (|c| c.get_ref(&repo(), "heads/copilot/x").map(drop), "/repos/octo-org/widgets/git/ref/heads/copilot/x"),
        (|c| c.compare(&repo(), "main", "copilot/x").map(drop), "/repos/octo-org/widgets/compare/main...copilot%2Fx"),
        (|c| c.get_task(&"a/../b".into()).map(drop), "/agents/tasks/a%2F..%2Fb"),
        (
            |c| c.list_repo_tasks(&repo(), &tasks()).map(drop),
            "/agents/repos/octo-org/widgets/tasks?sort=created_at&direction=asc&state=queued%2Cin_progress&is_archived=true\
             &since=2026-11-20T00%3A00%3A00Z&per_page=50&creator_id=7&creator_id=8",
        ),
        (
            |c| c.list_tasks(&TaskQuery::default()).map(drop),
            "/agents/tasks?sort=updated_at&direction=desc&per_page=100",
        ),
        (
            |c| c.list_pulls(&repo(), &PullQuery { head: Some("x".to_owned()), ..PullQuery::default() }).map(drop),
            "/repos/octo-org/widgets/pulls?state=all&head=octo-org%3Ax&per_page=100",
        ),
    ] {
        let fake = Fake::new();
        let _ = run(&fake.client());
        assert_eq!(fake.paths(), [path]);
    }
}

#[test]
fn values_that_would_reach_another_operation_are_refused_before_anything_is_sent() {
    let attempts: &[Run] = &[
        |c| c.get_task(&"..".into()).map(drop),
        |c| c.get_task(&"".into()).map(drop),
        |c| c.get_content(&repo(), "../../orgs/x", None).map(drop),
        |c| c.get_ref(&repo(), "heads//x").map(drop),
        |c| c.team_membership(".", "t", "u").map(drop),
        |c| c.compare(&repo(), "", "x").map(drop),
    ];
    for run in attempts {
        let fake = Fake::new();
        let error = run(&fake.client()).unwrap_err();
        assert!(matches!(error, CallError::Argument { .. }), "{error}");
        assert!(!error.may_have_happened());
        assert!(fake.requests().is_empty());
    }
}
