//! Which models a class offers, and where: what several rules walk over.

use taskclass_spec::written::Model;
use taskclass_spec::{ModelId, RepoName};

use crate::context::{ClassContext, PolicyContext};

/// Where a class names a model.
#[derive(Clone, Copy)]
pub(crate) struct ModelPlace {
    /// Which of the overrides, or the class's own choice.
    in_override: Option<usize>,
    /// Which of `allowed`, or `default`.
    allowed: Option<usize>,
}

impl ModelPlace {
    /// Its path, which nobody needs while there is nothing to say.
    pub(crate) fn path(self) -> String {
        let choice = self.in_override.map_or("model".to_owned(), |at| format!("model.overrides[{at}]"));
        match self.allowed {
            None => format!("{choice}.default"),
            Some(at) => format!("{choice}.allowed[{at}]"),
        }
    }
}

/// Every model that the class names, with its place.
pub(crate) fn class_models<'a>(cx: &ClassContext<'a>) -> impl Iterator<Item = (ModelPlace, &'a ModelId)> {
    let own = cx.class.model.into_iter().map(|model| (None, &model.default, &model.allowed));
    let overrides = cx.class.model.into_iter().flat_map(|model| model.overrides.iter().enumerate());
    let overrides = overrides.map(|(at, own)| (Some(at), &own.default, &own.allowed));
    own.chain(overrides).flat_map(|(in_override, default, allowed)| {
        let allowed = allowed.iter().enumerate().map(|(at, model)| (Some(at), model));
        std::iter::once((None, default))
            .chain(allowed)
            .map(move |(allowed, model)| (ModelPlace { in_override, allowed }, model))
    })
}

/// Every model that the policy names, with its path.
pub(crate) fn policy_models<'a>(cx: &PolicyContext<'a>) -> Vec<(String, &'a ModelId)> {
    let models = &cx.policy.models;
    let sensitive = models.sensitive.iter().flat_map(|sensitive| items("models.sensitive.allow", &sensitive.allow));
    items("models.allow", &models.allow).chain(sensitive).collect()
}

/// The models on offer for `repository`, with their paths: those of the first override that matches, else the class's own.
pub(crate) fn offered<'a>(model: &'a Model, repository: &RepoName) -> Vec<(String, &'a ModelId)> {
    let own = model.overrides.iter().enumerate();
    let mut matching = own.filter(|(_, own)| own.repositories.iter().any(|pattern| pattern.matches(repository)));
    match matching.next() {
        Some((index, own)) => choice(&format!("model.overrides[{index}]"), &own.default, &own.allowed),
        None => choice("model", &model.default, &model.allowed),
    }
}

/// The sensitive repositories that are known to be within reach, each with the pattern of the policy that says so: those of
/// the inventory, literal patterns, examples.
pub(crate) fn sensitive_in_reach(cx: &ClassContext<'_>) -> Vec<(RepoName, usize)> {
    let Some(repositories) = cx.class.repositories else { return Vec::new() };
    let Some(sensitive) = cx.policy().and_then(|policy| policy.policy.models.sensitive.as_ref()) else {
        return Vec::new();
    };
    let known = cx.shared.known.iter().flat_map(|known| known.sensitive()).cloned();
    let literal = repositories.allow.iter().filter(|pattern| pattern.is_literal());
    let literal = literal.filter_map(|pattern| pattern.as_str().parse::<RepoName>().ok());
    let examples = cx.class.examples.into_iter().flatten().map(|example| example.repository.clone());
    let mut found: Vec<(RepoName, usize)> = Vec::new();
    for name in known.chain(literal).chain(examples) {
        let pattern = sensitive.repositories.iter().position(|pattern| pattern.matches(&name));
        if let Some(pattern) = pattern
            && cx.reaches(&name)
            && !found.iter().any(|(other, _)| *other == name)
        {
            found.push((name, pattern));
        }
    }
    found
}

fn choice<'a>(place: &str, default: &'a ModelId, allowed: &'a [ModelId]) -> Vec<(String, &'a ModelId)> {
    let first = (format!("{place}.default"), default);
    std::iter::once(first).chain(items(&format!("{place}.allowed"), allowed)).collect()
}

fn items<'a>(list: &str, models: &'a [ModelId]) -> impl Iterator<Item = (String, &'a ModelId)> {
    models.iter().enumerate().map(move |(index, model)| (format!("{list}[{index}]"), model))
}
