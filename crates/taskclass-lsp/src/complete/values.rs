//! Values: the few that a field can have, and names of things that there are.

use taskclass_lint::metric_names;
use taskclass_source::Node;
use taskclass_spec::fields::FieldValue;
use taskclass_spec::written::{Input, ItemType, ModelStatus, Price};
use taskclass_spec::{ModelId, paths};

use super::cursor::Cursor;
use super::item::{Item, Kind};
use crate::domains::{self, Domain};
use crate::fields;
use crate::markdown::code;
use crate::view::View;

/// The most repositories that are offered at once.
const MAX_REPOSITORIES: usize = 200;

/// What can be written as the value at the cursor.
pub(super) fn items(view: &View<'_>, cursor: &Cursor) -> Vec<Item> {
    let there = cursor.other_items();
    let mut items = of_schema(view, cursor);
    if let Some(domain) = domains::of_value(view.kind, &cursor.path) {
        items.extend(of_domain(view, cursor, &domain));
    }
    items.retain(|item| !there.contains(&item.label.as_str()));
    for item in &mut items {
        let quoted = if cursor.quote.is_some() { item.text.clone() } else { scalar(&item.text, cursor) };
        item.text = if cursor.needs_blank { format!(" {quoted}") } else { quoted };
    }
    items
}

/// A scalar as it must be written here to mean the text `value`, or the word that it is.
fn scalar(value: &str, cursor: &Cursor) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    let first = value.chars().next();
    // A colon is part of a word where no blank follows; in a flow list other tools see a mapping.
    let is_plain = first.is_some_and(|c| c.is_ascii_alphabetic())
        && value.chars().all(|c| plain(c) || (c == ':' && !cursor.flow))
        && !value.ends_with(':');
    let number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    if is_plain || number {
        value.to_owned()
    } else {
        format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

/// The values that the schema lists.
fn of_schema(view: &View<'_>, cursor: &Cursor) -> Vec<Item> {
    let Some(kind) = view.kind.schema() else { return Vec::new() };
    let document = cursor.root.to_json();
    let pointer = domains::pointer(&cursor.path);
    let mut choices = fields::value_at(kind, &document, &pointer).map(fields::choices).unwrap_or_default();
    if let Some((name, section)) = pointer.split_last().filter(|_| choices.is_empty()) {
        choices = fields::variants(kind, &document, section, name);
    }
    let item = |choice: FieldValue| {
        Item::new(choice.value, Kind::Value, cursor.replace).documentation(choice.meaning.unwrap_or_default()).rank(0)
    };
    choices.into_iter().map(item).collect()
}

/// The things of a kind that there are.
fn of_domain(view: &View<'_>, cursor: &Cursor, domain: &Domain) -> Vec<Item> {
    let named = |names: Vec<String>, detail: &str| {
        names.into_iter().map(|name| Item::new(name, Kind::Name, cursor.replace).detail(detail)).collect()
    };
    match domain {
        Domain::Model => models(view, cursor),
        Domain::Repository => named(repositories(view), "in the inventory"),
        Domain::RepositoryPattern => patterns(view, cursor),
        Domain::Metric => {
            metric_names().map(|(name, detail)| Item::new(name, Kind::Name, cursor.replace).detail(detail)).collect()
        }
        Domain::InputValue(name) => input_values(view, cursor, name),
        Domain::PromptFile => prompt_files(view, cursor),
        Domain::Owner => named(owners(view), "used in this registry"),
        Domain::Check => named(checks(view), "used in this class"),
        Domain::Caller => callers(view, cursor),
        Domain::Notice => {
            // No webhook: their names are in the executor's configuration, which is not in the registry.
            let issue = Item::new("issue", Kind::Value, cursor.replace);
            let comment = Item::new("comment", Kind::Value, cursor.replace);
            vec![
                issue.detail("an issue in the target, or in the policy's escalation repository"),
                comment.detail("a comment on the task's pull request"),
            ]
        }
        Domain::Rule | Domain::Stage | Domain::Input => Vec::new(),
    }
}

/// The models that still answer: those that the policy allows first.
fn models(view: &View<'_>, cursor: &Cursor) -> Vec<Item> {
    let catalogue = view.catalogue();
    let allowed = |id: &ModelId| view.policy().is_none_or(|policy| policy.models.allow.contains(id));
    let living = catalogue.models.iter().filter(|model| !model.is_retired(view.today));
    let mut items: Vec<Item> = living
        .map(|model| {
            let price = model.price.map(price).unwrap_or_default();
            let item = Item::new(model.id.as_str(), Kind::Value, cursor.replace);
            let mut detail = vec![code(&model.display).replace('`', "")];
            if !price.is_empty() {
                detail.push(format!("price {price}"));
            }
            if let (ModelStatus::Closing, Some(date)) = (model.status, model.retires) {
                detail.push(format!("closes on {date}"));
            }
            if !allowed(&model.id) {
                detail.push("not allowed by the policy".to_owned());
            }
            let item = item.detail(detail.join(", ")).rank(if allowed(&model.id) { 0 } else { 2 });
            Item { deprecated: model.status == ModelStatus::Closing, ..item }
        })
        .collect();
    let known = |id: &str| catalogue.models.iter().any(|model| model.id.as_str() == id);
    let of_policy = view.policy().into_iter().flat_map(|policy| &policy.models.allow).filter(|id| !known(id.as_str()));
    items.extend(of_policy.map(|id| Item::new(id.as_str(), Kind::Value, cursor.replace).rank(1)));
    items
}

pub(crate) fn price(price: Price) -> &'static str {
    match price {
        Price::Low => "low",
        Price::Medium => "medium",
        Price::High => "high",
    }
}

fn repositories(view: &View<'_>) -> Vec<String> {
    let all = view.inventory().into_iter().flat_map(|inventory| inventory.iter());
    all.take(MAX_REPOSITORIES).map(ToString::to_string).collect()
}

/// The repositories, and patterns that several of them share.
fn patterns(view: &View<'_>, cursor: &Cursor) -> Vec<Item> {
    let names = repositories(view);
    let mut stems: Vec<(String, usize)> = Vec::new();
    for name in &names {
        let Some((owner, rest)) = name.split_once('/') else { continue };
        let Some((stem, _)) = rest.split_once('-') else { continue };
        let pattern = format!("{owner}/{stem}-*");
        match stems.iter_mut().find(|(known, _)| *known == pattern) {
            Some((_, count)) => *count += 1,
            None => stems.push((pattern, 1)),
        }
    }
    let shared = stems.into_iter().filter(|(_, count)| *count > 1).map(|(pattern, count)| {
        Item::new(pattern, Kind::Value, cursor.replace).detail(format!("{count} in the inventory")).rank(0)
    });
    let single = names.into_iter().map(|name| Item::new(name, Kind::Name, cursor.replace).detail("in the inventory"));
    shared.chain(single).collect()
}

fn input_values(view: &View<'_>, cursor: &Cursor, name: &str) -> Vec<Item> {
    let declared = view.input(name).and_then(|declared| declared.input);
    let values: Vec<String> = match declared {
        Some(Input::Choice { values, .. } | Input::List { of: ItemType::Choice { values }, .. }) => values,
        Some(Input::Boolean { .. } | Input::List { of: ItemType::Boolean {}, .. }) => {
            vec!["true".to_owned(), "false".to_owned()]
        }
        _ => Vec::new(),
    };
    values.into_iter().map(|value| Item::new(value, Kind::Value, cursor.replace).rank(0)).collect()
}

/// The templates that lie beside the classes, as a class names them.
fn prompt_files(view: &View<'_>, cursor: &Cursor) -> Vec<Item> {
    let folder = paths::at(paths::PROMPTS);
    let files = view.files.list(&folder).unwrap_or_default();
    let own = files.iter().filter_map(|path| path.as_str().strip_prefix("task-classes/"));
    let own = own.filter(|name| name.ends_with(".md") && !name.starts_with("prompts/partials/"));
    own.map(|name| Item::new(name, Kind::File, cursor.replace)).collect()
}

/// The owners that this class and the policy name.
fn owners(view: &View<'_>) -> Vec<String> {
    let lists = ["owners", "pull_request.reviewers"].into_iter().filter_map(|path| view.node(path)?.as_seq());
    let mut all: Vec<String> = lists.flatten().filter_map(Node::as_str).map(str::to_owned).collect();
    all.extend(view.policy().map(|policy| policy.escalation.owner.to_string()));
    all.retain(|name| name.starts_with('@'));
    all.sort();
    all.dedup();
    all
}

/// The teams and people that own things here, as callers are written; then the forms.
fn callers(view: &View<'_>, cursor: &Cursor) -> Vec<Item> {
    let known = owners(view).into_iter().map(|owner| {
        let name = owner.trim_start_matches('@');
        let kind = if name.contains('/') { "team" } else { "user" };
        Item::new(format!("github:{kind}/{name}"), Kind::Name, cursor.replace).detail("an owner in this registry")
    });
    let forms = [
        ("github:user/", "a person, by login"),
        ("github:team/", "a team: ORG/TEAM"),
        ("oidc:", "a workload whose OIDC token bears this subject"),
    ];
    let forms = forms.map(|(form, detail)| Item::new(form, Kind::Value, cursor.replace).detail(detail).rank(2));
    known.chain(forms).collect()
}

/// The checks that this class names.
fn checks(view: &View<'_>) -> Vec<String> {
    let lists = ["repositories.require.required_checks", "validation.required_checks"];
    let lists = lists.into_iter().filter_map(|path| view.node(path)?.as_seq());
    let mut all: Vec<String> = lists.flatten().filter_map(Node::as_str).map(str::to_owned).collect();
    all.sort();
    all.dedup();
    all
}
