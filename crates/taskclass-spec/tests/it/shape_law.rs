//! The types refuse all that the schemas refuse: every place of sound documents of every kind, changed in many ways.
//!
//! Reading goes straight from the tree into the types, and the schema is asked only of what does not read. So a type that
//! lets pass what the schema refuses would let it pass altogether.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use taskclass_source::{SourceFile, de, yaml};
use taskclass_spec::{SchemaKind, catalogue, shape, written};

/// A class that says everything that can be said.
const CLASS: &str = r#"
schema: task-class/v1
name: bump
version: 3
title: Bump
description: Raise one dependency.
owners: ["@acme/deps", "@octocat"]
risk: low
intent: change
model: {default: gpt-5.3-codex, allowed: [auto], overrides: [{repositories: ["acme/a"], default: auto, allowed: [auto]}]}
custom_agent: fixer
repositories:
  allow: ["acme/svc-*"]
  deny: ["acme/*-prod"]
  require: {visibility: [private], required_reviews: 1, required_checks: [build], firewall: true, absent_paths: ["infra/**"]}
base_ref: {default: main, allow: [main]}
inputs:
  text: {type: string, description: d, default: x, pattern: "^x$", min_length: 1, max_length: 20}
  count: {type: integer, description: d, default: 1, minimum: 0, maximum: 9}
  flag: {type: boolean, description: d, default: true}
  kind: {type: choice, description: d, values: [a, b], default: a}
  texts: {type: list, description: d, of: {type: string, pattern: "^x$", min_length: 1, max_length: 2}, max_items: 3, default: [x]}
  counts: {type: list, of: {type: integer, minimum: 1, maximum: 2}}
  flags: {type: list, of: {type: boolean}}
  kinds: {type: list, of: {type: choice, values: [a]}}
prompt: {template: Raise it.}
examples:
  - name: one
    repository: acme/svc-a
    base_ref: main
    inputs: {text: x, count: 1, flag: false, texts: [x, 1, true]}
    expect: {contains: [a], excludes: [b], max_chars: 5000}
pull_request: {create: after_validation, labels: [deps], reviewers: ["@acme/deps"]}
validation:
  paths: {allow: ["src/**"], deny: [".github/**"]}
  max_files: 3
  max_lines: 4
  required_checks: [build]
  min_approvals: 1
  empty_result: rejected
  on_rejected: [comment]
limits:
  timeouts: {queue: 30m, run: 65m, stale: 20m, waiting: 24h, review: 7d, total: 8d}
  in_flight: {total: 2, per_repository: 1}
  submissions: {per_hour: 4, per_day: 8}
  open_pull_requests: {total: 3, per_reviewer: 1}
  priority: bulk
budget: {per_task: 4, per_day: 8, per_month: 16, on_exceeded: pause}
escalation: {on: [failed], ladder: [{after: 0m, notify: [issue, "webhook:oncall"]}], deadline: {after: 24h, do: cancel}}
rollout:
  stages: [{name: proof, repositories: 1, repeat: 2, pull_request: never, soak: 4h, batch: 1, approve: true}]
  gates: {min_samples: {proof: 3}, require: [{metric: reverted, max: 0}], abort_on: [{metric: files_changed.p90, min: 60%}]}
callers: {allow: ["github:user/octocat"]}
"#;

const POLICY: &str = r#"
schema: policy/v1
registry: acme/tasks
models: {allow: [gpt-5.3-codex], sensitive: {repositories: ["acme/pay"], allow: [auto]}}
repositories: {deny: ["acme/infra-*"]}
paths: {deny: ["**/*.pem"]}
approvals: {quorum: {low: 1, medium: 1, high: 2}, max_age: 180d, warn_before: 30d}
maxima: {per_task: 1, per_day: 2, submissions_per_hour: 3, in_flight: 4, open_pull_requests: 5, stage_repositories: 6, run: 65m}
free_reach: 3
reserve: {critical: 20%}
escalation: {repository: acme/inbox, owner: "@acme/platform"}
tokens: {kinds: [app_user], max_age: 90d}
lint: {levels: {thin-description: error}}
"#;

const APPROVAL: &str = r#"
schema: approval/v1
registry: acme/tasks
kind: task-class
name: bump
version: 3
digest: sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
risk: low
principal: alice@acme.com
reviewed_commit: 0123456789abcdef0123456789abcdef01234567
approved_at: "2026-11-01T10:00:00Z"
expires_at: "2027-01-01T10:00:00Z"
note: seen
"#;

const REVOCATION: &str = r#"
schema: revocation/v1
registry: acme/tasks
kind: policy
name: policy
revokes: {digest: sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855}
principal: alice@acme.com
revoked_at: "2026-11-01T10:00:00Z"
reason: leaked
"#;

const EXECUTOR: &str = r#"
schema: executor/v1
registry: {git: ../tasks, ref: refs/heads/main, allowed_signers: sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855}
github: {api: "https://api.github.com", api_version: "2026-03-10", token: {env: TOKEN}}
state: taskclass.db
watch: {min_interval: 15s, max_interval: 60s}
notify: {webhooks: {oncall: {url: {file: url}, secret: {command: [pass, show]}}}}
"#;

/// One way or several ways to change the value at a place.
fn changes(value: &Value) -> Vec<Value> {
    let mut changed =
        vec![json!(null), json!(true), json!(0), json!(-1), json!(""), json!("x"), json!("no such thing!"), json!([])];
    changed.extend([json!([null]), json!({}), json!({ "x": 1 }), json!([value]), json!([[value]])]);
    match value {
        Value::String(text) => {
            changed.extend([
                json!({ text: null }),
                json!({ text: 1 }),
                json!(format!("{text}\n")),
                json!(format!(" {text}")),
            ]);
            changed.extend([json!(text.to_uppercase()), json!(format!("{text}\u{1}")), json!(format!("{text}{text}"))]);
        }
        Value::Number(_) => {
            let bounds =
                [1, 3, 10, 20, 100, 500, 1000, 3000, 10_000, 12_000, 20_000, 100_000, 1_000_000, 1_000_000_000];
            changed.extend(bounds.iter().flat_map(|bound| [json!(bound), json!(bound + 1)]));
            changed.extend([json!(4_294_967_295_u64), json!(4_294_967_296_u64), json!("20%"), json!("101%")]);
        }
        Value::Array(items) => {
            let many = |count: usize| items.iter().cycle().take(count).cloned().collect::<Value>();
            let counts = [2, 3, 4, 5, 9, 10, 11, 15, 16, 20, 21, 40, 41, 50, 51, 100, 101, 200, 201, 500, 501];
            let each = value.to_string().len() / items.len().max(1);
            changed.extend(counts.into_iter().filter(|count| count * each < 12_000).map(many));
        }
        Value::Object(map) => {
            // Serde's own code reads the fields of a type from a list too.
            changed.push(map.values().cloned().collect());
            for name in map.keys() {
                let mut without = map.clone();
                without.shift_remove(name);
                changed.push(without.into());
            }
            let with = |name: &str, value: Value| {
                let mut with = map.clone();
                with.insert(name.to_owned(), value);
                Value::from(with)
            };
            changed.extend([
                with("extra", json!(1)),
                with("Extra Key", json!(1)),
                with("max", json!(1)),
                with("min", json!(1)),
            ]);
            changed.extend([with("file", json!("prompts/a.md")), with("template", json!("x"))]);
            if let Some(first) = map.values().next() {
                let many = |count: usize| (0..count).map(|n| (format!("k{n}"), first.clone())).collect::<Value>();
                changed.extend([many(1), many(40), many(41)]);
            }
        }
        Value::Bool(_) | Value::Null => {}
    }
    changed
}

/// Texts of many lengths, for a place that takes more than a few words.
fn lengths(text: &Value) -> Vec<Value> {
    if text.as_str().is_some_and(|text| text.starts_with("prompts/")) {
        return [189, 190, 191].map(|length| json!(format!("prompts/{}.md", "a".repeat(length)))).into();
    }
    let bounds = [1, 40, 50, 60, 80, 100, 120, 200, 400, 500, 2000];
    let of = |letter: &str, length: usize| json!(letter.repeat(length));
    let plain = bounds.iter().flat_map(|bound| [of("a", *bound), of("a", bound + 1)]);
    plain.chain([50, 51, 100, 101, 120, 121, 400, 401].map(|length| of("é", length))).collect()
}

/// Every pointer into the value.
fn places(value: &Value, at: &str, places: &mut Vec<String>) {
    places.push(at.to_owned());
    let children: Vec<(String, &Value)> = match value {
        Value::Object(map) => {
            map.iter().map(|(key, value)| (key.replace('~', "~0").replace('/', "~1"), value)).collect()
        }
        Value::Array(items) => items.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect(),
        _ => return,
    };
    for (step, child) in children {
        self::places(child, &format!("{at}/{step}"), places);
    }
}

/// What becomes of one text: whether the type reads it, and what the schema says. `None` where it is not even YAML as we take it.
fn judged<T: DeserializeOwned>(kind: SchemaKind, text: &str) -> Option<(bool, Vec<String>)> {
    let parsed = yaml::parse(&SourceFile::new("t.yaml", text));
    let root = parsed.root.filter(|_| parsed.problems.is_empty())?;
    let departures = shape::check(kind, &root).iter().map(ToString::to_string).collect();
    Some((de::from_node::<T>(&root).is_ok(), departures))
}

/// Changes every place of the document at `below` in every way. Gives where the schema lets pass what the type refuses.
fn hold<T: DeserializeOwned>(kind: SchemaKind, text: &str, below: &str) -> BTreeSet<String> {
    assert_eq!(judged::<T>(kind, text), Some((true, Vec::new())), "the document is not sound");
    let root = yaml::parse(&SourceFile::new("t.yaml", text)).root.unwrap().to_json();
    let mut all = Vec::new();
    places(root.pointer(below).unwrap(), below, &mut all);
    let mut looser = BTreeSet::new();
    let mut counted = (0, 0);
    for place in all {
        let value = root.pointer(&place).unwrap();
        let mut reads_as = |change: &Value| {
            let mut changed = root.clone();
            *changed.pointer_mut(&place).unwrap() = change.clone();
            let Some((reads, departures)) = judged::<T>(kind, &changed.to_string()) else { return false };
            let shown: String = change.to_string().chars().take(80).collect();
            assert!(
                !reads || departures.is_empty(),
                "{kind:?} {place} {shown} reads, and its schema says {departures:?}"
            );
            counted = if reads { (counted.0 + 1, counted.1) } else { (counted.0, counted.1 + 1) };
            if !reads && departures.is_empty() {
                looser.insert(place.clone());
            }
            reads && change.is_string()
        };
        let mut takes_text = place.ends_with("/file");
        for change in changes(value) {
            takes_text |= reads_as(&change);
        }
        if takes_text {
            lengths(value).iter().for_each(|text| _ = reads_as(text));
        }
    }
    assert!(counted.1 > 10 && (counted.0 > 20 || !below.is_empty()), "{kind:?}: {counted:?} changes were told apart");
    looser
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[test]
fn a_class_that_reads_has_the_shape_of_its_schema() {
    let looser = hold::<written::TaskClass>(SchemaKind::TaskClass, CLASS, "");
    assert_eq!(looser, names(&["/rollout/gates/min_samples/proof"]));
}

#[test]
fn a_class_with_a_prompt_in_a_file_too() {
    hold::<written::TaskClass>(
        SchemaKind::TaskClass,
        &CLASS.replace("{template: Raise it.}", "{file: prompts/a.md}"),
        "/prompt",
    );
}

#[test]
fn a_policy_that_reads_has_the_shape_of_its_schema() {
    assert_eq!(hold::<written::Policy>(SchemaKind::Policy, POLICY, ""), names(&[]));
}

#[test]
fn records_that_read_have_the_shape_of_their_schemas() {
    let looser = names(&["/approved_at", "/expires_at", "/version"]);
    assert_eq!(hold::<written::ApprovalRecord>(SchemaKind::Approval, APPROVAL, ""), looser);
    assert_eq!(hold::<written::RevocationRecord>(SchemaKind::Revocation, REVOCATION, ""), names(&["/revoked_at"]));
    for revokes in ["all", "{key: \"SHA256:x\"}"] {
        let at = REVOCATION.find("{digest").unwrap()..REVOCATION.find("\nprincipal").unwrap();
        let mut text = REVOCATION.to_owned();
        text.replace_range(at, revokes);
        assert_eq!(hold::<written::RevocationRecord>(SchemaKind::Revocation, &text, "/revokes"), names(&[]));
    }
}

#[test]
fn an_executors_configuration_that_reads_has_the_shape_of_its_schema() {
    assert_eq!(hold::<written::ExecutorConfig>(SchemaKind::Executor, EXECUTOR, ""), names(&[]));
}

#[test]
fn a_catalogue_that_reads_has_the_shape_of_its_schema() {
    let mut catalogue = catalogue::built_in().clone();
    catalogue.models.retain(|model| model.replacement.is_some());
    catalogue.models.truncate(2);
    let text = serde_json::to_string(&catalogue).unwrap();
    assert_eq!(
        hold::<written::Catalogue>(SchemaKind::Models, &text, ""),
        names(&["/as_of", "/models/0/retires", "/models/1/retires"])
    );
}
