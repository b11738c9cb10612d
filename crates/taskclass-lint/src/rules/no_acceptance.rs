//! `no-acceptance`: a prompt that never says when the work is done.

use std::sync::LazyLock;

use crate::context::ClassContext;
use crate::phrases::{Phrases, folded};
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

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(&ENDS));
const ENDS: [&str; 24] = [
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
    "fertig, wenn",
    "fertig wenn",
    "erledigt, wenn",
    "abnahmekriterien",
    "terminé quand",
    "terminé lorsque",
    "critères d'acceptation",
    "terminado cuando",
    "criterios de aceptación",
    "完成条件",
    "验收标准",
    "完了条件",
];

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let (Some(facts), Some(source)) = (cx.prompt.facts(), cx.prompt.source()) else { return };
    // Nearly every prompt says so in plain words.
    if facts.texts.iter().any(|piece| PHRASES.any(&folded(piece.text()))) {
        return;
    }
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

#[cfg(test)]
mod tests {
    #[test]
    fn the_phrases_can_be_looked_for() {
        assert!(super::PHRASES.is_ready());
    }
}
