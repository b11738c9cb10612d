//! What comes next, over all tasks: pure over what is known and remembered.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use taskclass_spec::written::Priority;

use crate::agenda::{Item, agenda};
use crate::context::Context;
use crate::ledger::hold;
use crate::lifecycle::{Task, clocks};
use crate::vocab::{Action, ActionId, Key};
use crate::{review, watch};

/// When something that is held up is looked at again, at the latest.
const HELD: SignedDuration = SignedDuration::from_secs(15);

/// Which of two tasks goes first: priority, then age, then the class with fewer tasks under way.
type Order = (Priority, Timestamp, u32);

/// One step of the loop.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// Something of one task's agenda.
    Of(Key, Item),
    /// The task list.
    List,
    /// A task's pull request.
    Pull(Key),
}

/// The step that is due first. Of several that are due, what makes sure comes before what changes, and sending comes last: by
/// priority, then age, then fairly by class.
pub(crate) fn next(context: &Context<'_>) -> Option<(Timestamp, Step)> {
    let ledger = context.book.ledger();
    let now = context.now();
    let quiet = context.memory.quiet_until.filter(|until| *until > now);
    // What needs to read waits until GitHub is asked again; what only writes down does not.
    let reading = |at: Timestamp| quiet.map_or(at, |until| at.max(until));
    let busy = busy_classes(context);
    let mut best: Option<((Timestamp, u8, Order), Step)> = None;
    let mut offer = |at: Timestamp, rank: u8, order: Order, step: Step| {
        // Everything that is due is equally due: then the rank decides.
        let candidate = (at.max(now), rank, order);
        if best.as_ref().is_none_or(|(known, _)| candidate < *known) {
            best = Some((candidate, step));
        }
    };
    let none = (Priority::Critical, Timestamp::MIN, 0);
    if let Some(at) = watch::due(context) {
        offer(reading(at), 2, none, Step::List);
    }
    for task in ledger.active() {
        for (at, item) in agenda(task) {
            let (at, rank) = match &item {
                Item::Search => (reading(at), 0),
                Item::Deadline(_) | Item::CancelUnconfirmed => (at, 1),
                Item::Clock(_) => (if task.at_github.is_some() { reading(at) } else { at }, 3),
                Item::Evidence => {
                    let later = context.memory.evidence.get(&task.key).map_or(at, |(next, _)| at.max(*next));
                    (reading(later), 4)
                }
                Item::Act(id) => (reading(slot(context, task, at)), urgency(task, id)),
                Item::Submit => match sendable(context, task, at) {
                    Some(at) => (at, 8),
                    None => continue,
                },
            };
            let order = (
                task.contract().priority,
                task.times.planned,
                busy.get(task.contract().class.as_str()).copied().unwrap_or(0),
            );
            offer(at, rank, order, Step::Of(task.key.clone(), item));
        }
        if let Some(at) = review::due(context, task) {
            offer(reading(at), 7, none, Step::Pull(task.key.clone()));
        }
    }
    best.map(|((at, ..), step)| (at, step))
}

impl Step {
    /// Whether it changes something at GitHub.
    pub(crate) fn changes(&self) -> bool {
        matches!(self, Self::Of(_, Item::Act(_) | Item::Submit))
    }
}

/// What is told to stop is told first; the verdict is on the commit before anything is built on it.
fn urgency(task: &Task, id: &ActionId) -> u8 {
    match task.actions.get(id).map(|doing| &doing.action) {
        Some(Action::CancelRun { .. }) => 4,
        Some(Action::PublishStatus { .. }) => 5,
        _ => 6,
    }
}

/// Tasks under way of each class: whose class has fewest goes first among equals.
fn busy_classes<'c>(context: &'c Context<'_>) -> BTreeMap<&'c str, u32> {
    let mut busy = BTreeMap::new();
    for task in context.book.ledger().active().filter(|task| task.state.is_in_flight()) {
        *busy.entry(task.contract().class.as_str()).or_insert(0) += 1;
    }
    busy
}

/// The earliest moment for a change, by the limiter.
fn slot(context: &Context<'_>, task: &Task, at: Timestamp) -> Timestamp {
    let contract = task.contract();
    let reserve = contract.ceilings.reserve_critical;
    context.book.ledger().limiter.next(task.plan.token_owner.id, at.max(context.now()), contract.priority, reserve)
}

/// When a queued task is to be tried; `None` while the kill switch is thrown.
fn sendable(context: &Context<'_>, task: &Task, at: Timestamp) -> Option<Timestamp> {
    if context.book.ledger().stopped.is_some() {
        return None;
    }
    let slot = slot(context, task, at);
    // Held up: it is looked at again soon, not at once, and that it is held is written down once.
    let held = hold(task, context.book.ledger().tasks.values(), context.now());
    match held {
        Some(hold) if task.held_by.as_deref() == Some(hold.to_string().as_str()) => {
            Some(slot.max(clocks::later(context.now(), HELD)))
        }
        _ => Some(slot),
    }
}
