//! What each example's task is told on both sides.

use std::collections::{BTreeMap, BTreeSet};

use taskclass_spec::{model::TaskClass, written::Example};

use crate::{ExampleDiff, Rendered, Request, prompts::Differences};

/// The examples whose request differs, in the order after, then those that are gone.
pub(crate) fn examples(
    before: Option<&TaskClass>,
    after: Option<&TaskClass>,
    request: &Request<'_>,
    differences: &Differences,
) -> Vec<ExampleDiff> {
    let (known, there) = (by_name(before), by_name(after));
    let render = |class: Option<&TaskClass>, example: Option<&&Example>| match (class, example) {
        (Some(class), Some(example)) => request(class, example),
        _ => Ok(Rendered { prompt: String::new(), rest: String::new() }),
    };
    let order = after.into_iter().chain(before).flat_map(|class| &class.written().examples);
    let mut seen = BTreeSet::new();
    order
        .filter(|example| seen.insert(example.name.as_str()))
        .filter_map(|example| {
            let name = example.name.as_str();
            let sides = (render(before, known.get(name)), render(after, there.get(name)));
            let diff = match sides {
                (Ok(a), Ok(b)) => ExampleDiff {
                    name: name.to_owned(),
                    prompt: differences.of(&a.prompt, &b.prompt),
                    rest: differences.of(&a.rest, &b.rest),
                    failed: None,
                },
                (Err(a), Err(b)) if a == b => return None,
                (a, b) => ExampleDiff {
                    name: name.to_owned(),
                    prompt: differences.of(prompt(&a), prompt(&b)),
                    rest: differences.of(rest(&a), rest(&b)),
                    failed: Some(failure(a.as_ref().err(), b.as_ref().err())),
                },
            };
            let differs = diff.failed.is_some() || !diff.prompt.is_empty() || !diff.rest.is_empty();
            differs.then_some(diff)
        })
        .collect()
}

fn by_name(class: Option<&TaskClass>) -> BTreeMap<&str, &Example> {
    let examples = class.into_iter().flat_map(|class| &class.written().examples);
    examples.map(|example| (example.name.as_str(), example)).collect()
}

fn prompt(side: &Result<Rendered, String>) -> &str {
    side.as_ref().map_or("", |rendered| &rendered.prompt)
}

fn rest(side: &Result<Rendered, String>) -> &str {
    side.as_ref().map_or("", |rendered| &rendered.rest)
}

fn failure(before: Option<&String>, after: Option<&String>) -> String {
    match (before, after) {
        (Some(before), Some(after)) => format!("before: {before}; after: {after}"),
        (Some(before), None) => format!("before: {before}"),
        (None, Some(after)) => format!("after: {after}"),
        (None, None) => String::new(),
    }
}
