//! No loop that is busy with nothing: what an hour takes is bounded by how many tasks there are.

use super::Case;

/// Requests and events that an hour may take, whatever there is to do.
const ANYWAY: (u64, u64) = (400, 100);
/// And for each task.
const EACH: (u64, u64) = (200, 100);

pub(super) fn check(case: &Case<'_>) {
    let tasks = case.ledger.tasks.len() as u64;
    let most = (ANYWAY.0 + EACH.0 * tasks, ANYWAY.1 + EACH.1 * tasks);
    let worst =
        |of: fn(&(u64, u64)) -> u64| case.world.hours.borrow().iter().map(|(hour, spent)| (of(spent), *hour)).max();
    if let Some((requests, hour)) = worst(|spent| spent.0).filter(|(requests, _)| *requests > most.0) {
        case.world.broke("restless", format!("{requests} requests in hour {hour}, with {tasks} tasks"));
    }
    if let Some((events, hour)) = worst(|spent| spent.1).filter(|(events, _)| *events > most.1) {
        case.world.broke("restless", format!("{events} events in hour {hour}, with {tasks} tasks"));
    }
}
