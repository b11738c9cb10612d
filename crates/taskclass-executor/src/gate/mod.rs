//! The gate: everything that must hold before anything is planned. First what needs no request, then the person and the token,
//! then the live repository, then the money. All reasons of a stage are found at once.

mod callers;
mod live;
mod paper;
mod refusal;

use std::collections::BTreeMap;

use jiff::Timestamp;
use taskclass_approval::Approved;
use taskclass_github::{CallError, TokenKind};
use taskclass_spec::inputs::Inputs;
use taskclass_spec::model::TaskClass;
use taskclass_spec::written::InputValue;
use taskclass_spec::{InputName, ModelId, RefName, RepoName};

pub(crate) use paper::contract;
pub use refusal::{Refusal, Refused};

use crate::contract::Contract;
use crate::ledger::{Ledger, budget};
use crate::port::Github;
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
    if !reasons.is_empty() {
        return Err(GateError::Refused(reasons, Some(token_owner)));
    }
    let found = live::check(asked, &paper.base_ref, &token_owner)?;
    let contract = paper::contract(class);
    if let Err(denied) = budget::admit(asked.ledger.tasks.values(), &contract, asked.now) {
        return Err(GateError::Refused(vec![denied.into()], Some(token_owner)));
    }
    Ok(Admitted {
        contract,
        repository: found.repository,
        repository_id: found.repository_id,
        base_ref: paper.base_ref,
        base_sha: found.base_sha,
        model: paper.model,
        inputs: paper.inputs,
        caller: CallerFacts {
            person: Some(token_owner.login.clone()),
            system: asked.request.system.clone(),
            trigger: asked.request.trigger.clone(),
            admitted_as,
        },
        token_owner,
    })
}
