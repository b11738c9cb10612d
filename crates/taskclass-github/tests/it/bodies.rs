//! Realistic answers, as GitHub sends them, quirks included.

use taskclass_github::*;

use crate::fake::{Fake, repo};

#[test]
fn a_settled_task_with_its_sessions() {
    let fake = Fake::answering(200, include_str!("../bodies/task.json"));
    let task = fake.client().get_repo_task(&repo(), &"t".into()).unwrap().value;
    assert_eq!(task.id.as_str(), "7f2b6c1e-2c47-4b6a-9a2e-0b4f8d3f1a55");
    assert_eq!(task.state, TaskState::Completed);
    assert!(task.state.is_terminal() && !task.state.is_running() && !task.state.needs_person());
    assert_eq!(task.repository_id, Some(RepositoryId(1_296_269)));
    assert_eq!(task.creator, Some(OwnerRef { id: UserId(583_231) }));
    assert_eq!(
        task.artifacts,
        [
            Artifact::Pull { id: PullId(2_998_877_665), global_id: Some("PR_kwDOABPHjc6yvkYh".to_owned()) },
            Artifact::Branch { head_ref: "copilot/bump-serde".to_owned(), base_ref: "main".to_owned() },
            Artifact::Other { kind: "preview".to_owned() },
        ]
    );
    let sessions = task.sessions.as_ref().unwrap();
    assert_eq!(sessions.len(), 3);
    assert_eq!(sessions[0].model().as_deref(), Some("claude-sonnet-4.6"));
    assert_eq!(sessions[1].model().as_deref(), Some("claude-opus-5"));
    assert_eq!(sessions[2].model(), None, "an empty model is not a model");
    assert_eq!(sessions[1].error_message.as_deref(), Some("CAPIError: 429 Too Many Requests"));
    assert_eq!(sessions[0].completed_at.unwrap().to_string(), "2026-11-20T09:31:07Z");
    assert!(sessions[0].prompt.as_deref().unwrap().contains("Task-Class-Key: ABC"));
    assert_eq!(task.latest_session().unwrap().id.as_str(), "s3");
    let usage = task.usage();
    assert_eq!(usage.credits, NanoCredits(12_345_678_901 + 20_000_000_000));
    assert_eq!((usage.unknown_sessions, usage.sessions), (1, 3));
    assert_eq!(usage.known_credits(), None);
}

#[test]
fn a_task_in_a_list_knows_no_sessions() {
    let body = r#"{"tasks":[{"id":"a","url":"https://api.github.com/agents/tasks/a","state":"paused_by_admin","created_at":"2026-11-21T12:00:00Z",
        "session_count":2,"artifacts":[],"archived_at":null,"custom_agent":{"id":"careful"},"user_collaborators":[{"id":1}]}],
        "total_active_count":1,"total_archived_count":0}"#;
    let task =
        Fake::answering(200, body).client().list_tasks(&TaskQuery::default()).unwrap().value.body.tasks.remove(0);
    assert_eq!(task.state, TaskState::Other("paused_by_admin".to_owned()));
    assert!(!task.state.is_terminal() && !task.state.is_running());
    assert_eq!((task.sessions.as_ref(), task.session_count), (None, Some(2)));
    assert_eq!(task.usage().known_credits(), None);
}

#[test]
fn a_pull_request_whose_head_repository_is_gone() {
    let fake = Fake::answering(200, include_str!("../bodies/pull.json"));
    let pull = fake.client().get_pull(&repo(), PullNumber(1347)).unwrap().value;
    assert_eq!((pull.id, pull.number), (PullId(2_998_877_665), PullNumber(1347)));
    assert_eq!((pull.draft, pull.merged, pull.mergeable), (Some(true), Some(false), None));
    assert!(!pull.is_merged());
    assert_eq!((pull.head.branch.as_str(), pull.head.repo), ("copilot/bump-serde", None));
    assert_eq!(pull.base.repo.unwrap().full_name, "octo-org/widgets");
    assert_eq!((pull.additions, pull.deletions, pull.changed_files), (Some(12), Some(3), Some(2)));
    assert_eq!(pull.labels, [Label { name: "agent".to_owned() }]);
    assert_eq!(pull.user.unwrap().kind.as_deref(), Some("Bot"));
    assert_eq!(pull.requested_teams[0].slug, "platform");
}

#[test]
fn what_is_merged_is_told_from_either_field() {
    let base = r#""id":1,"number":2,"html_url":"u","state":"closed","title":"t","head":{"ref":"h","sha":"s"},"base":{"ref":"b","sha":"s"},
        "created_at":"2026-11-21T12:00:00Z","updated_at":"2026-11-21T12:00:00Z""#;
    let read = |extra: &str| {
        let fake = Fake::answering(200, &format!("[{{{base}{extra}}}]"));
        fake.client().list_pulls(&repo(), &PullQuery::default()).unwrap().value.body.remove(0).is_merged()
    };
    assert!(!read(""));
    assert!(!read(r#","merged_at":null"#));
    assert!(read(r#","merged_at":"2026-11-21T12:00:00Z""#));
    assert!(read(r#","merged":true"#));
}

#[test]
fn content_of_each_kind() {
    let read =
        |body: &str| Fake::answering(200, body).client().get_content(&repo(), "a", None).map(|answer| answer.value);
    let file =
        r#"{"type":"file","path":"a","sha":"s","size":5,"encoding":"base64","content":"aGVs\nbG8=\n","name":"a"}"#;
    let Content::File(file) = read(file).unwrap() else { panic!("a file") };
    assert_eq!(file.bytes.as_deref(), Some(&b"hello"[..]));
    let large = r#"{"type":"file","path":"a","sha":"s","size":5000000,"encoding":"none","content":""}"#;
    assert!(matches!(read(large).unwrap(), Content::File(ContentFile { bytes: None, size: 5_000_000, .. })));
    let directory =
        r#"[{"type":"file","path":"a/b","sha":"s","size":1},{"type":"dir","path":"a/c","sha":"t","size":0}]"#;
    assert!(matches!(read(directory).unwrap(), Content::Directory(entries) if entries.len() == 2));
    let link = r#"{"type":"symlink","path":"a","sha":"s","size":1,"target":"/etc/passwd"}"#;
    assert!(matches!(read(link).unwrap(), Content::Other(entry) if entry.kind == "symlink"));
    let broken = r#"{"type":"file","path":"a","sha":"s","size":5,"encoding":"base64","content":"!!!"}"#;
    assert!(matches!(read(broken), Err(CallError::Unreadable { .. })));
}

#[test]
fn rules_that_matter_and_rules_that_do_not() {
    let body = r#"[
        {"type":"pull_request","ruleset_id":7,"ruleset_source":"octo-org","ruleset_source_type":"Organization","parameters":
            {"required_approving_review_count":2,"require_code_owner_review":true,"dismiss_stale_reviews_on_push":true,
             "require_last_push_approval":true,"required_review_thread_resolution":false,"allowed_merge_methods":["squash"]}},
        {"type":"required_status_checks","parameters":{"strict_required_status_checks_policy":true,
            "required_status_checks":[{"context":"ci","integration_id":15368},{"context":"lint"}]}},
        {"type":"commit_author_email_pattern","parameters":{"operator":"ends_with","pattern":"@octo.example","negate":false}},
        {"type":"file_path_restriction","parameters":{"restricted_file_paths":[".github/**"]}},
        {"type":"required_signatures"},
        {"type":"quantum_lock","parameters":{"x":1}},
        {"type":"pull_request","parameters":7}]"#;
    let rules = Fake::answering(200, body).client().get_branch_rules(&repo(), "main").unwrap().value.body;
    let RuleParameters::PullRequest(rule) = &rules[0].parameters else { panic!("a pull request rule") };
    assert_eq!((rule.required_approving_review_count, rule.require_last_push_approval), (2, true));
    assert_eq!(rules[0].ruleset_id, Some(RulesetId(7)));
    let RuleParameters::RequiredStatusChecks(checks) = &rules[1].parameters else { panic!("required checks") };
    assert_eq!(checks.required_status_checks[0].integration_id, Some(AppId(15_368)));
    assert_eq!(checks.required_status_checks[1].integration_id, None);
    assert!(
        matches!(&rules[2].parameters, RuleParameters::CommitAuthorEmailPattern(p) if p.pattern == "@octo.example")
    );
    assert_eq!(rules[3].parameters, RuleParameters::FilePathRestriction(vec![".github/**".to_owned()]));
    assert_eq!(rules[4].kind, "required_signatures");
    assert_eq!(rules[4].parameters, RuleParameters::Other(serde_json::Value::Null));
    assert!(matches!(&rules[5].parameters, RuleParameters::Other(value) if value["x"] == 1));
    assert!(matches!(rules[6].parameters, RuleParameters::Other(_)), "what cannot be read is not taken as lax");
}

#[test]
fn checks_statuses_and_runs() {
    let body = r#"{"total_count":3,"check_runs":[
        {"id":1,"name":"ci","head_sha":"s","status":"completed","conclusion":"action_required","app":{"id":15368,"slug":"github-actions"}},
        {"id":2,"name":"x","head_sha":"s","status":"completed","conclusion":"stale","app":null},
        {"id":3,"name":"y","head_sha":"s","status":"dreaming","conclusion":null}]}"#;
    let runs = Fake::answering(200, body).client().check_runs_for_ref(&repo(), "s").unwrap().value.body.check_runs;
    assert_eq!(runs[0].conclusion, Some(CheckConclusion::ActionRequired));
    assert_eq!(runs[0].app.as_ref().unwrap().id, AppId(15_368));
    assert_eq!(runs[1].conclusion, Some(CheckConclusion::Stale));
    assert_eq!((&runs[2].status, &runs[2].conclusion), (&CheckStatus::Other("dreaming".to_owned()), &None));

    let none = r#"{"state":"pending","statuses":[],"sha":"s","total_count":0}"#;
    let status = Fake::answering(200, none).client().combined_status(&repo(), "s").unwrap().value.body;
    assert_eq!((status.state, status.total_count), (StatusState::Pending, 0));

    let run = |path: &str, event: &str, status: &str| {
        let body = format!(
            r#"{{"total_count":1,"workflow_runs":[{{"id":9,"path":"{path}","event":"{event}","status":{status},"head_branch":"copilot/x",
                "head_sha":"s","html_url":"u","created_at":"2026-11-21T12:00:00Z","updated_at":"2026-11-21T12:00:00Z"}}]}}"#
        );
        let run = Fake::answering(200, &body).client().list_workflow_runs(&repo(), &RunQuery::default()).unwrap();
        run.value.body.workflow_runs.into_iter().map(|run| (run.is_cloud_agent(), run.is_live())).next().unwrap()
    };
    assert_eq!(run("dynamic/copilot-swe-agent/copilot", "dynamic", r#""in_progress""#), (true, true));
    assert_eq!(run("dynamic/copilot-pull-request-reviewer/x", "dynamic", r#""queued""#), (false, true));
    assert_eq!(run(".github/workflows/ci.yml", "push", r#""completed""#), (false, false));
    assert_eq!(run("dynamic/copilot-swe-agent/copilot", "push", "null"), (false, false));
}

#[test]
fn issues_and_pull_requests_in_one_list() {
    let issue = |extra: &str| {
        format!(
            r#"{{"number":3,"html_url":"u","state":"open","title":"t","labels":["plain",{{"name":"object"}}],
                "created_at":"2026-11-21T12:00:00Z","updated_at":"2026-11-21T12:00:00Z"{extra}}}"#
        )
    };
    let body = format!("[{},{}]", issue(""), issue(r#","pull_request":{"url":"x"}"#));
    let issues = Fake::answering(200, &body).client().list_issues(&repo(), &IssueQuery::default()).unwrap().value.body;
    assert_eq!(issues.iter().map(Issue::is_pull_request).collect::<Vec<_>>(), [false, true]);
    assert_eq!(issues[0].labels.iter().map(|label| label.name.as_str()).collect::<Vec<_>>(), ["plain", "object"]);
}

#[test]
fn rights_and_memberships() {
    let permission = |level: &str| {
        let body = format!(r#"{{"permission":"{level}","role_name":"custom","user":null}}"#);
        Fake::answering(200, &body).client().collaborator_permission(&repo(), "ada").unwrap().value.can_write()
    };
    assert_eq!(["admin", "write", "read", "none", "owner"].map(permission), [true, true, false, false, false]);
    let membership = |state: &str| {
        let body = format!(r#"{{"state":"{state}","role":"member","url":"u"}}"#);
        Fake::answering(200, &body).client().team_membership("o", "t", "ada").unwrap().value.is_active()
    };
    assert_eq!(["active", "pending", "suspended"].map(membership), [true, false, false]);
}

#[test]
fn the_answer_tells_of_the_token() {
    let fake = Fake::new();
    fake.answer(
        200,
        &[("GitHub-Authentication-Token-Expiration", "2026-12-31 23:59:59 UTC"), ("X-OAuth-Scopes", "repo, read:org")],
        r#"{"id":1,"login":"ada","type":"User"}"#,
    );
    let answer = fake.client().get_user().unwrap();
    assert_eq!(answer.meta.token.expires.unwrap().to_string(), "2026-12-31T23:59:59Z");
    assert_eq!(answer.meta.token.scopes.unwrap(), ["repo", "read:org"]);
}
