//! Two random registries of which the second is the first with a few edits, compared.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::Value;
use taskclass_diff::{Asked, Diff, Document, Kind, Rendered, Side, approval::Unknown, compare};
use taskclass_source::{Files, InMemory, RegistryPath, SourceFile};
use taskclass_spec::inputs::Inputs;
use taskclass_spec::inventory::Inventory;
use taskclass_spec::model::TaskClass;
use taskclass_spec::prompt::RunContext;
use taskclass_spec::registry::Registry;
use taskclass_spec::written::{Example, Policy};

use super::behaviour;
use super::classes::{PARTIAL, PROMPT, class, policy, prose};
use super::edits::{at, differences, edited, edits};
use super::yaml::written;

/// A registry as values.
#[derive(Clone)]
pub(crate) struct State {
    pub(crate) policy: Value,
    pub(crate) classes: BTreeMap<&'static str, Value>,
    pub(crate) partial: &'static str,
    pub(crate) prompt: &'static str,
    /// In which layout it is written.
    pub(crate) layout: u64,
}

impl State {
    /// Its files.
    pub(crate) fn files(&self) -> InMemory {
        let path = |path: &str| RegistryPath::new(path).unwrap();
        let mut files = InMemory::new()
            .with(path("policy.yaml"), written(&self.policy, self.layout))
            .with(path(PARTIAL), self.partial)
            .with(path(PROMPT), self.prompt);
        for (name, class) in &self.classes {
            files.insert(path(&format!("task-classes/{name}.yaml")), written(class, self.layout));
        }
        files
    }
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "policy.yaml:\n{}", written(&self.policy, 0))?;
        self.classes.iter().try_for_each(|(name, class)| writeln!(f, "{name}.yaml:\n{}", written(class, 0)))?;
        writeln!(f, "partial: {:?}; prompt: {:?}; layout {}", self.partial, self.prompt, self.layout)
    }
}

/// Before and after.
#[derive(Clone)]
pub(crate) struct Pair {
    pub(crate) before: State,
    pub(crate) after: State,
}

/// What differs, and what it differs from: a failure is read by a person.
impl std::fmt::Debug for Pair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let State { policy, classes, partial, prompt, .. } = &self.before;
        writeln!(f, "policy.yaml:\n{}", written(policy, 0))?;
        let after = self.after.classes.iter();
        let pairs = after.filter_map(|(name, after)| Some((*name, classes.get(name)?, after)));
        let pairs: Vec<_> = pairs.chain([("policy", policy, &self.after.policy)]).collect();
        for (name, class, _) in pairs.iter().filter(|(name, before, after)| *name != "policy" && before != after) {
            writeln!(f, "{name}.yaml:\n{}", written(class, 0))?;
        }
        for (name, before, after) in pairs {
            for path in differences(before, after) {
                writeln!(f, "{name}: {path}: {:?} becomes {:?}", at(before, &path), at(after, &path))?;
            }
        }
        writeln!(
            f,
            "partial: {partial:?} becomes {:?}; prompt: {prompt:?} becomes {:?}",
            self.after.partial, self.after.prompt
        )
    }
}

/// A random registry of the classes `a` and `b`.
pub(crate) fn state() -> impl Strategy<Value = State> {
    (policy(), class("a"), class("b"), prose(), prose(), 0..1000_u64).prop_map(
        |(policy, a, b, partial, prompt, layout)| State {
            policy,
            classes: BTreeMap::from([("a", a), ("b", b)]),
            partial,
            prompt,
            layout,
        },
    )
}

/// A registry and what becomes of it: mostly by edits of the class `a`, sometimes of the policy or of a prompt file as well.
pub(crate) fn pair() -> impl Strategy<Value = Pair> {
    let which = prop_oneof![6 => Just((true, false, false)), 3 => Just((false, true, false)), 1 => Just((false, false, true)), 2 => Just((true, true, true))];
    (state(), state(), edits(3), edits(3), which).prop_map(|(before, other, of_class, of_policy, which)| {
        let mut after = before.clone();
        if which.0 {
            after.classes.insert("a", edited(&before.classes["a"], &other.classes["a"], &of_class));
        }
        if which.1 {
            after.policy = edited(&before.policy, &other.policy, &of_policy);
        }
        if which.2 {
            after.partial = other.partial;
            after.prompt = other.prompt;
        }
        Pair { before, after }
    })
}

/// The inventory: every repository of the first owner.
pub(crate) fn inventory() -> Inventory {
    let names = behaviour::repositories().into_iter().filter(|name| name.as_str().starts_with("acme/"));
    let text: String = names.map(|name| format!("{name}\n")).collect();
    Inventory::parse(SourceFile::new("inventory.txt", text)).unwrap()
}

/// What the program shows for an example, without the executor.
pub(crate) fn request(class: &TaskClass, example: &Example) -> Result<Rendered, String> {
    let inputs = Inputs::check(&class.written().inputs, &example.inputs)
        .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))?;
    let base_ref = class.base_ref(example.base_ref.as_ref()).map_err(|refused| refused.to_string())?;
    let run = RunContext {
        repository: example.repository.clone(),
        base_ref,
        class: class.name().clone(),
        version: class.version(),
        stage: None,
    };
    let prompt = class.template().prompt(&inputs, &run, "KEY").map_err(|error| error.to_string())?;
    let agent = class.written().custom_agent.as_ref().map(ToString::to_string);
    let rest = serde_json::to_string_pretty(&serde_json::json!({"base_ref": run.base_ref, "custom_agent": agent}));
    Ok(Rendered { prompt, rest: rest.map_err(|error| error.to_string())? })
}

/// The review of the second registry against the first.
pub(crate) fn reviewed(before: &dyn Files, after: &dyn Files, changed: Option<&BTreeSet<RegistryPath>>) -> Diff {
    let (base, head) = (Side::read("base", before), Side::read("head", after));
    let asked = Asked {
        base: &base,
        head: &head,
        inventory: Some(&inventory()),
        approvals: &Unknown,
        request: &request,
        changed,
        now: "2026-11-21T12:00:00Z".parse().unwrap(),
    };
    compare(&asked).unwrap()
}

impl Pair {
    /// Its review.
    pub(crate) fn diff(&self) -> Diff {
        reviewed(&self.before.files(), &self.after.files(), None)
    }
}

/// The document of this kind and name.
pub(crate) fn document<'a>(diff: &'a Diff, kind: Kind, name: &str) -> Option<&'a Document> {
    diff.documents.iter().find(|document| document.kind == kind && document.name == name)
}

/// The policy and the classes that can be run, built as the executor builds them.
pub(crate) fn built(files: &InMemory) -> (Option<Arc<Policy>>, BTreeMap<String, TaskClass>) {
    let registry = Registry::load(files).unwrap();
    let policy = registry.surroundings.written_policy();
    let classes = registry.classes.iter().filter_map(|class| {
        let built = TaskClass::build(class, policy.as_ref()?, files).ok()?;
        Some((built.name().to_string(), built))
    });
    let classes = classes.collect();
    (policy, classes)
}
