//! `closing-model`: a model that is about to be retired.

use crate::context::ClassContext;
use crate::models::class_models;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A model that is about to be retired.
    ///
    /// ## What it does
    /// Reports models whose last day, by the catalogue, is at most 60 days away.
    ///
    /// ## Why it matters
    /// Another model is another contract: it has to be tried, reviewed and approved, and that takes its time.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: models.yaml
    /// schema: models/v1
    /// as_of: "2026-11-01"
    /// models:
    ///   - {id: gpt-5.3-codex, display: GPT-5.3-Codex, status: closing, retires: "2026-12-24", replacement: claude-sonnet-4.6}
    ///   - {id: claude-sonnet-4.6, display: Claude Sonnet 4.6, status: available}
    ///   - {id: claude-opus-4.6, display: Claude Opus 4.6, status: available}
    /// # file: task-classes/example.yaml
    /// model: {default: gpt-5.3-codex, allowed: [claude-sonnet-4.6]}
    ///                  ^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// model: {default: claude-sonnet-4.6, allowed: []}
    /// ```
    name: "closing-model", family: Model, level: Warning, hold: Free, check: Class(check)
}

const DAYS: i32 = 60;

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let today = cx.shared.today;
    for (place, model) in class_models(cx) {
        let Some(known) = cx.shared.catalogue().model(model).filter(|known| !known.is_retired(today)) else { continue };
        let left = known.retires.and_then(|day| Some((day, today.until(day).ok()?.get_days())));
        let Some((day, left)) = left.filter(|(_, left)| *left <= DAYS) else { continue };
        let message = format!("the model `{model}` retires on {day}, in {left} days");
        sink.report(cx.at(&place.path()).value(""), message, |finding| match &known.replacement {
            Some(replacement) => finding.with_help(format!("GitHub suggests `{replacement}` instead")),
            None => finding,
        });
    }
}
