//! The most that a class can use, from its own numbers and the policy's.

use taskclass_spec::{Credits, model::TaskClass};

use crate::Spend;

/// Days of the longest month, and hours of a day.
const DAYS: u64 = 31;
const HOURS: u64 = 24;

/// The most that the class can use: its budget, or what as many tasks as may be started can use if that is less.
pub(crate) fn spend(class: &TaskClass) -> Spend {
    let ceilings = class.ceilings();
    let hourly = u64::from(ceilings.submissions_per_hour);
    let daily = ceilings.submissions_per_day.map_or(hourly * HOURS, |day| u64::from(day).min(hourly * HOURS));
    let by_tasks = u64::from(ceilings.per_task.0).saturating_mul(daily);
    let per_day = u64::from(ceilings.per_day.0).min(by_tasks);
    let per_month = u64::from(ceilings.per_month.0).min(per_day.saturating_mul(DAYS));
    Spend {
        per_task: ceilings.per_task,
        per_day: credits(per_day.min(per_month)),
        per_month: credits(per_month),
        tasks_per_hour: u32::try_from(hourly.min(daily)).unwrap_or(u32::MAX),
    }
}

fn credits(amount: u64) -> Credits {
    Credits(u32::try_from(amount).unwrap_or(u32::MAX))
}
