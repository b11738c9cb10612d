//! Starting a run: through the gate, then planned and queued in one transaction. Nothing is sent here.

use taskclass_approval::Approved;
use taskclass_github::CreateTask;
use taskclass_spec::model::TaskClass;
use taskclass_spec::{Digest, RepoName};

use crate::audit::SealError;
use crate::context::Context;
use crate::error::ExecError;
use crate::event::{ApprovalFacts, Body, BrokenGlass, Draft, GateResult, Planned};
use crate::gate::{Admitted, Asked, GateError, Refusal, Refused, RunRequest, admit, results};
use crate::ledger::budget;
use crate::request::{Target, request};
use crate::store::Payload;
use crate::vocab::{CallerFacts, Http, Key, KeyParts, RunId, TokenOwner};

/// A run that has passed the gate, and exactly what it would send.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The run's id.
    pub run: RunId,
    /// The task's key.
    pub key: Key,
    /// The request.
    pub request: CreateTask,
    /// What the gate let through.
    pub admitted: Admitted,
    inputs: Payload,
}

/// Passes a request through the gate and makes the exact request of it. Nothing is written down or sent.
pub(crate) fn prepare(
    context: &mut Context<'_>,
    class: &Approved<TaskClass>,
    asked: &RunRequest,
    attempt: u32,
    run: Option<RunId>,
) -> Result<Prepared, ExecError> {
    let now = context.now();
    let refused = |reasons: Vec<Refusal>, person: Option<TokenOwner>| {
        let (class, repository) = (class.get().name().to_string(), asked.repository.to_string());
        ExecError::Refused(Box::new(Refused { class, repository, person: person.map(|person| person.login), reasons }))
    };
    let outcome = admit(&Asked {
        class,
        request: asked,
        github: &context.github,
        ledger: context.book.ledger(),
        webhooks: context.webhooks,
        token_kind: context.token_kind,
        now,
    });
    let admitted = match outcome {
        Ok(admitted) => admitted,
        Err(GateError::Refused(reasons, person)) => return Err(refused(reasons, person)),
        Err(GateError::Github(error)) => return Err(error.into()),
    };
    let run = run.unwrap_or_else(|| context.book.new_run(now));
    let bytes = serde_json_canonicalizer::to_vec(&admitted.inputs.to_json()).map_err(SealError::from)?;
    let inputs = Payload { sha256: Digest::of(&bytes), bytes };
    let key = Key::of(&KeyParts {
        digest: *class.digest(),
        run: &run,
        repository_id: admitted.repository_id,
        base_ref: admitted.base_ref.as_str(),
        inputs: inputs.sha256,
        repeat: 0,
        attempt,
    });
    let target = Target {
        repository: &admitted.repository,
        base_ref: &admitted.base_ref,
        model: &admitted.model,
        inputs: &admitted.inputs,
        key: key.as_str(),
    };
    let request = request(class.get(), &target)
        .map_err(|error| refused(vec![Refusal::Prompt(error)], Some(admitted.token_owner.clone())))?;
    Ok(Prepared { run, key, request, admitted, inputs })
}

/// The models that class and policy allow in a repository.
fn models_allowed(class: &TaskClass, repository: &RepoName) -> Vec<String> {
    let (default, offered) = class.offered_models(repository);
    let (by_policy, _) = class.policy_models(repository);
    let both = std::iter::once(default).chain(offered).filter(|model| by_policy.contains(model));
    both.map(ToString::to_string).collect()
}

/// The events that plan and queue what was prepared.
pub(crate) fn plan(
    context: &Context<'_>,
    class: &Approved<TaskClass>,
    prepared: &Prepared,
    attempt: u32,
    replaces: Option<Key>,
) -> (Vec<Draft>, Vec<Payload>) {
    let now = context.now();
    let admitted = prepared.admitted.clone();
    let commit = class.commit().to_string();
    let mut drafts = Vec::new();
    if context.book.ledger().registry_commit.as_ref() != Some(&commit) {
        drafts.push(context.book.plain(now, Body::RegistryAccepted { commit: commit.clone() }));
    }
    let approvals = class.approvals().iter().map(|approval| ApprovalFacts {
        principal: approval.principal.to_string(),
        fingerprint: approval.key_fingerprint.to_string(),
    });
    let reserved = budget::reserve(context.book.ledger().tasks.values(), &admitted.contract);
    let gate = results::passed(class.get(), &admitted, reserved);
    // What people were told of with the task that this one replaces, they are not told of again.
    let before = replaces.as_ref().and_then(|key| context.book.ledger().tasks.get(key));
    let told = before.filter(|task| task.times.sent.is_some());
    let break_glass_told = told.map(|task| [&*task.break_glass, &*task.plan.break_glass_told].concat());
    let planned = Planned {
        models_allowed: models_allowed(class.get(), &admitted.repository),
        break_glass_told: break_glass_told.unwrap_or_default(),
        reserved,
        contract: admitted.contract,
        repository: admitted.repository,
        repository_id: admitted.repository_id,
        base_ref: admitted.base_ref.to_string(),
        base_sha: admitted.base_sha,
        model: admitted.model.to_string(),
        prompt_sha256: Digest::of(prepared.request.prompt.as_bytes()),
        inputs_sha256: prepared.inputs.sha256,
        repeat: 0,
        attempt,
        replaces,
        caller: admitted.caller,
        token_owner: admitted.token_owner,
        approvals: approvals.collect(),
        break_glass: BrokenGlass::of(class),
        registry_commit: commit,
        gate,
    };
    for body in [Body::Planned(Box::new(planned)), Body::Queued { not_before: None, held_by: None }] {
        drafts.push(Draft {
            occurred: now,
            observed: now,
            key: Some(prepared.key.clone()),
            run: Some(prepared.run.clone()),
            http: Http::default(),
            body,
        });
    }
    (drafts, vec![prepared.inputs.clone()])
}

/// Starts a run. A refusal is written down as well: who asked for what, and why not.
pub(crate) fn start(
    context: &mut Context<'_>,
    class: &Approved<TaskClass>,
    asked: &RunRequest,
) -> Result<(RunId, Key), ExecError> {
    match prepare(context, class, asked, 1, None) {
        Ok(prepared) => {
            let (drafts, payloads) = plan(context, class, &prepared, 1, None);
            context.book.commit(drafts, payloads)?;
            Ok((prepared.run, prepared.key))
        }
        Err(ExecError::Refused(refused)) => {
            let (person, system, trigger) = (refused.person.clone(), asked.system.clone(), asked.trigger.clone());
            let caller = CallerFacts { person, system, trigger, admitted_as: None };
            let name = refused.reasons.first().map_or("", Refusal::name);
            refuse(context, &refused.class, &refused.repository, caller, name, &refused.to_string(), &refused.reasons)?;
            Err(ExecError::Refused(refused))
        }
        Err(error) => Err(error),
    }
}

/// Writes a refusal down: who asked for what, and why not.
pub(crate) fn refuse(
    context: &mut Context<'_>,
    class: &str,
    repository: &str,
    caller: CallerFacts,
    refusal: &str,
    message: &str,
    reasons: &[Refusal],
) -> Result<(), ExecError> {
    let body = Body::RunRefused {
        class: class.to_owned(),
        repository: repository.to_owned(),
        caller,
        refusal: refusal.to_owned(),
        message: message.to_owned(),
        gate: if reasons.is_empty() { vec![GateResult::refused(refusal, message)] } else { results::refused(reasons) },
    };
    let draft = context.book.plain(context.now(), body);
    context.book.commit(vec![draft], Vec::new())?;
    Ok(())
}
