//! Sending: written ahead, sent once, classified. Nothing here sends twice.

use jiff::SignedDuration;
use taskclass_approval::Approved;
use taskclass_github::{ApiErrorKind, Attempt, Submission};
use taskclass_spec::inputs::Inputs;
use taskclass_spec::model::TaskClass;
use taskclass_spec::written::InputValue;
use taskclass_spec::{Digest, InputName};

use crate::agenda::backoff;
use crate::context::Context;
use crate::error::ExecError;
use crate::event::{Body, BrokenGlass};
use crate::gate::contract;
use crate::lifecycle::{Task, clocks};
use crate::port::{github_repo, http};
use crate::reading;
use crate::request::{Target, request};
use crate::store::Payload;
use crate::vocab::Key;

/// How long after it was written down a request may be sent.
const AT_ONCE: SignedDuration = SignedDuration::from_secs(30);

/// Sends a queued task. `class` is approved now; it must be the very content that the task was planned under.
pub(crate) fn send(context: &mut Context<'_>, key: &Key, class: &Approved<TaskClass>) -> Result<(), ExecError> {
    let task = context.task(key)?.clone();
    let body = match exact_bytes(context, &task, class.get())? {
        Ok(body) => body,
        Err(message) => {
            context.say(key, Body::Refused { message })?;
            return Ok(());
        }
    };
    let repo = github_repo(&task.plan.repository)?;
    let payload = Payload::of(body.clone());
    let sending = Body::Sending {
        request_sha256: payload.sha256,
        prompt_sha256: task.plan.prompt_sha256,
        break_glass: BrokenGlass::of(class),
    };
    let written = context.now();
    context.say_with(key, sending, &crate::vocab::Http::default(), vec![payload])?;
    if context.now().duration_since(written) > AT_ONCE {
        // Whoever sleeps here may wake up after another process has taken over and looked for the task in vain: then this write is fenced.
        let reason = "the machine slept between writing the request down and sending it".to_owned();
        context.say(key, Body::Requeued { reason, not_before: context.now() })?;
        return Ok(());
    }
    // From here on the request may have left; whatever happens to this process, the journal says so.
    let Attempt { submission, meta } = context.github.create_task_bytes(&repo, &body);
    let http = http(meta.as_ref());
    let now = context.now();
    match submission {
        Submission::Created(created) if context.book.ledger().by_task_id.contains_key(created.id.as_str()) => {
            // Somebody on the way has answered with what was another request's answer.
            let reason = format!("GitHub answered 201 with task {}, which another submission has made", created.id);
            context.say_with(key, Body::Unknown { reason }, &http, Vec::new())?;
        }
        Submission::Created(created) => {
            let found = reading::task_ref(&created, now);
            let view = reading::view(&created, now);
            let mut drafts = vec![
                context.draft(key, Body::Accepted { task: found }, &http),
                crate::event::Draft {
                    occurred: view.updated_at,
                    ..context.draft(key, Body::Observed(Box::new(view)), &http)
                },
            ];
            drafts.extend(meta.and_then(|meta| context.used_up(task.plan.token_owner.clone(), &meta)));
            context.book.commit(drafts, Vec::new())?;
        }
        Submission::NotSent(reason) => {
            let wait = backoff(task.sends, SignedDuration::from_secs(5), SignedDuration::from_mins(5));
            context.say_with(
                key,
                Body::Requeued { reason, not_before: clocks::later(now, wait) },
                &http,
                Vec::new(),
            )?;
        }
        Submission::RateLimited(limit) => {
            let (slow, until) = context.slow_down(task.plan.token_owner.clone(), &limit);
            let reason = format!("{}; nothing is sent before {}", limit.what(), until.strftime("%H:%M:%S UTC"));
            let requeued = context.draft(key, Body::Requeued { reason, not_before: until }, &http);
            context.book.commit(vec![slow, requeued], Vec::new())?;
        }
        Submission::Refused(error) if matches!(error.kind, ApiErrorKind::Unauthorized | ApiErrorKind::Sso { .. }) => {
            // About the token, not about the task: another token, or the same one authorised, and it can be sent.
            let wait = backoff(task.sends, SignedDuration::from_mins(5), SignedDuration::from_hours(1));
            let not_before = clocks::later(now, wait);
            let reason = error.to_string();
            context.say_with(key, Body::Requeued { reason, not_before }, &http, Vec::new())?;
        }
        Submission::Refused(error) => {
            context.say_with(key, Body::Refused { message: error.to_string() }, &http, Vec::new())?;
        }
        Submission::Unknown(reason) => {
            context.say_with(key, Body::Unknown { reason }, &http, Vec::new())?;
        }
    }
    Ok(())
}

/// The request's bytes, made anew from the approved class and the journaled inputs; or why they are not what was planned.
fn exact_bytes(context: &Context<'_>, task: &Task, class: &TaskClass) -> Result<Result<Vec<u8>, String>, ExecError> {
    let plan = &task.plan;
    if class.digest().digest != plan.contract.digest {
        let message = format!(
            "the class has changed since the task was planned ({} then, {} now): run it again",
            plan.contract.digest.short(),
            class.digest().digest.short()
        );
        return Ok(Err(message));
    }
    // The class is the same, so the policy is not: whoever asked was let through under another one.
    if contract(class) != plan.contract || class.reaches(&plan.repository).is_err() {
        return Ok(Err("the policy has changed since the task was planned: run it again".to_owned()));
    }
    let Some(bytes) = context.book.payload(&plan.inputs_sha256)? else {
        return Ok(Err("the inputs that it was planned with are not kept any more: run it again".to_owned()));
    };
    let given: Result<std::collections::BTreeMap<InputName, InputValue>, _> = serde_json::from_slice(&bytes);
    let inputs = given.ok().and_then(|given| Inputs::check(&class.written().inputs, &given).ok());
    let parts = (inputs, plan.base_ref.parse(), plan.model.parse());
    let (Some(inputs), Ok(base_ref), Ok(model)) = parts else {
        return Ok(Err("what it was planned with does not fit the class any more: run it again".to_owned()));
    };
    let target = Target {
        repository: &plan.repository,
        base_ref: &base_ref,
        model: &model,
        inputs: &inputs,
        key: task.key.as_str(),
    };
    if class.model_for(&plan.repository, Some(&model)).is_err() || class.base_ref(Some(&base_ref)).is_err() {
        return Ok(Err("model or base branch are not allowed any more: run it again".to_owned()));
    }
    Ok(match request(class, &target) {
        Ok(request) if Digest::of(request.prompt.as_bytes()) == plan.prompt_sha256 => Ok(request.to_body()),
        Ok(_) => Err("its prompt renders otherwise than when it was planned: run it again".to_owned()),
        Err(error) => Err(error.to_string()),
    })
}
