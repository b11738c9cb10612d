//! The verdict, from evidence and contract alone: `rejected` on any definite breach, `inconclusive` on anything unknown, else
//! `accepted`.

use taskclass_spec::written::{CreatePullRequest, EmptyResult};

use super::belief::why_not;
use crate::contract::Contract;
use crate::event::Planned;
use crate::vocab::{
    AgentState, Check, CheckState, Disbelief, Evidence, FileChange, FileKind, FileScope, Flag, Judgement, LISTED,
    Maker, Reason, Verdict,
};

/// Judges a result by what was fixed when its task was planned.
pub fn judge(evidence: &Evidence, plan: &Planned) -> Judgement {
    let contract = &plan.contract;
    let (mut reasons, mut flags) = (Vec::new(), Vec::new());
    if evidence.ended != AgentState::Completed {
        reasons.push(Reason::TaskEnded { state: evidence.ended.clone(), error: evidence.error.clone() });
    }
    model(evidence, plan, &mut reasons, &mut flags);
    if let Some(pull) = &evidence.pull_request {
        if contract.create_pull_request == CreatePullRequest::Never {
            reasons.push(Reason::UnwantedPullRequest { number: pull.number });
        }
        if pull.base_ref != plan.base_ref {
            reasons.push(Reason::WrongBase { asked: plan.base_ref.clone(), found: pull.base_ref.clone() });
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
        checks(evidence, plan, &mut reasons);
        reasons.extend(evidence.verdicts_of_others.iter().map(|by| Reason::VerdictForged { by: by.to_string() }));
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
    Judgement { verdict, reasons, flags, head_sha }
}

/// `auto` leaves the choice to GitHub, so whatever worked was asked for. What the class allows beside the one that was asked for was
/// approved as well.
fn model(evidence: &Evidence, plan: &Planned, reasons: &mut Vec<Reason>, flags: &mut Vec<Flag>) {
    let Some(asked) = &evidence.model_asked else { return };
    if evidence.models_used.is_empty() || evidence.model_unsaid {
        reasons.push(Reason::ModelUnknown);
    }
    for used in evidence.models_used.iter().filter(|used| !used.eq_ignore_ascii_case(asked)) {
        let (asked, used) = (asked.clone(), used.clone());
        if plan.models_allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(&used)) {
            flags.push(Flag::OtherModel { asked, used });
        } else {
            reasons.push(Reason::ModelSubstituted { asked, used });
        }
    }
}

/// The first paths of the files that fit, and how many there are.
fn those(evidence: &Evidence, fits: impl Fn(&FileChange) -> bool) -> Option<(Vec<String>, u32)> {
    let paths: Vec<_> = evidence.files.iter().filter(|file| fits(file)).map(|file| file.path.clone()).collect();
    let count = u32::try_from(paths.len()).unwrap_or(u32::MAX);
    (count > 0).then(|| (paths.into_iter().take(LISTED).collect(), count))
}

fn files(evidence: &Evidence, contract: &Contract, reasons: &mut Vec<Reason>) {
    let validation = &contract.validation;
    if let Some((paths, count)) = those(evidence, |file| file.scope(validation) == FileScope::Denied) {
        reasons.push(Reason::DeniedPaths { paths, count });
    }
    if let Some((paths, count)) = those(evidence, |file| file.scope(validation) == FileScope::NotAllowed) {
        reasons.push(Reason::OutOfScope { paths, count });
    }
    for sort in [FileKind::Symlink, FileKind::Submodule] {
        if let Some((paths, count)) = those(evidence, |file| file.sort == sort) {
            reasons.push(Reason::NotPlainFiles { sort, paths, count });
        }
    }
    let count = evidence.files.len() as u64;
    if let Some(limit) = validation.max_files.filter(|limit| count > u64::from(*limit)) {
        reasons.push(Reason::TooManyFiles { count, limit });
    }
    if let Some(limit) = validation.max_lines {
        let count = evidence.lines();
        if count > u64::from(limit) {
            reasons.push(Reason::TooManyLines { count, limit });
        } else if let Some((paths, count)) = those(evidence, |file| file.sort == FileKind::Binary) {
            reasons.push(Reason::SizeUnknown { paths, count });
        }
    }
    if evidence.files_cut {
        reasons.push(Reason::FilesCut);
    }
}

/// What stands in the way first.
fn order(state: CheckState) -> u8 {
    match state {
        CheckState::Failed => 0,
        CheckState::AwaitsApproval => 1,
        CheckState::Running => 2,
        CheckState::Unknown => 3,
        CheckState::Neutral => 4,
        CheckState::Passed => 5,
    }
}

/// Of several runs of one name all must have passed, whose word counts. That something failed, or waits for a person, may be said by
/// Actions also where the result changes the workflows: nobody forges that in their own favour.
fn standing(name: &str, evidence: &Evidence, plan: &Planned) -> Result<Option<CheckState>, (String, Disbelief)> {
    let named = || evidence.checks.iter().filter(|check: &&Check| check.name == name);
    let bad = |check: &Check| matches!(check.state, CheckState::Failed | CheckState::AwaitsApproval);
    let counts = |check: &&Check| match why_not(check, evidence, plan) {
        None => true,
        Some(Disbelief::OwnWorkflows) => bad(check),
        Some(_) => false,
    };
    // Of a status only the newest counts, whoever set it: that is how GitHub reads them.
    let (runs, statuses): (Vec<_>, Vec<_>) =
        named().filter(counts).partition(|check| matches!(check.by, Maker::App { .. }));
    let counted = runs.into_iter().chain(statuses.into_iter().take(1));
    match counted.map(|check| check.state).min_by_key(|state| order(*state)) {
        Some(state) => Ok(Some(state)),
        None => {
            let first = named().find_map(|check| Some((check.by.to_string(), why_not(check, evidence, plan)?)));
            first.map_or(Ok(None), Err)
        }
    }
}

fn checks(evidence: &Evidence, plan: &Planned, reasons: &mut Vec<Reason>) {
    let required = &plan.contract.validation.required_checks;
    for required in required {
        let name = required.as_str().to_owned();
        match standing(&name, evidence, plan) {
            Ok(Some(CheckState::Passed)) => {}
            Ok(Some(CheckState::Failed)) => reasons.push(Reason::CheckFailed { name }),
            Ok(Some(CheckState::AwaitsApproval)) => reasons.push(Reason::CheckAwaitsApproval { name }),
            Ok(Some(CheckState::Running)) => reasons.push(Reason::CheckRunning { name }),
            Ok(Some(CheckState::Neutral)) => reasons.push(Reason::CheckNeutral { name }),
            Ok(Some(CheckState::Unknown)) => reasons.push(Reason::CheckUnknown { name }),
            Ok(None) => reasons.push(Reason::CheckMissing { name }),
            Err((by, because)) => reasons.push(Reason::CheckNotBelieved { name, by, because }),
        }
    }
    if !evidence.checks_known && !required.is_empty() {
        reasons.push(Reason::Unread { what: "the checks, as a whole".to_owned() });
    }
}

/// How many of the required checks passed, failed, and are not known to have done either.
pub(super) fn count(evidence: &Evidence, plan: &Planned) -> (u64, u64, u64) {
    let mut counts = (0, 0, 0);
    for required in &plan.contract.validation.required_checks {
        match standing(required.as_str(), evidence, plan) {
            Ok(Some(CheckState::Passed)) => counts.0 += 1,
            Ok(Some(CheckState::Failed)) => counts.1 += 1,
            _ => counts.2 += 1,
        }
    }
    counts
}

#[cfg(test)]
mod tests;
