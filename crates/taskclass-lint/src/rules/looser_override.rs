//! `looser-override`: an override that leaves a caller more choice than the class does.

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// An override that leaves a caller more choice than the class does.
    ///
    /// ## What it does
    /// Reports a model under an override's `allowed` that the class offers nowhere else, and `auto` where the class names a
    /// model.
    ///
    /// ## Why it matters
    /// Overrides are for repositories that need more care. One that loosens turns the list of exceptions into a way out.
    ///
    /// ## Bad
    /// ```yaml
    /// model:
    ///   default: gpt-5.3-codex
    ///   overrides:
    ///     - {repositories: [acme/svc-orders], default: gpt-5.3-codex, allowed: [claude-opus-4.6]}
    ///                                                                           ^^^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// model:
    ///   default: gpt-5.3-codex
    ///   overrides:
    ///     - {repositories: [acme/svc-orders], default: claude-opus-4.6, allowed: []}
    /// ```
    name: "looser-override", family: Model, level: Error, hold: Security, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(model) = cx.class.model else { return };
    for (index, own) in model.overrides.iter().enumerate() {
        let place = format!("model.overrides[{index}]");
        if own.default.is_auto() && !model.default.is_auto() && cx.policy_allows(&own.default) {
            let class = cx.at("model.default").value("the class names a model");
            sink.report(
                cx.at(&format!("{place}.default")).value(""),
                "this override leaves the choice to GitHub",
                |finding| finding.with_label(class).with_help("name a model"),
            );
        }
        for (item, allowed) in own.allowed.iter().enumerate() {
            // What the policy allows nowhere is told of by `model-against-policy`.
            if cx.policy_allows(allowed)
                && *allowed != model.default
                && !model.allowed.contains(allowed)
                && *allowed != own.default
            {
                let class = cx.at("model").key("the class does not offer it");
                let message = format!("this override offers `{allowed}`, which the class does not");
                sink.report(cx.at(&format!("{place}.allowed[{item}]")).value(""), message, |finding| {
                    finding.with_label(class).with_help("make it the override's `default`, or leave it out")
                });
            }
        }
    }
}
