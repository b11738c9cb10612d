//! A task class as the rest of the workspace works with it: checked, its prompt compiled, the policy applied.
//!
//! The written class is still there, field for field; every question whose answer the policy can tighten is a method
//! here, so that nobody reads a class's own number where the policy's counts.

mod ceilings;
mod models;
mod reach;

use std::{collections::BTreeMap, sync::Arc};

use taskclass_source::{Files, Finding, Label, Node, Path, path::Segment};

pub use self::{
    ceilings::Ceilings,
    models::ModelRefused,
    reach::{OutOfReach, RefRefused},
};
use crate::{
    Caller, ClassName, Loaded, Owner,
    digest::{DigestError, DocumentDigest},
    inputs::check_declarations,
    paths,
    prompt::{Partials, PromptSource, Template},
    written,
};

/// A checked class under its policy. Cheap to clone.
#[derive(Debug, Clone)]
pub struct TaskClass {
    written: Arc<written::TaskClass>,
    policy: Arc<written::Policy>,
    template: Template,
    digest: Arc<DocumentDigest>,
}

impl TaskClass {
    /// Checks a loaded class, compiles its prompt with the files that it draws in, and takes its digest.
    ///
    /// # Errors
    /// Everything that keeps the class from being run, each with its place.
    pub fn build(
        loaded: &Loaded<written::TaskClass>,
        policy: &Arc<written::Policy>,
        files: &dyn Files,
    ) -> Result<Self, Vec<Finding>> {
        Self::build_sharing(loaded, policy, files, &Partials::new())
    }

    /// The same for one of many classes over the same `files`: what `partials` holds is not read and compiled again.
    ///
    /// # Errors
    /// As [`TaskClass::build`].
    pub fn build_sharing(
        loaded: &Loaded<written::TaskClass>,
        policy: &Arc<written::Policy>,
        files: &dyn Files,
        partials: &Partials,
    ) -> Result<Self, Vec<Finding>> {
        let written = loaded.checked()?;
        let root = loaded.root.as_ref().ok_or_else(|| loaded.findings())?;
        let template = compile_sharing(loaded, files, partials)?;
        let digest = digest(root, &template).map_err(|error| {
            vec![Finding::error("float-value", error.to_string(), Label::mark(&loaded.source, root.span))]
        })?;
        let class =
            Self { written: Arc::new(written.clone()), policy: Arc::clone(policy), template, digest: Arc::new(digest) };
        match class.contradictions(loaded) {
            none if none.is_empty() => Ok(class),
            some => Err(some),
        }
    }

    /// What no schema can say and no run can do without.
    fn contradictions(&self, loaded: &Loaded<written::TaskClass>) -> Vec<Finding> {
        let at = |path: &str, rule: &'static str, message: String| {
            let path: Path = path.parse().unwrap_or_default();
            let span = loaded.root.as_ref().map_or(loaded.source.whole(), |root| root.locate(&path).value_span);
            Finding::error(rule, message, Label::mark(&loaded.source, span))
        };
        let mut found: Vec<Finding> = check_declarations(&self.written.inputs)
            .into_iter()
            .map(|problem| {
                let input = [Segment::Key("inputs".into()), Segment::Key(problem.input.as_str().into())];
                let path: Path = input.into_iter().chain(problem.path.segments().iter().cloned()).collect();
                at(&path.to_string(), "invalid-value", problem.to_string())
            })
            .collect();
        let stem = crate::registry::stem(&loaded.path);
        if stem != self.name().as_str() {
            found.push(at("name", "name-mismatch", format!("the class is named `{}`, its file `{stem}`", self.name())));
        }
        let base_ref = &self.written.base_ref;
        if !base_ref.allow.iter().any(|pattern| pattern.matches(base_ref.default.as_str())) {
            let message = format!("`{}` is the default, and `base_ref.allow` does not allow it", base_ref.default);
            found.push(at("base_ref.default", "default-not-allowed", message));
        }
        let explores = self.written.intent == written::Intent::Explore;
        if explores && self.written.pull_request.create != written::CreatePullRequest::Never {
            let message = "a class that only explores opens no pull request".to_owned();
            found.push(at("pull_request.create", "exploratory-pull-request", message));
        }
        found
    }

    /// The class's name.
    pub fn name(&self) -> &ClassName {
        &self.written.name
    }

    /// The class's version.
    pub fn version(&self) -> u32 {
        self.written.version
    }

    /// The class as written. What the policy can tighten is asked of `self` instead.
    pub fn written(&self) -> &written::TaskClass {
        &self.written
    }

    /// The policy that it stands under.
    pub fn policy(&self) -> &Arc<written::Policy> {
        &self.policy
    }

    /// Its compiled prompt.
    pub fn template(&self) -> &Template {
        &self.template
    }

    /// Its digest and what went into it.
    pub fn digest(&self) -> &DocumentDigest {
        &self.digest
    }

    /// Who may run it: its callers, or its owners if it names none.
    pub fn callers(&self) -> Vec<Caller> {
        match &self.written.callers {
            Some(callers) => callers.allow.clone(),
            None => self.written.owners.iter().map(Owner::as_caller).collect(),
        }
    }

    /// The stage that a single run counts as: the first of the rollout, if there is one.
    pub fn single_run_stage(&self) -> Option<&written::Stage> {
        self.written.rollout.as_ref().and_then(|rollout| rollout.stages.first())
    }

    /// What a single run does about a pull request: the first stage can only take it away.
    pub fn single_run_pull_request(&self) -> written::CreatePullRequest {
        match self.single_run_stage().and_then(|stage| stage.pull_request) {
            Some(written::CreatePullRequest::Never) => written::CreatePullRequest::Never,
            _ => self.written.pull_request.create,
        }
    }
}

/// The digest of a class: of its document and of the files that its prompt draws in.
///
/// # Errors
/// Where the document has no canonical form.
pub fn digest(root: &Node, template: &Template) -> Result<DocumentDigest, DigestError> {
    let drawn_in: BTreeMap<String, crate::Digest> =
        template.files().map(|file| (file.path().to_owned(), crate::Digest::of(file.text().as_bytes()))).collect();
    DocumentDigest::of(&root.to_json(), drawn_in)
}

/// Compiles a class's prompt template.
///
/// # Errors
/// Every problem of the template and of the files it draws in, each with its place.
pub fn compile(loaded: &Loaded<written::TaskClass>, files: &dyn Files) -> Result<Template, Vec<Finding>> {
    compile_sharing(loaded, files, &Partials::new())
}

fn compile_sharing(
    loaded: &Loaded<written::TaskClass>,
    files: &dyn Files,
    partials: &Partials,
) -> Result<Template, Vec<Finding>> {
    let written = loaded.checked()?;
    let root = loaded.root.as_ref().ok_or_else(|| loaded.findings())?;
    let place = |path: &str| path.parse().ok().and_then(|path: Path| root.at(&path)).map(|found| found.value);
    let source = match (&written.prompt.file, place("prompt.template"), place("prompt.file")) {
        (Some(file), _, Some(node)) => {
            let unreadable = |reason: String| {
                let message = format!("the prompt's file cannot be read: {reason}");
                vec![Finding::error("missing-prompt-file", message, Label::mark(&loaded.source, node.span))]
            };
            let path = paths::at(paths::CLASSES).join(file).map_err(|error| unreadable(error.to_string()))?;
            PromptSource::file(&path, files).map_err(|fault| unreadable(fault.to_string()))?
        }
        (None, Some(node), _) => PromptSource::inline(&loaded.source, node),
        _ => return Err(loaded.findings()),
    };
    Template::compile_sharing(&source, &written.inputs, files, partials)
        .map_err(|problems| problems.iter().map(|problem| problem.to_finding()).collect())
}
