//! The gate: everything that must hold before anything is planned. First what needs no request, then the person and the token,
//! then the live repository, then the money. All reasons of a stage are found at once.

pub(crate) mod callers;
pub(crate) mod live;
mod paper;
mod preflight;
mod refusal;
mod require;
pub(crate) mod results;
mod reviewers;

use std::collections::BTreeMap;

use jiff::Timestamp;
use taskclass_approval::Approved;
use taskclass_github::{CallError, TokenKind};
use taskclass_spec::inputs::Inputs;
use taskclass_spec::model::TaskClass;
use taskclass_spec::written::InputValue;
use taskclass_spec::{InputName, ModelId, RefName, RepoName};

pub use callers::{kind as token_kind, life as token_life};
pub(crate) use paper::contract;
pub use preflight::{Preflight, preflight};
pub use refusal::{Refusal, Refused};

use crate::contract::Contract;
use crate::event::Planned;
use crate::ledger::{Ledger, budget};
use crate::port::{Github, Webhooks};
use crate::vocab::{CallerFacts, TokenOwner};

/// What a caller asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct RunRequest {
    /// The repository.
    pub repository: RepoName,
    /// The inputs as given.
    pub inputs: BTreeMap<InputName, InputValue>,
    /// Another model than the class's default.
    pub model: Option<ModelId>,
    /// Another base branch than the class's default.
    pub base_ref: Option<RefName>,
    /// The system that calls, in its own words.
    pub system: Option<String>,
    /// The event that led to it, in the caller's words.
    pub trigger: Option<String>,
}

/// What the gate let through.
#[derive(Debug, Clone)]
pub struct Admitted {
    /// What the task is held to.
    pub contract: Contract,
    /// The repository, by its present name.
    pub repository: RepoName,
    /// Its database id.
    pub repository_id: i64,
    /// The base branch.
    pub base_ref: RefName,
    /// Its commit.
    pub base_sha: String,
    /// The model.
    pub model: ModelId,
    /// The inputs, checked, defaults filled in.
    pub inputs: Inputs,
    /// Who asked.
    pub caller: CallerFacts,
    /// As whom it runs.
    pub token_owner: TokenOwner,
}

/// Why the gate did not let a run through.
#[derive(Debug)]
pub(crate) enum GateError {
    /// These are the reasons, and this is the person, if that is known by then.
    Refused(Vec<Refusal>, Option<TokenOwner>),
    /// GitHub could not be asked.
    Github(CallError),
}

impl From<CallError> for GateError {
    fn from(error: CallError) -> Self {
        Self::Github(error)
    }
}

/// What the gate looks at.
pub(crate) struct Asked<'a, 'g> {
    pub(crate) class: &'a Approved<TaskClass>,
    pub(crate) request: &'a RunRequest,
    pub(crate) github: &'a Github<'g>,
    pub(crate) ledger: &'a Ledger,
    pub(crate) webhooks: &'a dyn Webhooks,
    pub(crate) token_kind: TokenKind,
    pub(crate) now: Timestamp,
}

/// Everything that must hold before a task is planned.
pub(crate) fn admit(asked: &Asked<'_, '_>) -> Result<Admitted, GateError> {
    let class = asked.class.get();
    let paper = paper::check(asked).map_err(|reasons| GateError::Refused(reasons, None))?;
    let user = asked.github.get_user()?;
    let token_owner = TokenOwner { login: user.value.login.clone(), id: user.value.id.0 };
    let mut reasons = callers::life(class.policy(), asked.token_kind, user.meta.token.expires, asked.now);
    let admitted_as = match callers::admit(asked.github, class, &token_owner.login)? {
        Ok(line) => Some(line),
        Err(refusal) => {
            reasons.push(refusal);
            None
        }
    };
    let seen = live::check(&live::Look {
        github: asked.github,
        class,
        repository: &asked.request.repository,
        base_ref: &paper.base_ref,
        login: &token_owner.login,
        known_id: known_id(class, &asked.request.repository, asked.ledger),
        reviewers: true,
    })?;
    reasons.extend(seen.reasons);
    let contract = paper::contract(class);
    reasons.extend(budget::admit(asked.ledger.tasks.values(), &contract, asked.now).err().map(Refusal::from));
    let (Some(live), Some(base_sha), Some(admitted_as), true) =
        (seen.repository, seen.base_sha, admitted_as, reasons.is_empty())
    else {
        return Err(GateError::Refused(reasons, Some(token_owner)));
    };
    Ok(Admitted {
        contract,
        repository: asked.request.repository.clone(),
        repository_id: live.id.0,
        base_ref: paper.base_ref,
        base_sha,
        model: paper.model,
        inputs: paper.inputs,
        caller: CallerFacts {
            person: Some(token_owner.login.clone()),
            system: asked.request.system.clone(),
            trigger: asked.request.trigger.clone(),
            admitted_as: Some(admitted_as),
        },
        token_owner,
    })
}

/// What the repository's name stood for when the class was last run there with the content that it has now: people approved it for that
/// repository, and not for one that somebody makes later under a name that has become free.
fn known_id(class: &TaskClass, repository: &RepoName, ledger: &Ledger) -> Option<i64> {
    let digest = class.digest().digest;
    let same = |plan: &Planned| plan.contract.digest == digest && plan.repository == *repository;
    let plans = ledger.tasks.values().map(|task| (task.times.planned, &*task.plan));
    plans.filter(|(_, plan)| same(plan)).max_by_key(|(at, _)| *at).map(|(_, plan)| plan.repository_id)
}
