//! A task whose answer was lost is found by its key, archived or not, and so are all that bear the same key.

use taskclass_executor::event::Body;

use super::Case;
use crate::site::{Change, key_in};

pub(super) fn check(case: &Case<'_>) {
    let world = case.world;
    let site = world.site.borrow();
    // Where lists lied, or the machine's own clock did, "not found" may be an honest answer: then a person is asked.
    if site.blurred || world.jumps() > 0 {
        return;
    }
    let tasks = site.sim.tasks();
    for event in &case.events {
        let Some(key) = &event.key else { continue };
        let settled = event.observed - jiff::SignedDuration::from_secs(5);
        let known = |id: &str| {
            let hidden = site.hidden.contains_key(key.as_str());
            let mut arrived = site.deliveries.iter().filter(|d| d.change == Change::Task && d.identity == key.as_str());
            let late = arrived.any(|delivery| delivery.at > settled);
            !hidden && !late && tasks.iter().any(|task| task.id == id)
        };
        let ours = || tasks.iter().filter(|task| key_in(&task.prompt) == Some(key.as_str()));
        match &event.body {
            Body::Unresolved => {
                for task in ours().filter(|task| known(&task.id)) {
                    world.broke("found", format!("{key} is unresolved, and GitHub has shown {} all along", task.id));
                }
            }
            Body::Adopted { task: adopted, quarantined, by: None } => {
                let others = ours().filter(|task| task.id != adopted.id && known(&task.id));
                for task in others.filter(|task| quarantined.iter().all(|other| other.id != task.id)) {
                    world.broke("found", format!("{key} was found, and its double {} was not quarantined", task.id));
                }
            }
            _ => {}
        }
    }
}
