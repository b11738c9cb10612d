//! `missing-escalation`: nobody is told when a task needs a person.

use crate::common::faults;
use crate::rule::declare_rule;

declare_rule! {
    /// Nobody is told when a task needs a person.
    ///
    /// ## What it does
    /// Reports a class without `escalation`.
    ///
    /// ## Why it matters
    /// Tasks wait, fail and time out. Without a ladder they do so unseen.
    ///
    /// ## Bad
    /// ```yaml
    /// # without: escalation
    /// schema: task-class/v1
    /// ^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// escalation:
    ///   on: [waiting_for_user, failed, timed_out, stale, unresolved, over_budget, rejected, cancel_unconfirmed]
    ///   ladder: [{after: 0m, notify: [issue]}]
    ///   deadline: {after: 24h, do: cancel}
    /// ```
    name: "missing-escalation", family: Escalation, level: Error, hold: Format, check: Document(faults)
}
