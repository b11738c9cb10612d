//! Where a class may run, and what it can cost.

mod extent;
mod repositories;

pub(crate) use extent::{Extent, reach};
pub(crate) use repositories::{Repositories, Set};

use taskclass_source::Path;
use taskclass_spec::{Credits, RepoName};

use crate::Cause;

/// The repositories of the inventory that a class reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// How many before.
    pub before: usize,
    /// How many after.
    pub after: usize,
    /// Those that it did not reach before: sensitive ones first, then by name.
    pub added: Vec<Reached>,
    /// Those that it no longer reaches, in the same order.
    pub removed: Vec<Reached>,
}

/// A repository that came or went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// Which.
    pub repository: RepoName,
    /// Whether the policy (of either side) calls it sensitive.
    pub sensitive: bool,
    /// The list that kept it away on the other side: `repositories.allow` or `repositories.deny`.
    pub path: Path,
    /// Whose list.
    pub cause: Cause,
}

/// The most that a class can use, the policy's maxima applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spend {
    /// Credits for one task.
    pub per_task: Credits,
    /// Credits for a day: the class's budget, or what that many tasks can use if that is less.
    pub per_day: Credits,
    /// Credits for a month of 31 days, likewise.
    pub per_month: Credits,
    /// Tasks started in any 60 minutes.
    pub tasks_per_hour: u32,
}

/// The most that a class can use, on both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Before; `None` where there was no class.
    pub before: Option<Spend>,
    /// After; `None` where there is none.
    pub after: Option<Spend>,
}
