//! `missing-owner`: nobody answers for the class.

use crate::common::faults;
use crate::rule::declare_rule;

declare_rule! {
    /// Nobody answers for the class.
    ///
    /// ## What it does
    /// Reports a class without `owners`.
    ///
    /// ## Why it matters
    /// When a task waits for a person, the owners are the first to be told. Without them it waits for nobody.
    ///
    /// ## Bad
    /// ```yaml
    /// # without: owners
    /// schema: task-class/v1
    /// ^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// owners: ["@acme/platform"]
    /// ```
    name: "missing-owner", family: Owners, level: Error, hold: Format, check: Document(faults)
}
