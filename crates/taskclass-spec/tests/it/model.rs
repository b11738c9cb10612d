//! The shipped classes as models: the policy decides wherever it is tighter.

use std::{path::Path, sync::Arc};

use taskclass_source::{InMemory, WorkTree};
use taskclass_spec::{
    Credits, Loaded, Registry, RepoName, SchemaKind,
    model::TaskClass,
    registry::paths,
    written::{CreatePullRequest, Policy},
};

fn root() -> WorkTree {
    WorkTree::open(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap()
}

/// A shipped class under the shipped policy, the policy's text changed first.
fn class(name: &str, change: impl Fn(String) -> String) -> TaskClass {
    let files = root();
    let registry = Registry::load(&files).unwrap();
    let policy = registry.surroundings.policy.as_ref().unwrap().source.text().to_owned();
    let policy: Loaded<Policy> = Loaded::parse(SchemaKind::Policy, &paths::at(paths::POLICY), change(policy).into());
    let policy = Arc::new(policy.checked().unwrap().clone());
    TaskClass::build(registry.class(&name.parse().unwrap()).unwrap(), &policy, &files).unwrap()
}

fn repo(name: &str) -> RepoName {
    name.parse().unwrap()
}

#[test]
fn all_shipped_classes_build_and_draw_their_partials_into_the_digest() {
    let files = root();
    let registry = Registry::load(&files).unwrap();
    let policy = registry.surroundings.written_policy().unwrap();
    for loaded in &registry.classes {
        let class = TaskClass::build(loaded, &policy, &files).unwrap();
        let drawn_in: Vec<_> = class.digest().files.keys().collect();
        assert!(drawn_in.iter().any(|path| path.starts_with("task-classes/prompts/partials/")), "{drawn_in:?}");
    }
}

#[test]
fn one_changed_byte_of_class_or_partial_is_another_digest() {
    let build = |path: &str, change: fn(String) -> String| {
        let mut files = InMemory::over(root());
        let path = taskclass_source::RegistryPath::new(path).unwrap();
        let bytes = taskclass_source::Files::read(&files, &path).unwrap().unwrap();
        files.insert(path, change(String::from_utf8(bytes).unwrap()));
        let registry = Registry::load(&files).unwrap();
        let policy = registry.surroundings.written_policy().unwrap();
        let loaded = registry.class(&"dependency-bump".parse().unwrap()).unwrap();
        TaskClass::build(loaded, &policy, &files).unwrap().digest().digest
    };
    let class = "task-classes/dependency-bump.yaml";
    let partial = "task-classes/prompts/partials/small-diff.md";
    let base = build(class, |text| text);
    assert_eq!(base, build(class, |text| format!("# a comment\n{text}")));
    assert_ne!(base, build(class, |text| text.replacen("Raise the", "Raise  the", 1)));
    assert_ne!(base, build(partial, |text| format!("{text} ")));
}

#[test]
fn denials_win_and_the_policys_first() {
    let class = class("dependency-bump", |policy| policy);
    assert!(class.reaches(&repo("acme/svc-orders")).is_ok());
    let said = |name: &str| class.reaches(&repo(name)).unwrap_err().to_string();
    assert_eq!(
        said("acme/svc-a-prod"),
        "acme/svc-a-prod is denied by the policy's `repositories.deny[0]`: acme/*-prod"
    );
    assert_eq!(said("acme/docs"), "acme/docs matches nothing in the class's `repositories.allow`: acme/svc-*");
    assert!(class.base_ref(Some(&"release/1.0".parse().unwrap())).is_ok());
    assert!(class.base_ref(Some(&"feature/x".parse().unwrap())).is_err());
}

#[test]
fn sensitive_repositories_are_held_to_their_own_list() {
    let class = class("dependency-bump", |policy| policy);
    let model = |name: &str, chosen: Option<&str>| {
        class.model_for(&repo(name), chosen.map(|id| id.parse().unwrap()).as_ref()).map(|id| id.to_string())
    };
    assert_eq!(model("acme/svc-orders", None).unwrap(), "gpt-5.3-codex");
    assert_eq!(model("acme/svc-orders", Some("claude-sonnet-4.6")).unwrap(), "claude-sonnet-4.6");
    assert_eq!(model("acme/svc-payments", None).unwrap(), "claude-opus-4.6");
    assert!(model("acme/svc-payments", Some("claude-sonnet-4.6")).is_err());
    assert!(model("acme/svc-orders", Some("claude-opus-4.6")).is_err());
}

#[test]
fn a_tighter_policy_takes_models_and_numbers_away() {
    let class = class("dependency-bump", |policy| {
        policy
            .replace("[gpt-5.3-codex, claude-sonnet-4.6, claude-opus-4.6]", "[claude-sonnet-4.6]")
            .replace("per_task: 200", "per_task: 7")
    });
    let refused = class.model_for(&repo("acme/svc-orders"), None).unwrap_err().to_string();
    assert_eq!(
        refused,
        "policy `models.allow` does not allow `gpt-5.3-codex` for acme/svc-orders; it allows `claude-sonnet-4.6`"
    );
    // A sensitive repository is held to both lists, which have nothing in common now.
    assert!(class.model_for(&repo("acme/svc-payments"), None).is_err());
    assert_eq!((class.ceilings().per_task, class.ceilings().per_month), (Credits(7), Credits(20_000)));
}

#[test]
fn the_first_stage_takes_the_pull_request_away() {
    let class = class("dependency-bump", |policy| policy);
    assert_eq!(class.single_run_stage().unwrap().name.as_str(), "proof");
    assert_eq!(class.single_run_pull_request(), CreatePullRequest::Never);
}
