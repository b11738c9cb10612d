//! The bytes are several files of a registry: policy, catalogue, inventory, classes, prompt files, partials.

use std::num::NonZeroUsize;

use taskclass_source::Safety;

use crate::{hold, registry_text, surroundings};

pub(super) const WORDS: &[&str] = &[
    "=== policy.yaml\n",
    "=== models.yaml\n",
    "=== inventory.txt\n",
    "=== task-classes/a.yaml\n",
    "=== task-classes/prompts/a.md\n",
    "=== task-classes/prompts/partials/a.md\n",
    "schema: policy/v1\n",
    "schema: models/v1\n",
    "=== trust/allowed_signers\n",
    "=== approvals/dependency-bump/000000000000.a@acme.com.json\n",
    "registry: acme/x\n",
    "models: ",
    "allow: ",
    "deny: ",
    "sensitive: ",
    "maxima: ",
    "per_task: ",
    "free_reach: ",
    "reserve: ",
    "lint: ",
    "{levels: {unfenced-input: allow}}",
    "levels: ",
    "error",
    "allow",
    "quorum: ",
    "max_age: ",
    "acme/*-prod",
    "*",
    "**",
    "{% include \"partials/a.md\" %}",
    "prompt: {file: prompts/a.md}\n",
    "{{ inputs.a }}",
    "# ",
    "\u{202e}",
    "acme/a\n",
    "- ",
    "[",
    "{",
    "retires: 2026-01-01\n",
    "released: ",
    "multiplier: ",
    "schema: task-class/v1\nname: a\n",
];

pub(super) fn check(bytes: &[u8]) {
    let mut files = surroundings::files();
    for (path, content) in registry_text::split(bytes, "policy.yaml") {
        files.insert(path, content);
    }
    let report = surroundings::lint(&files);
    hold::report(&report);
    hold::formats(&report);
    hold::runnable(&report, &files);
    hold::fixes(&files, &report, Safety::Safe);
    let again = surroundings::lint_on(&files, NonZeroUsize::MIN.saturating_add(2));
    assert_eq!(report, again, "what is said depends on how many threads say it");
}
