//! `unknown-model`: a model that the catalogue does not know.

use jiff::civil::Date;
use taskclass_source::Fix;
use taskclass_spec::ModelId;
use taskclass_spec::suggest::closest;
use taskclass_spec::written::Catalogue;

use crate::common::{replace_scalar, with_fix};
use crate::context::{At, ClassContext, PolicyContext};
use crate::models::{class_models, policy_models};
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A model that the catalogue does not know.
    ///
    /// ## What it does
    /// Looks up each model of the policy's lists (of the classes, where there is no sound policy) in the registry's
    /// `models.yaml`, or else in the catalogue that this version of taskclass was built with. A model of a class that is not on
    /// the policy's list is reported as `model-against-policy`.
    ///
    /// ## Why it matters
    /// GitHub refuses a task with a model that it does not know, or runs it with another one.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: policy.yaml
    /// models: {allow: [gpt-5.3-codex, claude-sonnet-4.6, claude-opuss-4.6]}
    ///                                                    ^^^^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # file: policy.yaml
    /// models: {allow: [gpt-5.3-codex, claude-sonnet-4.6, claude-opus-4.6]}
    /// ```
    name: "unknown-model", family: Model, level: Error, hold: Free, check: Class(check), Policy(policy)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    // A sound policy has each of them on its own list, where it is reported once.
    for (place, model) in class_models(cx).filter(|_| cx.policy().is_none()) {
        report(cx.shared.catalogue(), cx.shared.today, model, cx.at(&place.path()), sink);
    }
}

fn policy(cx: &PolicyContext<'_>, sink: &mut Sink<'_>) {
    for (path, model) in policy_models(cx) {
        report(cx.catalogue, cx.today, model, cx.at(&path), sink);
    }
}

fn report(catalogue: &Catalogue, today: Date, model: &ModelId, at: At<'_>, sink: &mut Sink<'_>) {
    if model.is_auto() || catalogue.model(model).is_some() {
        return;
    }
    let meant = closest(
        model.as_str(),
        catalogue.models.iter().filter(|known| !known.is_retired(today)).map(|known| known.id.as_str()),
    );
    let text = meant.map(|meant| format!("did you mean `{meant}`?")).unwrap_or_default();
    let fix = meant.and_then(|meant| Some(Fix::unsafe_(format!("write `{meant}`"), vec![replace_scalar(&at, meant)?])));
    sink.report(at.value(text), format!("the model `{model}` is not known"), |finding| {
        with_fix(finding, fix).with_note(format!(
            "the catalogue is of {}; a registry can bring its own as `models.yaml`",
            catalogue.as_of
        ))
    });
}
