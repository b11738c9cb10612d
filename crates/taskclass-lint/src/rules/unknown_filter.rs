//! `unknown-filter`: a filter that does not exist.

use taskclass_spec::prompt::ProblemKind;

use crate::common::prompt_problems_with;
use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

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
    name: "unknown-filter", family: Prompt, level: Error, hold: Format, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    prompt_problems_with(cx, sink, |problem, mut finding| {
        if let ProblemKind::UnknownFilter { suggestion: Some(meant), .. } = &problem.kind {
            finding.primary.text = format!("did you mean `{meant}`?");
            // The label says it.
            finding.help.clear();
        }
        finding
    });
}
