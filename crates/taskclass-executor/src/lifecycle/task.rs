//! Everything that is known of one task, from its events alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use taskclass_spec::written::EscalationTrigger;
use taskclass_spec::{Digest, NanoCredits};

use super::after::Afterwards;
use super::times::Times;
use crate::contract::Contract;
use crate::event::{BrokenGlass, EvidenceRead, Planned, Subject};
use crate::vocab::{
    Acted, Action, ActionId, AgentView, ClockName, Handling, Judgement, Key, PullView, RunId, State, TaskRef,
};

/// Who decides where the executor does so by itself.
pub const OURSELVES: &str = "taskclass";

/// The search for a task that may exist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// Why it is not known.
    pub reason: String,
    /// How often it was looked for.
    pub looks: u32,
    /// When it is looked for next.
    pub next: Timestamp,
}

/// A request to stop the task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancel {
    /// Counts the requests, from 1.
    pub request: u32,
    /// Who.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// When Actions took the request to cancel the run behind the session.
    pub asked: Option<Timestamp>,
    /// It was told to stop, and nothing showed in time that it did.
    pub unconfirmed: bool,
    /// When the task was seen to have settled. A session that somebody adds later is not what was to be stopped.
    pub settled: Option<Timestamp>,
}

impl Cancel {
    /// Whether it is still awaited that the task stops.
    pub fn is_pending(&self) -> bool {
        !self.unconfirmed && self.settled.is_none()
    }
}

/// Where an action stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "progress", rename_all = "snake_case")]
pub enum Progress {
    /// To be done, not before a moment.
    Wanted {
        /// The moment.
        at: Timestamp,
    },
    /// Written ahead; the request may be on its way or lost.
    Started {
        /// When.
        at: Timestamp,
    },
    /// It stands.
    Done {
        /// What it left behind.
        outcome: Acted,
    },
    /// It did not work out, and is not tried again.
    GivenUp {
        /// Why.
        reason: String,
    },
}

/// One action and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doing {
    /// What.
    pub action: Action,
    /// How often it was begun.
    pub tries: u32,
    /// GitHub has said a definite no to it.
    pub refused: bool,
    /// How many comments stood in its place before it was first begun, if it is a comment.
    pub comments: Option<u64>,
    /// Its last try may have repeated one whose answer was lost.
    pub may_repeat: bool,
    /// Why the last try came to nothing.
    pub reason: Option<String>,
    /// It was given up, and a person has seen that.
    pub seen: bool,
    /// Where it stands.
    pub progress: Progress,
}

impl Doing {
    /// Whether a person may have it tried again: it was given up, is not a stop, and is not a notice about what is over.
    pub fn can_be_retried(&self, is_open: impl Fn(u32) -> bool) -> bool {
        let sense = match &self.action {
            Action::CancelRun { .. } => false,
            Action::Notify { episode, .. } => is_open(*episode),
            _ => true,
        };
        sense && matches!(self.progress, Progress::GivenUp { .. })
    }

    /// What is wanted from `at` on, and not begun.
    pub(super) fn wanted(action: Action, at: Timestamp) -> Self {
        let progress = Progress::Wanted { at };
        Self {
            action,
            tries: 0,
            refused: false,
            comments: None,
            may_repeat: false,
            reason: None,
            seen: false,
            progress,
        }
    }
}

/// What starts an escalation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// It was sent under a break-glass approval. No class can leave this out.
    BreakGlass,
    /// A change at GitHub was given up. No class can leave this out.
    GivenUp,
    /// Its pull request was merged without the review that the class asks for, or against the verdict. No class can leave this out.
    UngatedMerge,
    /// What the class escalates on.
    #[serde(untagged)]
    Class(EscalationTrigger),
}

impl Occasion {
    /// Whether an answer is awaited by the class's deadline. That the glass was broken does not stop what was let through in a hurry,
    /// and a change that was given up is a person's to make.
    pub fn has_deadline(self) -> bool {
        matches!(self, Self::Class(_))
    }
}

impl From<EscalationTrigger> for Occasion {
    fn from(trigger: EscalationTrigger) -> Self {
        Self::Class(trigger)
    }
}

/// One escalation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Episode {
    /// Counts the task's escalations, from 1.
    pub number: u32,
    /// What started it.
    pub trigger: Occasion,
    /// When.
    pub opened: Timestamp,
    /// When it was answered, or had no more reason.
    pub closed: Option<Timestamp>,
    /// Nobody answered in time.
    pub deadline_reached: bool,
}

/// A plan that several states of a task share, as if it were not shared.
mod shared {
    use super::{Arc, Deserialize, Planned, Serialize};

    pub(super) fn serialize<S: serde::Serializer>(plan: &Arc<Planned>, serializer: S) -> Result<S::Ok, S::Error> {
        plan.as_ref().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Arc<Planned>, D::Error> {
        Planned::deserialize(deserializer).map(Arc::new)
    }
}

/// One task of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Its key.
    pub key: Key,
    /// Its run.
    pub run: RunId,
    /// What was fixed when it was planned.
    #[serde(with = "shared")]
    pub plan: Arc<Planned>,
    /// Where it stands.
    pub state: State,
    /// Since when.
    pub since: Timestamp,
    /// Not to be sent before.
    pub not_before: Option<Timestamp>,
    /// What holds it up in the queue.
    pub held_by: Option<String>,
    /// SHA-256 of the request body that was last written ahead.
    pub request_sha256: Option<Digest>,
    /// How often its request was written ahead.
    pub sends: u32,
    /// The break-glass approvals that it was planned, or once sent was sent, under.
    pub break_glass: Vec<BrokenGlass>,
    /// The search for it, while it is unknown.
    pub search: Option<Search>,
    /// Why it was refused or abandoned.
    pub end_reason: Option<String>,
    /// The task that replaces it.
    pub replaced_by: Option<Key>,
    /// GitHub's task.
    pub at_github: Option<TaskRef>,
    /// Others with the same key.
    pub quarantined: Vec<TaskRef>,
    /// The last reading of GitHub's task.
    pub agent: Option<AgentView>,
    /// Since when GitHub has said that it is not there.
    pub missing_since: Option<Timestamp>,
    /// What the clocks need.
    pub times: Times,
    /// The clocks that ran out and have not been set again.
    pub expired: BTreeSet<ClockName>,
    /// The request to stop it.
    pub cancel: Option<Cancel>,
    /// Its pull request.
    pub pull: Option<PullView>,
    /// The result, in short.
    pub evidence: Option<EvidenceRead>,
    /// When the present result was first read.
    pub evidence_since: Option<Timestamp>,
    /// When it was last read.
    pub evidence_read: Option<Timestamp>,
    /// The verdict.
    pub judgement: Option<Judgement>,
    /// Merged with fewer approvals than the class asks for.
    pub unreviewed_merge: bool,
    /// Merged although it was rejected, or before it was judged.
    pub merged_against_verdict: bool,
    /// What people did with the pull request until it ended.
    pub handling: Option<Handling>,
    /// Looking after it, once the pull request has ended.
    pub afterwards: Option<Afterwards>,
    /// It has used more than its budget.
    pub over_budget: bool,
    /// It is over its budget and `budget.on_exceeded` is `pause`: nothing more of the class is started until a person has seen it.
    pub pauses_class: bool,
    /// Changes at GitHub, wanted and done.
    pub actions: BTreeMap<ActionId, Doing>,
    /// Escalations.
    pub episodes: Vec<Episode>,
}

impl Task {
    /// A task as its first event leaves it.
    pub fn planned(key: Key, run: RunId, plan: Arc<Planned>, at: Timestamp) -> Self {
        Self {
            break_glass: plan.break_glass.clone(),
            key,
            run,
            plan,
            state: State::Planned,
            since: at,
            not_before: None,
            held_by: None,
            request_sha256: None,
            sends: 0,
            search: None,
            end_reason: None,
            replaced_by: None,
            at_github: None,
            quarantined: Vec::new(),
            agent: None,
            missing_since: None,
            times: Times {
                planned: at,
                sent: None,
                accepted: None,
                began: None,
                worked: SignedDuration::ZERO,
                working_since: None,
                waiting_since: None,
                changed: at,
                settled: None,
                review_since: None,
            },
            expired: BTreeSet::new(),
            cancel: None,
            pull: None,
            evidence: None,
            evidence_since: None,
            evidence_read: None,
            judgement: None,
            unreviewed_merge: false,
            merged_against_verdict: false,
            handling: None,
            afterwards: None,
            over_budget: false,
            pauses_class: false,
            actions: BTreeMap::new(),
            episodes: Vec::new(),
        }
    }

    /// What it is held to.
    pub fn contract(&self) -> &Contract {
        &self.plan.contract
    }

    /// What it has used, if that is known.
    pub fn usage(&self) -> Option<NanoCredits> {
        self.agent.as_ref().and_then(AgentView::usage)
    }

    /// What counts against the budget: what it used once that is settled and known, else no less than what was reserved.
    pub fn charged(&self) -> NanoCredits {
        let reserved = self.plan.reserved.nanos();
        // It never existed: a definite refusal, or given up while that was certain. One that was given up while nobody knew keeps its
        // reservation.
        let absent = self.at_github.is_none() && self.search.is_none();
        if absent && matches!(self.state, State::Refused | State::Abandoned) {
            return NanoCredits(0);
        }
        match (self.settled_usage(), self.usage()) {
            (Some(used), _) => used,
            (None, Some(used)) => used.max(reserved),
            (None, None) => reserved,
        }
    }

    /// What it has used in all, once it has settled and if that is known.
    pub fn settled_usage(&self) -> Option<NanoCredits> {
        self.agent.as_ref().filter(|agent| agent.state.is_settled()).and_then(AgentView::usage)
    }

    /// Open escalations.
    pub fn open_episodes(&self) -> impl Iterator<Item = &Episode> {
        self.episodes.iter().filter(|episode| episode.closed.is_none())
    }

    /// Whether nothing more is expected of it unless GitHub's task comes back to life.
    pub fn is_done(&self) -> bool {
        let idle = self
            .actions
            .values()
            .all(|doing| matches!(doing.progress, Progress::Done { .. } | Progress::GivenUp { .. }));
        let judged = matches!(self.state, State::Judged(verdict) if verdict != crate::vocab::Verdict::Inconclusive);
        self.state.is_ended() && idle || judged && idle && self.pull.is_none()
    }

    /// The facts that every event of the task repeats.
    pub fn subject(&self) -> Subject {
        let plan = &self.plan;
        let agent = self.agent.as_ref();
        Subject {
            attempt: Some(plan.attempt),
            class: Some(plan.contract.class.to_string()),
            version: Some(plan.contract.version),
            digest: Some(plan.contract.digest),
            stage: plan.contract.stage.as_ref().map(ToString::to_string),
            prompt_sha256: Some(plan.prompt_sha256),
            inputs_sha256: Some(plan.inputs_sha256),
            model_asked: Some(plan.model.clone()),
            models_used: agent.map(|agent| agent.models.clone()).unwrap_or_default(),
            repository: Some(plan.repository.to_string()),
            repository_id: Some(plan.repository_id),
            base_ref: Some(plan.base_ref.clone()),
            base_sha: Some(plan.base_sha.clone()),
            head_ref: agent
                .and_then(|agent| agent.head_ref.clone())
                .or_else(|| self.pull.as_ref().map(|p| p.head_ref.clone())),
            task_id: self.at_github.as_ref().map(|task| task.id.clone()),
            task_url: self.at_github.as_ref().and_then(|task| task.url.clone()),
            session_ids: agent.map(|agent| agent.sessions.clone()).unwrap_or_default(),
            pull_request: self.pull.as_ref().map(|pull| pull.number),
            caller: Some(plan.caller.clone()),
            token_owner: Some(plan.token_owner.clone()),
            approvals: plan.approvals.clone(),
            break_glass: !self.break_glass.is_empty(),
            nano_credits: agent.and_then(|agent| agent.nano_credits),
        }
    }
}
