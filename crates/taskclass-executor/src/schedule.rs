//! What comes next, over all tasks: pure over what is known and remembered. It is asked before every step, so it makes nothing that it
//! does not need: a look over a thousand tasks takes a fraction of a millisecond.

use jiff::{SignedDuration, Timestamp};
use taskclass_spec::written::{Notice, Priority};

use crate::agenda::{Item, agenda};
use crate::context::Context;
use crate::ledger::{Change, Claim, Room};
use crate::lifecycle::{Task, clocks};
use crate::memory::Side;
use crate::vocab::{Action, ActionId, Key};
use crate::{review, watch};

/// When something that is held up is looked at again, at the latest.
const HELD: SignedDuration = SignedDuration::from_secs(15);

/// Which of two tasks goes first: priority, then, for what is to be sent, the class whose turn is longest ago, then age.
type Order = (Priority, u64, Timestamp);
/// The order of what is not about priority.
const NONE: Order = (Priority::Critical, 0, Timestamp::MIN);
/// Sending comes last.
const LAST: u8 = 8;

/// One step of the loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step<K = Key, Id = ActionId> {
    /// Something of one task's agenda.
    Of(K, Item<Id>),
    /// The task list.
    List,
    /// A task, of which the list has shown what only it can tell.
    Read(K),
    /// A task's pull request.
    Pull(K),
    /// A task whose pull request has ended: whether it was taken back or reopened.
    After(K),
}

/// A step over what is known, and where it stands among those that are due.
#[derive(Debug, Clone, Copy)]
struct Best<'t> {
    at: Timestamp,
    rank: u8,
    order: Order,
    step: Step<&'t Key, &'t ActionId>,
}

impl Best<'_> {
    fn place(&self) -> (Timestamp, u8, Order) {
        (self.at, self.rank, self.order)
    }
}

/// The step that is due first. Of several that are due, what makes sure comes before what changes, and sending comes last: by
/// priority, then fairly by class, then age.
pub(crate) fn next(context: &Context<'_>) -> Option<(Timestamp, Step)> {
    let now = context.now();
    let mut best: Option<Best<'_>> = None;
    let mut queued: Vec<(Timestamp, &Task)> = Vec::new();
    let mut offer = |at: Timestamp, rank: u8, order: Order, step| {
        // Everything that is due is equally due: then the rank decides.
        let new = Best { at: at.max(now), rank, order, step };
        if best.as_ref().is_none_or(|known| new.place() < known.place()) {
            best = Some(new);
        }
    };
    // What needs to read waits until GitHub is asked again; what only writes down does not.
    let quiet = context.memory.quiet_until(now);
    let reading = |at: Timestamp, key: &Key, side: Side| {
        let off = context.memory.off(key, side).map_or(at, |off| at.max(off.until));
        off.max(quiet)
    };
    if let Some(at) = watch::due(context) {
        offer(at.max(quiet), 2, NONE, Step::List);
    }
    for key in &context.memory.unread {
        offer(reading(now, key, Side::Task), 3, NONE, Step::Read(key));
    }
    for task in context.book.ledger().active() {
        let key = &task.key;
        agenda(task, |at, item| {
            let (at, rank) = match item {
                Item::Search => (reading(at, key, Side::Repository), 0),
                Item::CancelUnconfirmed => (at, 1),
                Item::Deadline(_) if task.at_github.is_some() => (reading(at, key, Side::Task), 1),
                Item::Deadline(_) => (at, 1),
                Item::Clock(_) if task.at_github.is_some() => (reading(at, key, Side::Task), 3),
                Item::Clock(_) => (at, 3),
                Item::Evidence => {
                    let later = context.memory.evidence.get(key).map_or(at, |(next, _)| at.max(*next));
                    (reading(later, key, Side::Repository), 4)
                }
                Item::Act(id) => match task.actions.get(id).map(|doing| &doing.action) {
                    // A receiver of ours is not GitHub: neither its limits nor its troubles count.
                    Some(Action::Notify { notice: Notice::Webhook(name), .. }) => {
                        (context.memory.receiver(name, at), 6)
                    }
                    // Telling people and stopping wait for no other trouble of the task's: a result that cannot be read is what people are
                    // to be told of. What fails of them is put off in the journal.
                    Some(Action::Notify { .. } | Action::CancelRun { .. }) => {
                        (slot(context, task, Change::Other, at).max(quiet), urgency(task, id))
                    }
                    _ => (reading(slot(context, task, Change::Other, at), key, Side::Repository), urgency(task, id)),
                },
                Item::Submit => {
                    queued.push((at, task));
                    return;
                }
            };
            offer(at, rank, (task.contract().priority, 0, task.times.planned), Step::Of(key, item));
        });
        if let Some(at) = review::due(context, task) {
            offer(reading(at, key, Side::Repository), 7, NONE, Step::Pull(key));
        }
    }
    // Those whose repository cannot be read stand behind the others, and none of them before what is under way.
    for (at, key) in context.book.ledger().afterwards.iter() {
        let at = reading(at, key, Side::Repository);
        offer(at, 7, NONE, Step::After(key));
        if context.memory.off(key, Side::Repository).is_none() {
            break;
        }
    }
    let best = sending(context, &queued, best, now);
    best.map(|best| (best.at, best.step.owned()))
}

/// What is queued, among what else there is to do. What holds a task up is found out only where it could be sent first.
fn sending<'t>(
    context: &'t Context<'_>,
    queued: &[(Timestamp, &'t Task)],
    mut best: Option<Best<'t>>,
    now: Timestamp,
) -> Option<Best<'t>> {
    // While the kill switch is thrown nothing is.
    if queued.is_empty() || context.book.ledger().stopped.is_some() {
        return best;
    }
    let ledger = context.book.ledger();
    let quiet = context.memory.quiet_until(now);
    let mut room: Option<Room<'_>> = None;
    for (at, task) in queued {
        let contract = task.contract();
        let order = (contract.priority, ledger.limiter.turns().last(&contract.class), task.times.planned);
        let at = context.memory.tried(&task.key, *at);
        let off = context.memory.off(&task.key, Side::Repository).map_or(at, |off| off.until.max(at));
        let slot = slot(context, task, Change::Submission, off.max(quiet)).max(now);
        let step = Step::Of(&task.key, Item::Submit);
        let mut new = Best { at: slot, rank: LAST, order, step };
        if best.as_ref().is_some_and(|known| known.place() <= new.place()) {
            continue;
        }
        let room = room.get_or_insert_with(|| Room::of(ledger.tasks.values(), now));
        // Held up: it is looked at again soon, not at once, and that it is held is written down once.
        if let Some(hold) = room.hold(task)
            && task.held_by.as_deref() == Some(hold.to_string().as_str())
        {
            new.at = slot.max(clocks::later(now, HELD));
        }
        if best.as_ref().is_none_or(|known| new.place() < known.place()) {
            best = Some(new);
        }
    }
    best
}

impl Step<&Key, &ActionId> {
    fn owned(self) -> Step {
        match self {
            Self::Of(key, item) => Step::Of(key.clone(), item.owned()),
            Self::List => Step::List,
            Self::Read(key) => Step::Read(key.clone()),
            Self::Pull(key) => Step::Pull(key.clone()),
            Self::After(key) => Step::After(key.clone()),
        }
    }
}

impl Step {
    /// Whether it changes something at GitHub.
    pub(crate) fn changes(&self) -> bool {
        matches!(self, Self::Of(_, Item::Act(_) | Item::Submit))
    }

    /// Whether it reads one thing of one task at GitHub, as hundreds of others may in the same minute.
    pub(crate) fn reads(&self) -> bool {
        matches!(self, Self::Read(_) | Self::Pull(_) | Self::After(_) | Self::Of(_, Item::Clock(_) | Item::Evidence))
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

/// The earliest moment for a change, by the limiter.
fn slot(context: &Context<'_>, task: &Task, change: Change, at: Timestamp) -> Timestamp {
    let contract = task.contract();
    let (owner, priority, reserve) = (task.plan.token_owner.id, contract.priority, contract.ceilings.reserve_critical);
    let claim = Claim { owner, change, priority, reserve };
    context.book.ledger().limiter.next(claim, at.max(context.now()))
}
