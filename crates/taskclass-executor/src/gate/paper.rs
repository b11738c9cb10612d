//! What class, policy and request say by themselves, before GitHub is asked anything.

use std::collections::BTreeSet;

use taskclass_github::TokenKind;
use taskclass_spec::inputs::Inputs;
use taskclass_spec::model::TaskClass;
use taskclass_spec::written::{Budget, InFlight, Notice, OpenPullRequests, Submissions, Timeouts};
use taskclass_spec::{ModelId, Owner, RefName, RepoName};

use super::{Asked, Refusal, callers};
use crate::contract::{Ceilings, Contract};
use crate::ledger::Ledger;
use crate::lifecycle::Task;
use crate::port::Webhooks;
use crate::vocab::State;

/// What the request comes down to.
pub(super) struct Paper {
    pub(super) inputs: Inputs,
    pub(super) model: ModelId,
    pub(super) base_ref: RefName,
}

/// Checks all of it at once.
pub(super) fn check(asked: &Asked<'_, '_>) -> Result<Paper, Vec<Refusal>> {
    let (class, request) = (asked.class.get(), asked.request);
    let mut reasons = standing(class, &request.repository, asked.ledger, asked.token_kind);
    reasons.extend(unready(class, asked.webhooks));
    let base_ref = class.base_ref(request.base_ref.as_ref()).map_err(|refused| reasons.push(refused.into())).ok();
    let model = class
        .model_for(&request.repository, request.model.as_ref())
        .map_err(|refused| reasons.push(refused.into()))
        .ok();
    let inputs = match Inputs::check(&class.written().inputs, &request.inputs) {
        Ok(inputs) => Some(inputs),
        Err(errors) => {
            reasons.extend(errors.into_iter().map(Refusal::Input));
            None
        }
    };
    match (inputs, model, base_ref) {
        (Some(inputs), Some(model), Some(base_ref)) if reasons.is_empty() => Ok(Paper { inputs, model, base_ref }),
        _ => Err(reasons),
    }
}

/// What stands against the class in a repository now, whatever is asked of it.
pub(super) fn standing(class: &TaskClass, repository: &RepoName, ledger: &Ledger, token: TokenKind) -> Vec<Refusal> {
    let mut reasons: Vec<Refusal> = ledger.stopped.clone().map(Refusal::Stopped).into_iter().collect();
    reasons.extend(callers::kind(class.policy(), token));
    reasons.extend(unsupported(class, repository));
    reasons.extend(free_reach(class, repository, ledger));
    reasons.extend(class.reaches(repository).err().map(Refusal::from));
    reasons
}

/// Whether the class has reached as many repositories as single runs may: the policy's `free_reach`. Beyond it proof is needed,
/// stage by stage, and a single run proves nothing; so a rollout in the class does not widen this.
fn free_reach(class: &TaskClass, repository: &RepoName, ledger: &Ledger) -> Option<Refusal> {
    let ours = |task: &&Task| task.plan.contract.class == *class.name() && task.state != State::Refused;
    let reached: BTreeSet<_> = ledger.tasks.values().filter(ours).map(|task| task.plan.repository.clone()).collect();
    if reached.contains(repository) {
        return None;
    }
    let (limit, reached) = (class.policy().free_reach, reached.len());
    (reached >= usize::try_from(limit).unwrap_or(usize::MAX)).then_some(Refusal::FreeReach { reached, limit })
}

/// Fields that this version cannot honour for a single run.
fn unsupported(class: &TaskClass, repository: &RepoName) -> Vec<Refusal> {
    let mut found = Vec::new();
    for (place, reviewer) in class.written().pull_request.reviewers.iter().enumerate() {
        if matches!(reviewer, Owner::Team { org, .. } if !org.eq_ignore_ascii_case(repository.owner())) {
            found.push(Refusal::Unsupported {
                field: format!("pull_request.reviewers[{place}]"),
                why: "a team can only be asked in its own organisation's repositories; name one of the target's",
            });
        }
    }
    if class.single_run_stage().is_some_and(|stage| stage.approve) {
        found.push(Refusal::Unsupported {
            field: "rollout.stages[0].approve".to_owned(),
            why: "a single run is of the first stage, and this version cannot take a person's word for a stage; leave it out there",
        });
    }
    found
}

/// The webhooks of the class's ladder that this executor cannot send to: nobody would be told, and nobody would know it.
pub(super) fn unready(class: &TaskClass, webhooks: &dyn Webhooks) -> Vec<Refusal> {
    let mut found = Vec::new();
    for (rung, step) in class.written().escalation.ladder.iter().enumerate() {
        for (place, notice) in step.notify.iter().enumerate() {
            let Notice::Webhook(name) = notice else { continue };
            if let Err(why) = webhooks.ready(name) {
                let field = format!("escalation.ladder[{rung}].notify[{place}]");
                found.push(Refusal::Webhook { field, notice: notice.to_string(), why });
            }
        }
    }
    found
}

/// What a task of the class is held to: the class's words, each no looser than the policy's.
pub(crate) fn contract(class: &TaskClass) -> Contract {
    let (written, policy) = (class.written(), class.policy());
    let ceilings = class.ceilings();
    let mut validation = written.validation.clone();
    validation.paths.deny.extend(policy.paths.deny.iter().cloned());
    Contract {
        class: class.name().clone(),
        version: class.version(),
        digest: class.digest().digest,
        title: written.title.clone(),
        owners: written.owners.clone(),
        risk: written.risk,
        intent: written.intent,
        stage: class.single_run_stage().map(|stage| stage.name.clone()),
        create_pull_request: class.single_run_pull_request(),
        labels: written.pull_request.labels.clone(),
        reviewers: written.pull_request.reviewers.clone(),
        validation,
        timeouts: Timeouts { run: ceilings.run, ..written.limits.timeouts },
        in_flight: Some(InFlight {
            total: Some(ceilings.in_flight),
            per_repository: ceilings.in_flight_per_repository,
        }),
        submissions: Some(Submissions {
            per_hour: Some(ceilings.submissions_per_hour),
            per_day: ceilings.submissions_per_day,
        }),
        open_pull_requests: Some(OpenPullRequests {
            total: Some(ceilings.open_pull_requests),
            per_reviewer: ceilings.open_pull_requests_per_reviewer,
        }),
        priority: written.limits.priority,
        budget: Budget {
            per_task: ceilings.per_task,
            per_day: ceilings.per_day,
            per_month: ceilings.per_month,
            on_exceeded: written.budget.on_exceeded,
        },
        escalation: written.escalation.clone(),
        escalation_repository: policy.escalation.repository.clone(),
        escalation_owner: policy.escalation.owner.clone(),
        ceilings: Ceilings {
            per_day: policy.maxima.per_day,
            submissions_per_hour: policy.maxima.submissions_per_hour,
            in_flight: policy.maxima.in_flight,
            open_pull_requests: policy.maxima.open_pull_requests,
            reserve_critical: policy.reserve.map(|reserve| reserve.critical),
        },
    }
}
