//! Fixes to a fixpoint: everything that can be mended is, nothing is mended twice, and nothing gets worse.

use jiff::civil::date;
use taskclass_lint::rules::{catalogue, find};
use taskclass_lint::{Family, Linter, Report, Scope, Settled, fix, settle};
use taskclass_source::{Files, Finding, InMemory, Level, Safety};

use crate::corpus;
use crate::fixture::{self, CLASS, path};

fn settled(files: &InMemory, safety: Safety) -> (InMemory, Settled) {
    let linter = Linter::new(date(2026, 11, 21));
    let settled = settle(&linter, files, &Scope::All, safety).unwrap();
    let mut fixed = files.clone();
    for change in &settled.changes {
        fixed.insert(change.path.clone(), change.after.clone());
    }
    (fixed, settled)
}

fn errors(report: &Report) -> usize {
    report.findings.iter().filter(|finding| finding.level == Level::Error).count()
}

/// Whether it keeps a part of the file from being read as what it is.
fn is_form(finding: &Finding) -> bool {
    matches!(find(&finding.rule).unwrap().family, Family::Syntax | Family::Shape)
}

/// What every rule calls bad, and the corpus of broken classes.
fn registries() -> Vec<(String, InMemory)> {
    let bad = catalogue().iter().filter(|rule| rule.section("Bad").unwrap().contains("```yaml"));
    let bad = bad.map(|rule| (rule.name.to_owned(), fixture::files(&fixture::read(&rule.example("Bad").unwrap()))));
    bad.chain(corpus::cases().into_iter().map(|case| (case.name, case.files))).collect()
}

#[test]
fn one_call_does_all_a_second_does_nothing_and_errors_never_grow() {
    let mut changed = 0;
    for (name, files) in registries() {
        for safety in [Safety::Safe, Safety::Unsafe] {
            let before = fixture::lint(&files);
            let (fixed, first) = settled(&files, safety);
            changed += first.changes.len();
            assert!(first.restless.is_empty(), "{name}: fixes undo each other");
            assert_eq!(first.report, fixture::lint(&fixed), "{name}: the report is of the texts that are written");
            // A file that can be read at last may turn out to have other faults.
            let reveals = before.findings.iter().any(|finding| finding.fix.is_some() && is_form(finding));
            let (now, then) = (errors(&first.report), errors(&before));
            assert!(now <= then || reveals, "{name}: {safety:?} fixes made {then} errors into {now}");
            assert!(fix::apply(&first.report.findings, safety).is_empty(), "{name}: something is left");
            let (_, second) = settled(&fixed, safety);
            assert!(
                second.changes.is_empty() && second.restless.is_empty(),
                "{name}: a second call has something to do"
            );
        }
    }
    assert!(changed > 40, "only {changed} files");
}

#[test]
fn fixes_that_touch_and_fixes_that_uncover_others_go_in_one_call() {
    let text = "automerge: no\nautomerge: no\npull_request:\n  create: after_validation\n  labls: [agent, agent, agent]\n  reviewers: [\"@acme/platform\"]\n\
                prompt:\n  template: |\n    Change {{ inputs.thng }} and {{ inputs.thng }}.\n    Done when the build passes.\n";
    let files = fixture::files(&fixture::read(text));
    let once: usize = fix::apply(&fixture::lint(&files).findings, Safety::Unsafe).iter().map(|file| file.applied).sum();
    let (_, all) = settled(&files, Safety::Unsafe);
    let applied: usize = all.changes.iter().map(|change| change.applied).sum();
    assert!(applied > once, "{applied} fixes in all, {once} in the first round");
    assert_eq!(all.changes.len(), 1);
    assert_eq!(all.changes[0].path, path(CLASS));
}

#[test]
fn a_file_that_is_no_utf8_is_left_as_it_is() {
    let files = fixture::files(&fixture::read(
        "# encoding: latin-1\ntitle: Ändere\npull_request: {create: no}\nautomerge: no\n",
    ));
    let (fixed, settled) = settled(&files, Safety::Unsafe);
    assert_eq!(settled.changes, []);
    assert!(settled.restless.is_empty());
    assert_eq!(fixed.read(&path(CLASS)).unwrap(), files.read(&path(CLASS)).unwrap());
}
