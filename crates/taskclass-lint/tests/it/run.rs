//! The run as a whole: what it reports depends neither on the number of threads nor, for one class, on the others.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::Mutex;

use jiff::civil::date;
use taskclass_lint::render::json;
use taskclass_lint::{Linter, Report, Scope};
use taskclass_source::{Files, InMemory, ReadError, RegistryPath};

use crate::fixture::{files, path, read};

const PARTIAL: &str = "task-classes/prompts/partials/shared.md";
const BASE: &str = include_str!("base/example.yaml");

fn class(number: usize) -> String {
    let text = BASE.replace("name: example", &format!("name: class-{number}"));
    let ends = "nothing else has changed.\n";
    let drawn_in = format!("{ends}    {{% include \"partials/shared.md\" %}}\n");
    match number % 6 {
        0 => text.replace("risk: low", "risk: lowish"),
        1 => text.replace(ends, &drawn_in),
        2 => text.replace("name: class-", "name: example # class-"),
        3 => text.replace("budget:", "# taskclass: allow(thin-description): not here\nbudget:"),
        4 => text.replace("{{ inputs.thing }}", "{{ inputs.thin }}"),
        _ => text,
    }
}

/// Some sixty classes, in which all kinds of things are wrong, also in a partial that several draw in.
fn registry() -> InMemory {
    let mut registry = files(&read(""));
    for number in 0..60 {
        registry.insert(path(&format!("task-classes/class-{number}.yaml")), class(number));
    }
    let partial = "{# taskclass: allow(no-reviewer): nobody needs this #}\nFeel free to go on.\n\
                   {# taskclass: allow(open-ended-instruction): it is quoted #}\nFix everything.\n";
    registry.insert(path(PARTIAL), partial);
    registry
}

fn lint(files: &dyn Files, threads: usize, scope: &Scope) -> Report {
    let linter = Linter::new(date(2026, 11, 21)).with_threads(NonZeroUsize::new(threads).unwrap());
    linter.lint(files, scope).unwrap()
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let registry = registry();
    let one = lint(&registry, 1, &Scope::All);
    assert!(one.findings.len() > 40, "{}", one.summary());
    for threads in [2, 7] {
        let many = lint(&registry, threads, &Scope::All);
        assert_eq!(one, many);
        assert_eq!(json(&one), json(&many));
    }
}

#[test]
fn what_several_classes_draw_in_is_told_of_once_and_suppressed_for_each() {
    let report = lint(&registry(), 2, &Scope::All);
    let told: Vec<_> = report.findings.iter().filter(|one| one.primary.source.path() == PARTIAL).collect();
    let rules: Vec<&str> = told.iter().map(|one| &*one.rule).collect();
    assert_eq!(rules, ["unused-suppression", "open-ended-instruction"]);
    assert_eq!(report.suppressed, 10);
}

#[test]
fn a_class_alone_is_told_what_it_is_told_among_all() {
    let registry = registry();
    let all = lint(&registry, 2, &Scope::All);
    for number in 0..12 {
        let own = path(&format!("task-classes/class-{number}.yaml"));
        let alone = lint(&registry, 1, &Scope::document(own.clone()));
        let in_own = |report: &Report| -> Vec<String> {
            let findings = report.findings.iter().filter(|one| one.primary.source.path() == own.as_str());
            findings.map(|one| format!("{one:?}")).collect()
        };
        assert_eq!(in_own(&alone), in_own(&all));
        assert_eq!(alone.checked.classes, 1);
        // Whether others need a suppression in what it draws in cannot be known from one class.
        let elsewhere: Vec<_> = alone.findings.iter().filter(|one| one.primary.source.path() != own.as_str()).collect();
        assert!(
            elsewhere.iter().all(|one| one.primary.source.path() == PARTIAL && one.rule == "open-ended-instruction")
        );
        assert_eq!(elsewhere.len(), usize::from(number % 6 == 1));
    }
}

#[test]
fn a_path_to_a_prompt_is_reported_on_through_the_classes_that_draw_it_in() {
    let report = lint(&registry(), 2, &Scope::Paths([path("task-classes/prompts")].into()));
    let told: BTreeSet<&str> = report.findings.iter().map(|one| one.primary.source.path()).collect();
    assert_eq!(told, [PARTIAL].into());
    assert_eq!(report.affected.classes, 10);
    let policy = lint(&registry(), 2, &Scope::Paths([path("policy.yaml")].into()));
    assert_eq!((policy.findings.len(), policy.checked.classes, policy.checked.policies), (0, 0, 1));
}

#[test]
fn a_path_to_a_class_brings_what_it_draws_in_whatever_other_paths_there_are() {
    let told = |paths: &[&str]| -> Vec<String> {
        let report = lint(&registry(), 2, &Scope::Paths(paths.iter().map(|one| path(one)).collect()));
        report.findings.iter().map(|one| format!("{}: {}", one.primary.source.path(), one.rule)).collect()
    };
    let drawn_in = format!("{PARTIAL}: open-ended-instruction");
    assert!(told(&["task-classes/class-1.yaml"]).contains(&drawn_in));
    assert!(told(&["task-classes/class-1.yaml", "policy.yaml"]).contains(&drawn_in));
    assert!(!told(&["task-classes/class-5.yaml", "policy.yaml"]).contains(&drawn_in));
}

/// Files that note what is read, and of which one cannot be.
struct Noted {
    below: InMemory,
    read: Mutex<Vec<String>>,
    refused: &'static str,
}

impl Files for Noted {
    fn read(&self, path: &RegistryPath) -> Result<Option<Vec<u8>>, ReadError> {
        self.read.lock().unwrap().push(path.as_str().to_owned());
        if path.as_str() == self.refused {
            return Err(ReadError::SymbolicLink { path: path.clone() });
        }
        self.below.read(path)
    }

    fn list(&self, dir: &RegistryPath) -> Result<Vec<RegistryPath>, ReadError> {
        self.below.list(dir)
    }
}

fn noted(refused: &'static str) -> Noted {
    Noted { below: registry(), read: Mutex::default(), refused }
}

#[test]
fn for_one_class_no_other_is_read() {
    let files = noted("");
    lint(&files, 2, &Scope::document(path("task-classes/class-5.yaml")));
    let read = files.read.into_inner().unwrap();
    let classes: Vec<_> = read.iter().filter(|path| path.starts_with("task-classes/")).collect();
    assert_eq!(classes, ["task-classes/class-5.yaml"]);
}

#[test]
fn a_class_is_read_once() {
    let files = noted("");
    lint(&files, 2, &Scope::All);
    let read = files.read.into_inner().unwrap();
    let times = read.iter().filter(|path| *path == "task-classes/class-5.yaml").count();
    assert_eq!(times, 1);
}

#[test]
fn a_class_that_cannot_be_read_is_told_of_and_counted() {
    let files = noted("task-classes/class-5.yaml");
    let report = lint(&files, 2, &Scope::All);
    assert_eq!((report.unreadable, report.checked.classes), (1, 60));
    let told = report.findings.iter().find(|one| one.primary.source.path() == files.refused).unwrap();
    assert_eq!(told.rule, "unreadable-file");
    let alone = lint(&files, 1, &Scope::document(path(files.refused)));
    assert_eq!(alone.findings.iter().map(|one| &*one.rule).collect::<Vec<_>>(), ["unreadable-file"]);
}

#[test]
fn no_model_is_recommended_that_the_policy_refuses() {
    let rule = taskclass_lint::rules::find("model-against-policy").unwrap();
    let example = rule.example("Bad").unwrap();
    let helps = |sensitive: &str| {
        let policy = format!(
            "# file: policy.yaml\nmodels: {{allow: [gpt-5.3-codex], sensitive: {{repositories: [\"acme/*\"], allow: [{sensitive}]}}}}\n"
        );
        let class = example.replace("default: claude-opus-4.6, allowed: [gpt-5.3-codex]", "default: gpt-5.3-codex");
        let report = crate::fixture::lint_example(&format!("{class}{policy}"));
        let own = report.findings.into_iter().filter(|one| one.rule == "model-against-policy");
        own.flat_map(|one| one.help).collect::<Vec<_>>()
    };
    assert_eq!(helps("claude-opus-4.6"), ["deny acme/svc-payments: the policy leaves it no model"]);
}
