//! The class's numbers under the policy's: the smaller counts.

use super::TaskClass;
use crate::{Credits, Duration};

/// What one class may use, the policy's maxima applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ceilings {
    /// Credits for one task.
    pub per_task: Credits,
    /// Credits for a day (UTC).
    pub per_day: Credits,
    /// Credits for a month (UTC).
    pub per_month: Credits,
    /// Time of work.
    pub run: Duration,
    /// Tasks under way in all repositories.
    pub in_flight: u32,
    /// Tasks under way in one repository.
    pub in_flight_per_repository: u32,
    /// Tasks started in any 60 minutes.
    pub submissions_per_hour: u32,
    /// Tasks started in any 24 hours; `None` where only the hourly rate bounds it.
    pub submissions_per_day: Option<u32>,
    /// Open pull requests of the class.
    pub open_pull_requests: u32,
    /// Open pull requests waiting for any one reviewer.
    pub open_pull_requests_per_reviewer: Option<u32>,
}

impl TaskClass {
    /// The class's numbers, each no greater than the policy's.
    pub fn ceilings(&self) -> Ceilings {
        let (class, maxima) = (&self.written, &self.policy.maxima);
        let limits = &class.limits;
        let within = |own: Option<u32>, ceiling: u32| own.map_or(ceiling, |own| own.min(ceiling));
        Ceilings {
            per_task: class.budget.per_task.min(maxima.per_task),
            per_day: class.budget.per_day.min(maxima.per_day),
            per_month: class.budget.per_month,
            run: limits.timeouts.run.min(maxima.run),
            in_flight: within(limits.in_flight.and_then(|l| l.total), maxima.in_flight),
            in_flight_per_repository: limits.in_flight.map_or(1, |l| l.per_repository),
            submissions_per_hour: within(limits.submissions.and_then(|l| l.per_hour), maxima.submissions_per_hour),
            submissions_per_day: limits.submissions.and_then(|l| l.per_day),
            open_pull_requests: within(limits.open_pull_requests.and_then(|l| l.total), maxima.open_pull_requests),
            open_pull_requests_per_reviewer: limits.open_pull_requests.and_then(|l| l.per_reviewer),
        }
    }
}
