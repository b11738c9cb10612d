//! Baselines: what is recorded is held back, as long as its own lines stay what they are, and nothing else is.

use std::collections::BTreeSet;

use taskclass_lint::baseline::{Baseline, Known, Updated, schema};
use taskclass_lint::render::{Format, Human, Part, render};
use taskclass_lint::rules::{catalogue, find};
use taskclass_lint::{FailOn, Hold, Report, Scope};
use taskclass_source::{Files, InMemory};

use crate::fixture::{self, CLASS, path};

/// Two warnings and an error that a policy may lower, and one finding that it may not.
const FAULTS: &str = "description: Change one thing\nowners: [\"@octocat\"]\n\
    limits:\n  timeouts: {queue: 30m, run: 65m, stale: 4h, waiting: 24h, review: 7d, total: 9d}\n\
    pull_request: {create: after_validation, automerge: true, reviewers: [\"@acme/platform\"]}\n";

fn recorded(report: &Report) -> (Baseline, Updated) {
    let mut baseline = Baseline::empty();
    let updated = baseline.update(report, &Scope::All);
    (baseline, updated)
}

fn left(report: &Report, baseline: &Baseline) -> (Vec<String>, Known) {
    let part = Part::new("", report.clone()).without(baseline, &Scope::All);
    (part.findings().map(|(finding, _)| finding.rule.to_string()).collect(), part.known().unwrap())
}

fn files(example: &str) -> InMemory {
    fixture::files(&fixture::read(example))
}

fn edited(files: &InMemory, edit: impl Fn(&str) -> String) -> Report {
    let text = String::from_utf8(files.read(&path(CLASS)).unwrap().unwrap()).unwrap();
    fixture::lint(&files.clone().with(path(CLASS), edit(&text)))
}

fn free(report: &Report) -> usize {
    report.findings.iter().filter(|finding| find(&finding.rule).unwrap().hold == Hold::Free).count()
}

#[test]
fn what_is_recorded_is_held_back_and_counted() {
    let report = fixture::lint(&files(FAULTS));
    let (baseline, updated) = recorded(&report);
    let held = report.findings.len() - free(&report);
    assert!(free(&report) >= 2 && held == 1, "{:?}", report.findings);
    assert_eq!(updated, Updated { added: free(&report), removed: 0, refused: held });
    let (rules, known) = left(&report, &baseline);
    assert_eq!(known, Known { hidden: free(&report), gone: 0 });
    assert_eq!(rules, ["unknown-field"], "what the executor refuses is not held back");
}

#[test]
fn moved_lines_keep_it_and_a_new_fault_shows() {
    let files = files(FAULTS);
    let (baseline, _) = recorded(&fixture::lint(&files));
    let moved = edited(&files, |text| format!("# moved\n\n{text}\n# and more\n").replace("title: ", "title:   "));
    assert_eq!(left(&moved, &baseline).0, ["unknown-field"]);
    let worse = edited(&files, |text| text.replace("@octocat", "@hubot"));
    let (rules, known) = left(&worse, &baseline);
    assert!(rules.contains(&"owner-not-a-team".to_owned()), "{rules:?}");
    assert_eq!(known.gone, 1);
    let better = edited(&files, |text| text.replace("@octocat", "@acme/platform"));
    let (rules, known) = left(&better, &baseline);
    assert_eq!((rules, known.gone), (vec!["unknown-field".to_owned()], 1));
}

#[test]
fn an_update_takes_out_what_is_gone_and_leaves_other_files_alone() {
    let files = files(&format!("{FAULTS}# file: task-classes/other.yaml\n{FAULTS}"));
    let report = fixture::lint(&files);
    let (mut baseline, updated) = recorded(&report);
    assert_eq!(updated.added % 2, 0);
    let only = Scope::Paths([path(CLASS)].into());
    let better = edited(&files, |text| text.replace("@octocat", "@acme/platform"));
    let mut part = better.clone();
    part.findings.retain(|finding| finding.primary.source.path() == CLASS);
    assert_eq!(left(&part, &baseline).1.gone, 1 + updated.added / 2, "asked of all, the other file is gone");
    let known = Part::new("", part.clone()).without(&baseline, &only).known().unwrap();
    assert_eq!(known.gone, 1, "asked of one file, the other was not looked for");
    assert_eq!(baseline.update(&part, &only), Updated { added: 0, removed: 1, refused: 1 });
    assert_eq!(baseline.len(), updated.added - 1);
    assert_eq!(left(&better, &baseline).1, Known { hidden: updated.added - 1, gone: 0 });
}

#[test]
fn nothing_that_a_policy_cannot_lower_is_recorded() {
    let bad = catalogue().iter().filter(|rule| rule.section("Bad").unwrap().contains("```yaml"));
    for rule in bad {
        let report = fixture::lint_example(&rule.example("Bad").unwrap());
        let (baseline, updated) = recorded(&report);
        assert_eq!(updated.added, free(&report), "{}", rule.name);
        let (rules, _) = left(&report, &baseline);
        assert_eq!(rules.len(), report.findings.len() - free(&report), "{}", rule.name);
        // Nor is it held back by a file that somebody wrote by hand.
        let forged = baseline.write().replace(&format!("\"rule\": \"{}\"", rule.name), "\"rule\": \"x\"");
        assert_eq!(left(&report, &Baseline::parse(forged.as_bytes()).unwrap()).0, rules);
    }
}

#[test]
fn a_forged_entry_holds_nothing_back_that_is_held() {
    let report = fixture::lint(&files("automerge: true\n"));
    let value: serde_json::Value =
        serde_json::from_str(&render(&[Part::new("", report.clone())], Format::Json, Human::default())).unwrap();
    let fingerprint = &value["findings"][0]["fingerprint"];
    let forged = format!(
        r#"{{"schema": "lint-baseline/v1", "findings": [{{"path": "x", "rule": "thin-description", "message": "", "fingerprint": {fingerprint}}}]}}"#
    );
    let (rules, known) = left(&report, &Baseline::parse(forged.as_bytes()).unwrap());
    assert_eq!((rules, known.hidden), (vec!["unknown-field".to_owned()], 0));
}

#[test]
fn the_document_is_sorted_valid_and_read_back() {
    let report = fixture::lint(&files(FAULTS));
    let (baseline, _) = recorded(&report);
    let text = baseline.write();
    assert_eq!(Baseline::parse(text.as_bytes()).unwrap(), baseline);
    assert_eq!(Baseline::parse(text.as_bytes()).unwrap().write(), text);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(jsonschema::draft202012::new(&schema()).unwrap().is_valid(&value));
    let paths: Vec<_> = value["findings"].as_array().unwrap().iter().map(|one| one["rule"].as_str().unwrap()).collect();
    assert!(paths.is_sorted(), "{text}");
    let prints: BTreeSet<_> =
        value["findings"].as_array().unwrap().iter().map(|one| one["fingerprint"].as_str().unwrap()).collect();
    assert_eq!(prints.len(), baseline.len());
    let odd = fixture::lint_example("description: \"a\\u001b[31m\"\nowners: [\"@a\\u202eb\"]\n");
    assert!(!recorded(&odd).0.write().contains(['\u{1b}', '\u{202e}']));
}

#[test]
fn what_is_no_baseline_is_refused_with_its_place() {
    let good = r#"{"schema": "lint-baseline/v1", "findings": []}"#;
    assert!(Baseline::parse(good.as_bytes()).unwrap().is_empty());
    for bad in [
        "",
        "[]",
        "{}",
        r#"{"schema": "lint-baseline/v2", "findings": []}"#,
        r#"{"schema": "lint-baseline/v1", "findings": [], "more": 1}"#,
        r#"{"schema": "lint-baseline/v1", "findings": [{"path": "x"}]}"#,
        r#"{"schema": "lint-baseline/v1", "findings": [{"path": "x", "rule": "y", "message": "z", "fingerprint": "short"}]}"#,
        r#"{"schema": "lint-baseline/v1", "findings": []} trailing"#,
    ] {
        let error = Baseline::parse(bad.as_bytes()).unwrap_err().to_string();
        assert!(error.contains("lint-baseline/v1") && error.contains("line"), "{bad}: {error}");
    }
}

#[test]
fn every_format_says_how_many_are_held_back_and_fails_for_the_rest_alone() {
    let report = fixture::lint(&files("description: Change one thing\nowners: [\"@octocat\"]\n"));
    let (baseline, _) = recorded(&report);
    let part = Part::new("", report.clone()).without(&baseline, &Scope::All);
    assert!(report.fails(FailOn::Warning) && !part.report().fails(FailOn::Warning));
    for format in [Format::Human, Format::Concise, Format::Github, Format::Markdown] {
        let text = render(std::slice::from_ref(&part), format, Human::default());
        assert!(text.contains("2 known findings of the baseline are not shown"), "{text}");
        assert!(text.contains("nothing to report"), "{text}");
    }
    let clean = fixture::lint_example("");
    let part = Part::new("", clean).without(&baseline, &Scope::All);
    let text = render(&[part], Format::Human, Human::default());
    assert!(text.ends_with("2 recorded findings are gone; --update-baseline takes them out\n"), "{text}");
}
