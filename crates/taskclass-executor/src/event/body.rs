//! What can happen, one variant a kind.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use taskclass_approval::{Approved, ApprovedBy, Subject};
use taskclass_spec::model::TaskClass;
use taskclass_spec::{Credits, Digest, RepoName};

use super::facts::GateResult;
use super::result::EvidenceRead;
use crate::contract::Contract;
use crate::vocab::{
    Acted, Action, ActionId, AgentView, CallerFacts, ClockName, Handling, Judgement, Key, PullView, TaskRef,
    TokenOwner, Verdict,
};

/// Everything that is fixed when a task is planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Planned {
    /// What it is held to.
    pub contract: Contract,
    /// The repository, by its present name.
    pub repository: RepoName,
    /// Its database id.
    pub repository_id: i64,
    /// The base branch.
    pub base_ref: String,
    /// The base branch's commit when it was looked at.
    pub base_sha: String,
    /// The model asked for; `auto` leaves the choice to GitHub.
    pub model: String,
    /// The models that class and policy allow in the repository.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models_allowed: Vec<String>,
    /// SHA-256 of the rendered prompt.
    pub prompt_sha256: Digest,
    /// SHA-256 of the inputs' JCS form; the inputs are kept under it beside the journal.
    pub inputs_sha256: Digest,
    /// Which repetition within the run, from 0.
    pub repeat: u32,
    /// Which attempt, from 1.
    pub attempt: u32,
    /// The task that this one replaces, when a person said to send again; it is then possibly a duplicate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Key>,
    /// Who asked.
    pub caller: CallerFacts,
    /// As whom it runs.
    pub token_owner: TokenOwner,
    /// Who approved the class.
    pub approvals: Vec<ApprovalFacts>,
    /// The break-glass approvals that class and policy stood on; empty where they stood without.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub break_glass: Vec<BrokenGlass>,
    /// Those that people were told of, or are being told of, with the task that this one replaces.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub break_glass_told: Vec<BrokenGlass>,
    /// The registry's commit that the class was read at.
    pub registry_commit: String,
    /// What is reserved of the budget.
    pub reserved: Credits,
    /// What the gate looked at, and found as it must be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gate: Vec<GateResult>,
}

/// One approval that counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ApprovalFacts {
    /// Who signed.
    pub principal: String,
    /// With which key.
    pub fingerprint: String,
}

/// A break-glass approval that a task stands on: it lives 24 hours at most, and says why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BrokenGlass {
    /// What it approves: the class's name, or `policy`.
    pub document: String,
    /// Who signed.
    pub principal: String,
    /// With which key.
    pub fingerprint: String,
    /// Until when it counts.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub expires_at: Timestamp,
    /// Why, in the signer's words.
    pub reason: String,
}

impl BrokenGlass {
    /// Those that a class, or its policy, stands on.
    pub fn of(class: &Approved<TaskClass>) -> Vec<Self> {
        let fact = |(subject, approval): (&Subject, &ApprovedBy)| Self {
            document: subject.name.clone(),
            principal: approval.principal.to_string(),
            fingerprint: approval.key_fingerprint.to_string(),
            expires_at: approval.expires_at,
            reason: approval.note.clone(),
        };
        class.broken_glass().map(fact).collect()
    }
}

impl std::fmt::Display for BrokenGlass {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { document, principal, expires_at, reason, .. } = self;
        write!(f, "{document} by {principal} until {expires_at}: {reason}")
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", content = "data", rename_all = "snake_case")]
pub enum Body {
    /// The journal was begun.
    Begun {
        /// The journal's own random id.
        journal: String,
    },
    /// A commit of the registry was accepted as its newest state.
    RegistryAccepted {
        /// The commit.
        commit: String,
    },
    /// The kill switch: nothing new is sent from now on.
    Stopped {
        /// Who.
        by: String,
        /// Why.
        reason: String,
    },
    /// The kill switch was lifted.
    Started {
        /// Who.
        by: String,
    },
    /// Everything that was known up to here was kept beside the journal, so that the next process need not replay it.
    Snapshot {
        /// SHA-256 of what is kept.
        sha256: Digest,
    },
    /// What is kept beside the journal was cleared away for tasks that had ended: request bodies, inputs, evidence. No event ever is.
    Pruned {
        /// Who.
        by: String,
        /// Only what belongs to tasks of which nothing had been heard since then.
        #[schemars(with = "String", extend("format" = "date-time"))]
        before: Timestamp,
        /// How many were cleared.
        count: u64,
    },
    /// A run was asked for and refused before anything was planned.
    RunRefused {
        /// The class that was asked for.
        class: String,
        /// The repository that was asked for.
        repository: String,
        /// Who asked, as far as it is known.
        caller: CallerFacts,
        /// The refusal's name.
        refusal: String,
        /// The refusal in words.
        message: String,
        /// Each of its reasons.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        gate: Vec<GateResult>,
    },
    /// This machine's clock was set: what is written down from now on goes on from where it was.
    ClockSet {
        /// By how many seconds what is written down is ahead of the machine's clock; 0 if the clock was set right.
        seconds: u64,
    },
    /// GitHub said to slow down.
    RateLimited {
        /// Whose limit.
        owner: TokenOwner,
        /// Nothing is sent before.
        #[schemars(with = "String", extend("format" = "date-time"))]
        until: Timestamp,
        /// The secondary limit (rate), as opposed to the hourly budget.
        secondary: bool,
    },

    /// A task was planned.
    Planned(Box<Planned>),
    /// It waits for its turn, or for something that holds it up.
    Queued {
        /// Not before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(with = "Option<String>")]
        not_before: Option<Timestamp>,
        /// What holds it up, by the name of the limit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        held_by: Option<String>,
    },
    /// Written ahead of the request that creates the task.
    Sending {
        /// SHA-256 of the exact request body; the bytes are kept under it beside the journal.
        request_sha256: Digest,
        /// SHA-256 of the prompt in it.
        prompt_sha256: Digest,
        /// The break-glass approvals that class and policy stand on at this moment; empty where they stand without.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        break_glass: Vec<BrokenGlass>,
    },
    /// GitHub answered 201.
    Accepted {
        /// The task.
        task: TaskRef,
    },
    /// A definite no.
    Refused {
        /// Why.
        message: String,
    },
    /// It certainly was not created, and may be sent again.
    Requeued {
        /// Why.
        reason: String,
        /// Not before.
        #[schemars(with = "String", extend("format" = "date-time"))]
        not_before: Timestamp,
    },
    /// Nobody knows whether it was created.
    Unknown {
        /// Why.
        reason: String,
    },
    /// It was looked for and not found.
    Looked {
        /// How many tasks were examined.
        examined: u32,
        /// When it is looked for again; absent if that was the last time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(with = "Option<String>")]
        next: Option<Timestamp>,
    },
    /// It was found, or a person pointed to it.
    Adopted {
        /// The task.
        task: TaskRef,
        /// Others with the same key: never watched, never counted as ours, for a person to look at.
        quarantined: Vec<TaskRef>,
        /// The person who decided; absent if it was found by its key.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
    },
    /// It was looked for long enough.
    Unresolved,
    /// It is given up.
    Abandoned {
        /// Who.
        by: String,
        /// Why.
        reason: String,
        /// The task that takes its place.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaced_by: Option<Key>,
    },

    /// GitHub's task was read, and something had changed.
    Observed(Box<AgentView>),
    /// GitHub says that the task is not there.
    Missing,
    /// A clock ran out.
    ClockExpired {
        /// Which.
        clock: ClockName,
    },
    /// It is to be stopped.
    CancelRequested {
        /// Who.
        by: String,
        /// Why.
        reason: String,
    },
    /// It was told to stop, and nothing shows that it did.
    CancelUnconfirmed,
    /// It has used more than `budget.per_task`.
    OverBudget {
        /// What it has used.
        nano_credits: u64,
        /// The limit.
        limit: Credits,
    },
    /// Nobody answered an escalation in time.
    DeadlineReached {
        /// Which escalation.
        episode: u32,
    },
    /// A person has taken notice of everything that is open.
    Acknowledged {
        /// Who.
        by: String,
    },

    /// A person wants what was given up to be tried again.
    RetryRequested {
        /// Who.
        by: String,
    },

    /// The result was read.
    EvidenceRead(Box<EvidenceRead>),
    /// The result was judged.
    Judged(Judgement),
    /// The pull request was read, and something had changed.
    PullRequest(PullView),
    /// The pull request was merged.
    Merged {
        /// The merge's commit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        commit: Option<String>,
        /// Fewer approvals than `validation.min_approvals`, of those that count; so also where they cannot be read.
        unreviewed: bool,
        /// The verdict that stood on the merged commit; absent if that commit was not judged.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        verdict: Option<Verdict>,
        /// What people did with it until then.
        handling: Handling,
    },
    /// The pull request was closed without merging.
    Closed {
        /// What people did with it until then.
        handling: Handling,
    },
    /// It was looked after once it had been merged or closed, and nothing had changed: not taken back, not reopened.
    LookedAfter {
        /// How many commits of the base were examined for one that takes the merge back.
        examined: u64,
        /// Whether all of them could be read.
        complete: bool,
        /// When it is looked after next; absent if that was the last time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(with = "Option<String>")]
        next: Option<Timestamp>,
    },
    /// What was merged was taken back.
    Reverted {
        /// The commit that took it back.
        commit: String,
    },

    /// Written ahead of a change at GitHub, or of a webhook.
    Acting {
        /// The change.
        action: Action,
        /// How many comments stand in its place, if it is one: GitHub shows the number, and by it a lost answer is told from a lost
        /// comment.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comments: Option<u64>,
        /// An earlier try's answer was lost, and it may stand there already.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        may_repeat: bool,
    },
    /// The change stands.
    Acted {
        /// Which change.
        action: ActionId,
        /// What it left behind.
        outcome: Acted,
    },
    /// The change did not work out.
    ActionFailed {
        /// Which change.
        action: ActionId,
        /// Why.
        reason: String,
        /// Whether that was a definite no.
        refused: bool,
        /// When it is tried again; absent if it is given up.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(with = "Option<String>")]
        retry_at: Option<Timestamp>,
    },
}
