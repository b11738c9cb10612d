//! What must hold of every storm, read from the simulator and from the journal's lines, never from a process's memory.

mod found;
mod kept;
mod limits;
mod money;
mod once;
mod restless;
mod seen;
mod told;

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::Value;
use taskclass_executor::Ledger;
use taskclass_executor::audit::Verifier;
use taskclass_executor::event::{Body, Event};
use taskclass_executor::store::Journal;
use taskclass_executor::vocab::Key;
use taskclass_sim::{Outcome, Request, Sim};

use crate::site::{Change, TOKEN};
use crate::world::World;

/// Every invariant, with what it says.
pub const ALL: [(&str, &str); 15] = [
    ("once", "at most one task a key at GitHub, one pull request a task; what the network doubles is counted apart"),
    ("found", "a task that GitHub lists is found by its key; of several the others are quarantined"),
    ("kept", "every run that was taken reaches an end or a verdict, or stands in front of a person"),
    ("written-ahead", "whatever changes something at GitHub is on the disk before it leaves"),
    (
        "money",
        "what counts against the budget is what the journal and GitHub add up to; no limit is overdrawn; no slot is kept",
    ),
    ("told", "every notice that was due stands, is journaled, and stands once"),
    ("published", "the last verdict on a commit is the commit's status"),
    ("seen", "what has changed at GitHub for hours is in the journal"),
    ("chain", "the chain of the journal is whole, and it can be replayed"),
    (
        "replay",
        "what a process knows at its end, and what a snapshot says, is what the journal says from its beginning",
    ),
    ("limits", "no request beyond GitHub's limits; changes are a second apart"),
    ("restless", "no simulated hour takes more requests and events than there is something to do"),
    ("secrets", "the token is in nothing that is written, sent or said"),
    ("stopped", "nothing is sent while the kill switch is thrown"),
    ("never", "nothing is merged, approved or done that the executor never does; no panic, no impossible event"),
];

/// A storm that is over.
struct Case<'w> {
    world: &'w World,
    /// A simulator to ask: it goes its own way from the end of the storm.
    observed: RefCell<Sim>,
    events: Vec<Event>,
    ledger: Ledger,
}

impl Case<'_> {
    /// What GitHub says at a path.
    fn look(&self, path: &str) -> Option<Value> {
        let request = Request::new("GET", path)
            .header("authorization", &format!("Bearer {TOKEN}"))
            .header("user-agent", "an observer");
        match self.observed.borrow_mut().handle(&request, self.world.now()) {
            Outcome::Respond(response) if response.status == 200 => serde_json::from_slice(&response.body).ok(),
            _ => None,
        }
    }

    /// Each task's own events, in order.
    fn by_key(&self) -> BTreeMap<&Key, Vec<&Event>> {
        let mut by_key: BTreeMap<&Key, Vec<&Event>> = BTreeMap::new();
        for event in &self.events {
            if let Some(key) = &event.key {
                by_key.entry(key).or_default().push(event);
            }
        }
        by_key
    }
}

/// The journal as it stands, if it is whole.
fn read(world: &World) -> Option<Case<'_>> {
    let mut verifier = Verifier::default();
    let mut events = Vec::new();
    let mut broken = None;
    let visited = Journal::lines(&*world.tape, 0, &mut |line| match verifier.line(line) {
        Ok(entry) => {
            events.extend(entry.event);
            true
        }
        Err(error) => {
            broken = Some(error.to_string());
            false
        }
    });
    let held = match (broken, visited) {
        (Some(broken), _) => Err(broken),
        (None, Err(error)) => Err(error.to_string()),
        (None, Ok(())) => {
            verifier.finish(world.tape.head().ok().as_ref()).map(|_| ()).map_err(|error| error.to_string())
        }
    };
    if let Err(broken) = held {
        world.broke("chain", broken);
        return None;
    }
    let loaded = Ledger::load(&*world.tape);
    let replayed = Ledger::replayed(&*world.tape);
    match loaded.and_then(|loaded| Ok((loaded, replayed?))) {
        Ok((loaded, ledger)) => {
            same(world, "a snapshot", &loaded, &ledger);
            let observed = RefCell::new(world.site.borrow().sim.clone());
            Some(Case { world, observed, events, ledger })
        }
        Err(error) => {
            world.broke("chain", error.to_string());
            None
        }
    }
}

/// Whether two ledgers know the same.
pub(crate) fn same(world: &World, whose: &str, one: &Ledger, other: &Ledger) {
    let same = [
        ("the end", one.head == other.head),
        ("tasks", one.tasks == other.tasks),
        ("runs", one.runs == other.runs),
        ("what is active", one.active == other.active),
        ("GitHub's ids", one.by_task_id == other.by_task_id),
        ("the pace", one.limiter == other.limiter),
        ("the kill switch", one.stopped == other.stopped),
        ("the registry's commit", one.registry_commit == other.registry_commit),
        ("the snapshot", one.snapshot == other.snapshot),
        ("the latest moment", one.latest == other.latest),
        ("how far it is ahead", one.lead == other.lead),
    ];
    for (what, _) in same.iter().filter(|(_, same)| !same) {
        world.broke("replay", format!("{what} of {whose} differs from what the journal says"));
    }
}

/// Some hours after the weather has cleared up.
pub fn midway(world: &World) {
    if let Some(case) = read(world) {
        seen::check(&case);
    }
}

/// When everything has come to its end.
pub fn at_the_end(world: &World) {
    once::check(world);
    limits::check(world);
    secrets(world);
    never(world);
    if let Some(case) = read(world) {
        found::check(&case);
        kept::check(&case);
        money::check(&case);
        restless::check(&case);
        told::check(&case);
        told::published(&case);
        stopped(&case);
    }
}

/// No token in any byte that was written or sent.
fn secrets(world: &World) {
    let _whole = Journal::lines(&*world.tape, 0, &mut |line| {
        world.overheard(line, "the journal");
        true
    });
    for payload in world.tape.payloads() {
        world.overheard(&String::from_utf8_lossy(&payload), "what is kept beside the journal");
    }
    for delivery in &world.site.borrow().deliveries {
        world.overheard(&delivery.body, "what was sent to GitHub");
        world.overheard(&delivery.path, "a path");
    }
    for (_, name, body) in &*world.hooks.borrow() {
        world.overheard(&String::from_utf8_lossy(body), &format!("the webhook {name}"));
    }
}

/// The executor does only what it does.
fn never(world: &World) {
    for delivery in world.site.borrow().deliveries.iter().filter(|delivery| delivery.change == Change::Foreign) {
        world.broke("never", format!("{} {}", delivery.path, delivery.body));
    }
}

/// Nothing is sent between the throw of the kill switch and its lifting.
fn stopped(case: &Case<'_>) {
    let mut thrown = false;
    for event in &case.events {
        match &event.body {
            Body::Stopped { .. } => thrown = true,
            Body::Started { .. } => thrown = false,
            Body::Sending { .. } if thrown => {
                case.world.broke("stopped", format!("event {} sends a task all the same", event.seq));
            }
            _ => {}
        }
    }
}
