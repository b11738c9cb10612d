//! Every rule by its own documentation.

use std::collections::BTreeSet;
use std::path::Path;

use taskclass_lint::render::{Human, finding};
use taskclass_lint::rules::catalogue;
use taskclass_lint::{Report, explain};

use crate::fixture;

fn shown(report: &Report) -> String {
    report.findings.iter().map(|one| finding(one, Human::default())).collect::<Vec<_>>().join("\n")
}

#[test]
fn names_are_unique_kebab_case_and_every_file_is_listed() {
    let names: BTreeSet<_> = catalogue().iter().map(|rule| rule.name).collect();
    assert_eq!(names.len(), catalogue().len(), "a name twice");
    for name in &names {
        assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b.is_ascii_digit()), "{name}");
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "mod.rs")
        .map(|name| name.trim_end_matches(".rs").replace('_', "-"))
        .collect();
    assert_eq!(files, names.iter().map(|name| (*name).to_owned()).collect());
}

#[test]
fn every_family_has_a_rule_and_rules_of_a_family_stand_together() {
    let mut families: Vec<_> = catalogue().iter().map(|rule| rule.family).collect();
    families.dedup();
    let unique: BTreeSet<_> = families.iter().collect();
    assert_eq!(unique.len(), families.len(), "a family in two places of the list: {families:?}");
    assert_eq!(unique.len(), 19);
}

#[test]
fn every_rule_is_documented_in_full() {
    for rule in catalogue() {
        assert!(rule.summary().len() > 10 && rule.summary().ends_with('.'), "{}", rule.name);
        for heading in ["What it does", "Why it matters", "Bad", "Good"] {
            let section = rule.section(heading);
            assert!(section.is_some_and(|text| text.len() > 10), "{}: {heading}", rule.name);
        }
        let page = explain::page(rule);
        assert!(page.contains(rule.name) && explain::explain(rule, 80).lines().all(|line| line.len() < 140), "{page}");
    }
}

/// Examples that show a situation which no text of a registry makes.
fn is_run(rule: &taskclass_lint::Rule, heading: &str) -> bool {
    rule.section(heading).is_some_and(|text| text.contains("```yaml"))
}

#[test]
fn each_bad_example_breaks_exactly_its_rule_at_the_marked_place() {
    let mut failures = Vec::new();
    for rule in catalogue().iter().filter(|rule| is_run(rule, "Bad")) {
        let example = rule.example("Bad").unwrap();
        let fixture = fixture::read(&example);
        let report = fixture::lint_fixture(&fixture);
        let mut found: Vec<_> = report.findings.iter().map(|finding| finding.rule.to_string()).collect();
        let mut expected = fixture.also.clone();
        expected.push(rule.name.to_owned());
        found.sort();
        expected.sort();
        if found != expected {
            failures.push(format!("== {}: expected {expected:?}\n{}", rule.name, shown(&report)));
            continue;
        }
        let own = report.findings.iter().find(|finding| finding.rule == rule.name).unwrap();
        let at = own.primary.source.position(own.primary.span.start);
        let text = own.primary.source.slice(own.primary.span).lines().next().unwrap_or_default();
        let place = (own.primary.source.path().to_owned(), at.line as usize, text.to_owned());
        if let Some(mark) = fixture.mark
            && place != mark
        {
            failures.push(format!("== {}: {place:?} is not {mark:?}\n{}", rule.name, shown(&report)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn each_good_example_is_clean_under_all_rules() {
    let mut failures = Vec::new();
    for rule in catalogue().iter().filter(|rule| is_run(rule, "Good")) {
        let report = fixture::lint_example(&rule.example("Good").unwrap());
        if !report.findings.is_empty() {
            failures.push(format!("== {}\n{}", rule.name, shown(&report)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
