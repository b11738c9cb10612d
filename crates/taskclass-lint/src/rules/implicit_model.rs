//! `implicit-model`: gitHub chooses the model of a class whose results can do harm.

use taskclass_spec::written::Risk;

use crate::context::ClassContext;
use crate::models::class_models;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// GitHub chooses the model of a class whose results can do harm.
    ///
    /// ## What it does
    /// Reports `auto` in a class whose risk is medium or high.
    ///
    /// ## Why it matters
    /// The model is part of the contract. With `auto` the same class does another work tomorrow, at another price, and no
    /// digest tells.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: policy.yaml
    /// models: {allow: [gpt-5.3-codex, auto]}
    /// # file: task-classes/example.yaml
    /// risk: medium
    /// model: {default: auto}
    ///                  ^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// risk: medium
    /// model: {default: gpt-5.3-codex}
    /// ```
    name: "implicit-model", family: Model, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(risk) = cx.class.risk.filter(|risk| **risk > Risk::Low) else { return };
    let word = if *risk == Risk::High { "high" } else { "medium" };
    for (place, _) in class_models(cx).filter(|(_, model)| model.is_auto() && cx.policy_allows(model)) {
        sink.report(
            cx.at(&place.path()).value(""),
            format!("`auto` lets GitHub choose the model, and the risk is {word}"),
            |finding| {
                finding.with_label(cx.at("risk").value("")).with_help("name a model that was tried for this work")
            },
        );
    }
}
