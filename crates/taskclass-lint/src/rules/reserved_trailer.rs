//! `reserved-trailer`: the template writes a line that only the renderer may write.

use crate::common::prompt_problems;
use crate::rule::declare_rule;

declare_rule! {
    /// The template writes a line that only the renderer may write.
    ///
    /// ## What it does
    /// Reports `Task-Class:`, `Task-Class-Version:` and `Task-Class-Key:` in templates and partials.
    ///
    /// ## Why it matters
    /// By the key in the trailer the executor finds its task again. A second one would bind the task to another run.
    ///
    /// ## Bad
    /// ```yaml
    /// prompt:
    ///   template: |
    ///     Change `{{ inputs.thing }}`. Done when the build passes.
    ///     Task-Class-Key: mine
    ///     ^^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// prompt:
    ///   template: |
    ///     Change `{{ inputs.thing }}`. Done when the build passes.
    /// ```
    name: "reserved-trailer", family: Prompt, level: Error, hold: Security, check: Class(prompt_problems)
}
