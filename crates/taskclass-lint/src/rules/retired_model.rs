//! `retired-model`: a model that no longer answers.

use taskclass_source::Fix;

use crate::common::{replace_scalar, with_fix};
use crate::context::ClassContext;
use crate::models::class_models;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A model that no longer answers.
    ///
    /// ## What it does
    /// Reports models that the catalogue lists as retired, or whose last day has come.
    ///
    /// ## Why it matters
    /// Every task of the class would fail, or run with a model that nobody approved.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: policy.yaml
    /// models: {allow: [gpt-5.3-codex, claude-sonnet-4, claude-sonnet-4.6]}
    /// # file: task-classes/example.yaml
    /// model: {default: gpt-5.3-codex, allowed: [claude-sonnet-4]}
    ///                                           ^^^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// model: {default: gpt-5.3-codex, allowed: [claude-sonnet-4.6]}
    /// ```
    name: "retired-model", family: Model, level: Error, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    for (place, model) in class_models(cx) {
        let Some(known) = cx.shared.catalogue().model(model) else { continue };
        if !known.is_retired(cx.shared.today) || !cx.policy_allows(model) {
            continue;
        }
        let at = cx.at(&place.path());
        let since = known.retires.map(|day| format!("since {day}")).unwrap_or_default();
        let allowed = known.replacement.as_ref().filter(|replacement| cx.policy_allows(replacement));
        let fix = allowed.and_then(|replacement| {
            let edit = replace_scalar(&at, replacement.as_str())?;
            Some(Fix::unsafe_(format!("write `{replacement}`, which GitHub suggests instead"), vec![edit]))
        });
        sink.report(at.value(since), format!("the model `{model}` is retired"), |finding| {
            match (&fix, &known.replacement, cx.policy()) {
                (None, Some(replacement), Some(policy)) => finding
                    .with_help(format!("GitHub suggests `{replacement}`, which this list would have to allow first"))
                    .with_label(policy.at("models.allow").value("the policy's list")),
                _ => with_fix(finding, fix),
            }
        });
    }
}
