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
