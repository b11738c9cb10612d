//! Suppressions in templates: only what the engine takes for a comment is one, and what a partial's says does not depend on
//! who draws it in first.

use crate::fixture::{files, lint, lint_example, read};

fn told(example: &str) -> (Vec<String>, usize) {
    let report = lint_example(example);
    (report.findings.iter().map(|one| one.rule.to_string()).collect(), report.suppressed)
}

fn prompt(lines: &[&str]) -> String {
    let body: String = lines.iter().map(|line| format!("    {line}\n")).collect();
    format!(
        "prompt:\n  template: |\n    Change `{{{{ inputs.thing }}}}`.\n{body}    Done when the build and all tests pass.\n"
    )
}

const COMMENT: &str = "{# taskclass: allow(open-ended-instruction): it is quoted #}";

#[test]
fn what_reaches_the_model_suppresses_nothing() {
    let lines = ["{% raw %}", COMMENT, "Fix everything.", "{% endraw %}"];
    let (rules, suppressed) = told(&prompt(&lines));
    assert!(rules.contains(&"open-ended-instruction".to_owned()) && suppressed == 0, "{rules:?}");
    assert!(!rules.contains(&"unused-suppression".to_owned()), "{rules:?}");
    assert_eq!(told(&prompt(&[COMMENT, "Fix everything."])), (vec![], 1));
}

#[test]
fn a_text_in_quotes_is_not_taken_for_an_idle_comment() {
    let (rules, _) = told(&prompt(&["{{ \"{# taskclass: allow(no-reviewer): a text #}\" }}"]));
    assert!(!rules.contains(&"unused-suppression".to_owned()), "{rules:?}");
}

#[test]
fn a_comment_is_found_beside_a_tag_that_cannot_be_read() {
    let (rules, suppressed) = told(&prompt(&["{{ inputs.thing ! }}", COMMENT, "Fix everything."]));
    assert_eq!((rules, suppressed), (vec!["template-syntax".to_owned()], 1));
}

#[test]
fn what_a_comment_in_a_partial_cannot_suppress_is_named_whoever_finds_it_first() {
    let partial = "# file: task-classes/prompts/partials/shared.md\n\
                   {# taskclass: allow(unfenced-input): agreed #}\nFor {{ inputs.reason }} and {{ inputs.package }}.\n";
    let class = |free: &str, bounded: &str| {
        format!(
            "inputs:\n  {free}: {{type: string, max_length: 400, description: Free text}}\n  \
             {bounded}: {{type: string, pattern: \"^[a-z]+$\", max_length: 40, description: A name}}\n\
             prompt:\n  template: |\n    {{% include \"partials/shared.md\" %}}\n    Done when the build passes.\n"
        )
    };
    let named = |first: &str, second: &str| {
        let [one, two] = [(first, second), (second, first)].map(|(free, bounded)| class(free, bounded));
        let files = files(&read(&format!("{one}# file: task-classes/later.yaml\n{two}{partial}")));
        let report = lint(&files);
        let refused = report.findings.iter().find(|one| one.rule == "suppressed-security-rule").unwrap();
        refused.secondary.iter().map(|label| (label.source.path().to_owned(), label.span)).collect::<Vec<_>>()
    };
    let (one, other) = (named("reason", "package"), named("package", "reason"));
    assert!(one == other && !one.is_empty(), "{one:?} {other:?}");
}
