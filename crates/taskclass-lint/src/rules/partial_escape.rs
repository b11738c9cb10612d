//! `partial-escape`: an include that leads out of the partials' folder.

use crate::common::prompt_problems;
use crate::rule::declare_rule;

declare_rule! {
    /// An include that leads out of the partials' folder.
    ///
    /// ## What it does
    /// Reports includes by absolute paths, with `..`, of files elsewhere, or by a name that is not one plain
    /// text: computed, joined of several, or with escapes.
    ///
    /// ## Why it matters
    /// What a prompt draws in is part of what is approved. A file outside the registry was never reviewed.
    ///
    /// ## Bad
    /// ```yaml
    /// prompt:
    ///   template: |
    ///     Change `{{ inputs.thing }}`. Done when the build passes.
    ///     {% include "../../policy.yaml" %}
    ///                ^^^^^^^^^^^^^^^^^^^
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
    name: "partial-escape", family: Prompt, level: Error, hold: Security, check: Class(prompt_problems)
}
