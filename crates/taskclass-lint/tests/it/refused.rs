//! Files that cannot be had: each is told of, and nothing else falls silent for it.

use jiff::civil::date;
use taskclass_lint::{Linter, Report, Scope};
use taskclass_source::{Files, InMemory, ReadError, RegistryPath};

use crate::fixture::{CLASS, files, path, read};

/// Files of which one cannot be read, or one folder listed.
struct Refusing {
    below: InMemory,
    error: ReadError,
}

impl Files for Refusing {
    fn read(&self, path: &RegistryPath) -> Result<Option<Vec<u8>>, ReadError> {
        if path == self.error.path() { Err(self.error.clone()) } else { self.below.read(path) }
    }

    fn list(&self, dir: &RegistryPath) -> Result<Vec<RegistryPath>, ReadError> {
        if dir == self.error.path() { Err(self.error.clone()) } else { self.below.list(dir) }
    }
}

fn refusing(example: &str, refused: &str) -> Refusing {
    let error = ReadError::Other { path: path(refused), reason: "the object is missing".to_owned() };
    Refusing { below: files(&read(example)), error }
}

fn linter() -> Linter<'static> {
    Linter::new(date(2026, 11, 21))
}

fn rules(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|one| &*one.rule).collect()
}

#[test]
fn a_class_that_is_named_like_the_policy_is_not_taken_for_it() {
    struct WithoutPolicy(Refusing);
    impl Files for WithoutPolicy {
        fn read(&self, path: &RegistryPath) -> Result<Option<Vec<u8>>, ReadError> {
            if path.as_str() == "policy.yaml" { Ok(None) } else { self.0.read(path) }
        }

        fn list(&self, dir: &RegistryPath) -> Result<Vec<RegistryPath>, ReadError> {
            self.0.list(dir)
        }
    }
    let files =
        WithoutPolicy(refusing("# file: task-classes/x-policy.yaml\nrisk: low\n", "task-classes/x-policy.yaml"));
    let report = linter().lint(&files, &Scope::All).unwrap();
    assert!(rules(&report).contains(&"missing-policy") && rules(&report).contains(&"unreadable-file"));
    let policy = refusing("risk: low\n", "policy.yaml");
    assert!(!rules(&linter().lint(&policy, &Scope::All).unwrap()).contains(&"missing-policy"));
}

#[test]
fn twins_are_found_where_the_approvals_cannot_be_listed() {
    let twins = "# file: task-classes/prompts/a.md\nx\n# file: task-classes/prompts/A.md\ny\n";
    let report = linter().lint(&refusing(twins, "approvals"), &Scope::All).unwrap();
    assert!(
        rules(&report).contains(&"twin-files") && rules(&report).contains(&"unreadable-file"),
        "{:?}",
        rules(&report)
    );
}

#[test]
fn a_class_that_cannot_be_had_at_the_base_is_told_of() {
    let changed = "# taskclass: allow(version-not-raised): the words only\nversion: 1\ntitle: Change one other thing\n";
    let own = files(&read(changed));
    let base = refusing("", CLASS);
    for scope in [Scope::All, Scope::Paths([path("task-classes")].into())] {
        let report = linter().with_base(&base, "main").lint(&own, &scope).unwrap();
        assert_eq!((rules(&report), report.unreadable), (vec!["unreadable-file"], 1));
        assert_eq!(report.findings[0].primary.source.path(), CLASS);
        let said = "at main, `task-classes/example.yaml` cannot be read: the object is missing";
        assert_eq!(report.findings[0].message, said);
    }
    // A link can be approved by nobody; the change that puts a class in its place must not be held up by it.
    let link = Refusing { error: ReadError::SymbolicLink { path: path(CLASS) }, ..base };
    let report = linter().with_base(&link, "main").lint(&files(&read("")), &Scope::All).unwrap();
    assert_eq!((rules(&report), report.unreadable), (vec![], 0));
}
