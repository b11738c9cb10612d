//! `template-type`: a value stands in the template where its type cannot.

use crate::common::prompt_problems;
use crate::rule::declare_rule;

declare_rule! {
    /// A value stands in the template where its type cannot.
    ///
    /// ## What it does
    /// Reports filters on values that they do not take, wrong arguments, lists put out as they are, and comparisons with a
    /// choice that does not exist; also in branches that no example takes.
    ///
    /// ## Why it matters
    /// It would fail, or be silently false, in the first run that gets there.
    ///
    /// ## Bad
    /// ```yaml
    /// prompt:
    ///   template: |
    ///     Change `{{ inputs.thing | join(", ") }}`. Done when the build passes.
    ///                ^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// prompt:
    ///   template: |
    ///     Change `{{ inputs.thing | lower }}`. Done when the build passes.
    /// ```
    name: "template-type", family: Prompt, level: Error, hold: Format, check: Class(prompt_problems)
}
