//! Every keyword of the schemas finds its place in the text.

use taskclass_spec::{Loaded, SchemaKind, registry::paths, shape::ShapeErrorKind, written};

/// A sound class in few lines; cases replace a piece of it.
pub(crate) const SOUND: &str = r#"schema: task-class/v1
name: bump
version: 3
title: Bump
description: Raise one dependency.
owners: ["@acme/deps"]
risk: low
intent: change
model: {default: gpt-5.3-codex}
repositories: {allow: ["acme/svc-*"]}
base_ref: {default: main, allow: [main]}
inputs:
  package: {type: string, pattern: "^[a-z]+$", max_length: 20}
  scope: {type: choice, values: [a, b], default: a}
  many: {type: list, of: {type: integer, maximum: 4}, max_items: 3}
prompt:
  template: Raise it.
examples:
  - {name: one, repository: acme/svc-a, inputs: {package: x}}
pull_request:
  create: after_validation
validation:
  paths: {allow: ["src/**"]}
limits:
  timeouts: {queue: 30m, run: 65m, stale: 20m, waiting: 24h, review: 7d, total: 8d}
budget: {per_task: 4, per_day: 8, per_month: 16}
escalation:
  on: [failed]
  ladder: [{after: 0m, notify: [issue]}]
  deadline: {after: 24h, do: cancel}
rollout:
  stages: [{name: proof, repositories: 1}]
  gates:
    min_samples: {proof: 3}
    require: [{metric: reverted, max: 0}]
"#;

fn load(text: &str) -> Loaded<written::TaskClass> {
    Loaded::parse(SchemaKind::TaskClass, &paths::at("task-classes/bump.yaml"), text.into())
}

/// Replaces `from` by `to` in the sound class and expects exactly one error: its rule, its message, and the text at its span.
#[track_caller]
fn one(from: &str, to: &str, rule: &str, message: &str, labelled: &str) {
    assert_eq!(SOUND.matches(from).count(), 1, "`{from}` must stand once in the sound class");
    let loaded = load(&SOUND.replace(from, to));
    assert!(loaded.written.is_none());
    let shown: Vec<_> =
        loaded.shape.iter().map(|e| (e.kind.rule(), e.to_string(), loaded.source.slice(e.span).to_owned())).collect();
    assert_eq!(shown, [(rule, message.to_owned(), labelled.to_owned())], "problems: {:?}", loaded.problems);
}

#[test]
fn the_sound_class_is_sound() {
    let loaded = load(SOUND);
    assert_eq!((loaded.problems, loaded.shape), (vec![], vec![]));
}

#[test]
fn unknown_and_missing_fields() {
    one(
        "  create: after",
        "  automerge: false\n  create: after",
        "unknown-field",
        "`automerge` is not a field of `pull_request`",
        "automerge",
    );
    one("risk: low", "risk: low\nrisks: low", "unknown-field", "`risks` is not a field of this document", "risks");
    one(", pattern:", ", patern:", "unknown-field", "`patern` is not a field of `inputs.package`", "patern");
    one("title: Bump\n", "", "missing-field", "the document lacks `title`", "schema");
    one(", run: 65m", "", "missing-field", "`limits.timeouts` lacks `run`", "timeouts");
    one("type: string, ", "", "missing-field", "`inputs.package` lacks `type`", "package");
    one("  template: Raise it.", "  {}", "missing-field", "`prompt` needs exactly one of `template`, `file`", "prompt");
    one(
        "metric: reverted, max: 0",
        "metric: reverted",
        "missing-field",
        "`rollout.gates.require[0]` needs exactly one of `max`, `min`",
        "{metric: reverted}",
    );
}

#[test]
fn a_suggestion_comes_from_the_fields_of_that_place() {
    let loaded = load(&SOUND.replace("  create: after", "  lables: [x]\n  create: after"));
    let ShapeErrorKind::UnknownField { suggestion, known, .. } = &loaded.shape[0].kind else { panic!() };
    assert_eq!(suggestion.as_deref(), Some("labels"));
    assert_eq!(known, &["create", "labels", "reviewers"]);
}

#[test]
fn values() {
    one("version: 3", "version: three", "wrong-type", "`version` must be a whole number, not text", "three");
    one("version: 3", "version: 0", "out-of-range", "`version` must be at least 1", "0");
    one("version: 3", "version: 3000000", "out-of-range", "`version` must be at most 1000000", "3000000");
    one(
        "owners: [\"@acme/deps\"]",
        "owners: []",
        "out-of-range",
        "`owners` must be a list with at least one entry",
        "[]",
    );
    one("\"@acme/deps\"", "acme", "invalid-value", "`owners[0]` must be `@login` or `@org/team`", "acme");
    one("risk: low", "risk: lwo", "invalid-value", "`risk` must be `low`, `medium` or `high`", "lwo");
    one("risk: low", "risk: [low]", "wrong-type", "`risk` must be one of `low`, `medium`, `high`, not a list", "[low]");
    one(
        "run: 65m",
        "run: 65",
        "wrong-type",
        "`limits.timeouts.run` must be a duration such as `30m`, `4h`, `7d` or `1h30m`, not a whole number",
        "65",
    );
    one(
        "run: 65m",
        "run: 65min",
        "invalid-value",
        "`limits.timeouts.run` must be a duration such as `30m`, `4h`, `7d` or `1h30m`",
        "65min",
    );
    one(
        "type: string, ",
        "type: strnig, ",
        "invalid-value",
        "`inputs.package.type` must be `string`, `integer`, `boolean`, `choice` or `list`",
        "strnig",
    );
    one(
        "type: integer, ",
        "type: list, ",
        "invalid-value",
        "`inputs.many.of.type` must be `string`, `integer`, `boolean` or `choice`",
        "list",
    );
    one(
        "  package: {",
        "  Package: {",
        "invalid-value",
        "`inputs.Package` must be a name of lower-case letters, digits and `_`, at most 40 long, beginning with a letter",
        "Package",
    );
    one(
        "default: main",
        "default: a..b",
        "invalid-value",
        "`base_ref.default` must be a branch name such as `main` or `release/1.2`, without `refs/heads/`, found `a..b`",
        "a..b",
    );
    one("title: Bump", "title: \"\"", "out-of-range", "`title` must be text that is not empty", "\"\"");
    one(
        "  template: Raise it.",
        "  {template: a, file: prompts/a.md}",
        "invalid-value",
        "`prompt` must be given by one of `template`, `file`, not by more",
        "{template: a, file: prompts/a.md}",
    );
}

#[test]
fn nothing_is_not_null() {
    one("title: Bump", "title:", "wrong-type", "`title` must be text, not nothing (null)", "");
    one(
        "intent: change",
        "intent: change\ncustom_agent: null",
        "wrong-type",
        "`custom_agent` must be a file name of letters, digits, `.`, `_` and `-`, without `.agent.md`, not nothing (null)",
        "null",
    );
}

#[test]
fn a_document_of_another_kind_is_wrong_in_one_way() {
    for text in ["schema: policy/v1\nfoo: 1\n", "foo: 1\n", "schema: task-class/v2\nname: 3\n", "", "- 1\n"] {
        let loaded = load(text);
        let rules: Vec<_> = loaded.shape.iter().map(|e| e.kind.rule()).collect();
        if text.starts_with('-') {
            assert_eq!(rules, ["wrong-type"])
        } else {
            assert_eq!(rules, ["unsupported-schema"], "{text}")
        }
    }
}

#[test]
fn every_error_of_a_broken_file_is_found_at_once() {
    let text = SOUND
        .replace("risk: low", "risk: none")
        .replace("version: 3", "version: 0")
        .replace("on: [failed]", "on: [fialed, x]");
    let labelled: Vec<_> = {
        let l = load(&text);
        l.shape.iter().map(|e| l.source.slice(e.span).to_owned()).collect()
    };
    assert_eq!(labelled, ["0", "none", "fialed", "x"]);
}
