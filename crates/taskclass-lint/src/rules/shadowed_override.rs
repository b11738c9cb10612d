//! `shadowed-override`: an override that an earlier one always comes before.

use crate::context::ClassContext;
use crate::patterns::MAX_PAIRS;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// An override that an earlier one always comes before.
    ///
    /// ## What it does
    /// Compares the patterns of `model.overrides`: of several that match a repository the first counts.
    ///
    /// ## Why it matters
    /// The model that it asks for is never used where it says.
    ///
    /// ## Bad
    /// ```yaml
    /// model:
    ///   default: gpt-5.3-codex
    ///   overrides:
    ///     - {repositories: ["acme/svc-*"], default: claude-sonnet-4.6}
    ///     - {repositories: [acme/svc-billing], default: claude-opus-4.6}
    ///                       ^^^^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// model:
    ///   default: gpt-5.3-codex
    ///   overrides:
    ///     - {repositories: [acme/svc-billing], default: claude-sonnet-4.6}
    ///     - {repositories: ["acme/svc-*"], default: claude-sonnet-4.6}
    /// ```
    name: "shadowed-override", family: Model, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(model) = cx.class.model else { return };
    let patterns = || {
        model.overrides.iter().enumerate().flat_map(|(number, own)| {
            own.repositories.iter().enumerate().map(move |(index, pattern)| (number, index, pattern))
        })
    };
    let count = patterns().count();
    if count * count > MAX_PAIRS {
        return;
    }
    for (number, index, inner) in patterns() {
        let mut earlier = patterns().take_while(|(earlier, ..)| *earlier < number);
        let wider = earlier.find(|(_, _, outer)| outer.takes_in(inner));
        let Some((first, place, outer)) = wider else { continue };
        let at = cx.at(&format!("model.overrides[{number}].repositories[{index}]"));
        let message = format!("`{outer}` comes before `{inner}`, so this override never counts for it");
        sink.report(at.value(""), message, |finding| {
            finding
                .with_label(
                    cx.at(&format!("model.overrides[{first}].repositories[{place}]"))
                        .value("the first that matches counts"),
                )
                .with_help("move the narrower override up")
        });
    }
}
