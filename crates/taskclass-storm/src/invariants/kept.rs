//! No run is forgotten: what was taken ends, is judged, or stands in front of a person.

use taskclass_executor::event::{Body, Event};
use taskclass_executor::lifecycle::Task;
use taskclass_executor::vocab::{Key, State};

use super::Case;
use crate::site::key_in;

pub(super) fn check(case: &Case<'_>) {
    let (world, ledger) = (case.world, &case.ledger);
    if let Some(wish) = world.wishes.borrow().first() {
        world.broke("kept", format!("a run of {} was never taken", wish.class));
    }
    for (run, key) in &*world.taken.borrow() {
        if !ledger.runs.get(run).is_some_and(|keys| keys.contains(key)) {
            world.broke("kept", format!("{run} was taken, and the journal knows nothing of it"));
        }
    }
    let events = case.by_key();
    for (key, task) in &ledger.tasks {
        let own = events.get(key).map(Vec::as_slice).unwrap_or_default();
        if !rests(task) {
            world.broke("kept", format!("{key} is {} since {}: forgotten", task.state, task.since));
        }
        if task.state == State::Unresolved && !super::told::was_told(own) {
            world.broke("kept", format!("{key} is unresolved, and nobody was told"));
        }
    }
    certain(case);
}

/// Whether nothing more has to happen to it by itself.
fn rests(task: &Task) -> bool {
    match &task.state {
        state if state.is_ended() => true,
        State::Judged(_) | State::Unresolved => true,
        // Its own stop was not confirmed: it counts on until a person decides.
        State::Task(_) | State::Accepted | State::Adopted => {
            task.cancel.as_ref().is_some_and(|cancel| cancel.unconfirmed) || task.missing_since.is_some()
        }
        _ => false,
    }
}

/// What is said never to have been sent does not exist.
fn certain(case: &Case<'_>) {
    let events = case.by_key();
    for task in case.world.site.borrow().sim.tasks() {
        let Some(key) = key_in(&task.prompt).and_then(|key| key.parse::<Key>().ok()) else { continue };
        let Some(known) = case.ledger.tasks.get(&key) else {
            case.world.broke("kept", format!("GitHub's task {} bears a key that no journal knows", task.id));
            continue;
        };
        let doubted = |event: &&&Event| matches!(event.body, Body::Unknown { .. });
        let doubted = events.get(&key).is_some_and(|own| own.iter().any(|event| doubted(&event)));
        let denied = matches!(known.state, State::Planned | State::Queued | State::Refused | State::Abandoned);
        if denied && known.at_github.is_none() && !doubted {
            case.world.broke("kept", format!("{key} is {}, and GitHub has it as {}", known.state, task.id));
        }
    }
}
