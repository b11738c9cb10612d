//! Of a value: the thing that it names, what a chosen word means.

use serde_json::Value as Json;
use taskclass_source::{Node, Path};
use taskclass_spec::written::{Catalogue, ModelStatus};
use taskclass_spec::{ModelId, RepoName, RepoPattern, paths};

use super::{example_prompt, resolved};
use crate::complete::price;
use crate::domains::{self, Domain};
use crate::example;
use crate::fields;
use crate::inputs;
use crate::markdown::{code, escaped, fenced, listed};
use crate::prompt_text::prompt_file;
use crate::view::View;

/// The most repositories that are named.
const MAX_NAMED: usize = 8;

/// What there is to tell of the scalar at `path`.
pub(super) fn of(view: &View<'_>, path: &Path, node: &Node) -> Option<String> {
    let text = node.as_str();
    if let Some(name) = text.filter(|_| example::named_at(path)) {
        return Some(example_prompt(view, name));
    }
    let domain = domains::of_value(view.kind, path);
    match (domain, text) {
        (Some(Domain::Model), Some(id)) => model(view, id),
        (Some(Domain::RepositoryPattern), Some(pattern)) => matches(view, pattern),
        (Some(Domain::Repository), Some(name)) => repository(view, name),
        (Some(Domain::InputValue(input)), _) => Some(inputs::describe(view, &input, &view.input(&input)?)),
        (Some(Domain::PromptFile), Some(name)) => {
            let path = prompt_file(name)?;
            let shown = view.other(&path).map(|file| fenced(file.source.text(), "markdown"));
            Some(format!("{}\n\n{}", code(path.as_str()), shown.unwrap_or_else(|| "There is no such file.".to_owned())))
        }
        _ => chosen(view, path, node).or_else(|| resolved::of(view, path)),
    }
}

/// What the catalogue knows of a model, and whether the policy allows it.
fn model(view: &View<'_>, id: &str) -> Option<String> {
    if id == "auto" {
        return Some(format!("{}: GitHub chooses the model; the field is left out of the request.", code(id)));
    }
    let id: ModelId = id.parse().ok()?;
    let catalogue: &Catalogue = view.catalogue();
    let mut text = format!("**model** {}", code(id.as_str()));
    match catalogue.model(&id) {
        None => text.push_str(&format!("\n\nThe catalogue of {} does not know it.", catalogue.as_of)),
        Some(known) => {
            text.push_str(&format!(": {}", escaped(&known.display)));
            let date = known.retires.map(|date| date.to_string()).unwrap_or_default();
            text.push_str(&match known.status {
                _ if known.is_retired(view.today) => format!("\n- retired on {date}: it no longer answers"),
                ModelStatus::Available => "\n- available".to_owned(),
                ModelStatus::Preview => "\n- a preview".to_owned(),
                ModelStatus::Closing | ModelStatus::Retired => format!("\n- closing: answers until {date}"),
            });
            if let Some(class) = known.price {
                text.push_str(&format!("\n- price: {}", price(class)));
            }
            if let Some(next) = &known.replacement {
                text.push_str(&format!("\n- GitHub suggests {} instead", code(next.as_str())));
            }
            text.push_str(&format!("\n- as of {}", catalogue.as_of));
        }
    }
    if let Some(policy) = view.policy() {
        let allowed = if policy.models.allow.contains(&id) { "allowed" } else { "**not allowed**" };
        text.push_str(&format!("\n- {allowed} by {}", code("policy.yaml")));
        if let Some(sensitive) = policy.models.sensitive.as_ref() {
            let names: Vec<String> = sensitive.repositories.iter().map(ToString::to_string).collect();
            let there = if sensitive.allow.contains(&id) { "allowed" } else { "not allowed" };
            text.push_str(&format!("\n- {there} for the sensitive repositories {}", listed(&names, MAX_NAMED)));
        }
    }
    Some(text)
}

/// The repositories of the inventory that a pattern matches.
fn matches(view: &View<'_>, pattern: &str) -> Option<String> {
    let compiled: RepoPattern = pattern.parse().ok()?;
    let Some(inventory) = view.inventory() else {
        return Some(format!("{}: without an {} nobody knows what it matches.", code(pattern), code(paths::INVENTORY)));
    };
    let names: Vec<&str> = inventory.iter().filter(|name| compiled.matches(name)).map(RepoName::as_str).collect();
    let all = inventory.iter().count();
    Some(match names.len() {
        0 => format!("{} matches none of the {all} repositories in {}.", code(pattern), code(paths::INVENTORY)),
        count => format!(
            "{} matches {count} of the {all} repositories in {}: {}",
            code(pattern),
            code(paths::INVENTORY),
            listed(&names, MAX_NAMED)
        ),
    })
}

fn repository(view: &View<'_>, name: &str) -> Option<String> {
    let parsed: RepoName = name.parse().ok()?;
    let inventory = view.inventory()?;
    Some(match inventory.place(&parsed) {
        Some(span) => {
            let line = inventory.source().position(span.start).line;
            format!("{}: line {line} of {}", code(name), code(paths::INVENTORY))
        }
        None => format!("{} is not in {}.", code(name), code(paths::INVENTORY)),
    })
}

/// What a word means that is one of a few.
fn chosen(view: &View<'_>, path: &Path, node: &Node) -> Option<String> {
    let schema = fields::value_at(view.kind.schema()?, view.json(), &domains::pointer(path))?;
    let written = match node.to_json() {
        Json::String(text) => text,
        other => other.to_string(),
    };
    let choice = fields::choices(schema).into_iter().find(|choice| choice.value == written)?;
    let told = format!("{}: {}", code(&choice.value), choice.meaning?);
    Some(match resolved::of(view, path) {
        Some(more) => format!("{told}\n\n---\n{more}"),
        None => told,
    })
}
