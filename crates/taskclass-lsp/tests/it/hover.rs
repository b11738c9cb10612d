//! Hovers: one check, a cursor in a fixture, the words that must be there.

use serde_json::Value;

use crate::base::{CLASS, FILES};
use crate::editor::{Editor, slice};

#[track_caller]
fn hover_in(path: &str, fixture: &str) -> (String, String) {
    let hover = Editor::new(&FILES).at("textDocument/hover", path, fixture);
    if hover.is_null() {
        return (String::new(), String::new());
    }
    (slice(&fixture.replacen("$0", "", 1), &hover["range"]), text(&hover))
}

fn text(hover: &Value) -> String {
    assert_eq!(hover["contents"]["kind"], "markdown");
    hover["contents"]["value"].as_str().unwrap().to_owned()
}

/// A hover in a class: over what it is, and what it says.
#[track_caller]
fn check(fixture: &str, over: &str, words: &[&str]) {
    check_in("task-classes/bump.yaml", fixture, over, words);
}

#[track_caller]
fn check_in(path: &str, fixture: &str, over: &str, words: &[&str]) {
    let (range, told) = hover_in(path, fixture);
    assert_eq!(range, over, "{told}");
    for word in words {
        assert!(told.contains(word), "no `{word}` in:\n{told}");
    }
}

/// The sound class with a cursor before `text`.
fn before(text: &str) -> String {
    assert!(CLASS.contains(text), "{text}");
    CLASS.replacen(text, &format!("$0{text}"), 1)
}

#[test]
fn a_field_has_its_documentation() {
    check("pull_request:\n  cre$0ate: never\n", "create", &["`pull_request.create`", "after_validation"]);
    check("ver$0sion: 3\n", "version", &["A whole number that must rise", "1 to 1000000", "It must be there."]);
    check("inputs: {p: {type: string, patte$0rn: x}}\n", "pattern", &["regular expression"]);
    check_in("policy.yaml", "free_rea$0ch: 3\n", "free_reach", &["`free_reach`"]);
    check("nons$0ense: 3\n", "", &[]);
}

#[test]
fn a_chosen_word_has_its_meaning() {
    check("risk: lo$0w\n", "low", &["A bad result costs a reviewer's time", "one approval"]);
    check("intent: explore$0\n", "explore", &["never opens a pull request"]);
}

#[test]
fn a_model_has_what_the_catalogue_and_the_policy_know() {
    let words =
        ["GPT-5.3-Codex", "price: medium", "allowed by `policy.yaml`", "not allowed for the sensitive", "2026-11-01"];
    check("model: {default: gpt-5.3$0-codex}\n", "gpt-5.3-codex", &words);
    check("model: {allowed: [gpt-5.$05]}\n", "gpt-5.5", &["**not allowed** by `policy.yaml`"]);
    check("model: {default: au$0to}\n", "auto", &["GitHub chooses"]);
    check("model: {default: gpt-9$0}\n", "gpt-9", &["does not know it"]);
}

#[test]
fn a_pattern_has_what_it_matches() {
    let words = ["matches 3 of the 5", "`acme/svc-billing`", "`acme/svc-orders`"];
    check("repositories:\n  allow: [\"acme/svc-$0*\"]\n", "\"acme/svc-*\"", &words);
    check("repositories: {deny: [acme/no$0thing]}\n", "acme/nothing", &["matches none of the 5"]);
    check("repositories$0: {allow: [\"acme/svc-*\"]}\n", "repositories", &["Reaches 2 of the 5", "`acme/svc-orders`"]);
    check("examples: [{repository: acme/d$0ocs}]\n", "acme/docs", &["line 2 of `inventory.txt`"]);
}

#[test]
fn a_number_has_what_counts_under_the_policy() {
    check("budget: {per_tas$0k: 500}\n", "per_task", &["What counts is `200`", "`maxima.per_task` is `200`"]);
    check("budget: {per_task: 4$00}\n", "40", &["What counts is `40`"]);
    check("limits: {timeouts: {run: 2$0h}}\n", "2h", &["What counts is `65m`"]);
    check("validation: {paths: {de$0ny: []}}\n", "deny", &["is added: `.github/workflows/**`"]);
}

#[test]
fn an_input_has_its_type_and_bounds_wherever_it_is_named() {
    let words = [
        "**input** `package`: text",
        "The crate's name",
        "matches `^[a-z-]+$`",
        "at most 64 characters",
        "must be given",
    ];
    check(&before("package: {type"), "package", &words);
    check(&before("package: serde"), "package", &words);
    let prompt = "Raise {{ inputs.pack$0age | fence }}\n";
    check_in("task-classes/prompts/bump.md", prompt, "package", &words);
    check_in(
        "task-classes/prompts/partials/small.md",
        prompt,
        "package",
        &["declared in `task-classes/bump.yaml` on line 15"],
    );
    check_in("task-classes/prompts/lonely.md", prompt, "", &[]);
}

#[test]
fn what_a_template_names_is_told_also_within_yaml() {
    let class = "inputs:\n  calls: {type: list, max_items: 3, of: {type: choice, values: [a, b]}}\nprompt:\n  template: |\n    {% for c in inputs.calls %}{{ c$0 }}{% endfor %}\n";
    check(class, "c", &["one value of a list", "at most 3 values", "each one of `a`, `b`"]);
    check(
        "prompt:\n  template: |\n    😀語 {{ inputs.a | fen$0ce }}\n",
        "fence",
        &["**filter** `fence`", "a fence of backticks"],
    );
    check("prompt: {template: \"{{ run.base$0_ref }}\"}\n", "base_ref", &["`run.base_ref`", "branch"]);
    check(
        "prompt: {template: \"\\t{% include 'partials/sm$0all.md' %}\"}\n",
        "'partials/small.md'",
        &["small.md`", "Keep the change"],
    );
    check("prompt:\n  template: |\n    inputs.pack$0age\n", "", &[]);
}

#[test]
fn a_suppressed_rule_has_its_page() {
    check(
        "# taskclass: allow(thin-desc$0ription): short\ndescription: x\n",
        "thin-description",
        &["# thin-description", "Why it matters"],
    );
    check("# taskclass: al$0low(thin-description): short\n", "", &[]);
    let template = "{#- taskclass: allow(no-accep$0tance): elsewhere #}\n";
    check_in("task-classes/prompts/bump.md", template, "no-acceptance", &["# no-acceptance"]);
    check_in("policy.yaml", "lint: {levels: {unbounded-p$0aths: error}}\n", "unbounded-paths", &["# unbounded-paths"]);
}

#[test]
fn text_from_outside_is_no_markup() {
    let class = "inputs:\n  a$0: {type: string, pattern: \"`x`\", description: \"<img> [a](b)\\u202E\"}\n";
    check(class, "a", &["\\<img\\> \\[a\\](b)\\\\u{202e}", "`` `x` ``"]);
}

#[test]
fn an_example_shows_its_prompt() {
    let words = [
        "**The prompt of** `minor`",
        "```markdown\nRaise `serde` in acme/svc-orders.",
        "Keep the change to serde small",
        "Task-Class: bump",
    ];
    check(&before("minor"), "minor", &words);
    let broken = before("minor").replace("version: 1\n", "version: none\n");
    check(&broken, "minor", &["**No prompt of** `minor`", "must be a whole number"]);
}
