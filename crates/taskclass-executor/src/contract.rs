//! What a task is held to, taken from the approved class when the task was planned, and journaled with it: a task that began
//! under version 3 of a class is judged by version 3, whatever the registry says by then.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use taskclass_spec::written::{
    Budget, CreatePullRequest, Escalation, EscalationTrigger, InFlight, Intent, OpenPullRequests, Priority, Risk,
    Submissions, Timeouts, Validation,
};
use taskclass_spec::{ClassName, Credits, Digest, Owner, Percent, RepoName, StageName};

/// The policy's ceilings on all classes together, as of planning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ceilings {
    /// `maxima.per_day`.
    pub per_day: Credits,
    /// `maxima.submissions_per_hour`.
    pub submissions_per_hour: u32,
    /// `maxima.in_flight`.
    pub in_flight: u32,
    /// `maxima.open_pull_requests`.
    pub open_pull_requests: u32,
    /// `reserve.critical`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserve_critical: Option<Percent>,
}

/// What a task is held to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Contract {
    /// The class.
    pub class: ClassName,
    /// Its version.
    pub version: u32,
    /// Its digest.
    pub digest: Digest,
    /// Its title.
    pub title: String,
    /// Who answers for it.
    pub owners: Vec<Owner>,
    /// Its risk.
    pub risk: Risk,
    /// Whether it changes or explores.
    pub intent: Intent,
    /// The rollout stage; a single run of a class with a rollout is its first stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<StageName>,
    /// Who opens the pull request, the stage's word included.
    pub create_pull_request: CreatePullRequest,
    /// The pull request's labels.
    #[serde(default)]
    pub labels: Vec<String>,
    /// The pull request's reviewers.
    #[serde(default)]
    pub reviewers: Vec<Owner>,
    /// What makes the result acceptable, the policy's denied paths included.
    pub validation: Validation,
    /// The clocks, the policy's ceiling on `run` included.
    pub timeouts: Timeouts,
    /// Tasks under way at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_flight: Option<InFlight>,
    /// Tasks started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submissions: Option<Submissions>,
    /// Open pull requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_pull_requests: Option<OpenPullRequests>,
    /// Which waiting work goes first.
    pub priority: Priority,
    /// The money, the policy's ceilings included.
    pub budget: Budget,
    /// Who is told.
    pub escalation: Escalation,
    /// Where issues go when the target takes none: the policy's `escalation.repository`.
    pub escalation_repository: RepoName,
    /// Who answers when the owners do not: the policy's `escalation.owner`.
    pub escalation_owner: Owner,
    /// The policy's ceilings on all classes together.
    pub ceilings: Ceilings,
}

impl Contract {
    /// Whether the class escalates on this.
    pub fn escalates_on(&self, trigger: EscalationTrigger) -> bool {
        self.escalation.on.contains(&trigger)
    }

    /// The limit on tasks under way in one repository.
    pub fn per_repository(&self) -> u32 {
        self.in_flight.map_or(1, |limit| limit.per_repository)
    }
}
