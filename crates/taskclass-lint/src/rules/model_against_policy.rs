//! `model-against-policy`: a model that the policy does not allow, everywhere or for a repository that the class reaches.

use std::collections::BTreeMap;

use taskclass_source::Fix;
use taskclass_spec::suggest::closest;
use taskclass_spec::{ModelId, RepoName};

use crate::common::{listed, replace_scalar, with_fix};
use crate::context::{ClassContext, PolicyContext};
use crate::models::{class_models, offered, sensitive_in_reach};
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A model that the policy does not allow, everywhere or for a repository that the class reaches.
    ///
    /// ## What it does
    /// Holds every model of the class to `models.allow`, and for each sensitive repository that the class reaches, by the
    /// inventory, by a literal pattern or by an example, to `models.sensitive.allow`. The list that decides is shown.
    ///
    /// ## Why it matters
    /// The executor refuses such a run. Better to learn it in the review than at night.
    ///
    /// ## Bad
    /// ```yaml
    /// model: {default: claude-opus-4.6, allowed: [gpt-5.3-codex]}
    ///                                             ^^^^^^^^^^^^^
    /// risk: medium
    /// repositories:
    ///   allow: [acme/svc-payments]
    ///   require: {visibility: [private], required_reviews: 1, required_checks: [build, test]}
    /// examples:
    ///   - {name: one, repository: acme/svc-payments, inputs: {thing: timeout}, expect: {contains: [timeout]}}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// model: {default: claude-opus-4.6, allowed: []}
    /// risk: medium
    /// repositories:
    ///   allow: [acme/svc-payments]
    ///   require: {visibility: [private], required_reviews: 1, required_checks: [build, test]}
    /// examples:
    ///   - {name: one, repository: acme/svc-payments, inputs: {thing: timeout}, expect: {contains: [timeout]}}
    /// ```
    name: "model-against-policy", family: Model, level: Error, hold: Security, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(policy) = cx.policy() else { return };
    for (place, model) in class_models(cx) {
        if !policy.policy.models.allow.contains(model) {
            let list = policy.at("models.allow").value("this list decides");
            let retired =
                |id: &ModelId| cx.shared.catalogue().model(id).is_some_and(|known| known.is_retired(cx.shared.today));
            let allowed = policy.policy.models.allow.iter().filter(|id| !retired(id)).map(ModelId::as_str);
            let meant = closest(model.as_str(), allowed);
            let at = cx.at(&place.path());
            let fix = meant
                .and_then(|meant| Some(Fix::unsafe_(format!("write `{meant}`"), vec![replace_scalar(&at, meant)?])));
            let text = meant.map_or("asked for here".to_owned(), |meant| format!("did you mean `{meant}`?"));
            sink.report(at.value(text), format!("the policy does not allow `{model}`"), |finding| {
                with_fix(finding.with_label(list), fix)
            });
        }
    }
    sensitive(cx, policy, sink);
}

fn sensitive(cx: &ClassContext<'_>, policy: &PolicyContext<'_>, sink: &mut Sink<'_>) {
    let Some(sensitive) = &policy.policy.models.sensitive else { return };
    let (Some(repositories), Some(class_model)) = (cx.class.repositories, cx.class.model) else { return };
    // Those that are offered in the same places are wrong in the same way: one finding, with all that has to change.
    let mut refused: BTreeMap<Vec<String>, (Vec<&ModelId>, Vec<RepoName>)> = BTreeMap::new();
    for (repository, _) in sensitive_in_reach(cx) {
        // What no repository may have is told of already.
        let is_refused =
            |model: &ModelId| policy.policy.models.allow.contains(model) && !sensitive.allow.contains(model);
        let (paths, models): (Vec<_>, Vec<_>) =
            offered(class_model, &repository).into_iter().filter(|(_, model)| is_refused(model)).unzip();
        if !paths.is_empty() {
            refused.entry(paths).or_insert_with(|| (models, Vec::new())).1.push(repository);
        }
    }
    for (paths, (models, reached)) in refused {
        let (Some(first), Some(path)) = (reached.first(), paths.first()) else { continue };
        let pattern = repositories.allow.iter().position(|pattern| pattern.matches(first)).unwrap_or_default();
        let reaches = cx.at(&format!("repositories.allow[{pattern}]")).value(format!("reaches {first}"));
        let list = policy.at("models.sensitive.allow").value("this list decides");
        let are = if models.len() == 1 { "is" } else { "are" };
        let message = format!("{} {are} not allowed for {first}", listed(&models));
        sink.report(cx.at(path).value("asked for here"), message, |finding| {
            let finding =
                paths.iter().skip(1).fold(finding, |finding, path| finding.with_label(cx.at(path).value("and here")));
            // One that `models.allow` lacks is refused everywhere, which is told of in the policy.
            let help = match sensitive.allow.iter().find(|model| policy.policy.models.allow.contains(model)) {
                Some(model) => {
                    format!("add an override, `{{repositories: [{first}], default: {model}, allowed: []}}`, or deny it")
                }
                None => format!("deny {first}: the policy leaves it no model"),
            };
            let finding = finding.with_label(reaches).with_label(list).with_help(help);
            match reached.len() {
                1 => finding,
                more => finding.with_note(format!("the same holds for {} more", more - 1)),
            }
        });
    }
}
