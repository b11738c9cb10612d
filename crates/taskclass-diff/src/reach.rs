//! Where a class may run, and what it can cost.

mod extent;
mod repositories;

pub(crate) use extent::{Extent, KeptAway, reach, unlisted};
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
    /// Those that it did not reach before.
    pub added: Moved,
    /// Those that it no longer reaches.
    pub removed: Moved,
    /// Those that it reaches by their whole name and that the inventory does not know, so that they are counted nowhere; by name.
    pub unlisted: Vec<RepoName>,
}

/// How many repositories that came, or that went, are named.
pub const NAMED: usize = 20;

/// Repositories that came, or that went. There may be as many as the inventory has, for each of all classes: they are counted,
/// and few are named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moved {
    /// How many.
    pub count: usize,
    /// How many of them the policy (of either side) calls sensitive.
    pub sensitive: usize,
    /// The lists that kept them away on the other side, in the order in which `named` needs them.
    pub lists: Vec<List>,
    /// The first [`NAMED`]: sensitive ones first, then by name.
    pub named: Vec<Reached>,
}

/// A list that keeps repositories away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Which: `repositories.allow` or `repositories.deny`.
    pub path: Path,
    /// Whose.
    pub cause: Cause,
    /// How many of those that came or went it keeps away.
    pub count: usize,
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
