//! Fixes: applied to the examples of the rules, they remove their cause, keep the rest, and have nothing to do twice.

use taskclass_lint::fix;
use taskclass_lint::rules::catalogue;
use taskclass_source::{Files, InMemory, Safety};

use crate::fixture::{self, CLASS, path};

fn apply(files: &InMemory, safety: Safety) -> (InMemory, usize) {
    let report = fixture::lint(files);
    let mut fixed = files.clone();
    let changed = fix::apply(&report.findings, safety);
    for file in &changed {
        fixed.insert(path(&file.path), file.text.clone());
    }
    (fixed, changed.iter().map(|file| file.applied).sum())
}

#[test]
fn every_fix_of_an_example_removes_its_cause_and_is_idempotent() {
    let mut with_fix = Vec::new();
    for rule in catalogue() {
        let Some(example) = rule.example("Bad").filter(|_| rule.section("Bad").unwrap().contains("```yaml")) else {
            continue;
        };
        let files = fixture::files(&fixture::read(&example));
        let (fixed, applied) = apply(&files, Safety::Unsafe);
        if applied == 0 {
            continue;
        }
        with_fix.push(rule.name);
        let left: Vec<_> = fixture::lint(&fixed).findings.iter().map(|finding| finding.rule.to_string()).collect();
        assert!(!left.iter().any(|name| name == rule.name), "{}: still there after its fix: {left:?}", rule.name);
        let (_, again) = apply(&fixed, Safety::Unsafe);
        assert_eq!(again, 0, "{}: a second pass has something to do", rule.name);
    }
    assert!(with_fix.len() >= 12, "only {with_fix:?} carry a fix");
}

#[test]
fn safe_fixes_keep_comments_and_layout() {
    let example = "inputs:\n  # what it is about\n  thing: {type: string, max_length: 40, description: The thing to change}   # free text\n\
                   prompt:\n  template: |\n    Change this:   {{ inputs.thing }}\n    Done when the build passes.\n\
                   pull_request:\n  create:   after_validation   # never merged\n  labls: [agent]\n  reviewers: [\"@acme/platform\"]\n";
    let files = fixture::files(&fixture::read(example));
    let before = String::from_utf8(files.read(&path(CLASS)).unwrap().unwrap()).unwrap();
    let (fixed, applied) = apply(&files, Safety::Safe);
    let after = String::from_utf8(fixed.read(&path(CLASS)).unwrap().unwrap()).unwrap();
    assert_eq!(applied, 2);
    let expected = before.replace("{{ inputs.thing }}", "{{ inputs.thing | fence }}").replace("labls", "labels");
    assert_eq!(after, expected);
    assert_eq!(fixture::lint(&fixed).findings, []);
}
