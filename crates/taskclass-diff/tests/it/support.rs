//! A small registry in memory, edited by words, and its review.

use std::collections::BTreeMap;

use jiff::Timestamp;
use taskclass_diff::{
    Approvals, Asked, Cause, Diff, Document, Effect, Kind, Rendered, Side, approval::Unknown, compare, compare_document,
};
use taskclass_source::{Files, InMemory, RegistryPath};
use taskclass_spec::{inputs::Inputs, model::TaskClass, prompt::RunContext, written::Example};

pub(crate) const POLICY: &str = "\
schema: policy/v1
registry: acme/agent-tasks
models:
  allow: [gpt-5.3-codex, claude-sonnet-4.6, claude-opus-4.6]
  sensitive: {repositories: [acme/svc-payments], allow: [claude-opus-4.6]}
repositories: {deny: [acme/infra-*]}
paths: {deny: ['.github/workflows/**']}
approvals: {quorum: {low: 1, medium: 1, high: 2}, max_age: 180d, warn_before: 42d}
maxima: {per_task: 200, per_day: 5000, submissions_per_hour: 400, in_flight: 60, open_pull_requests: 120, stage_repositories: 50, run: 65m}
free_reach: 3
escalation: {repository: acme/agent-inbox, owner: '@acme/platform'}
tokens: {kinds: [fine_grained_pat], max_age: 90d}
lint: {levels: {unbounded-paths: error}}
";

pub(crate) const CLASS: &str = "\
schema: task-class/v1
name: bump
version: 1
title: Bump one dependency
description: Raise one dependency to a given version.
owners: ['@acme/deps']
risk: low
intent: change
model: {default: gpt-5.3-codex, allowed: [claude-sonnet-4.6]}
repositories:
  allow: ['acme/svc-*']
  deny: ['acme/svc-*-prod']
base_ref: {default: main, allow: [main]}
inputs:
  package: {type: string, pattern: '^[a-z]+$', max_length: 64, description: The crate}
prompt:
  template: |
    Raise {{ inputs.package }} in {{ run.repository }}.
    {% include \"partials/small.md\" %}
examples:
  - {name: one, repository: acme/svc-orders, inputs: {package: serde}}
pull_request: {create: after_validation}
validation:
  paths: {allow: ['src/**'], deny: ['.github/**']}
  max_files: 12
limits:
  timeouts: {queue: 30m, run: 60m, stale: 20m, waiting: 24h, review: 7d, total: 9d}
  submissions: {per_hour: 10, per_day: 20}
budget: {per_task: 40, per_day: 500, per_month: 20000}
escalation:
  on: [failed]
  ladder: [{after: 0m, notify: [issue]}]
  deadline: {after: 24h, do: cancel}
";

pub(crate) const INVENTORY: &str = "\
acme/infra-core
acme/svc-billing
acme/svc-billing-prod
acme/svc-orders
acme/svc-payments
acme/web-shop
";

pub(crate) const TRUST: &str = "\
alice@acme.com namespaces=\"approval@taskclass,revocation@taskclass\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ/N3kOn0ZembC+oyBuDKrlRD03GA5r37ZKyCSp7HRwK
bob@acme.com namespaces=\"approval@taskclass,revocation@taskclass\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ34edjkxW2coMrpw4WxtkU/83tkGQeqDjm6DjbElPs1
";

/// A key that no line of [`TRUST`] has.
pub(crate) const THIRD_KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINob5BsHJDYfM6S8rdPiJoyf91JhrL/DOgYKzTCT0kKu";

pub(crate) fn path(text: &str) -> RegistryPath {
    RegistryPath::new(text).unwrap()
}

/// A class of another name, with a prompt of its own and no partial.
pub(crate) fn other_class(name: &str) -> String {
    CLASS
        .replace("name: bump", &format!("name: {name}"))
        .replace("    {% include \"partials/small.md\" %}\n", "")
        .replace("Raise {{ inputs.package }}", &format!("As {name}: look at {{{{ inputs.package }}}}"))
}

/// The registry: two classes of which one draws in a partial, which draws in another.
pub(crate) fn registry() -> Registry {
    Registry(BTreeMap::new())
        .with("policy.yaml", POLICY)
        .with("inventory.txt", INVENTORY)
        .with("trust/allowed_signers", TRUST)
        .with("task-classes/bump.yaml", CLASS)
        .with("task-classes/look.yaml", &other_class("look"))
        .with("task-classes/prompts/partials/small.md", "Keep it small.\n{% include \"partials/inner.md\" %}\n")
        .with("task-classes/prompts/partials/inner.md", "Ask when stuck.\n")
}

/// Files by their paths.
#[derive(Clone, Debug)]
pub(crate) struct Registry(BTreeMap<String, String>);

impl Registry {
    pub(crate) fn with(mut self, path: &str, text: &str) -> Self {
        self.0.insert(path.to_owned(), text.to_owned());
        self
    }

    pub(crate) fn without(mut self, path: &str) -> Self {
        assert!(self.0.remove(path).is_some(), "there is no {path}");
        self
    }

    /// With `from` replaced by `to` in one file.
    pub(crate) fn edit(mut self, path: &str, from: &str, to: &str) -> Self {
        let text = self.0.get_mut(path).unwrap();
        assert!(text.contains(from), "{path} has no {from:?}");
        *text = text.replace(from, to);
        self
    }

    /// With `from` replaced by `to` in the class that the others are held against.
    pub(crate) fn class(self, from: &str, to: &str) -> Self {
        self.edit("task-classes/bump.yaml", from, to)
    }

    pub(crate) fn policy(self, from: &str, to: &str) -> Self {
        self.edit("policy.yaml", from, to)
    }

    pub(crate) fn files(&self) -> InMemory {
        let with = |files: InMemory, (path_, text): (&String, &String)| files.with(path(path_), text.as_str());
        self.0.iter().fold(InMemory::new(), with)
    }
}

/// What a task would be told, without what only the executor adds.
pub(crate) fn request(class: &TaskClass, example: &Example) -> Result<Rendered, String> {
    let inputs = Inputs::check(&class.written().inputs, &example.inputs).map_err(|errors| format!("{errors:?}"))?;
    let base_ref = class.base_ref(example.base_ref.as_ref()).map_err(|error| error.to_string())?;
    let model = class.model_for(&example.repository, None).map_err(|error| error.to_string())?;
    let run = RunContext {
        repository: example.repository.clone(),
        base_ref,
        class: class.name().clone(),
        version: class.version(),
        stage: None,
    };
    let prompt = class.template().render(&inputs, &run).map_err(|error| format!("{:?}", error.fault))?;
    Ok(Rendered { prompt, rest: format!("{{\n  \"model\": \"{model}\"\n}}") })
}

/// The moment of every review here.
pub(crate) fn now() -> Timestamp {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

pub(crate) fn diff_of(base: &dyn Files, head: &dyn Files, approvals: &dyn Approvals) -> Diff {
    let (base, head) = (Side::read("base".to_owned(), base), Side::read("head".to_owned(), head));
    compare(&asked(&base, &head, approvals)).unwrap()
}

/// One document, as [`compare_document`] gives it.
pub(crate) fn document_of(base: &dyn Files, head: &dyn Files, kind: Kind, name: &str) -> Option<Document> {
    let (base, head) = (Side::read("base".to_owned(), base), Side::read("head".to_owned(), head));
    compare_document(&asked(&base, &head, &Unknown), kind, name).unwrap()
}

pub(crate) fn asked<'a>(base: &'a Side<'a>, head: &'a Side<'a>, approvals: &'a dyn Approvals) -> Asked<'a> {
    Asked { base, head, inventory: None, approvals, request: &request, changed: None, now: now() }
}

pub(crate) fn diff(base: &Registry, head: &Registry) -> Diff {
    diff_of(&base.files(), &head.files(), &Unknown)
}

/// The review with prompts as they are submitted.
pub(crate) fn with_trailers(base: &Registry, head: &Registry) -> Diff {
    let request = |class: &TaskClass, example: &Example| {
        let rendered = request(class, example)?;
        let trailer = taskclass_spec::prompt::trailer(class.name(), class.version(), "KEY");
        Ok(Rendered { prompt: format!("{}\n{trailer}", rendered.prompt), rest: rendered.rest })
    };
    let (base, head) = (base.files(), head.files());
    let (base, head) = (Side::read("base", &base), Side::read("head", &head));
    compare(&Asked { request: &request, ..asked(&base, &head, &Unknown) }).unwrap()
}

/// The review of the registry after an edit.
pub(crate) fn edited(edit: impl FnOnce(Registry) -> Registry) -> Diff {
    diff(&registry(), &edit(registry()))
}

/// The document of this name.
pub(crate) fn named<'d>(diff: &'d Diff, name: &str) -> &'d Document {
    let found = diff.documents.iter().find(|document| document.name == name);
    found.unwrap_or_else(|| panic!("{name} is not in {diff:#?}"))
}

/// Its changes as `effect path`, with the cause where it is not the document itself.
pub(crate) fn changes(document: &Document) -> Vec<(Effect, String)> {
    let said = |cause: &Cause, path: String| match cause {
        Cause::Own => path,
        Cause::Policy => format!("policy: {path}"),
        Cause::File(file) => format!("{file}: {path}"),
    };
    document.changes.iter().map(|change| (change.effect, said(&change.cause, change.path.to_string()))).collect()
}
