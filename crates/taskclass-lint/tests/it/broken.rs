//! Files broken in every place: the linter always answers, points into the file, and does not drown the cause.

use taskclass_lint::render::{Human, concise, human, json};
use taskclass_lint::{Report, fix};
use taskclass_source::{InMemory, Safety};

use crate::fixture::{self, CLASS, path};

const BASE: &str = include_str!("base/example.yaml");

fn lint(text: &str) -> Report {
    let files = fixture::files(&fixture::read("")).with(path(CLASS), text);
    let report = fixture::lint(&files);
    for finding in &report.findings {
        for label in std::iter::once(&finding.primary).chain(&finding.secondary) {
            let text = label.source.text();
            assert!(text.get(label.span.range()).is_some(), "{} points outside: {:?}", finding.rule, label.span);
        }
        assert!(!finding.message.contains('\n'), "{}: {}", finding.rule, finding.message);
    }
    let _ = (human(&report, Human { colour: true, width: 40 }), concise(&report), json(&report));
    fixes(&files, &report);
    report
}

fn fixes(files: &InMemory, report: &Report) {
    for file in fix::apply(&report.findings, Safety::Unsafe) {
        let fixed = files.clone().with(path(&file.path), file.text);
        let _ = fixture::lint(&fixed);
    }
}

#[test]
fn a_file_without_any_one_of_its_lines() {
    let lines: Vec<&str> = BASE.lines().collect();
    for gone in 0..lines.len() {
        let text: String =
            lines.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, line)| format!("{line}\n")).collect();
        let report = lint(&text);
        assert!(report.findings.len() <= 5, "without line {}:\n{}", gone + 1, human(&report, Human::default()));
    }
}

#[test]
fn a_file_with_any_one_of_its_lines_twice() {
    let lines: Vec<&str> = BASE.lines().collect();
    for twice in 0..lines.len() {
        let text: String = (0..lines.len())
            .flat_map(|at| std::iter::repeat_n(lines[at], if at == twice { 2 } else { 1 }))
            .map(|line| format!("{line}\n"))
            .collect();
        let report = lint(&text);
        assert!(report.findings.len() <= 2, "line {} twice:\n{}", twice + 1, human(&report, Human::default()));
    }
}

#[test]
fn a_file_cut_off_anywhere() {
    for end in (0..BASE.len()).step_by(5) {
        let report = lint(&BASE[..end]);
        assert!(!report.findings.is_empty(), "cut at {end}");
    }
}

#[test]
fn a_file_with_one_character_changed() {
    for at in (0..BASE.len()).step_by(11) {
        for with in [" ", "\"", "{", "é", "\u{202e}", "*", "\t", "-", "\r"] {
            let mut text = BASE.to_owned();
            text.replace_range(at..=at, with);
            lint(&text);
        }
    }
}

#[test]
fn every_key_misspelled_is_one_finding_at_that_key() {
    for (number, line) in BASE.lines().enumerate() {
        let Some((key, _)) =
            line.split_once(':').filter(|(key, _)| key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
        else {
            continue;
        };
        let text = BASE.replace(&format!("\n{key}:"), &format!("\n{key}x:"));
        if text == BASE {
            continue;
        }
        let report = lint(&text);
        let unknown: Vec<_> = report.findings.iter().filter(|finding| finding.rule == "unknown-field").collect();
        assert_eq!(unknown.len(), 1, "{key} on line {}:\n{}", number + 1, human(&report, Human::default()));
        assert_eq!(report.findings.len(), 1, "{key}:\n{}", human(&report, Human::default()));
    }
}
