//! The registry, read as a run would read it: which commit, whom it trusts, what of it may be run.

use std::{num::NonZeroUsize, thread};

use jiff::Timestamp;
use taskclass_approval::{
    Decision,
    decide::Standing,
    registry::{ApprovedRegistry, DocumentState, OpenError},
};
use taskclass_spec::written::DocumentKind;

use super::report::{Area, Check};
use crate::{exit::Failure, machine::RegistryClasses, phrases, way::word};

const AREA: Area = Area::Registry;

/// A commit older than this may well not be the newest any more.
const OLD: jiff::SignedDuration = jiff::SignedDuration::from_hours(90 * 24);

/// The registry at its newest commit, and what was found on the way; no registry where that fails.
pub(super) fn open<'a>(
    classes: &'a Result<RegistryClasses, Failure>,
    pinned: bool,
    last: Option<&str>,
    now: Timestamp,
) -> (Vec<Check>, Option<ApprovedRegistry<'a>>) {
    let classes = match classes {
        Ok(classes) => classes,
        Err(failure) => return (vec![failed("git", failure)], None),
    };
    let commit = match classes.newest() {
        Ok(commit) => commit,
        Err(failure) => {
            let check = failed("ref", &failure)
                .because("a run reads this ref anew each time, from `origin` where there is one");
            return (vec![check], None);
        }
    };
    let place = classes.place(&commit).to_string();
    let mut checks = Vec::new();
    match classes.committed_at(&commit) {
        Some(at) if now.duration_since(at) > OLD => checks.push(
            Check::ok(AREA, "ref", format!("{place}, committed {} ago", phrases::span(at, now)))
                .because("a long time without a change: is it the branch that people work on?"),
        ),
        Some(at) => checks.push(Check::ok(AREA, "ref", format!("{place}, committed {} ago", phrases::span(at, now)))),
        None => checks.push(Check::ok(AREA, "ref", place)),
    }
    let last = match last.map(str::parse).transpose() {
        Ok(last) => last,
        Err(error) => {
            checks.push(Check::bad(
                AREA,
                "history",
                format!("the last accepted commit in the journal is none: {error}"),
            ));
            return (checks, None);
        }
    };
    match classes.opened(commit, last, now) {
        Ok(registry) => {
            checks.push(Check::ok(
                AREA,
                "trust",
                if pinned {
                    "trust/allowed_signers is the one that the executor's configuration pins"
                } else {
                    "trust/allowed_signers is the registry's own: beside the simulator nothing pins it"
                },
            ));
            (checks, Some(registry))
        }
        Err(error) => {
            checks.push(unopened(&error));
            (checks, None)
        }
    }
}

fn failed(name: &str, failure: &Failure) -> Check {
    let mut check = Check::bad(AREA, name, failure.message.clone());
    check.fix = failure.help.first().cloned();
    check
}

/// Why nothing in it can be judged. What a person has to do is part of each message.
fn unopened(error: &OpenError) -> Check {
    match error {
        OpenError::Trust(_) => Check::bad(AREA, "trust", error.to_string())
            .because("whoever can write to the registry could otherwise add a signer unnoticed")
            .fix("read the change of trust/allowed_signers; if you trust it, pin its new SHA-256 as `registry.allowed_signers`"),
        OpenError::Rewritten { .. } | OpenError::RevocationGone { .. } => Check::bad(AREA, "history", error.to_string()),
        _ => Check::bad(AREA, "policy", error.to_string()).fix("`taskclass lint` shows what is wrong with it"),
    }
}

/// What of it may be run.
pub(super) fn approvals(registry: &ApprovedRegistry<'_>, git: &str, now: Timestamp) -> Vec<Check> {
    let threads = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let states = match registry.overview(threads) {
        Ok(states) => states,
        Err(error) => return vec![Check::bad(AREA, "classes", error.to_string())],
    };
    let verify = format!("taskclass verify --registry {}", word(git));
    let (policy, classes): (Vec<_>, Vec<_>) = states.iter().partition(|state| state.kind == DocumentKind::Policy);
    let mut checks: Vec<Check> = policy.into_iter().map(|state| of_policy(state, &verify, now)).collect();
    let approved = classes.iter().filter(|state| standing(state).is_some()).count();
    let says = format!("{approved} of {} classes approved", classes.len());
    let missing: Vec<&str> =
        classes.iter().filter(|state| standing(state).is_none()).map(|state| state.name.as_str()).collect();
    checks.push(match missing.as_slice() {
        [] if classes.is_empty() => {
            Check::warn(AREA, "classes", "it has no classes").fix("`taskclass new NAME` makes one")
        }
        [] => Check::ok(AREA, "classes", says),
        names => Check::warn(AREA, "classes", format!("{says}; not: {}", some(names)))
            .because("a class that is not approved is refused")
            .fix(format!("`{verify}` says what each is missing")),
    });
    let soon: Vec<&DocumentState> = classes
        .into_iter()
        .filter(|state| standing(state).is_some_and(|standing| standing.renew_from <= now))
        .collect();
    if let Some(first) = soon.iter().filter_map(|state| standing(state).map(|standing| standing.until)).min() {
        let names: Vec<&str> = soon.iter().map(|state| state.name.as_str()).collect();
        let says =
            format!("approvals to be renewed: {}; the first ends in {}", some(&names), phrases::span(now, first));
        checks.push(
            Check::warn(AREA, "renewal", says).fix("`taskclass approve NAME --as PRINCIPAL --key FILE` for each"),
        );
    }
    checks
}

fn of_policy(state: &DocumentState, verify: &str, now: Timestamp) -> Check {
    match standing(state) {
        Some(standing) if standing.renew_from <= now => {
            Check::warn(AREA, "policy", format!("the policy's approval ends in {}", phrases::span(now, standing.until)))
                .because("nothing runs under a policy that is not approved")
                .fix("`taskclass approve policy --as PRINCIPAL --key FILE`")
        }
        Some(standing) => Check::ok(AREA, "policy", format!("the policy is approved until {}", standing.until)),
        None => Check::bad(AREA, "policy", "the policy is not approved")
            .because("nothing runs under a policy that is not approved")
            .fix(format!("`{verify} policy` says what is missing")),
    }
}

fn standing(state: &DocumentState) -> Option<&Standing> {
    match &state.state {
        Ok(Decision::Approved(standing)) => Some(standing),
        _ => None,
    }
}

/// Names, not too many.
pub(super) fn some(names: &[&str]) -> String {
    const MOST: usize = 5;
    let shown = names.iter().take(MOST).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(MOST) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
