//! The verdict, from evidence and contract alone: `rejected` on any definite breach, `inconclusive` on anything unknown, else
//! `accepted`.

use taskclass_spec::written::{CreatePullRequest, EmptyResult};

use crate::contract::Contract;
use crate::vocab::{AgentState, Check, CheckState, Evidence, FileScope, Judgement, Reason, Verdict};

/// The most paths that a reason lists.
const SHOWN: usize = 50;

/// Judges a result.
pub fn judge(evidence: &Evidence, contract: &Contract, base_ref: &str) -> Judgement {
    let mut reasons = Vec::new();
    if evidence.ended != AgentState::Completed {
        reasons.push(Reason::TaskEnded { state: evidence.ended.clone(), error: evidence.error.clone() });
    }
    model(evidence, &mut reasons);
    if let Some(pull) = &evidence.pull_request {
        if contract.create_pull_request == CreatePullRequest::Never {
            reasons.push(Reason::UnwantedPullRequest { number: pull.number });
        }
        if pull.base_ref != base_ref {
            reasons.push(Reason::WrongBase { asked: base_ref.to_owned(), found: pull.base_ref.clone() });
        }
        if pull.open && pull.mergeable.is_none() {
            reasons.push(Reason::MergeableUnknown);
        }
    }
    reasons.extend(evidence.unread.iter().map(|what| Reason::Unread { what: what.clone() }));
    if evidence.is_empty() {
        if contract.validation.empty_result == EmptyResult::Rejected {
            reasons.push(Reason::EmptyResult);
        }
    } else {
        files(evidence, contract, &mut reasons);
        checks(evidence, contract, &mut reasons);
        if !evidence.head_stable {
            reasons.push(Reason::HeadMoved);
        }
    }
    let breach = reasons.iter().any(Reason::is_breach);
    reasons.sort_by_key(|reason| !reason.is_breach());
    let verdict = match (breach, reasons.is_empty()) {
        (true, _) => Verdict::Rejected,
        (false, false) => Verdict::Inconclusive,
        (false, true) => Verdict::Accepted,
    };
    // Of an empty result the head is the base's own commit, about which nothing was judged.
    let head_sha = evidence.head_sha.clone().filter(|_| !evidence.is_empty());
    Judgement { verdict, reasons, head_sha }
}

/// `auto` leaves the choice to GitHub, so whatever worked was asked for.
fn model(evidence: &Evidence, reasons: &mut Vec<Reason>) {
    let Some(asked) = &evidence.model_asked else { return };
    if evidence.models_used.is_empty() {
        reasons.push(Reason::ModelUnknown);
    }
    for used in evidence.models_used.iter().filter(|used| !used.eq_ignore_ascii_case(asked)) {
        reasons.push(Reason::ModelSubstituted { asked: asked.clone(), used: used.clone() });
    }
}

fn files(evidence: &Evidence, contract: &Contract, reasons: &mut Vec<Reason>) {
    let validation = &contract.validation;
    let lying = |scope: FileScope| {
        let paths: Vec<_> = evidence
            .files
            .iter()
            .filter(|file| file.scope(validation) == scope)
            .map(|file| file.path.clone())
            .collect();
        let count = u32::try_from(paths.len()).unwrap_or(u32::MAX);
        (paths.into_iter().take(SHOWN).collect::<Vec<_>>(), count)
    };
    let (paths, count) = lying(FileScope::Denied);
    if count > 0 {
        reasons.push(Reason::DeniedPaths { paths, count });
    }
    let (paths, count) = lying(FileScope::NotAllowed);
    if count > 0 {
        reasons.push(Reason::OutOfScope { paths, count });
    }
    let count = evidence.files.len() as u64;
    if let Some(limit) = validation.max_files.filter(|limit| count > u64::from(*limit)) {
        reasons.push(Reason::TooManyFiles { count, limit });
    }
    let count = evidence.lines();
    if let Some(limit) = validation.max_lines.filter(|limit| count > u64::from(*limit)) {
        reasons.push(Reason::TooManyLines { count, limit });
    }
    if evidence.files_cut {
        reasons.push(Reason::FilesCut);
    }
}

fn checks(evidence: &Evidence, contract: &Contract, reasons: &mut Vec<Reason>) {
    for required in &contract.validation.required_checks {
        let name = required.as_str().to_owned();
        let mut states: Vec<_> =
            evidence.checks.iter().filter(|check: &&Check| check.name == name).map(|check| check.state).collect();
        // Several runs of one name: all must have passed.
        states.sort_by_key(|state| match state {
            CheckState::Failed => 0,
            CheckState::AwaitsApproval => 1,
            CheckState::Running => 2,
            CheckState::Unknown | CheckState::Neutral => 3,
            CheckState::Passed => 4,
        });
        match states.first() {
            Some(CheckState::Passed) => {}
            Some(CheckState::Failed) => reasons.push(Reason::CheckFailed { name }),
            Some(CheckState::AwaitsApproval) => reasons.push(Reason::CheckAwaitsApproval { name }),
            Some(CheckState::Running) => reasons.push(Reason::CheckRunning { name }),
            Some(CheckState::Neutral | CheckState::Unknown) => reasons.push(Reason::CheckNeutral { name }),
            None => reasons.push(Reason::CheckMissing { name }),
        }
    }
    if !evidence.checks_known && !contract.validation.required_checks.is_empty() {
        reasons.push(Reason::Unread { what: "the checks, as a whole".to_owned() });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use taskclass_spec::written::CreatePullRequest;

    use super::*;
    use crate::vocab::{FileChange, PullView};

    fn contract() -> Contract {
        serde_json::from_value(json!({
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
        }))
        .unwrap()
    }

    fn file(path: &str) -> FileChange {
        FileChange { path: path.to_owned(), previous: None, additions: 10, deletions: 2 }
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
            checks: vec![Check { name: "build".to_owned(), state: CheckState::Passed }],
            checks_known: true,
            reviews: Vec::new(),
            model_asked: Some("gpt-5.3-codex".to_owned()),
            models_used: vec!["gpt-5.3-codex".to_owned()],
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
        let (mut evidence, mut contract) = (good(), contract());
        change(&mut evidence, &mut contract);
        let judgement = judge(&evidence, &contract, "main");
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
        check(|e, _| e.checks.push(Check { name: "build".to_owned(), state: CheckState::Failed }), Rejected, "failed");
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
        check(|e, _| e.checks_known = false, Inconclusive, "the checks, as a whole");
        check(|e, _| e.files_cut = true, Inconclusive, "list of files is cut");
        check(|e, _| e.head_stable = false, Inconclusive, "moved");
        check(|e, _| e.models_used.clear(), Inconclusive, "which model worked");
        check(|e, _| e.pull_request = Some(pull("main", None)), Inconclusive, "can be merged");
        check(|e, _| e.unread.push("reviews".to_owned()), Inconclusive, "could not be read: reviews");
        // Nothing seen is not nothing changed, if not everything could be read.
        let blind = |e: &mut Evidence, _: &mut Contract| {
            e.files.clear();
            e.unread.push("files".to_owned());
        };
        check(blind, Inconclusive, "could not be read: files");
    }
}
