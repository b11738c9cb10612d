//! The formats: what a person reads is what `diagnostics.md` asks for, and what a program reads is true.

use taskclass_lint::render::{Human, concise, findings_schema, human, json};
use taskclass_lint::rules::catalogue;
use taskclass_lint::{FailOn, Report};

use crate::fixture::{self, lint_example};

fn text(example: &str) -> String {
    human(&lint_example(example), Human::default())
}

#[test]
fn an_unknown_field() {
    insta::assert_snapshot!(text(
        "pull_request:\n  create: after_validation\n  automerge: false\n  reviewers: [\"@acme/platform\"]\n"
    ));
}

#[test]
fn an_undefined_variable() {
    insta::assert_snapshot!(text(
        "inputs:\n  package: {type: string, pattern: \"^[a-z-]+$\", max_length: 40, description: The package}\n  \
         to: {type: string, pattern: \"^[0-9.]+$\", max_length: 20, description: The version}\n\
         prompt:\n  template: |\n    Bump one dependency.\n\n    Raise `{{ inputs.packge }}` to {{ inputs.to }} in {{ run.repository }}.\n    \
         Done when the build passes.\nexamples:\n  - {name: one, repository: acme/svc-orders, inputs: {package: serde, to: \"1.0\"}}\n"
    ));
}

#[test]
fn a_duplicate_key() {
    insta::assert_snapshot!(text("budget:\n  per_task: 40\n  per_day: 400\n  per_month: 8000\n  per_day: 5000\n"));
}

#[test]
fn a_model_against_the_policy_with_the_line_that_decides() {
    insta::assert_snapshot!(text(
        "# file: policy.yaml\nmodels:\n  allow: [gpt-5.3-codex, claude-opus-4.6]\n  \
         sensitive: {repositories: [\"acme/*-payments\"], allow: [gpt-5.3-codex]}\nfree_reach: 9\n\
         # file: task-classes/example.yaml\nrisk: medium\nmodel:\n  default: claude-opus-4.6\nrepositories:\n  allow: [\"acme/svc-*\"]\n  \
         require: {required_reviews: 1}\n"
    ));
}

#[test]
fn an_unfenced_input_in_a_prompt_file() {
    insta::assert_snapshot!(text(
        "inputs:\n  reason: {type: string, max_length: 400, description: Why}\nprompt: {file: prompts/scaffold.md}\n\
         examples:\n  - {name: one, repository: acme/svc-orders, inputs: {reason: because}}\n\
         # file: task-classes/prompts/scaffold.md\nScaffold it.\n\n{{ inputs.reason }}\n\nDone when the build passes.\n"
    ));
}

/// Several faults in several files, of which each is found in one pass.
const MANY: &str = "# file: policy.yaml\nlint: {levels: {no-reviewr: error}}\n\
    # file: task-classes/example.yaml\ndescription: Änderung 語\nbudget:\n  per_task: 40\n  per_day: 400\n  per_month: 300\n  per_day: 5000\n\
    pull_request: {create: after_validation, automerge: no}\n\
    prompt:\n  template: |\n    語 `{{ inputs.thng }}` and anything else.\n\
    # file: task-classes/second.yaml\nowners: [\"@octocat\"]\nlimits:\n  timeouts: {queue: 30m, run: 3h, stale: 4h, waiting: 24h, review: 7d, total: 9d}\n";

#[test]
fn many_faults_in_many_files() {
    let report = lint_example(MANY);
    insta::assert_snapshot!("many", human(&report, Human { colour: false, width: 100 }));
    insta::assert_snapshot!("many_concise", concise(&report));
    insta::assert_snapshot!(
        "many_coloured",
        human(&report, Human { colour: true, width: 60 }).replace('\u{1b}', "ESC")
    );
}

#[test]
fn a_clean_registry_says_how_much_was_checked() {
    let report = lint_example("");
    assert_eq!(human(&report, Human::default()), "1 class, 1 policy: nothing to report\n");
    assert!(!report.fails(FailOn::Warning));
}

#[test]
fn the_run_fails_as_it_was_asked_to() {
    let warning = lint_example("description: Change one thing\n");
    assert!(!warning.fails(FailOn::Error) && warning.fails(FailOn::Warning));
    assert_eq!(warning.summary(), "1 warning in 1 of 1 class");
    assert!(lint_example(MANY).fails(FailOn::Error));
}

#[test]
fn a_class_without_policy_and_a_registry_without_class() {
    let files =
        taskclass_source::InMemory::new().with(fixture::path(fixture::CLASS), include_str!("base/example.yaml"));
    let report = fixture::lint(&files);
    assert_eq!(
        concise(&report),
        "policy.yaml:1:1: error[missing-policy]: this registry has no policy\n1 error in the registry\n"
    );
    assert!(
        human(&report, Human::default())
            .starts_with("error[missing-policy]: this registry has no policy\n --> policy.yaml:1:1\n")
    );
}

#[test]
fn what_comes_from_outside_cannot_drive_a_terminal() {
    let report = lint_example("title: \"x\"\nowners: [\"@acme/\\u001b[31m\"]\nname: \"a\\u202eb\"\n");
    for text in [human(&report, Human::default()), concise(&report)] {
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    }
}

/// Each mark looked for its end to the end of the line, and measured the line each time: 40 KB took a minute.
#[test]
fn a_line_of_turning_marks_is_walked_once() {
    let report = lint_example(&format!("title: {}\n", "\u{202e}x".repeat(40_000)));
    let told: Vec<_> = report.findings.iter().filter(|finding| finding.rule == "hidden-character").collect();
    assert_eq!(told.len(), 20);
    assert_eq!(told[19].notes, ["39980 more such places in this file are not listed"]);
}

#[test]
fn long_lines_are_cut_around_what_is_marked() {
    let long = format!("title: {}\nowners: [\"@acme/platform\"]\n", "語".repeat(100));
    let report = lint_example(&format!(
        "{long}inputs: {{thing: {{type: string, pattern: \"^[a-z-]+$\", description: {}}}}}\n",
        "x".repeat(200)
    ));
    let text = human(&report, Human { colour: false, width: 80 });
    assert!(
        text.contains("…") && text.lines().all(|line| taskclass_source::text::display_width(line) <= 120),
        "{text}"
    );
}

fn reports() -> impl Iterator<Item = Report> {
    let examples = catalogue().iter().filter_map(|rule| rule.example("Bad"));
    examples.filter(|text| !text.contains("->")).chain([MANY.to_owned()]).map(|example| lint_example(&example))
}

#[test]
fn json_is_valid_under_its_schema_and_its_regions_hold_what_is_marked() {
    let schema = findings_schema();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for report in reports() {
        let value: serde_json::Value = serde_json::from_str(&json(&report)).unwrap();
        let errors: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(value["findings"].as_array().unwrap().len(), report.findings.len());
        for (shown, finding) in value["findings"].as_array().unwrap().iter().zip(&report.findings) {
            let source = &finding.primary.source;
            let (start, end) = (&shown["primary"]["start"], &shown["primary"]["end"]);
            let bytes = |at: &serde_json::Value| at["byte"].as_u64().unwrap() as usize;
            assert_eq!(&source.text()[bytes(start)..bytes(end)], source.slice(finding.primary.span));
            // The same place again, by line and column.
            let line = start["line"].as_u64().unwrap() as usize;
            let column = start["char_column"].as_u64().unwrap() as usize;
            let rest: String = source.text().split('\n').nth(line - 1).unwrap().chars().skip(column - 1).collect();
            let marked = source.slice(finding.primary.span).lines().next().unwrap_or_default().to_owned();
            assert!(rest.starts_with(&marked), "{rest:?} does not begin with {marked:?}");
        }
    }
}

#[test]
fn carets_stand_under_what_is_marked() {
    for report in reports() {
        for finding in &report.findings {
            let text = taskclass_lint::render::finding(finding, Human { colour: false, width: 4000 });
            let marked = finding
                .primary
                .source
                .slice(finding.primary.span)
                .lines()
                .next()
                .unwrap_or_default()
                .trim_end()
                .to_owned();
            let lines: Vec<_> = text.lines().collect();
            let Some(at) = lines.iter().position(|line| line.contains('^') && line.trim_start().starts_with('|'))
            else {
                continue;
            };
            let column = lines[at].find('^').unwrap();
            let shown = lines[..at]
                .iter()
                .rev()
                .find(|line| line.trim_start().starts_with(|c: char| c.is_ascii_digit()))
                .unwrap();
            if shown.is_ascii() && !marked.is_empty() {
                assert!(shown[column..].starts_with(&marked), "{text}");
            }
        }
    }
}

#[test]
fn the_order_does_not_depend_on_anything_but_the_files() {
    let first = json(&lint_example(MANY));
    for _ in 0..3 {
        assert_eq!(json(&lint_example(MANY)), first);
    }
    let report = lint_example(MANY);
    assert!(report.findings.windows(2).all(|pair| pair[0].sort_key() <= pair[1].sort_key()));
}

#[test]
fn a_rule_is_explained_in_the_width_that_there_is() {
    let rule = taskclass_lint::rules::find("unfenced-input").unwrap();
    insta::assert_snapshot!("explain", taskclass_lint::explain::explain(rule, 72));
    insta::assert_snapshot!("page", taskclass_lint::explain::page(rule));
}

#[test]
fn the_levels_schema_knows_every_rule_and_lowers_none_that_is_held() {
    let schema = taskclass_lint::explain::levels_schema();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for rule in catalogue() {
        let lowered = serde_json::json!({ rule.name: "allow" });
        let raised = serde_json::json!({ rule.name: "error" });
        assert!(validator.is_valid(&raised), "{}", rule.name);
        assert_eq!(validator.is_valid(&lowered), rule.hold == taskclass_lint::Hold::Free, "{}", rule.name);
    }
    assert!(!validator.is_valid(&serde_json::json!({ "no-such-rule": "error" })));
}

#[test]
fn what_each_rule_says_of_its_bad_example() {
    let mut text = String::new();
    for rule in catalogue().iter().filter(|rule| rule.section("Bad").unwrap().contains("```yaml")) {
        let report = lint_example(&rule.example("Bad").unwrap());
        for finding in &report.findings {
            text.push_str(&taskclass_lint::render::finding(finding, Human { colour: false, width: 110 }));
            text.push('\n');
        }
    }
    insta::assert_snapshot!("every_rule", text);
}
