//! The live repository and the caller once more, when a task is about to be sent: it may have waited for hours, and much can change
//! meanwhile.

use jiff::SignedDuration;
use taskclass_approval::Approved;
use taskclass_spec::model::TaskClass;

use crate::context::Context;
use crate::error::ExecError;
use crate::gate::live::{Look, check};
use crate::gate::{Refusal, callers};
use crate::lifecycle::Task;

/// How long a look is good for: what was found by the gate, or for another task of the same class in the same repository, is not asked
/// for again. A run that is sent at once costs no request more.
const GOOD_FOR: SignedDuration = SignedDuration::from_mins(5);

/// What became of the second look.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Again {
    /// It is as it was.
    Stands,
    /// Nothing is known now, or the token is at fault and not the task: to be tried again later, for this reason.
    PutOff(String),
    /// It may not be sent any more, for all these reasons.
    Refused(String),
}

/// Looks at a task's repository again, as the gate did: still there, the same one, under its name, taking work, with its base branch and
/// `require`; the token still as the policy asks, and its owner still among the class's callers. Reviewers are not asked about again, and that class and policy are what they were
/// is for whoever makes the request's bytes. Nothing is written down.
///
/// # Errors
/// [`ExecError::Github`] only if the token is not accepted at all.
pub(crate) fn again(context: &mut Context<'_>, task: &Task, class: &Approved<TaskClass>) -> Result<Again, ExecError> {
    let (class, plan, now) = (class.get(), &task.plan, context.now());
    if let Some(refusal) = callers::kind(class.policy(), context.token_kind) {
        return Ok(Again::PutOff(refusal.to_string()));
    }
    let place = (plan.repository.clone(), plan.base_ref.clone(), plan.contract.digest);
    let looked = &mut context.memory.looked;
    looked.retain(|_, at| now.duration_since(*at) < GOOD_FOR);
    if now.duration_since(task.times.planned) < GOOD_FOR || looked.contains_key(&place) {
        return Ok(Again::Stands);
    }
    let Ok(base_ref) = plan.base_ref.parse() else {
        return Ok(Again::Refused(format!("`{}` is no name of a branch", plan.base_ref.escape_default())));
    };
    let look = Look {
        github: &context.github,
        class,
        repository: &plan.repository,
        base_ref: &base_ref,
        login: &plan.token_owner.login,
        known_id: Some(plan.repository_id),
        reviewers: false,
    };
    let seen = match check(&look) {
        Ok(seen) => seen,
        Err(error) => {
            let why = format!("the repository could not be looked at: {error}");
            context.endure_for(&task.key, crate::memory::Side::Repository, error)?;
            return Ok(Again::PutOff(why));
        }
    };
    let mut reasons = seen.reasons;
    if seen.repository.is_some() {
        reasons.extend(callers::life(class.policy(), context.token_kind, seen.token_expires, now));
    }
    if reasons.is_empty() {
        // The token is of whoever asked, by now perhaps under another login.
        let login = context.memory.owner.as_ref().map_or(&plan.token_owner.login, |owner| &owner.login).clone();
        let digest = plan.contract.digest;
        context.memory.admitted.retain(|_, at| now.duration_since(*at) < GOOD_FOR);
        if !context.memory.admitted.contains_key(&digest) {
            match callers::admit(&context.github, class, &login) {
                Ok(Ok(_)) => {
                    context.memory.admitted.insert(digest, now);
                }
                Ok(Err(refusal)) => reasons.push(refusal),
                Err(error) => {
                    let why = format!("the class's callers could not be asked about: {error}");
                    context.endure_for(&task.key, crate::memory::Side::Repository, error)?;
                    return Ok(Again::PutOff(why));
                }
            }
        }
    }
    if reasons.is_empty() {
        context.memory.looked.insert(place, now);
        return Ok(Again::Stands);
    }
    // Another token, or the same one with more rights, and it can be sent.
    if reasons.iter().all(Refusal::is_of_the_token) {
        return Ok(Again::PutOff(words(&reasons)));
    }
    Ok(refused(&reasons))
}

fn refused(reasons: &[Refusal]) -> Again {
    Again::Refused(format!("it was looked at again before it was sent, and may not be any more: {}", words(reasons)))
}

fn words(reasons: &[Refusal]) -> String {
    reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
