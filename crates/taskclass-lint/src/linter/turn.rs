//! One thing's turn: its rules, the suppressions that it brings along, and what is kept of it.

use taskclass_source::{Finding, RegistryPath};
use taskclass_spec::Loaded;
use taskclass_spec::registry::stem;
use taskclass_spec::written::TaskClass;

use super::evidence;
use super::gathered::Gathered;
use super::rule_set::RuleSet;
use crate::context::{ClassContext, ClassPrompt, Document, Partial, RegistryContext, Sections};
use crate::rule::Hold;
use crate::rules;
use crate::scope::Scope;
use crate::suppress::{self, Suppression};

/// The number of what is no class, behind all classes.
const LAST: usize = usize::MAX;

/// All that a turn needs and that turns share.
pub(super) struct Turns<'a> {
    pub(super) rules: &'a RuleSet,
    pub(super) shared: &'a RegistryContext<'a>,
    pub(super) scope: &'a Scope,
}

/// What one turn brings up.
#[derive(Default)]
struct Brought {
    findings: Vec<Finding>,
    suppressions: Vec<Suppression>,
    /// Whether something that rules go by is broken, so that what they do not find may be there all the same.
    doubtful: bool,
}

impl Turns<'_> {
    /// Reads and lints the class at `path`, the `number`th.
    pub(super) fn class(&self, number: usize, path: &RegistryPath, kept: &mut Gathered) {
        let loaded = match Loaded::<TaskClass>::read(self.shared.files, path) {
            Ok(Some(loaded)) => loaded,
            // It was taken away since the folder was listed.
            Ok(None) => return,
            Err(error) => return kept.refuse(number, error),
        };
        kept.classes += 1;
        let document = Document::of(&loaded);
        let mut brought = Brought::default();
        self.document(&document, &mut brought);
        let read;
        let (class, partial) = match &loaded.written {
            Some(written) => (Sections::of(written), None),
            None => {
                read = Partial::read(&document);
                (Sections::of_partial(&read), Some(&read))
            }
        };
        let prompt = ClassPrompt::new(&document, &class, self.shared);
        for source in prompt.texts() {
            suppress::of_template(source, is_known, &mut brought.suppressions);
        }
        brought.doubtful = partial.is_some() || prompt.template().is_none();
        let before = match self.shared.base.as_ref().map(|base| base.class(path)) {
            Some(Ok(before)) => before,
            Some(Err(error)) => {
                kept.refuse_at_base(number, error);
                brought.doubtful = true;
                None
            }
            None => None,
        };
        let context = ClassContext::new(document, stem(path), class, prompt, self.shared, before);
        let mut found = Vec::new();
        self.rules.class(&context, &mut found);
        if let Some(partial) = partial {
            found.retain(|finding| partial.vouches_for(finding));
        }
        brought.findings.append(&mut found);
        brought.findings.retain(|finding| self.scope.covers_drawn_in(path.as_str(), finding.primary.source.path()));
        kept.affected += usize::from(self.close(number, path.as_str(), brought, kept));
    }

    /// Lints the policy; whether there is anything to say about it.
    pub(super) fn policy(&self, document: &Document<'_>, kept: &mut Gathered) -> bool {
        let mut brought = Brought::default();
        self.document(document, &mut brought);
        if let Some(policy) = &self.shared.policy {
            self.rules.policy(policy, &mut brought.findings);
        }
        brought.findings.retain(|finding| self.scope.covers(finding.primary.source.path()));
        self.close(LAST, document.source.path(), brought, kept)
    }

    /// Lints the registry as a whole, and its own files other than classes and policy.
    pub(super) fn registry(&self, kept: &mut Gathered) {
        let mut brought = Brought::default();
        let catalogue = self.shared.surroundings.own_catalogue.as_ref();
        if let Some(own) = catalogue {
            self.document(&Document::of(own), &mut brought);
        }
        self.rules.registry(self.shared, &mut brought.findings);
        brought.findings.retain(|finding| self.scope.covers(finding.primary.source.path()));
        let own = catalogue.map_or("", |own| own.path.as_str());
        self.close(LAST, own, brought, kept);
    }

    /// Reports on the suppressions in files that several classes share, once all their turns are over. Only where `all`
    /// classes had theirs is one known to be unused.
    pub(super) fn shared_suppressions(&self, all: bool, kept: &mut Gathered) {
        let mut suppressions = kept.take_suppressions();
        suppressions.retain(|one| all || one.used || one.flaw.is_some());
        let mut found = Vec::new();
        self.rules.suppressions(&suppressions, &mut found);
        kept.keep(LAST, "", found);
    }

    fn document(&self, document: &Document<'_>, brought: &mut Brought) {
        suppress::of_document(document, is_known, &mut brought.suppressions);
        self.rules.document(document, &mut brought.findings);
    }

    /// Suppresses what is suppressed and keeps the rest; whether there is any about the turn's `own` file or what it draws in.
    fn close(&self, number: usize, own: &str, brought: Brought, kept: &mut Gathered) -> bool {
        let Brought { mut findings, mut suppressions, doubtful } = brought;
        suppressions.retain(|one| self.scope.covers_drawn_in(own, one.place().0));
        // What the turn brought along is all that can speak of it.
        kept.suppressed += suppress::apply(&mut findings, &mut suppressions, is_free);
        let doubtful = doubtful || !evidence::is_sound(self.shared);
        for one in &mut suppressions {
            one.used |= doubtful || !evidence::suffices_for(self.shared, &one.rule);
        }
        let (mut of_own, of_shared): (Vec<_>, Vec<_>) = suppressions.into_iter().partition(|one| one.place().0 == own);
        if !of_own.is_empty() {
            of_own.sort_by(|a, b| a.place().cmp(&b.place()));
            self.rules.suppressions(&of_own, &mut findings);
        }
        of_shared.into_iter().for_each(|one| kept.keep_suppression(one));
        let any = !findings.is_empty();
        kept.keep(number, own, findings);
        any
    }
}

/// Whether there is such a rule.
fn is_known(name: &str) -> bool {
    rules::find(name).is_some()
}

/// Whether a comment can suppress what a rule finds.
fn is_free(name: &str) -> bool {
    rules::find(name).is_some_and(|rule| rule.hold == Hold::Free)
}
