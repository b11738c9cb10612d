use serde_json::json;
use taskclass_spec::written::CreatePullRequest;

use super::*;
use crate::vocab::PullView;

fn plan() -> Planned {
    let contract = json!({
        "class": "dependency-bump", "version": 1, "digest": format!("sha256:{}", "0".repeat(64)), "title": "t",
        "owners": ["@acme/x"], "risk": "low", "intent": "change", "create_pull_request": "by_agent",
        "validation": {
            "paths": {"allow": ["src/**", "Cargo.toml"], "deny": ["src/secret/**"]},
            "max_files": 3, "max_lines": 100, "required_checks": ["build"]
        },
        "timeouts": {"queue": "1h", "run": "1h", "stale": "1h", "waiting": "1h", "review": "1h", "total": "1d"},
        "priority": "normal", "budget": {"per_task": 1, "per_day": 1, "per_month": 1},
        "escalation": {"on": ["failed"], "ladder": [{"after": "0m", "notify": ["issue"]}], "deadline": {"after": "1d", "do": "hold"}},
        "escalation_repository": "acme/inbox", "escalation_owner": "@acme/x",
        "ceilings": {"per_day": 1, "submissions_per_hour": 1, "in_flight": 1, "open_pull_requests": 1}
    });
    let digest = format!("sha256:{}", "0".repeat(64));
    serde_json::from_value(json!({
        "contract": contract, "repository": "acme/x", "repository_id": 1, "base_ref": "main", "base_sha": "0", "model": "gpt-5.3-codex",
        "models_allowed": ["claude-sonnet-4.6"], "prompt_sha256": digest, "inputs_sha256": digest, "repeat": 0, "attempt": 1,
        "caller": {}, "token_owner": {"login": "octocat", "id": 1}, "approvals": [], "registry_commit": "0", "reserved": 1
    }))
    .unwrap()
}

fn file(path: &str) -> FileChange {
    FileChange { path: path.to_owned(), previous: None, additions: 10, deletions: 2, sort: FileKind::Plain }
}

fn app(slug: &str) -> Maker {
    Maker::App { id: if slug == "github-actions" { 15_368 } else { 7 }, slug: Some(slug.to_owned()) }
}

fn build(state: CheckState, by: Maker) -> Check {
    Check { name: "build".to_owned(), state, by }
}

/// Evidence of a good result.
fn good() -> Evidence {
    Evidence {
        ended: AgentState::Completed,
        error: None,
        head_ref: Some("copilot/x".to_owned()),
        head_sha: Some("a".repeat(40)),
        head_stable: true,
        pull_request: None,
        files: vec![file("src/a.rs")],
        files_cut: false,
        commits: None,
        checks: vec![build(CheckState::Passed, app("github-actions"))],
        checks_known: true,
        apps_wanted: Default::default(),
        verdicts_of_others: Vec::new(),
        reviews: Vec::new(),
        model_asked: Some("gpt-5.3-codex".to_owned()),
        models_used: vec!["gpt-5.3-codex".to_owned()],
        model_unsaid: false,
        nano_credits: None,
        unread: Vec::new(),
    }
}

fn pull(base_ref: &str, mergeable: Option<bool>) -> PullView {
    PullView {
        number: 7,
        id: 70,
        url: String::new(),
        open: true,
        merged: false,
        draft: true,
        head_ref: "copilot/x".to_owned(),
        head_sha: "a".repeat(40),
        base_ref: base_ref.to_owned(),
        merge_commit: None,
        mergeable,
        created_at: jiff::Timestamp::UNIX_EPOCH,
    }
}

fn verdict(change: impl FnOnce(&mut Evidence, &mut Contract)) -> (Verdict, Vec<Reason>) {
    let (mut evidence, mut plan) = (good(), plan());
    change(&mut evidence, &mut plan.contract);
    let judgement = judge(&evidence, &plan);
    (judgement.verdict, judgement.reasons)
}

fn check(change: impl FnOnce(&mut Evidence, &mut Contract), expected: Verdict, reason: &str) {
    let (found, reasons) = verdict(change);
    assert_eq!(found, expected, "{reason}: {reasons:?}");
    assert!(reasons.iter().any(|r| r.to_string().contains(reason)), "{reason}: {reasons:?}");
}

#[test]
fn all_that_is_asked_for_is_accepted() {
    assert_eq!(verdict(|_, _| {}), (Verdict::Accepted, Vec::new()));
    assert_eq!(verdict(|e, _| e.pull_request = Some(pull("main", Some(true)))).0, Verdict::Accepted);
    // `auto` takes whatever worked; an empty result only where the class says so.
    assert_eq!(verdict(|e, _| (e.model_asked, e.models_used) = (None, vec!["x".to_owned()])).0, Verdict::Accepted);
    let empty = verdict(|e, c| {
        (e.files, e.checks) = (Vec::new(), Vec::new());
        c.validation.empty_result = EmptyResult::Accepted;
    });
    assert_eq!(empty, (Verdict::Accepted, Vec::new()));
}

#[test]
fn every_breach_is_rejected() {
    use Verdict::Rejected;
    check(|e, _| e.ended = AgentState::TimedOut, Rejected, "ended as `timed_out`");
    check(|e, _| e.files.push(file("README.md")), Rejected, "outside the allowed paths: `README.md`");
    check(|e, _| e.files.push(file("src/secret/key")), Rejected, "may never be touched: `src/secret/key`");
    check(|e, _| e.files[0].previous = Some("ci.yml".to_owned()), Rejected, "outside the allowed paths");
    check(|e, _| e.files.extend((0..3).map(|n| file(&format!("src/{n}")))), Rejected, "4 files touched");
    check(|e, _| e.files[0].additions = 99, Rejected, "101 lines changed, at most 100");
    check(|e, _| e.checks[0].state = CheckState::Failed, Rejected, "check `build` failed");
    check(|e, _| e.checks.push(build(CheckState::Failed, app("ci"))), Rejected, "failed");
    let forged = Maker::Bot { login: "github-actions[bot]".to_owned(), id: 9 };
    check(|e, _| e.verdicts_of_others.push(forged), Rejected, "`taskclass/verdict` was set by @github-actions[bot]");
    check(|e, _| e.files.clear(), Rejected, "nothing was changed");
    check(|e, _| e.models_used.push("gpt-6".to_owned()), Rejected, "model `gpt-6` worked");
    check(|e, _| e.pull_request = Some(pull("trunk", Some(true))), Rejected, "goes into `trunk`");
    let never = |e: &mut Evidence, c: &mut Contract| {
        e.pull_request = Some(pull("main", Some(true)));
        c.create_pull_request = CreatePullRequest::Never;
    };
    check(never, Rejected, "pull request #7 was opened");
}

#[test]
fn everything_unknown_is_inconclusive() {
    use Verdict::Inconclusive;
    check(|e, _| e.checks.clear(), Inconclusive, "`build` did not run");
    check(|e, _| e.checks[0].state = CheckState::Running, Inconclusive, "has not ended");
    check(|e, _| e.checks[0].state = CheckState::AwaitsApproval, Inconclusive, "waits for a person");
    check(|e, _| e.checks[0].state = CheckState::Neutral, Inconclusive, "without saying");
    check(|e, _| e.checks[0].state = CheckState::Unknown, Inconclusive, "not known here");
    check(|e, _| e.files[0].sort = FileKind::Symlink, Inconclusive, "1 symbolic link, which may lead outside");
    check(|e, _| e.files[0].sort = FileKind::Submodule, Inconclusive, "1 submodule, whose content is in another");
    check(|e, _| e.files[0].sort = FileKind::Binary, Inconclusive, "1 binary file without lines to count: `src/a.rs`");
    check(|e, _| e.checks_known = false, Inconclusive, "the checks, as a whole");
    check(|e, _| e.files_cut = true, Inconclusive, "list of files is cut");
    check(|e, _| e.head_stable = false, Inconclusive, "moved");
    check(|e, _| e.models_used.clear(), Inconclusive, "which model worked");
    check(|e, _| e.model_unsaid = true, Inconclusive, "which model worked");
    let empty_and_moved = |e: &mut Evidence, c: &mut Contract| {
        (e.files, e.checks, e.head_stable) = (Vec::new(), Vec::new(), false);
        c.validation.empty_result = EmptyResult::Accepted;
    };
    check(empty_and_moved, Inconclusive, "moved");
    check(|e, _| (e.files, e.head_stable) = (Vec::new(), false), Inconclusive, "moved");
    check(|e, _| e.pull_request = Some(pull("main", None)), Inconclusive, "can be merged");
    check(|e, _| e.unread.push("reviews".to_owned()), Inconclusive, "could not be read: reviews");
    // Nothing seen is not nothing changed, if not everything could be read.
    let blind = |e: &mut Evidence, _: &mut Contract| {
        e.files.clear();
        e.unread.push("files".to_owned());
    };
    check(blind, Inconclusive, "could not be read: files");
}

#[test]
fn a_binary_file_is_no_question_where_lines_are_not_counted() {
    let unlimited = verdict(|e, c| {
        e.files[0].sort = FileKind::Binary;
        c.validation.max_lines = None;
    });
    assert_eq!(unlimited, (Verdict::Accepted, Vec::new()));
}

#[test]
fn a_copy_is_held_to_where_it_came_from_as_well() {
    check(|e, _| e.files[0].previous = Some("src/secret/key".to_owned()), Verdict::Rejected, "never be touched");
}

#[test]
fn a_check_counts_only_from_whom_it_may_come() {
    use CheckState::{AwaitsApproval, Failed, Passed};
    use Verdict::{Accepted, Inconclusive, Rejected};
    let person = |login: &str, id| Maker::Person { login: login.to_owned(), id };
    let bot = |login: &str| Maker::Bot { login: login.to_owned(), id: 9 };
    for (by, expected, reason) in [
        (app("ci"), Accepted, ""),
        (person("hubot", 2), Accepted, ""),
        (bot("ci[bot]"), Accepted, ""),
        (app("copilot-swe-agent"), Inconclusive, "the agent cannot vouch for itself"),
        (bot("Copilot"), Inconclusive, "by @Copilot, which does not count"),
        (bot("copilot-swe-agent[bot]"), Inconclusive, "the agent cannot"),
        (person("octocat", 1), Inconclusive, "the agent works in that account's name"),
        (Maker::Nobody, Inconclusive, "GitHub does not say whose it is"),
    ] {
        let (found, reasons) = verdict(|e, _| e.checks = vec![build(Passed, by.clone())]);
        assert_eq!(found, expected, "{by}: {reasons:?}");
        assert!(reasons.iter().all(|r| r.to_string().contains(reason)), "{by}: {reasons:?}");
    }
    // Where somebody is believed, nobody else is asked: neither for the good nor for the bad.
    let both = verdict(|e, _| e.checks.push(build(Failed, bot("Copilot"))));
    assert_eq!(both.0, Accepted);
    // The workflow that says so is the agent's own.
    let workflow = |e: &mut Evidence, c: &mut Contract| {
        e.files.push(file(".github/workflows/ci.yml"));
        c.validation.paths.allow.push(".github/**".parse().unwrap());
    };
    check(workflow, Inconclusive, "the result changes the workflows that made it");
    for (state, expected) in [(Failed, Rejected), (AwaitsApproval, Inconclusive)] {
        let (found, reasons) = verdict(|e, c| {
            workflow(e, c);
            e.checks[0].state = state;
        });
        assert!(found == expected && !reasons[0].to_string().contains("does not count"), "{reasons:?}");
    }
    // The base's own rule says which app.
    let wanted = |id: i64| {
        verdict(|e, _| {
            e.apps_wanted.insert("build".to_owned(), id);
        })
    };
    assert_eq!(wanted(15_368).0, Accepted);
    assert!(wanted(4).1[0].to_string().contains("rule wants it from another app"));
}

#[test]
fn a_model_that_the_class_allows_too_is_flagged_and_no_breach() {
    let (mut evidence, plan) = (good(), plan());
    evidence.models_used = vec!["Claude-Sonnet-4.6".to_owned()];
    let judgement = judge(&evidence, &plan);
    assert_eq!((judgement.verdict, judgement.reasons), (Verdict::Accepted, Vec::new()));
    assert_eq!(
        judgement.flags[0].to_string(),
        "model `Claude-Sonnet-4.6` worked, `gpt-5.3-codex` was asked for; the class allows both"
    );
}

#[test]
fn required_checks_are_counted_apart_from_what_is_not_known() {
    let mut evidence = good();
    assert_eq!(count(&evidence, &plan()), (1, 0, 0));
    evidence.checks[0].state = CheckState::Failed;
    assert_eq!(count(&evidence, &plan()), (0, 1, 0));
    evidence.checks[0].by = Maker::Nobody;
    assert_eq!(count(&evidence, &plan()), (0, 0, 1));
}
