//! Money, as pure arithmetic over tasks: what they used where that is known, what was reserved for them where it is not.

use jiff::{Timestamp, tz::TimeZone};
use taskclass_spec::{ClassName, Credits, NanoCredits};

use crate::contract::Contract;
use crate::lifecycle::Task;

/// A limit that leaves no room for the task. The texts name the field that decides.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The sum with this task would be over a limit.
    #[error("{field} is {limit}, and {charged} are used or reserved already: no room for another {reserve}")]
    Spent {
        /// The field.
        field: &'static str,
        /// The limit.
        limit: Credits,
        /// Used or reserved.
        charged: NanoCredits,
        /// What this task would reserve.
        reserve: Credits,
    },
    /// A task of the class went over its budget, the class says `pause`, and nobody has taken notice yet.
    #[error(
        "task {task} of this class has used more than budget.per_task, and budget.on_exceeded is `pause`: nothing more is started until a \
         person has looked at it (`taskclass resolve {task} --acknowledge`)"
    )]
    Paused {
        /// The task.
        task: String,
    },
    /// The sum cannot be formed.
    #[error("{field} could not be evaluated, so it denies")]
    Unknown {
        /// The field.
        field: &'static str,
    },
}

fn day(at: Timestamp) -> jiff::civil::Date {
    at.to_zoned(TimeZone::UTC).date()
}

fn sum<'a>(tasks: impl Iterator<Item = &'a Task>) -> Option<NanoCredits> {
    tasks.map(Task::charged).try_fold(0_u64, |sum, part| sum.checked_add(part.0)).map(NanoCredits)
}

/// What the class's tasks have told by now is believed from this many on, and the latest of them count.
const SAMPLES: usize = 10;
const LATEST: usize = 100;

/// What is reserved for a task that is planned now: what nine of ten of the class's last tasks have used at most (those that have settled
/// and whose usage is known, a hundred of them at most), in whole credits and at least one; `budget.per_task` until there are ten.
///
/// That may be more than `per_task`: a limit that tasks keep breaking is no measure of what the next one will use.
pub fn reserve<'a>(tasks: impl Iterator<Item = &'a Task>, contract: &Contract) -> Credits {
    let settled = |task: &Task| Some((task.times.settled?, task.settled_usage()?));
    let mut used: Vec<_> = tasks.filter(|task| task.contract().class == contract.class).filter_map(settled).collect();
    if used.len() < SAMPLES {
        return contract.budget.per_task;
    }
    used.sort_unstable_by(|a, b| b.cmp(a));
    let mut used: Vec<NanoCredits> = used.into_iter().take(LATEST).map(|(_, used)| used).collect();
    used.sort_unstable();
    let rank = (used.len() * 9).div_ceil(10).saturating_sub(1);
    let p90 = used.get(rank).map_or(u64::MAX, |used| used.0).div_ceil(Credits(1).nanos().0);
    Credits(u32::try_from(p90).unwrap_or(u32::MAX).max(1))
}

/// Whether a task of `contract` may be planned now, by the class's day and month and the policy's day. Days and months are UTC.
///
/// # Errors
/// [`Denied`] names the limit.
pub fn admit<'a>(
    tasks: impl Iterator<Item = &'a Task> + Clone,
    contract: &Contract,
    now: Timestamp,
) -> Result<(), Denied> {
    let today = day(now);
    let reserve = reserve(tasks.clone(), contract);
    let of_class = |class: &ClassName| {
        let class = class.clone();
        tasks.clone().filter(move |task| task.contract().class == class)
    };
    let paused = of_class(&contract.class).find(|task| task.pauses_class);
    if let Some(task) = paused {
        return Err(Denied::Paused { task: task.key.short().to_owned() });
    }
    let room = |field: &'static str, limit: Credits, charged: Option<NanoCredits>| {
        let charged = charged.ok_or(Denied::Unknown { field })?;
        let after = charged.0.checked_add(reserve.nanos().0).ok_or(Denied::Unknown { field })?;
        if after > limit.nanos().0 { Err(Denied::Spent { field, limit, charged, reserve }) } else { Ok(()) }
    };
    let today_only = |task: &&Task| day(task.times.planned) == today;
    let this_month = |task: &&Task| {
        let date = day(task.times.planned);
        (date.year(), date.month()) == (today.year(), today.month())
    };
    room("budget.per_day", contract.budget.per_day, sum(of_class(&contract.class).filter(today_only)))?;
    room("budget.per_month", contract.budget.per_month, sum(of_class(&contract.class).filter(this_month)))?;
    room("policy maxima.per_day", contract.ceilings.per_day, sum(tasks.clone().filter(today_only)))
}
