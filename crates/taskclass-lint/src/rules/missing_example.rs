//! `missing-example`: a class without an example.

use crate::common::faults;
use crate::rule::declare_rule;

declare_rule! {
    /// A class without an example.
    ///
    /// ## What it does
    /// Reports a class without `examples`.
    ///
    /// ## Why it matters
    /// Examples are what lint renders and what a reviewer reads when the template changes. Without one nobody sees the prompt
    /// before the agent does.
    ///
    /// ## Bad
    /// ```yaml
    /// # without: examples
    /// schema: task-class/v1
    /// ^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// examples:
    ///   - {name: one, repository: acme/svc-orders, inputs: {thing: timeout}, expect: {contains: [timeout]}}
    /// ```
    name: "missing-example", family: Examples, level: Error, hold: Format, check: Document(faults)
}
