//! What must hold of every finding of the corpus, whatever it says: its place, its fix, how it is drawn.

use std::collections::BTreeMap;

use taskclass_lint::render::{Human, human};
use taskclass_lint::rules::find;
use taskclass_lint::{Family, Report, Rule, fix};
use taskclass_source::text::{display_width, is_hidden, visible};
use taskclass_source::{Edit, Files, Finding, InMemory, Level, Safety};

use super::{Case, cases, expectation};
use crate::fixture::{self, path};

/// The text between two places, found by lines and characters alone. A final place behind the last line is the end.
fn between(text: &str, from: (usize, usize), to: (usize, usize)) -> String {
    let lines: Vec<&str> = text.split('\n').collect();
    let mut found = String::new();
    for line in from.0..=to.0 {
        let chars: Vec<char> = lines[line - 1].chars().collect();
        let start = if line == from.0 { from.1 - 1 } else { 0 };
        let end = if line == to.0 { to.1 - 1 } else { chars.len() };
        found.extend(&chars[start..end]);
        if line != to.0 {
            found.push('\n');
        }
    }
    found
}

#[test]
fn the_text_at_each_place_is_the_text_that_was_reported() {
    let mut places = 0;
    for case in cases() {
        for place in expectation::places(&expectation::write(&case.report())) {
            let bytes = case.files.read(&path(&place.path)).unwrap();
            let Some(bytes) = bytes else {
                assert_eq!(place.text, "", "{}: {} is not there", case.name, place.path);
                continue;
            };
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let there = between(&text, place.from, place.to);
            let shown = visible(&there);
            let same = if place.more { shown.starts_with(&place.text) } else { shown == place.text };
            assert!(same, "{}: {} {:?} holds {shown:?}, not {:?}", case.name, place.path, place.from, place.text);
            places += 1;
        }
    }
    assert!(places > 300, "{places}");
}

/// How often there is a finding of this rule at a place that reads so.
fn places(report: &Report, which: impl Fn(&Finding) -> bool) -> BTreeMap<(String, String), usize> {
    let mut counts = BTreeMap::new();
    for finding in report.findings.iter().filter(|finding| which(finding)) {
        let text = finding.primary.source.slice(finding.primary.span).to_owned();
        *counts.entry((finding.rule.to_string(), text)).or_insert(0) += 1;
    }
    counts
}

/// How often there is a finding of this rule with these words.
fn counted(report: &Report, which: impl Fn(&Finding) -> bool) -> BTreeMap<(String, String), usize> {
    let mut counts = BTreeMap::new();
    for finding in report.findings.iter().filter(|finding| which(finding)) {
        *counts.entry((finding.rule.to_string(), finding.message.clone())).or_insert(0) += 1;
    }
    counts
}

/// Whether what a rule finds keeps a part of the file from being read.
fn is_form(rule: &Rule) -> bool {
    matches!(rule.family, Family::Syntax | Family::Shape)
}

fn line_of_edit(edit: &Edit) -> (String, u32) {
    (edit.source.path().to_owned(), edit.source.position(edit.span.start).line)
}

fn fixed(case: &Case, findings: &[Finding], safety: Safety) -> Option<InMemory> {
    let changed = fix::apply(findings, safety);
    let mut files = case.files.clone();
    for file in &changed {
        files.insert(path(&file.path), file.text.clone());
    }
    (!changed.is_empty()).then_some(files)
}

#[test]
fn each_fix_alone_removes_its_finding_and_brings_no_error() {
    let mut failures = Vec::new();
    let mut rules: BTreeMap<String, usize> = BTreeMap::new();
    for case in cases() {
        let before = case.report();
        let (all, errors) = (counted(&before, |_| true), places(&before, |finding| finding.level == Level::Error));
        for finding in before.findings.iter().filter(|finding| finding.fix.is_some()) {
            *rules.entry(finding.rule.to_string()).or_insert(0) += 1;
            let only = std::slice::from_ref(finding);
            let Some(files) = fixed(&case, only, Safety::Unsafe) else {
                failures.push(format!("{}: the fix of {} changes nothing", case.name, finding.rule));
                continue;
            };
            let after = fixture::lint(&files);
            let key = (finding.rule.to_string(), finding.message.clone());
            let left = counted(&after, |_| true).get(&key).copied().unwrap_or_default();
            if left >= all[&key] {
                failures.push(format!("{}: {} is still there after its fix", case.name, finding.rule));
            }
            // What could not be read before may have faults of its own, but not where the fix wrote.
            let reveals = find(&finding.rule).is_some_and(is_form);
            let edited: Vec<_> = finding.fix.iter().flat_map(|fix| &fix.edits).map(line_of_edit).collect();
            if finding.rule == "unsupported-schema" {
                // Of a file of another format nothing else is said.
                continue;
            }
            let concerns = |finding: &Finding| {
                let line = finding.primary.source.position(finding.primary.span.start).line;
                !reveals || edited.contains(&(finding.primary.source.path().to_owned(), line))
            };
            for (error, count) in places(&after, |finding| finding.level == Level::Error && concerns(finding)) {
                if count > errors.get(&error).copied().unwrap_or_default() {
                    failures.push(format!("{}: the fix of {} ({}) brings {error:?}", case.name, key.0, key.1));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(rules.len() >= 12, "{rules:?}");
}

#[test]
fn safe_fixes_come_to_rest_and_leave_nothing_worse() {
    for case in cases() {
        let first = case.report();
        let mut files = case.files.clone();
        let mut report = first.clone();
        for _ in 0..20 {
            let changed = fix::apply(&report.findings, Safety::Safe);
            if changed.is_empty() {
                break;
            }
            for file in changed {
                files.insert(path(&file.path), file.text);
            }
            report = fixture::lint(&files);
        }
        assert!(fix::apply(&report.findings, Safety::Safe).is_empty(), "{}: it never comes to rest", case.name);
        let form =
            |report: &Report| report.findings.iter().filter(|finding| find(&finding.rule).is_some_and(is_form)).count();
        assert!(form(&report) <= form(&first), "{}: there is more wrong with its form than before", case.name);
    }
}

#[test]
fn nothing_hidden_is_drawn_and_no_line_is_wider_than_asked_for() {
    let mut failures = Vec::new();
    for case in cases() {
        let report = case.report();
        for width in [80, 100, 140] {
            let drawn = human(&report, Human { colour: false, width });
            for line in drawn.lines() {
                assert!(!line.contains(is_hidden), "{}: {line:?}", case.name);
                // A finding's first line is one line: programs read it.
                let first = ["error[", "warning[", "note["].iter().any(|word| line.starts_with(word));
                if !first && display_width(line) > width {
                    failures.push(format!("{} at {width}: {line}", case.name));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Of two findings at one place the reader asks which of them is the cause. The pairs that say two things of one place.
const TWO_THINGS: &[(&str, &str)] = &[
    // Sections that are not there are all missing at the head of the document; each has its own rule.
    ("missing-budget", "missing-escalation"),
    ("missing-budget", "missing-example"),
    ("missing-budget", "missing-field"),
    ("missing-budget", "missing-owner"),
    ("missing-escalation", "missing-example"),
    ("missing-escalation", "missing-field"),
    ("missing-escalation", "missing-owner"),
    ("missing-example", "missing-field"),
    // One is about the stage's name, the other about its size.
    ("stage-not-growing", "ungated-widening"),
    // To deny the workflows is not to bound the paths.
    ("unbounded-paths", "workflow-files-in-scope"),
    ("broad-token", "duplicate-entry"),
    ("unbounded-input", "unused-input"),
    // Who a line names, and that nobody who is named so is let in.
    ("open-callers", "unverified-caller"),
    ("unknown-caller-form", "unverified-caller"),
    ("sensitive-repository", "unbounded-repositories"),
];

#[test]
fn one_place_has_one_finding() {
    let mut failures = Vec::new();
    for case in cases() {
        let report = case.report();
        for (index, first) in report.findings.iter().enumerate() {
            for second in &report.findings[index + 1..] {
                let same = first.primary.source == second.primary.source && first.primary.span == second.primary.span;
                let pair = (&*first.rule, &*second.rule);
                if same && !TWO_THINGS.contains(&pair) && !TWO_THINGS.contains(&(pair.1, pair.0)) {
                    failures.push(format!("{}: {} and {} at one place", case.name, pair.0, pair.1));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
