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
