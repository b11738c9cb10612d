//! `include-cycle`: partials that include each other without end, or too deep.

use crate::common::prompt_problems;
use crate::rule::declare_rule;

declare_rule! {
    /// Partials that include each other without end, or too deep.
    ///
    /// ## What it does
    /// Reports an include of a partial that is being included already, and includes beyond 8 within each other or 50 in all.
    ///
    /// ## Why it matters
    /// Such a prompt has no end, and no reviewer can follow it.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: task-classes/prompts/partials/a.md
    /// Change only what the task needs.
    /// {% include "partials/a.md" %}
    ///            ^^^^^^^^^^^^^^^
    /// # file: task-classes/example.yaml
    /// prompt:
    ///   template: |
    ///     Change `{{ inputs.thing }}`. Done when the build passes.
    ///     {% include "partials/a.md" %}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # file: task-classes/prompts/partials/a.md
    /// Change only what the task needs.
    /// # file: task-classes/example.yaml
    /// prompt:
    ///   template: |
    ///     Change `{{ inputs.thing }}`. Done when the build passes.
    ///     {% include "partials/a.md" %}
    /// ```
    name: "include-cycle", family: Prompt, level: Error, hold: Format, check: Class(prompt_problems)
}
