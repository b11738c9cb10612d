//! Check runs and statuses of a commit, each with who set it.

use std::collections::BTreeSet;

use taskclass_github::{
    Actor, CallError, CheckConclusion, CheckRun, CheckStatus, CommitStatus, RuleParameters, StatusState,
};

use super::{PAGES, Reader};
use crate::lifecycle::Task;
use crate::vocab::{Check, CheckState, Evidence, Maker, TokenOwner};

/// The verdict's own status, which is no evidence.
pub(crate) const OWN_STATUS: &str = "taskclass/verdict";

fn of_run(run: &CheckRun) -> Check {
    let state = match (&run.status, &run.conclusion) {
        (_, Some(CheckConclusion::ActionRequired)) | (CheckStatus::Waiting, None) => CheckState::AwaitsApproval,
        (CheckStatus::Completed, Some(conclusion)) => match conclusion {
            CheckConclusion::Success => CheckState::Passed,
            CheckConclusion::Failure | CheckConclusion::TimedOut => CheckState::Failed,
            // Who stops a check says nothing about what it would have found.
            CheckConclusion::Neutral
            | CheckConclusion::Skipped
            | CheckConclusion::Stale
            | CheckConclusion::Cancelled => CheckState::Neutral,
            CheckConclusion::ActionRequired | CheckConclusion::Other(_) => CheckState::Unknown,
        },
        (CheckStatus::Completed, None) | (CheckStatus::Other(_), _) => CheckState::Unknown,
        _ => CheckState::Running,
    };
    let by = run.app.as_ref().map(|app| Maker::App { id: app.id.0, slug: app.slug.clone() });
    Check { name: run.name.clone(), state, by: by.unwrap_or(Maker::Nobody) }
}

fn of_status(status: &CommitStatus) -> Check {
    let state = match status.state {
        StatusState::Success => CheckState::Passed,
        StatusState::Pending => CheckState::Running,
        StatusState::Failure | StatusState::Error => CheckState::Failed,
        StatusState::Other(_) => CheckState::Unknown,
    };
    Check { name: status.context.clone(), state, by: maker(status.creator.as_ref()) }
}

/// Whose a status is. What is neither a person nor a bot by GitHub's word is nobody's.
fn maker(actor: Option<&Actor>) -> Maker {
    match actor.map(|actor| (actor, actor.kind.as_deref())) {
        Some((actor, Some("User"))) => Maker::Person { login: actor.login.clone(), id: actor.id.0 },
        Some((actor, Some("Bot"))) => Maker::Bot { login: actor.login.clone(), id: actor.id.0 },
        _ => Maker::Nobody,
    }
}

/// The job in which the agent works is no check on the agent.
fn is_the_agents_job(run: &CheckRun) -> bool {
    run.name.eq_ignore_ascii_case("copilot")
}

/// Of each context and account the newest: an account's later word takes its earlier one back, and nobody else's.
fn newest(statuses: &[CommitStatus]) -> impl Iterator<Item = &CommitStatus> {
    let mut seen = BTreeSet::new();
    statuses.iter().filter(move |status| {
        let by = status.creator.as_ref().map(|actor| actor.id.0);
        seen.insert((status.context.as_str(), by))
    })
}

/// Every `taskclass/verdict` among a commit's statuses, newest first.
pub(crate) fn verdicts(statuses: &[CommitStatus]) -> impl Iterator<Item = &CommitStatus> {
    statuses.iter().filter(|status| status.context.eq_ignore_ascii_case(OWN_STATUS))
}

/// Whether one of our own accounts has set a status.
pub(crate) fn is_ours(status: &CommitStatus, ours: &[TokenOwner]) -> bool {
    status.creator.as_ref().is_some_and(|by| ours.iter().any(|own| own.id == by.id.0))
}

/// Reads the checks into the evidence.
pub(super) fn read(
    reader: &mut Reader<'_, '_>,
    task: &Task,
    ours: &[TokenOwner],
    sha: &str,
    evidence: &mut Evidence,
) -> Result<(), CallError> {
    let (github, repo) = (reader.github, reader.repo);
    let runs = github.check_runs_for_ref(repo, sha).and_then(|first| github.collect(first, PAGES));
    let runs = reader.take(runs, "check runs")?;
    let statuses = github.list_commit_statuses(repo, sha).and_then(|first| github.collect(first, PAGES));
    let statuses = reader.take(statuses, "commit statuses")?;
    evidence.checks_known = runs.is_some() && statuses.is_some();
    let runs = runs.map(|runs| runs.items).unwrap_or_default();
    let statuses = statuses.map(|statuses| statuses.items).unwrap_or_default();
    let is_verdict = |status: &&CommitStatus| status.context.eq_ignore_ascii_case(OWN_STATUS);
    evidence.checks = runs.iter().filter(|run| !is_the_agents_job(run)).map(of_run).collect();
    evidence.checks.extend(newest(&statuses).filter(|status| !is_verdict(status)).map(of_status));
    for status in verdicts(&statuses).filter(|status| !is_ours(status, ours)) {
        let by = maker(status.creator.as_ref());
        if !evidence.verdicts_of_others.contains(&by) {
            evidence.verdicts_of_others.push(by);
        }
    }
    apps_wanted(reader, task, evidence)
}

/// Where a plan has no rules GitHub does not answer with none of them, but with these words.
const NO_RULES: &str = "Upgrade to GitHub";

/// What the base branch's own rules say about who may set the required checks. Where there are none, anybody may whom nothing else speaks
/// against; where they cannot be read, nobody knows.
fn apps_wanted(reader: &mut Reader<'_, '_>, task: &Task, evidence: &mut Evidence) -> Result<(), CallError> {
    let required = &task.contract().validation.required_checks;
    if required.is_empty() {
        return Ok(());
    }
    let (github, repo) = (reader.github, reader.repo);
    let rules = github.get_branch_rules(repo, &task.plan.base_ref).and_then(|first| github.collect(first, PAGES));
    let without = |error: &CallError| error.api().is_some_and(|api| api.message.starts_with(NO_RULES));
    if rules.as_ref().is_err_and(without) {
        return Ok(());
    }
    let rules = reader.take(rules, "the base branch's rules")?.map(|rules| rules.items);
    for rule in rules.unwrap_or_default() {
        let RuleParameters::RequiredStatusChecks(checks) = rule.parameters else { continue };
        for check in checks.required_status_checks {
            let named = required.iter().any(|name| name.as_str() == check.context);
            if let Some(app) = check.integration_id.filter(|_| named) {
                evidence.apps_wanted.insert(check.context, app.0);
            }
        }
    }
    Ok(())
}
