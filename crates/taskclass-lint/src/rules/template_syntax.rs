//! `template-syntax`: the prompt template cannot be read, or uses what templates here do not have.

use crate::common::prompt_problems;
use crate::rule::declare_rule;

declare_rule! {
    /// The prompt template cannot be read, or uses what templates here do not have.
    ///
    /// ## What it does
    /// Reports tags that are not closed, statements that do not fit together, and parts of the template language that are left
    /// out: assignments, macros, calls, arithmetic.
    ///
    /// ## Why it matters
    /// A reviewer judges a template by reading it. What has to be computed to be understood is not reviewed.
    ///
    /// ## Bad
    /// ```yaml
    /// prompt:
    ///   template: |
    ///     {% if inputs.thing == "timeout" %}
    ///        ^^
    ///     Change `{{ inputs.thing }}`. Done when the build passes.
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// prompt:
    ///   template: |
    ///     {% if inputs.thing == "timeout" %}
    ///     Change `{{ inputs.thing }}`. Done when the build passes.
    ///     {% endif %}
    /// ```
    name: "template-syntax", family: Prompt, level: Error, hold: Format, check: Class(prompt_problems)
}
