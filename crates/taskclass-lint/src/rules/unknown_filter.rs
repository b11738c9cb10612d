//! `unknown-filter`: a filter that does not exist.

use crate::common::prompt_problems;
use crate::rule::declare_rule;

declare_rule! {
    /// A filter that does not exist.
    ///
    /// ## What it does
    /// Reports filters that are not on the short list of those that a template may use.
    ///
    /// ## Why it matters
    /// The run would be refused where the filter is first used.
    ///
    /// ## Bad
    /// ```yaml
    /// prompt:
    ///   template: |
    ///     Change `{{ inputs.thing | lowr }}`. Done when the build passes.
    ///                               ^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// prompt:
    ///   template: |
    ///     Change `{{ inputs.thing | lower }}`. Done when the build passes.
    /// ```
    name: "unknown-filter", family: Prompt, level: Error, hold: Format, check: Class(prompt_problems)
}
