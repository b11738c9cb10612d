//! Which models a class offers, and where: what several rules walk over.

use std::collections::HashSet;

use taskclass_spec::written::Model;
use taskclass_spec::{ModelId, RepoName};

use crate::context::{ClassContext, PolicyContext};

/// Every model that the class names, with its path.
pub(crate) fn class_models<'a>(cx: &ClassContext<'a>) -> Vec<(String, &'a ModelId)> {
    let Some(model) = cx.class.model else { return Vec::new() };
    let mut all = choice("model", &model.default, &model.allowed);
    for (index, own) in model.overrides.iter().enumerate() {
        all.extend(choice(&format!("model.overrides[{index}]"), &own.default, &own.allowed));
    }
    all
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

/// The repositories that are known to be within reach: those of the inventory, literal patterns, examples.
pub(crate) fn universe(cx: &ClassContext<'_>) -> Vec<RepoName> {
    let Some(repositories) = cx.class.repositories else { return Vec::new() };
    let literal = repositories.allow.iter().filter_map(|pattern| pattern.as_str().parse::<RepoName>().ok());
    let examples = cx.class.examples.into_iter().flatten().map(|example| example.repository.clone());
    let mut known: Vec<RepoName> = cx.reach().into_iter().flatten().map(|name| (*name).clone()).collect();
    let mut seen: HashSet<RepoName> = known.iter().cloned().collect();
    for name in literal.chain(examples) {
        if cx.reaches(&name) && seen.insert(name.clone()) {
            known.push(name);
        }
    }
    known
}

fn choice<'a>(place: &str, default: &'a ModelId, allowed: &'a [ModelId]) -> Vec<(String, &'a ModelId)> {
    let first = (format!("{place}.default"), default);
    std::iter::once(first).chain(items(&format!("{place}.allowed"), allowed)).collect()
}

fn items<'a>(list: &str, models: &'a [ModelId]) -> impl Iterator<Item = (String, &'a ModelId)> {
    models.iter().enumerate().map(move |(index, model)| (format!("{list}[{index}]"), model))
}
