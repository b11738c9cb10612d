//! What each example's task is told on both sides.

use std::collections::{BTreeMap, BTreeSet};

use taskclass_spec::{model::TaskClass, prompt::trailer, written::Example};

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
            let mut sides = (render(before, known.get(name)), render(after, there.get(name)));
            if let (Ok(rendered), Some(before), Some(after)) = (&mut sides.0, before, after) {
                under_version(&mut rendered.prompt, before, after);
            }
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

/// Puts the version after into the trailer of a prompt before: that it is another is a change of its own, and no news of each
/// example. Nothing else in a prompt depends on the version, unless the prompt reads it; then all is left as it is.
fn under_version(prompt: &mut String, before: &TaskClass, after: &TaskClass) {
    if before.version() == after.version() || [before, after].into_iter().any(reads_version) {
        return;
    }
    // All of the trailer but the key, which is the last that it says.
    let lead = |version| trailer(before.name(), version, "").trim_end_matches('\n').to_owned();
    let was = lead(before.version());
    if let Some(at) = prompt.rfind(&was) {
        prompt.replace_range(at..at + was.len(), &lead(after.version()));
    }
}

/// Whether the prompt says or asks for its version.
pub(crate) fn reads_version(class: &TaskClass) -> bool {
    class.template().facts().run.iter().any(|read| read.field == "version")
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
