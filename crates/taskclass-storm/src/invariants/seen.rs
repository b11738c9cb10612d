//! What has changed at GitHub is seen: hours after the weather has cleared up, the journal says what GitHub says.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use taskclass_executor::lifecycle::Task;

use super::Case;

/// What changed later than this before now may still be on its way.
const FRESH: SignedDuration = SignedDuration::from_hours(3);

pub(super) fn check(case: &Case<'_>) {
    for task in case.ledger.tasks.values().filter(|task| !task.state.is_ended() && !task.is_done()) {
        if let Some(found) = &task.at_github {
            agent(case, task, &found.id);
        }
        if !task.state.is_in_flight() {
            pull(case, task);
        }
    }
}

fn is_old(case: &Case<'_>, moment: &Value) -> bool {
    let at = moment.as_str().and_then(|text| text.parse::<Timestamp>().ok());
    at.is_some_and(|at| case.world.now().duration_since(at) > FRESH)
}

fn agent(case: &Case<'_>, task: &Task, id: &str) {
    let Some(value) = case.look(&format!("/agents/repos/{}/tasks/{id}", task.plan.repository)) else { return };
    if !is_old(case, &value["updated_at"]) {
        return;
    }
    let known = task.agent.as_ref();
    let state = known.map_or("nothing", |view| view.state.as_str());
    let sessions = known.map_or(0, |view| view.sessions.len());
    let there = value["sessions"].as_array().map_or(0, Vec::len);
    if value["state"] != state || sessions != there {
        let key = &task.key;
        let what =
            format!("{key} is {} with {there} sessions, and the journal says {state} with {sessions}", value["state"]);
        case.world.broke("seen", what);
    }
}

fn pull(case: &Case<'_>, task: &Task) {
    let Some(known) = &task.pull else { return };
    let Some(value) = case.look(&format!("/repos/{}/pulls/{}", task.plan.repository, known.number)) else { return };
    if value["state"] == "closed" && known.open && is_old(case, &value["closed_at"]) {
        let (key, number) = (&task.key, known.number);
        case.world.broke("seen", format!("pull request #{number} of {key} is closed, and the journal says it is open"));
    }
}
