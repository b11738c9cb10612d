//! Notices: due ones were sent, they are journaled, they stand, and they stand once. And verdicts: the last one is on the commit.

use std::collections::BTreeMap;

use serde_json::Value;
use taskclass_executor::event::{Body, Event};
use taskclass_executor::lifecycle::OURSELVES;
use taskclass_executor::vocab::{Acted, ActionId, AgentState, ClockName, State, Verdict};

use super::Case;
use crate::site::{Change, How};

fn is_notice(action: &ActionId) -> bool {
    action.0.starts_with("notify:")
}

/// Whether somebody was told of the task.
pub(super) fn was_told(own: &[&Event]) -> bool {
    own.iter().any(|event| matches!(&event.body, Body::Acted { action, .. } if is_notice(action)))
}

pub(super) fn check(case: &Case<'_>) {
    for (key, own) in case.by_key() {
        concluded(case, key.as_str(), &own);
        if let Some(what) = untold(&own).filter(|_| !was_told(&own)) {
            case.world.broke("told", format!("{key}: {what}, and nobody was told"));
        }
    }
    twice(case);
}

/// Every notice that was begun came to its end, and what is said to stand does.
fn concluded(case: &Case<'_>, key: &str, own: &[&Event]) {
    let mut begun: BTreeMap<String, &Event> = BTreeMap::new();
    for event in own {
        let id = match &event.body {
            Body::Acting { action, .. } => action.id(),
            Body::Acted { action, .. } | Body::ActionFailed { action, .. } => action.clone(),
            _ => continue,
        };
        if is_notice(&id) {
            begun.insert(id.0, event);
        }
    }
    for (id, last) in begun {
        match &last.body {
            Body::Acted { outcome: Acted::Posted { .. }, .. } => {
                let rung: Vec<&str> = id.splitn(4, ':').collect();
                let mark = format!("{key}/{}/{}", rung[1], rung[2]);
                let site = case.world.site.borrow();
                let stands = site.deliveries.iter().any(|delivery| {
                    matches!(delivery.change, Change::Issue | Change::Comment | Change::IssueUpdate)
                        && delivery.done
                        && delivery.identity.contains(&mark)
                });
                if !stands {
                    case.world.broke("told", format!("{id} of {key} is journaled, and stands nowhere"));
                }
            }
            Body::Acted { .. } => {}
            Body::ActionFailed { retry_at: None, reason, .. } => {
                case.world.broke("told", format!("{id} of {key} was given up: {reason}"));
            }
            // It was to be tried again, and had no more reason.
            Body::ActionFailed { .. } => {}
            _ => case.world.broke("told", format!("{id} of {key} was begun and never concluded")),
        }
    }
}

/// What people must hear of, if nobody answered it since.
fn untold(own: &[&Event]) -> Option<String> {
    let person = |by: &str| by != OURSELVES;
    let stopped = own.iter().any(|event| matches!(&event.body, Body::CancelRequested { by, .. } if person(by)));
    let mut open = None;
    for event in own {
        match &event.body {
            Body::Unresolved => open = Some("nobody knows whether it exists".to_owned()),
            Body::OverBudget { .. } => open = Some("it went over its budget".to_owned()),
            Body::ClockExpired { clock } if *clock != ClockName::Stale && *clock != ClockName::Waiting => {
                open = Some(format!("the clock {clock} ran out"));
            }
            Body::Judged(judgement) if judgement.verdict == Verdict::Rejected && !stopped => {
                open = Some("it was rejected".to_owned());
            }
            Body::Observed(view) if matches!(view.state, AgentState::Failed | AgentState::TimedOut) => {
                if matches!(event.to, Some(State::Task(_))) {
                    open = Some(format!("it {}", view.state.as_str()));
                }
            }
            Body::Adopted { .. } | Body::Acknowledged { .. } | Body::Merged { .. } | Body::Closed { .. } => open = None,
            Body::Abandoned { by, .. } if person(by) => open = None,
            // A result that was rejected for a while is accepted: the escalation has no more reason.
            Body::Judged(judgement) if judgement.verdict == Verdict::Accepted => open = None,
            _ => {}
        }
    }
    open
}

/// Nothing that creates came twice by our own doing.
fn twice(case: &Case<'_>) {
    let site = case.world.site.borrow();
    let mut made: BTreeMap<(Change, &str), usize> = BTreeMap::new();
    for delivery in site.deliveries.iter().filter(|delivery| delivery.done && delivery.how == How::Once) {
        if matches!(delivery.change, Change::Issue | Change::Comment) {
            *made.entry((delivery.change, &delivery.identity)).or_insert(0) += 1;
        }
    }
    // Whose comments are on a pull request cannot be read with certainty. One that may be there already is repeated, and the journal says so
    // before it is: so often it may stand again.
    let repeated = |identity: &str| {
        let acting = case.events.iter().filter(|event| {
            let of_task = event.key.as_ref().is_some_and(|key| identity.contains(key.as_str()));
            of_task && matches!(&event.body, Body::Acting { may_repeat: true, .. })
        });
        acting.count()
    };
    for ((change, identity), count) in made {
        let allowed = if change == Change::Comment && count > 1 { 1 + repeated(identity) } else { 1 };
        if count <= allowed {
            continue;
        }
        let identity: String = identity.chars().take(160).collect();
        case.world.broke("told", format!("{count} times the same {change:?}: {identity}"));
    }
}

/// The last verdict on a commit is its status.
pub(super) fn published(case: &Case<'_>) {
    let site = case.world.site.borrow();
    for (key, own) in case.by_key() {
        let judged = own.iter().rev().find_map(|event| match &event.body {
            Body::Judged(judgement) => Some(judgement),
            _ => None,
        });
        let over = own.last().and_then(|event| event.to.as_ref()).is_some_and(|to| matches!(to, State::Judged(_)));
        let Some((judgement, sha)) = judged.and_then(|judged| Some((judged, judged.head_sha.as_ref()?))) else {
            continue;
        };
        let statuses = || {
            let of_commit = |path: &str| path.ends_with(&format!("/statuses/{sha}"));
            site.deliveries.iter().filter(move |d| d.change == Change::Status && of_commit(&d.path) && d.done)
        };
        // An old status that the network brings late is the newest for GitHub; that is not the executor's doing.
        // Given up after many tries: that was told, and waits in the inbox.
        let given_up = own.iter().any(|event| {
            matches!(&event.body, Body::ActionFailed { action, retry_at: None, .. }
                if action.0.starts_with(&format!("publish_status:{sha}")))
        });
        if !over || given_up || statuses().any(|delivery| delivery.how != How::Once) {
            continue;
        }
        let wanted = match judgement.verdict {
            Verdict::Accepted => "success",
            Verdict::Rejected => "failure",
            Verdict::Inconclusive => "pending",
        };
        let last = statuses().next_back().map(|delivery| serde_json::from_str(&delivery.body).unwrap_or(Value::Null));
        let state = last.as_ref().and_then(|body| body["state"].as_str()).unwrap_or("none");
        if state != wanted {
            case.world
                .broke("published", format!("{key} is {}, and its commit's status is {state}", judgement.verdict));
        }
    }
}
