//! `missing-partial`: the prompt includes a partial that is not there.

use crate::common::prompt_problems;
use crate::rule::declare_rule;

declare_rule! {
    /// The prompt includes a partial that is not there.
    ///
    /// ## What it does
    /// Reports includes of files that do not exist or cannot be read.
    ///
    /// ## Why it matters
    /// What a partial says, such as what not to touch, would be missing from the prompt; so the class cannot be run at all.
    ///
    /// ## Bad
    /// ```yaml
    /// prompt:
    ///   template: |
    ///     Change `{{ inputs.thing }}`. Done when the build passes.
    ///     {% include "partials/smal-diff.md" %}
    ///                ^^^^^^^^^^^^^^^^^^^^^^^
    /// # file: task-classes/prompts/partials/small-diff.md
    /// Change only what the task needs.
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// prompt:
    ///   template: |
    ///     Change `{{ inputs.thing }}`. Done when the build passes.
    ///     {% include "partials/small-diff.md" %}
    /// # file: task-classes/prompts/partials/small-diff.md
    /// Change only what the task needs.
    /// ```
    name: "missing-partial", family: Prompt, level: Error, hold: Format, check: Class(prompt_problems)
}
