//! Suppressions: what they cover, what they need, what they cannot do.

use crate::fixture::lint_example;

fn rules(example: &str) -> Vec<String> {
    lint_example(example).findings.iter().map(|finding| finding.rule.to_string()).collect()
}

#[test]
fn a_suppression_with_a_reason_covers_the_next_line_only() {
    let report =
        lint_example("# taskclass: allow(thin-description): the title says it all\ndescription: Change one thing\n");
    assert_eq!((report.findings.len(), report.suppressed), (0, 1));
    let apart = "# taskclass: allow(thin-description): too far\nrisk: low\ndescription: Change one thing\n";
    assert_eq!(rules(apart), ["thin-description", "unused-suppression"]);
}

#[test]
fn comments_above_each_other_cover_the_same_line() {
    let example = "pull_request:\n  # taskclass: allow(agent-opens-unvalidated): a pilot, until March\n  # see the decision in our log\n  \
                   create: by_agent\n  reviewers: [\"@acme/platform\"]\n";
    assert_eq!(rules(example), [""; 0]);
}

#[test]
fn a_comment_above_a_template_covers_all_of_it_and_one_in_it_the_next_line() {
    let whole = "prompt:\n  # taskclass: allow(open-ended-instruction): the scope bounds it\n  template: |\n    Change it.\n    \
                 Feel free to rename `{{ inputs.thing }}`.\n    Done when the build passes.\n";
    assert_eq!(rules(whole), [""; 0]);
    let line = "prompt:\n  template: |\n    {# taskclass: allow(open-ended-instruction): the scope bounds it #}\n    \
                Feel free to rename `{{ inputs.thing }}`.\n    Done when the build passes. Feel free to stop.\n";
    assert_eq!(rules(line), ["open-ended-instruction"]);
}

#[test]
fn without_a_reason_or_a_known_rule_nothing_is_suppressed() {
    let bare = "# taskclass: allow(thin-description)\ndescription: Change one thing\n";
    assert_eq!(rules(bare), ["suppression-without-reason", "thin-description"]);
    let unknown = "# taskclass: allow(thin-descriptoin): why not\ndescription: Change one thing\n";
    assert_eq!(rules(unknown), ["unused-suppression", "thin-description"]);
    let malformed = "# taskclass: ignore\ndescription: Change one thing\n";
    assert_eq!(rules(malformed), ["suppression-without-reason", "thin-description"]);
    let behind = "description: Change one thing # taskclass: allow(thin-description): here\n";
    assert_eq!(rules(behind), ["thin-description", "suppression-without-reason"]);
}

#[test]
fn what_is_held_stays_reported() {
    let security = "base_ref:\n  default: main\n  # taskclass: allow(unbounded-base-ref): trust us\n  allow: [\"*\"]\n";
    assert_eq!(rules(security), ["suppressed-security-rule", "unbounded-base-ref"]);
    let format = "# taskclass: allow(unknown-field): later\ncolour: red\n";
    assert_eq!(rules(format), ["suppressed-security-rule", "unknown-field"]);
}

#[test]
fn the_policy_raises_and_lowers_but_not_what_is_held() {
    let raised = "# file: policy.yaml\nlint: {levels: {thin-description: error}}\n# file: task-classes/example.yaml\n\
                  description: Change one thing\n";
    let report = lint_example(raised);
    assert_eq!(report.findings[0].level, taskclass_source::Level::Error);
    let off = raised.replace("error", "allow");
    assert_eq!(rules(&off), [""; 0]);
    let held = "# file: policy.yaml\nlint: {levels: {unbounded-base-ref: allow}}\n# file: task-classes/example.yaml\n\
                base_ref: {default: main, allow: [\"**\"]}\n";
    assert_eq!(rules(held), ["lowered-rule", "unbounded-base-ref"]);
}

#[test]
fn a_class_with_nothing_but_an_idle_suppression_is_counted() {
    let report = lint_example("# taskclass: allow(no-reviewer): once needed\nrisk: low\n");
    assert_eq!(report.summary(), "1 warning in 1 of 1 class; 1 can be fixed with --fix");
}

#[test]
fn nothing_is_unused_while_something_is_broken_that_rules_go_by() {
    let used = "# taskclass: allow(foreign-owner): agreed\nrepositories:\n  # taskclass: allow(foreign-owner): agreed\n  \
                allow: [acme/svc-orders, globex/svc-billing]\n  require: {visibility: [private], required_reviews: 1, required_checks: [build, test]}\n\
                pull_request: {create: after_validation, reviewers: [\"@somebody\"]}\n";
    let inventory = "acme/svc-orders\nglobex/svc-billing\n";
    let with = |path: &str, text: &str| {
        let other = if path == "inventory.txt" { String::new() } else { format!("# file: {path}\n{text}") };
        let inventory = if path == "inventory.txt" { text } else { inventory };
        rules(&format!("{used}# file: inventory.txt\n{inventory}{other}"))
    };
    let unused = "unused-suppression".to_owned();
    // The first comment is idle, and sound surroundings show it.
    assert_eq!(with("inventory.txt", inventory), [&*unused]);
    for (path, text) in [
        ("policy.yaml", "free_reac: 3\n"),
        ("policy.yaml", "approvals: &a {quorum: {low: 1, medium: 1, high: 2}, max_age: 180d, warn_before: 42d}\n"),
        ("models.yaml", "schema: models/v1\n"),
        ("trust/allowed_signers", "alice\n"),
        ("inventory.txt", "acme/svc-orders\nno repository\n"),
    ] {
        let found = with(path, text);
        assert!(!found.is_empty() && !found.contains(&unused), "{path}: {found:?}");
    }
    // The class itself and its prompt.
    let idle = "# taskclass: allow(thin-description): for now\n";
    assert_eq!(rules(&format!("{idle}risk: low\n")), [&*unused]);
    for broken in ["risk: lo\n", "risk: low\nprompt: {template: \"{{ inputs.nothing }} Done when green.\"}\n"] {
        let found = rules(&format!("{idle}{broken}"));
        assert!(!found.is_empty() && !found.contains(&unused), "{broken}: {found:?}");
    }
    // A rule that does not exist is named all the same.
    assert!(rules("# taskclass: allow(thin-descripton): for now\nrisk: lo\n").contains(&unused));
}

#[test]
fn nothing_is_unused_whose_rule_was_not_given_what_it_needs() {
    let raised = "# taskclass: allow(version-not-raised): the words only\nversion: 3\n";
    assert_eq!(rules(raised), [""; 0]);
    let with_base = format!("{raised}# file: policy.yaml@main\nschema: policy/v1\n");
    assert_eq!(rules(&with_base), ["unused-suppression"]);
    assert_eq!(rules("# taskclass: allow(budget-below-history): a slow month\nrisk: low\n"), [""; 0]);
}
