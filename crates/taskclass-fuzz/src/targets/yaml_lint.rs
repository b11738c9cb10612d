//! The bytes are a class file in a sound registry: YAML → tree → lint → every format → fixes → lint again.

use taskclass_source::{RegistryPath, Safety};

use crate::{hold, surroundings};

pub(super) const WORDS: &[&str] = &[
    "&a ",
    "*a",
    "!!str ",
    "!x ",
    "<<: ",
    "? ",
    ": ",
    "- ",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "|\n",
    "|-\n",
    ">+2\n",
    ">\n",
    "{",
    "}",
    "[",
    "]",
    ", ",
    "'",
    "\"",
    "\"\\u202e\"",
    "\\x41",
    "\\\n",
    "#",
    " # taskclass: allow(unfenced-input): why\n",
    "# taskclass: allow(",
    "\t",
    "\r\n",
    "\r",
    "~",
    "no",
    "012",
    "1e3",
    "0x1F",
    "1_000",
    "12:30",
    "2026-01-01",
    ".inf",
    ".nan",
    "9007199254740993",
    "task-class/v1",
    "schema: ",
    "name: ",
    "version: ",
    "title: ",
    "owners: ",
    "risk: ",
    "model: ",
    "repositories: ",
    "base_ref: ",
    "inputs: ",
    "prompt: ",
    "template: ",
    "file: ",
    "examples: ",
    "pull_request: ",
    "validation: ",
    "limits: ",
    "budget: ",
    "escalation: ",
    "rollout: ",
    "callers: ",
    "acme/svc-*",
    "\"acme/*\"",
    "**/*.rs",
    "@acme/team",
    "{{ inputs.package }}",
    "{{ inputs.reason | fence }}",
    "{% if inputs.reason %}",
    "{% endif %}",
    "{%",
    "{{",
    "{#",
    "#}",
    "{% include \"partials/small-diff.md\" %}",
    "20%",
    "30m",
    "7d",
    "gpt-5.3-codex",
    "auto",
    "claude-opus-4.6",
];

pub(super) fn check(bytes: &[u8]) {
    hold::tree(bytes);
    let mut files = surroundings::files();
    let Ok(path) = RegistryPath::new(surroundings::CLASS) else { return };
    files.insert(path, bytes);
    let report = surroundings::lint(&files);
    hold::report(&report);
    hold::formats(&report);
    hold::runnable(&report, &files);
    hold::fixes(&files, &report, Safety::Safe);
    hold::fixes(&files, &report, Safety::Unsafe);
}
