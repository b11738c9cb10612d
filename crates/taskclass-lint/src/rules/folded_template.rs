//! `folded-template`: a template whose text is not the text that stands in the file.

use taskclass_source::yaml::Style;

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A template whose text is not the text that stands in the file.
    ///
    /// ## What it does
    /// Reports an inline template written with `>`, where line breaks are folded away.
    ///
    /// ## Why it matters
    /// A reviewer reads lists and paragraphs, and the agent gets one long line. Places in such a text are harder to show, too.
    ///
    /// ## Bad
    /// ```yaml
    /// prompt:
    ///   template: >
    ///             ^
    ///     Change `{{ inputs.thing }}`.
    ///     Done when the build passes.
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// prompt:
    ///   template: |
    ///     Change `{{ inputs.thing }}`.
    ///     Done when the build passes.
    /// ```
    name: "folded-template", family: Prompt, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let folded = cx.document.node("prompt.template").is_some_and(|node| node.style == Style::Folded);
    if folded && cx.class.prompt.is_some() {
        sink.report(
            cx.at("prompt.template").value(""),
            "the line breaks of this template are folded away",
            |finding| finding.with_help("write it with `|`, which keeps the text as it stands"),
        );
    }
}
