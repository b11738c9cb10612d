//! `sensitive-without-model`: the policy leaves sensitive repositories no model at all.

use crate::context::PolicyContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// The policy leaves sensitive repositories no model at all.
    ///
    /// ## What it does
    /// Compares `models.sensitive.allow` with `models.allow`: a sensitive repository is held to both lists.
    ///
    /// ## Why it matters
    /// A model that only the stricter list names is refused everywhere. If all of them are, no class can run on these repositories.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: policy.yaml
    /// models:
    ///   allow: [gpt-5.3-codex, claude-sonnet-4.6]
    ///   sensitive: {repositories: ["acme/*-payments", "acme/auth-*"], allow: [claude-opus-4.6]}
    ///                                                                         ^^^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # file: policy.yaml
    /// models:
    ///   allow: [gpt-5.3-codex, claude-sonnet-4.6, claude-opus-4.6]
    ///   sensitive: {repositories: ["acme/*-payments", "acme/auth-*"], allow: [claude-opus-4.6]}
    /// ```
    name: "sensitive-without-model", family: Policy, level: Error, hold: Free, check: Policy(check)
}

fn check(cx: &PolicyContext<'_>, sink: &mut Sink<'_>) {
    let models = &cx.policy.models;
    let Some(sensitive) = &models.sensitive else { return };
    for (index, model) in sensitive.allow.iter().enumerate().filter(|(_, model)| !models.allow.contains(model)) {
        let message = format!("`{model}` is allowed for sensitive repositories, and not at all");
        sink.report(cx.at(&format!("models.sensitive.allow[{index}]")).value(""), message, |finding| {
            finding
                .with_label(cx.at("models.allow").key("a sensitive repository is held to this list too"))
                .with_help(format!("add `{model}` to `models.allow`, or take it out here"))
        });
    }
}
