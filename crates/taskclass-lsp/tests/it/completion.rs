//! Completions: one check, a cursor in a fixture, what is offered. None of the fixtures need parse.

use serde_json::Value;

use crate::base::FILES;
use crate::editor::{Editor, able, edited, files};

fn items(path: &str, fixture: &str) -> Vec<Value> {
    let found = Editor::new(&FILES).at("textDocument/completion", path, fixture);
    let mut items = found.as_array().unwrap().clone();
    items.sort_by_key(|item| item["sortText"].as_str().unwrap().to_owned());
    items
}

fn labels(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["label"].as_str().unwrap()).collect()
}

/// Exactly these are offered, in this order.
#[track_caller]
fn check(fixture: &str, expected: &[&str]) {
    assert_eq!(labels(&items("task-classes/bump.yaml", fixture)), expected, "{fixture}");
}

/// These are offered first; those are not offered.
#[track_caller]
fn check_some(path: &str, fixture: &str, first: &[&str], none: &[&str]) {
    let items = items(path, fixture);
    let labels = labels(&items);
    assert_eq!(labels.get(..first.len()), Some(first), "{fixture}\n{labels:?}");
    assert!(none.iter().all(|label| !labels.contains(label)), "{labels:?}");
}

/// The text once the item called `label` is taken.
#[track_caller]
fn taken(path: &str, fixture: &str, label: &str) -> String {
    let items = items(path, fixture);
    let item = items.iter().find(|item| item["label"] == label).unwrap_or_else(|| panic!("{:?}", labels(&items)));
    edited(&fixture.replacen("$0", "", 1), std::slice::from_ref(&item["textEdit"]))
}

const CLASS: &str = "task-classes/bump.yaml";
const PROMPT: &str = "task-classes/prompts/bump.md";

#[test]
fn fields_of_the_section_that_are_not_there_yet() {
    check("pull_request:\n  create: never\n  $0\n", &["labels", "reviewers"]);
    check("pull_request: {labels: [a], $0}\n", &["create", "reviewers"]);
    check("pull_request: {labels: [a], rev$0\nrisk: low\n", &["create", "reviewers"]);
    check("limits:\n  in_flight:\n    to$0\n", &["total", "per_repository"]);
    check("model:\n  default: auto\n  overrides:\n    - $0\n", &["repositories", "default", "allowed"]);
    check_some(CLASS, "schema: task-class/v1\n$0", &["name", "version", "title"], &["schema", "create"]);
    check_some(CLASS, "$0", &["schema", "name"], &[]);
    check_some("policy.yaml", "maxima: {$0}\n", &["per_task", "per_day"], &[]);
}

#[test]
fn fields_of_a_variant_once_it_is_chosen() {
    check("inputs:\n  a: {type: boolean, $0}\n", &["description", "default"]);
    check_some(CLASS, "inputs:\n  a: {type: choice, $0}\n", &["values"], &["pattern"]);
    check_some(CLASS, "inputs:\n  a: {$0}\n", &["type"], &[]);
}

#[test]
fn a_field_brings_the_form_of_its_value() {
    assert_eq!(
        taken(CLASS, "pull_request:\n  cr$0\n", "create"),
        "pull_request:\n  create: ${1|never,by_agent,after_validation|}\n"
    );
    assert_eq!(taken(CLASS, "budget: {per_t$0}\n", "per_task"), "budget: {per_task: $1}\n");
    assert_eq!(taken(CLASS, "lim$0\n", "limits"), "limits:\n");
    assert_eq!(taken(CLASS, "lim$0:\n  timeouts: {}\n", "limits"), "limits:\n  timeouts: {}\n");
    let budget = taken(CLASS, "bud$0\n", "budget");
    assert!(budget.starts_with("budget: {per_task: $1, per_day: $2, per_month: $3"), "{budget}");
}

#[test]
fn an_editor_without_stops_gets_none() {
    let mut capabilities = able();
    capabilities["textDocument"] = serde_json::json!({});
    let mut editor = Editor::with([("/r", files(&FILES))].into(), capabilities);
    for item in editor.at("textDocument/completion", CLASS, "bud$0\n").as_array().unwrap() {
        assert!(!item["textEdit"]["newText"].as_str().unwrap().contains('$'), "{item}");
        assert_eq!(item["insertTextFormat"], 1);
    }
}

#[test]
fn the_few_values_of_a_field() {
    check("risk: $0\n", &["low", "medium", "high"]);
    check("risk:$0\n", &["low", "medium", "high"]);
    check("pull_request: {create: af$0", &["never", "by_agent", "after_validation"]);
    check("repositories: {require: {firewall: $0}}\n", &["true", "false"]);
    check("validation:\n  on_rejected: [comment, $0]\n", &["escalate", "close_pull_request"]);
    check("inputs:\n  a: {type: $0}\n", &["string", "integer", "boolean", "choice", "list"]);
    check_some(CLASS, "escalation:\n  on: [failed, $0\n", &["waiting_for_user", "timed_out"], &["failed"]);
    check_some(CLASS, "escalation:\n  on:\n    - failed\n    - $0\n", &["waiting_for_user", "timed_out"], &["failed"]);
    check("owners:\n  - $0\npull_request: {reviewers: [\"@acme/x\"]}\n", &["@acme/platform", "@acme/x"]);
    check("escalation:\n  ladder:\n    - {after: 0m, notify: [$0]}\n", &["issue", "comment"]);
    check("escalation:\n  ladder:\n    - {after: 0m, notify: [issue, $0\n", &["comment"]);
    let callers = ["github:team/acme/platform", "github:user/", "github:team/", "oidc:"];
    check("callers:\n  allow: [$0]\n", &callers);
    check("callers:\n  allow:\n    - $0\n", &callers);
    check("model: $0\n", &[]);
    assert_eq!(taken(CLASS, "risk:$0\n", "low"), "risk: low\n");
}

#[test]
fn models_that_the_policy_allows_come_first_and_retired_ones_not_at_all() {
    let first = ["gpt-5.3-codex", "claude-opus-4.6"];
    let items = items(CLASS, "model: {default: auto, allowed: [claude-sonnet-4.6, $0]}\n");
    let labels = labels(&items);
    assert!(first.iter().all(|id| labels[..2].contains(id)), "{labels:?}");
    let other = items.iter().find(|item| item["label"] == "gpt-5.5").unwrap();
    assert!(other["detail"].as_str().unwrap().contains("not allowed by the policy"));
    assert!(!labels.contains(&"claude-sonnet-4.6"));
    check_some("policy.yaml", "models: {allow: [gp$0]}\n", &[], &["claude-opus-4"]);
}

#[test]
fn repositories_and_patterns_of_the_inventory() {
    check(
        "examples:\n  - name: a\n    repository: acme/$0\n",
        &["acme/agent-inbox", "acme/docs", "acme/svc-billing", "acme/svc-orders", "acme/svc-orders-prod"],
    );
    check_some(CLASS, "repositories:\n  allow: [\"$0\"]\n", &["acme/svc-*"], &[]);
    assert_eq!(
        taken(CLASS, "repositories:\n  allow: [ac$0]\n", "acme/svc-*"),
        "repositories:\n  allow: [\"acme/svc-*\"]\n"
    );
    assert_eq!(
        taken(CLASS, "repositories:\n  allow: [\"ac$0\"]\n", "acme/svc-*"),
        "repositories:\n  allow: [\"acme/svc-*\"]\n"
    );
}

#[test]
fn names_of_this_class() {
    let class =
        "inputs:\n  scope: {type: choice, values: [runtime, dev]}\n  deep: {type: boolean}\nexamples:\n  - name: a\n";
    check(&format!("{class}    inputs: {{deep: true, $0}}\n"), &["scope"]);
    check(&format!("{class}    inputs: {{scope: $0}}\n"), &["runtime", "dev"]);
    check(&format!("{class}    inputs:\n      deep: $0\n"), &["true", "false"]);
    let rollout =
        "rollout:\n  stages:\n    - {name: proof, repositories: 1}\n    - {name: few, repositories: 3}\n  gates:\n";
    check(&format!("{rollout}    min_samples: {{proof: 3, $0}}\n"), &["few"]);
    check_some(
        CLASS,
        &format!("{rollout}    require: [{{metric: $0}}]\n"),
        &["out_of_scope_files", "out_of_scope_files.p50"],
        &[],
    );
    check("prompt:\n  file: $0\n", &["prompts/bump.md"]);
}

#[test]
fn rules_in_a_suppression_but_none_that_cannot_be_suppressed() {
    check_some(CLASS, "# taskclass: allow($0\nrisk: low\n", &[], &["unfenced-input", "unknown-field"]);
    let offered = items(CLASS, "# taskclass: allow(thin$0): x\n");
    assert!(labels(&offered).contains(&"thin-description"));
    assert_eq!(
        taken(CLASS, "# taskclass: allow(thin$0): x\n", "thin-description"),
        "# taskclass: allow(thin-description): x\n"
    );
    assert!(labels(&items(PROMPT, "{# taskclass: allow($0 #}")).contains(&"no-acceptance"));
    check("risk: low # some words $0\n", &[]);
    assert!(labels(&items("policy.yaml", "lint: {levels: {$0}}\n")).contains(&"thin-description"));
}

#[test]
fn inputs_and_filters_in_a_template_that_is_half_written() {
    let class = |template: &str| {
        format!("inputs:\n  one: {{type: string}}\n  two: {{type: integer}}\nprompt:\n  template: |\n{template}")
    };
    check(&class("    a {{ inputs.$0\n    b {{ inputs.one }}\n"), &["one", "two"]);
    check(&class("    a {{ inputs.o$0 }}\n"), &["one", "two"]);
    check_some(CLASS, &class("    a {{ inputs.one | $0"), &["fence", "upper"], &[]);
    check_some(CLASS, &class("    a {{ $0 }}\n"), &["inputs", "run"], &[]);
    check_some(CLASS, &class("    a {{ run.$0 }}\n"), &["repository", "owner"], &["one"]);
    check_some(CLASS, &class("    {% $0 %}\n"), &["if", "elif", "else"], &[]);
    check(&class("    a$0 b\n"), &[]);
    assert_eq!(taken(CLASS, &class("    😀 {{ inputs.o$0 }}\n"), "two"), class("    😀 {{ inputs.two }}\n"));
}

#[test]
fn the_same_in_a_prompt_file_with_the_inputs_of_the_classes_that_use_it() {
    check_some(PROMPT, "a {{ inputs.$0", &["package"], &[]);
    check_some("task-classes/prompts/partials/small.md", "{% if inputs.$0 %}", &["package"], &[]);
    check_some(PROMPT, "{% include \"$0\" %}", &["partials/small.md"], &[]);
    check_some(PROMPT, "{% include \"partials/s$0", &["partials/small.md"], &[]);
    assert_eq!(taken(PROMPT, "{% include $0 %}", "partials/small.md"), "{% include \"partials/small.md\" %}");
    assert_eq!(
        taken(PROMPT, "{{ inputs.package | defa$0 }}", "default"),
        "{{ inputs.package | default(\"${1:no reason given}\") }}"
    );
}

#[test]
fn what_a_choice_is_compared_with() {
    let class = "inputs:\n  kinds: {type: list, of: {type: choice, values: [a, b]}}\n  one: {type: choice, values: [x, y]}\nprompt:\n  template: |\n";
    check(&format!("{class}    {{% if inputs.one == \"$0\" %}}\n"), &["x", "y"]);
    check(&format!("{class}    {{% for k in inputs.kinds %}}{{% if k == '$0' %}}\n"), &["a", "b"]);
    check_some(
        CLASS,
        &format!("{class}    {{% for k in inputs.kinds %}}{{{{ $0 }}}}\n"),
        &["inputs", "run", "k", "loop"],
        &[],
    );
}
