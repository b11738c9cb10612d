//! The chain behind a result, link by link, each with its moment and its address.

use jiff::Timestamp;
use serde::Serialize;
use taskclass_spec::NanoCredits;

use super::show::Line;
use super::trace::last;
use crate::lifecycle::Task;
use crate::vocab::{CheckState, Evidence, PullView, State};

/// One link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Its name: `trigger`, `caller`, `approval`, `class`, `gate`, `task`, `session`, `diff`, `checks`, `verdict`, `pull_request`, `merge`,
    /// `revert`.
    pub link: &'static str,
    /// When it came about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// What it was, in words.
    pub what: String,
    /// More of it, a line each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
    /// Where a person sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

struct Chain(Vec<Link>);

impl Chain {
    fn add(&mut self, link: &'static str, at: Option<Timestamp>, what: impl Into<String>) -> &mut Link {
        self.0.push(Link { link, at, what: what.into(), details: Vec::new(), url: None });
        let end = self.0.len() - 1;
        &mut self.0[end]
    }
}

/// The chain of a task.
pub(super) fn links(task: &Task, evidence: Option<&Evidence>, story: &[Line]) -> Vec<Link> {
    let mut chain = Chain(Vec::new());
    asked(&mut chain, task);
    sent(&mut chain, task, story);
    if let Some(evidence) = evidence {
        result(&mut chain, task, evidence, story);
    }
    if let Some(judgement) = &task.judgement {
        let verdict = chain.add("verdict", last(story, &["judged"]), judgement.verdict.to_string());
        verdict.details = judgement.reasons.iter().map(ToString::to_string).collect();
    }
    ended(&mut chain, task, story);
    chain.0
}

fn asked(chain: &mut Chain, task: &Task) {
    let plan = &task.plan;
    let planned = Some(task.times.planned);
    let caller = &plan.caller;
    chain.add("trigger", planned, caller.trigger.as_deref().unwrap_or("not given"));
    let person = caller.person.as_deref().map_or_else(|| "nobody known".to_owned(), |person| format!("@{person}"));
    let admitted = caller.admitted_as.as_deref().map(|line| format!(", as {line}")).unwrap_or_default();
    let system = caller.system.as_deref().map(|system| format!(", through {system}")).unwrap_or_default();
    chain.add("caller", planned, format!("{person}{admitted}{system}"));
    for approval in &plan.approvals {
        chain.add("approval", None, format!("{} with key {}", approval.principal, approval.fingerprint));
    }
    for broken in &task.break_glass {
        chain.add("approval", None, format!("break-glass: {broken}"));
    }
    let contract = &plan.contract;
    let class = chain.add("class", planned, format!("{} version {}", contract.class, contract.version));
    class.details = vec![
        contract.digest.to_string(),
        format!("read at the registry's commit {}", plan.registry_commit),
        format!("prompt {}", plan.prompt_sha256),
        format!("inputs {}", plan.inputs_sha256),
    ];
    let passed = plan.gate.iter().filter(|result| result.passed).count();
    if passed > 0 {
        let names: Vec<&str> = plan.gate.iter().map(|result| result.check.as_str()).collect();
        chain.add("gate", planned, format!("passed {}: {}", count(passed, "check"), names.join(", ")));
    }
}

fn sent(chain: &mut Chain, task: &Task, story: &[Line]) {
    let plan = &task.plan;
    let agent = task.agent.as_ref();
    let on = format!("on {} from {} at {}", plan.repository, plan.base_ref, short(&plan.base_sha));
    match &task.at_github {
        Some(found) => {
            let how = if last(story, &["adopted"]).is_some() { "adopted" } else { "made" };
            let at = last(story, &["accepted", "adopted"]);
            let link = chain.add("task", at, format!("{} {how}, {on}", found.id));
            link.url.clone_from(&found.url);
            link.details.push(format!("as @{}, model {} asked for", plan.token_owner.login, plan.model));
            link.details.extend(task.quarantined.iter().map(|more| format!("task {} has the same key", more.id)));
        }
        None => {
            let why = task.end_reason.clone().or_else(|| task.held_by.clone());
            let link = chain.add("task", Some(task.since), format!("none yet ({}), {on}", task.state));
            link.details.extend(why);
        }
    }
    let Some(agent) = agent else { return };
    for (place, session) in agent.sessions.iter().enumerate() {
        let is_last = place + 1 == agent.sessions.len();
        let link = chain.add("session", is_last.then_some(task.times.settled).flatten(), session.clone());
        if is_last {
            let models = if agent.models.is_empty() { "not known".to_owned() } else { agent.models.join(", ") };
            let used =
                agent.nano_credits.map_or_else(|| "not known".to_owned(), |nanos| NanoCredits(nanos).to_string());
            let branch = agent.head_ref.as_deref().map(|branch| format!(" on {branch}")).unwrap_or_default();
            link.details = vec![format!("{}{branch}, model {models}, spend {used}", agent.state.as_str())];
            link.details.extend(agent.error.clone());
        }
    }
}

fn result(chain: &mut Chain, task: &Task, evidence: &Evidence, story: &[Line]) {
    let read = last(story, &["evidence_read"]);
    let at = evidence.head_sha.as_deref().map(|sha| format!(" at {}", short(sha))).unwrap_or_default();
    let cut = if evidence.files_cut { "; GitHub's list is cut, there are more" } else { "" };
    let files = count(evidence.files.len(), "file");
    let lines = count(usize::try_from(evidence.lines()).unwrap_or(usize::MAX), "line");
    let diff = chain.add("diff", read, format!("{files}, {lines}{at}{cut}"));
    diff.details = evidence
        .files
        .iter()
        .map(|file| {
            let from = file.previous.as_deref().map(|old| format!(" (was {old})")).unwrap_or_default();
            format!("{}{from} +{} -{}", file.path, file.additions, file.deletions)
        })
        .collect();
    let pull = task.pull.as_ref().or(evidence.pull_request.as_ref());
    diff.url = match (pull, &evidence.head_sha) {
        (Some(pull), _) => Some(format!("{}/files", pull.url)),
        (None, Some(sha)) => web(task).map(|web| format!("{web}/commit/{sha}")),
        (None, None) => None,
    };
    let checks: Vec<String> =
        evidence.checks.iter().map(|check| format!("{} {}", check.name, words(check.state))).collect();
    let what = match (evidence.checks_known, checks.is_empty()) {
        (true, true) => "none ran".to_owned(),
        (true, false) => checks.join(", "),
        (false, _) => "could not be read whole".to_owned(),
    };
    chain.add("checks", read, what);
}

fn ended(chain: &mut Chain, task: &Task, story: &[Line]) {
    let Some(pull) = &task.pull else { return };
    let link = chain.add("pull_request", Some(pull.created_at), format!("#{} into {}", pull.number, pull.base_ref));
    link.url = Some(pull.url.clone());
    let stands = match (pull.merged, pull.open, pull.draft) {
        (true, ..) => "merged",
        (_, true, true) => "open, a draft",
        (_, true, false) => "open",
        _ => "closed without merging",
    };
    link.details.push(format!("{stands}, head {}", short(&pull.head_sha)));
    if pull.merged {
        let commit = pull.merge_commit.as_deref().map_or_else(|| "commit not known".to_owned(), |sha| sha.to_owned());
        let link = chain.add("merge", last(story, &["merged"]), commit);
        link.url = commit_url(pull);
        if task.unreviewed_merge {
            link.details.push("with fewer approvals than the class asks for".to_owned());
        }
    }
    if task.state == State::Reverted {
        let why = task.end_reason.clone().unwrap_or_default();
        chain.add("revert", last(story, &["reverted"]), why);
    }
}

fn commit_url(pull: &PullView) -> Option<String> {
    let (repository, _) = pull.url.split_once("/pull/")?;
    Some(format!("{repository}/commit/{}", pull.merge_commit.as_deref()?))
}

/// The repository's address, from that of the task at the same host.
fn web(task: &Task) -> Option<String> {
    let url = task.at_github.as_ref()?.url.as_deref()?;
    let host = url.strip_prefix("https://")?.split('/').next()?;
    Some(format!("https://{host}/{}", task.plan.repository))
}

fn short(sha: &str) -> String {
    sha.chars().take(7).collect()
}

fn words(state: CheckState) -> &'static str {
    match state {
        CheckState::Passed => "passed",
        CheckState::Failed => "failed",
        CheckState::Running => "has not ended",
        CheckState::AwaitsApproval => "waits for a person to approve and run workflows",
        CheckState::Neutral => "ended without saying whether it passed",
        CheckState::Unknown => "ended in a way that is not known",
    }
}

fn count(number: usize, one: &str) -> String {
    format!("{number} {one}{}", if number == 1 { "" } else { "s" })
}
