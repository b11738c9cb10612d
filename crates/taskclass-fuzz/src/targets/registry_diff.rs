//! The bytes are several files of a registry, and behind a line `=====` those that come into their place or beside them (an
//! empty one takes it away): the review of the second registry against the first.

use std::collections::BTreeMap;

use taskclass_diff::{Asked, Diff, Kind, Rendered, Side, approval::Unknown, compare};
use taskclass_source::InMemory;
use taskclass_spec::inputs::Inputs;
use taskclass_spec::model::TaskClass;
use taskclass_spec::prompt::RunContext;
use taskclass_spec::registry::Registry;
use taskclass_spec::written::Example;

use crate::{hold, registry_text, surroundings};

pub(super) const WORDS: &[&str] = &[
    "=====\n",
    "=== policy.yaml\n",
    "=== inventory.txt\n",
    "=== trust/allowed_signers\n",
    "=== task-classes/dependency-bump.yaml\n",
    "=== task-classes/renamed.yaml\n",
    "=== task-classes/prompts/test-modernization.md\n",
    "=== task-classes/prompts/partials/small-diff.md\n",
    "schema: task-class/v1\n",
    "name: renamed\n",
    "allow: ",
    "deny: ",
    "[\"acme/svc-*\"]",
    "[\"**\"]",
    "acme/svc-*-prod",
    "a/**/b*",
    "pattern: \"^[a-z]+$\"",
    "pattern: \"(a|b)*c\"",
    "max_length: 9",
    "per_task: 1",
    "null",
    "risk: high\n",
    "overrides: []\n",
    "stages: ",
    "{metric: merged_rate, min: 60%}",
    "@acme/everyone",
    "</details>",
    "```\n",
    "<!-- ",
    "| a | b |",
    "\\u202e",
    "alice@acme.com namespaces=\"approval@taskclass\" ssh-ed25519 ",
    "2999-01-01",
];

pub(super) fn check(bytes: &[u8]) {
    let (first, second) = sides(bytes);
    let mut before = surroundings::files();
    for (path, content) in registry_text::split(first, surroundings::CLASS) {
        before.insert(path, content);
    }
    let mut after = before.clone();
    for (path, content) in registry_text::split(second, "nothing") {
        if content.is_empty() {
            after.remove(path);
        } else {
            after.insert(path, content);
        }
    }
    for same in [&before, &after] {
        assert!(review(same, same).documents.is_empty(), "something differs from itself");
    }
    for (before, after) in [(&before, &after), (&after, &before)] {
        let diff = review(before, after);
        hold::review(&diff);
        reach(&diff, before, after);
    }
}

/// What stands before the line `=====`, and what behind it.
fn sides(bytes: &[u8]) -> (&[u8], &[u8]) {
    const LINE: &[u8] = b"=====\n";
    let at = bytes.windows(LINE.len()).position(|window| window == LINE);
    at.map_or((bytes, &[]), |at| (&bytes[..at], &bytes[at + LINE.len()..]))
}

fn review(before: &InMemory, after: &InMemory) -> Diff {
    let (base, head) = (Side::read("before".to_owned(), before), Side::read("after".to_owned(), after));
    let asked = Asked {
        base: &base,
        head: &head,
        inventory: None,
        approvals: &Unknown,
        request: &request,
        changed: None,
        now: jiff::Timestamp::UNIX_EPOCH,
    };
    // Memory lists without fail.
    compare(&asked).unwrap_or_else(|error| unreachable!("{error}"))
}

fn request(class: &TaskClass, example: &Example) -> Result<Rendered, String> {
    let inputs = Inputs::check(&class.written().inputs, &example.inputs).map_err(|_| "the inputs".to_owned())?;
    let base_ref = class.base_ref(example.base_ref.as_ref()).map_err(|error| error.to_string())?;
    let run = RunContext {
        repository: example.repository.clone(),
        base_ref,
        class: class.name().clone(),
        version: class.version(),
        stage: None,
    };
    let prompt = class.template().prompt(&inputs, &run, "KEY").map_err(|error| error.to_string())?;
    Ok(Rendered { prompt, rest: run.base_ref.to_string() })
}

fn built(files: &InMemory) -> BTreeMap<String, TaskClass> {
    let Ok(registry) = Registry::load(files) else { return BTreeMap::new() };
    let Some(policy) = registry.surroundings.written_policy() else { return BTreeMap::new() };
    let built = registry.classes.iter().filter_map(|class| TaskClass::build(class, &policy, files).ok());
    built.map(|class| (class.name().to_string(), class)).collect()
}

/// A class that reaches what it did not reach is said to widen; one that does not differ reaches the same. Where there was no
/// policy no class could run, and the policy that comes is what widens.
fn reach(diff: &Diff, before: &InMemory, after: &InMemory) {
    let (old, new) = (built(before), built(after));
    let had_policy = Registry::load(before).is_ok_and(|registry| registry.surroundings.written_policy().is_some());
    let mut known = Vec::new();
    for files in [before, after] {
        if let Ok(Registry { surroundings, .. }) = Registry::load(files) {
            known.extend(surroundings.inventory().into_iter().flat_map(|inventory| inventory.iter().cloned()));
        }
    }
    for (name, class) in &new {
        let reached = |class: Option<&TaskClass>, name| class.is_some_and(|class| class.reaches(name).is_ok());
        let came =
            known.iter().find(|name| class.reaches(name).is_ok() && !reached(old.get(class.name().as_str()), name));
        let mut told = diff.documents.iter().filter(|document| match document.kind {
            Kind::TaskClass => document.name == *name,
            Kind::Policy => !had_policy,
            Kind::Trust => false,
        });
        if let Some(came) = came {
            assert!(told.any(|told| told.effect().is_widening()), "{name} reaches {came}, and nothing widens");
        }
    }
}
