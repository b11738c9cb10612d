//! What is compared, and what a comparison cannot know itself.

use std::collections::BTreeSet;

use jiff::Timestamp;
use taskclass_source::RegistryPath;
use taskclass_spec::{Inventory, model::TaskClass, written};

use crate::{Approvals, Rendered, side::Side};

/// Makes the request that an example's task would be started with, or says why none can be made.
pub type Request<'a> = dyn Fn(&TaskClass, &written::Example) -> Result<Rendered, String> + 'a;

/// A comparison that is asked for.
pub struct Asked<'a> {
    /// What it was before.
    pub base: &'a Side<'a>,
    /// What it is after.
    pub head: &'a Side<'a>,
    /// The repositories that are known; without it the union of both sides' `inventory.txt`.
    pub inventory: Option<&'a Inventory>,
    /// How documents stand.
    pub approvals: &'a dyn Approvals,
    /// The request of an example.
    pub request: &'a Request<'a>,
    /// The paths in which the sides differ, if that is known; a path that is not among them is taken to be the same.
    pub changed: Option<&'a BTreeSet<RegistryPath>>,
    /// Now, for the keys that are valid.
    pub now: Timestamp,
}

impl Asked<'_> {
    /// Whether what stands at `path` differs.
    pub(crate) fn differs(&self, path: &RegistryPath) -> bool {
        self.changed.is_none_or(|changed| changed.contains(path))
            && !self.base.content(path).is_same(&self.head.content(path))
    }
}

impl std::fmt::Debug for Asked<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Asked").field("base", self.base.label()).field("head", self.head.label()).finish()
    }
}
