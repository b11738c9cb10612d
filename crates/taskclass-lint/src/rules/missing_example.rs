//! `missing-example`: a class without an example.

use crate::common::missing_section;
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
    name: "missing-example", family: Examples, level: Error, hold: Format,
    check: Document(|document, sink| {
        let help = "add one: `examples: [{name: first, repository: owner/name, inputs: {…}}]`";
        missing_section(document, sink, "examples", "nothing shows what the prompt looks like: there are no `examples`", help);
    })
}
