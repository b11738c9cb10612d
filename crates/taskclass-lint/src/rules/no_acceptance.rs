//! `no-acceptance`: a prompt that never says when the work is done.

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A prompt that never says when the work is done.
    ///
    /// ## What it does
    /// Looks in the template and its partials for what names an end: "done when", "acceptance criteria", "finished when" and
    /// their like.
    ///
    /// ## Why it matters
    /// Without an end an agent stops where it likes, or does not stop; and nobody can say whether the result is what was asked.
    ///
    /// ## Bad
    /// ```yaml
    /// prompt:
    ///   template: |
    ///             ^
    ///     Change `{{ inputs.thing }}` in {{ run.repository }}.
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// prompt:
    ///   template: |
    ///     Change `{{ inputs.thing }}` in {{ run.repository }}.
    ///     Done when the build and all tests pass.
    /// ```
    name: "no-acceptance", family: Prompt, level: Warning, hold: Free, check: Class(check)
}

const ENDS: [&str; 12] = [
    "done when",
    "done if",
    "done once",
    "definition of done",
    "acceptance criteria",
    "accepted when",
    "accepted if",
    "finished when",
    "complete when",
    "completed when",
    "success criteria",
    "ready when",
];

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let (Some(facts), Some(source)) = (cx.prompt.facts(), cx.prompt.source()) else { return };
    // Words may stand on two lines.
    let text = |piece: &str| piece.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let says = facts.texts.iter().any(|piece| {
        let text = text(piece.text());
        ENDS.iter().any(|end| text.contains(end))
    });
    if says {
        return;
    }
    let primary = if source.is_file() {
        source.place(0..first_line(source.text())).label("")
    } else {
        cx.at("prompt.template").value("")
    };
    sink.report(primary, "the prompt never says when the work is done", |finding| {
        finding.with_help(
            "end it with what must hold: \"Done when the build and all tests pass and nothing else has changed.\"",
        )
    });
}

fn first_line(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}
