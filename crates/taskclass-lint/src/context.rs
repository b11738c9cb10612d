//! What a rule sees: a document as text and tree, a class section by section, the policy, the whole registry.
//!
//! A rule names a place by its path (`cx.at("repositories.allow[2]")`), never by an offset.

mod approvals;
mod document;
mod known;
mod prompt;
mod registry;
mod sections;

use std::cell::OnceCell;

use taskclass_spec::digest::DocumentDigest;
use taskclass_spec::record::Found;
use taskclass_spec::{Digest, Loaded, ModelId, RepoName, model, written};

use crate::patterns::any;

pub(crate) use approvals::ApprovalIndex;
pub(crate) use document::{At, Document, position};
pub(crate) use known::KnownRepositories;
use prompt::dry_run;
pub(crate) use prompt::{ClassPrompt, DryRun};
pub(crate) use registry::{BaseRegistry, ClassIndex, PolicyContext, RegistryContext};
pub(crate) use sections::{Partial, Sections};

/// One class.
pub(crate) struct ClassContext<'a> {
    pub(crate) document: Document<'a>,
    /// The file's stem, which is what `taskclass run` is given.
    pub(crate) stem: &'a str,
    pub(crate) class: Sections<'a>,
    pub(crate) prompt: ClassPrompt,
    pub(crate) shared: &'a RegistryContext<'a>,
    /// The class of the same name where the change starts from, if there is one and that was given.
    pub(crate) before: Option<Loaded<written::TaskClass>>,
    reach: OnceCell<Option<Vec<&'a RepoName>>>,
    renderings: OnceCell<Vec<Result<String, DryRun>>>,
    digest: OnceCell<Option<DocumentDigest>>,
    approvals: OnceCell<Option<Found<written::ApprovalRecord>>>,
}

impl<'a> ClassContext<'a> {
    pub(crate) fn new(
        document: Document<'a>,
        stem: &'a str,
        class: Sections<'a>,
        prompt: ClassPrompt,
        shared: &'a RegistryContext<'a>,
        before: Option<Loaded<written::TaskClass>>,
    ) -> Self {
        Self {
            document,
            stem,
            class,
            prompt,
            shared,
            before,
            reach: OnceCell::new(),
            renderings: OnceCell::new(),
            digest: OnceCell::new(),
            approvals: OnceCell::new(),
        }
    }

    pub(crate) fn at(&self, path: &str) -> At<'a> {
        self.document.at(path)
    }

    /// The policy, if there is a sound one. Without, nothing is said that would follow from it.
    pub(crate) fn policy(&self) -> Option<&'a PolicyContext<'a>> {
        self.shared.policy.as_ref()
    }

    /// The class's examples, each with its prompt as a run would render it, or why there is none.
    pub(crate) fn rendered(&self) -> impl Iterator<Item = (&'a written::Example, &Result<String, DryRun>)> {
        let examples = self.class.examples.map(Vec::as_slice).unwrap_or_default();
        let all = self.renderings.get_or_init(|| examples.iter().map(|example| dry_run(self, example)).collect());
        examples.iter().zip(all)
    }

    /// The digest that an approval must name; `None` of a class that is too broken to have one.
    pub(crate) fn digest(&self) -> Option<Digest> {
        let taken = || model::digest(self.document.root?, self.prompt.template()?).ok();
        self.digest.get_or_init(taken).as_ref().map(|document| document.digest)
    }

    /// The approvals that are filed under its name; `None` where their folder cannot be listed.
    pub(crate) fn approvals(&self) -> Option<&Found<written::ApprovalRecord>> {
        self.approvals.get_or_init(|| self.shared.approvals.of(self.shared.files, self.stem)).as_ref()
    }

    /// Whether the policy allows a model at all, or there is none to ask.
    pub(crate) fn policy_allows(&self, model: &ModelId) -> bool {
        self.policy().is_none_or(|policy| policy.policy.models.allow.contains(model))
    }

    /// Whether the class may run on `repository`: it allows it, and neither it nor the policy denies it.
    pub(crate) fn reaches(&self, repository: &RepoName) -> bool {
        let own = |own: &written::Repositories| any(&own.allow, repository) && !any(&own.deny, repository);
        self.class.repositories.is_some_and(own)
            && !self.policy().is_some_and(|policy| any(&policy.policy.repositories.deny, repository))
    }

    /// The repositories of the inventory that the class reaches; `None` without an inventory or with a broken section.
    pub(crate) fn reach(&self) -> Option<&[&'a RepoName]> {
        let found = || {
            let own = self.class.repositories?;
            Some(self.shared.known.as_ref()?.reached(own))
        };
        self.reach.get_or_init(found).as_deref()
    }
}
