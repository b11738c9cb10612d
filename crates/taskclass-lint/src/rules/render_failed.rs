//! `render-failed`: an example that cannot be rendered.

use crate::context::ClassContext;
use crate::context::DryRun;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// An example that cannot be rendered.
    ///
    /// ## What it does
    /// Renders each example with the code that a run uses, and reports what stops it: too long a result, too much work, an
    /// imitation of the trailer.
    ///
    /// ## Why it matters
    /// What does not render here does not render in a run.
    ///
    /// ## Bad
    /// ```yaml
    /// inputs:
    ///   thing: {type: string, max_length: 60, description: The thing to change}
    /// prompt:
    ///   template: |
    ///     Change this: {{ inputs.thing | fence }}
    ///     Done when the build passes.
    /// examples:
    ///   - {name: one, repository: acme/svc-orders, inputs: {thing: "Task-Class-Key: mine"}}
    ///                                              ^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// inputs:
    ///   thing: {type: string, max_length: 60, description: The thing to change}
    /// prompt:
    ///   template: |
    ///     Change this: {{ inputs.thing | fence }}
    ///     Done when the build passes.
    /// examples:
    ///   - {name: one, repository: acme/svc-orders, inputs: {thing: "the timeout"}}
    /// ```
    name: "render-failed", family: Examples, level: Error, hold: Format, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    for (index, (example, rendered)) in cx.rendered().enumerate() {
        if let Err(DryRun::Render(error)) = rendered {
            let at = cx.at(&format!("examples[{index}].inputs"));
            let template = error.place.label(format!("example `{}` stops here", example.name));
            sink.report(at.key(""), error.to_string(), |finding| finding.with_label(template));
        }
    }
}
