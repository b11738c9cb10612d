//! The corpus of broken classes under `tests/fixtures/lint/`: what is found in each, and what must hold of every finding.
//!
//! A fixture is a class `TOPIC/NAME.yaml` with its findings beside it in `TOPIC/NAME.expected`, and perhaps files of its own
//! under `TOPIC/NAME/`, laid over `registry/`. How to read and renew them is in the folder's README.

mod expectation;
mod oracles;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use taskclass_lint::Report;
use taskclass_source::InMemory;

use crate::fixture::{self, path};

/// The switch that writes the expectations instead of comparing them.
const RENEW: &str = "TASKCLASS_RENEW";

/// One broken class.
pub(crate) struct Case {
    /// `TOPIC/NAME`.
    pub(crate) name: String,
    pub(crate) files: InMemory,
    expected: PathBuf,
}

impl Case {
    pub(crate) fn report(&self) -> Report {
        fixture::lint(&self.files)
    }
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/lint")
}

/// Puts every file below `folder` into `files`, by its path below it.
fn lay_over(files: &mut InMemory, folder: &Path, below: &str) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.map(Result::unwrap) {
        let name = format!("{below}{}", entry.file_name().into_string().unwrap());
        if entry.file_type().unwrap().is_dir() {
            lay_over(files, &entry.path(), &format!("{name}/"));
        } else {
            files.insert(path(&name), fs::read(entry.path()).unwrap());
        }
    }
}

/// All of them, by name.
pub(crate) fn cases() -> Vec<Case> {
    let mut shared = InMemory::new();
    lay_over(&mut shared, &corpus().join("registry"), "");
    let mut cases = Vec::new();
    let folders = |folder: &Path| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    for topic in folders(&corpus()).into_iter().filter(|topic| topic.is_dir() && !topic.ends_with("registry")) {
        for file in folders(&topic).into_iter().filter(|file| file.extension().is_some_and(|end| end == "yaml")) {
            let stem = file.file_stem().unwrap().to_str().unwrap();
            let class = format!("task-classes/{stem}.yaml");
            let mut files = shared.clone();
            lay_over(&mut files, &file.with_extension(""), "");
            files.insert(path(&class), fs::read(&file).unwrap());
            let name = format!("{}/{stem}", topic.file_name().unwrap().to_str().unwrap());
            cases.push(Case { name, files, expected: file.with_extension("expected") });
        }
    }
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

#[test]
fn each_class_is_reported_as_expected() {
    let renew = std::env::var_os(RENEW).is_some();
    let mut failures = Vec::new();
    for case in cases() {
        let found = expectation::write(&case.report());
        if renew {
            fs::write(&case.expected, &found).unwrap();
        } else {
            let expected = fs::read_to_string(&case.expected).unwrap_or_default();
            if expected != found {
                failures.push(format!("== {}\n{}", case.name, expectation::difference(&expected, &found)));
            }
        }
    }
    assert!(failures.is_empty(), "{}\n{RENEW}=1 writes what is found; read it before you keep it", failures.join("\n"));
}

#[test]
fn every_expectation_has_its_class_and_every_class_several_faults() {
    let cases = cases();
    assert!(cases.len() >= 80, "only {} classes", cases.len());
    let mut rules = BTreeSet::new();
    let mut several = 0;
    for case in &cases {
        let found = case.report().findings;
        assert!(!found.is_empty(), "{}: nothing is found", case.name);
        several += usize::from(found.len() >= 3);
        rules.extend(found.into_iter().map(|finding| finding.rule));
    }
    assert!(several >= 60, "only {several} with several faults");
    assert!(rules.len() >= 70, "only {} rules have something to say", rules.len());
    let known: BTreeSet<_> = cases.iter().map(|case| case.expected.clone()).collect();
    for topic in fs::read_dir(corpus()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for file in fs::read_dir(topic).unwrap().map(|entry| entry.unwrap().path()) {
            let stray = file.extension().is_some_and(|end| end == "expected") && !known.contains(&file);
            assert!(!stray, "{} belongs to no class", file.display());
        }
    }
}

#[test]
fn the_shared_registry_is_clean_without_the_broken_classes() {
    let mut files = InMemory::new();
    lay_over(&mut files, &corpus().join("registry"), "");
    assert_eq!(fixture::lint(&files).findings, []);
}
