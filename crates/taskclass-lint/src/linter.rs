//! The run: surroundings, then each class in its turn, then the registry as a whole; suppressions; order.
//!
//! No class outlives its turn, so that memory grows with what is found and not with what is read. Classes are read and
//! linted on several threads; what a run says depends neither on how many there are nor on who comes first.

mod evidence;
mod gathered;
mod rule_set;
mod turn;

use std::num::NonZeroUsize;

use jiff::civil::Date;
use taskclass_source::{Files, ReadError, crowd, finding};
use taskclass_spec::Inventory;
use taskclass_spec::prompt::Partials;
use taskclass_spec::registry::{Surroundings, class_paths};

use crate::context::{
    ApprovalIndex, BaseRegistry, ClassIndex, Document, KnownRepositories, PolicyContext, RegistryContext,
};
use crate::executor_facts::ExecutorFacts;
use crate::report::{Checked, Report};
use crate::scope::Scope;
use gathered::Gathered;
use rule_set::RuleSet;
use turn::Turns;

/// The linter, ready to run.
#[derive(Clone)]
pub struct Linter<'a> {
    today: Date,
    threads: NonZeroUsize,
    base: Option<(&'a dyn Files, String)>,
    inventory: Option<Inventory>,
    executor: Option<ExecutorFacts>,
}

impl<'a> Linter<'a> {
    /// A linter for the day `today`, which decides what has expired. It works on one thread, with what the registry itself
    /// says.
    pub fn new(today: Date) -> Self {
        Self { today, threads: NonZeroUsize::MIN, base: None, inventory: None, executor: None }
    }

    /// Compares with the registry as it is in `base`: the state that a change starts from. `revision` is what people call it;
    /// its files are shown as `PATH@REVISION`.
    #[must_use]
    pub fn with_base(self, base: &'a dyn Files, revision: impl Into<String>) -> Self {
        Self { base: Some((base, revision.into())), ..self }
    }

    /// Takes `inventory` in the place of the registry's own.
    #[must_use]
    pub fn with_inventory(self, inventory: Inventory) -> Self {
        Self { inventory: Some(inventory), ..self }
    }

    /// Takes into account what an executor knows.
    #[must_use]
    pub fn with_executor(self, facts: ExecutorFacts) -> Self {
        Self { executor: Some(facts), ..self }
    }

    /// Lets that many threads share the work. The report does not depend on it.
    #[must_use]
    pub fn with_threads(self, threads: NonZeroUsize) -> Self {
        Self { threads, ..self }
    }

    /// Lints the registry in `files`, as far as `scope` reaches. Levels come from the registry's policy.
    ///
    /// # Errors
    /// If the folder of the classes cannot be listed. What cannot be read otherwise is part of the report.
    pub fn lint(&self, files: &dyn Files, scope: &Scope) -> Result<Report, ReadError> {
        let classes = class_paths(files)?;
        let mut surroundings = Surroundings::load(files);
        if let Some(own) = &self.inventory {
            surroundings.inventory = Some(Ok(own.clone()));
        }
        let policy = PolicyContext::of(&surroundings, files, self.today);
        let written = policy.as_ref().map(|policy| policy.policy);
        let known = surroundings.inventory().map(|inventory| KnownRepositories::new(inventory, written));
        let rules = RuleSet::under(written);
        let mut unreadable = surroundings.unreadable.clone();
        let approvals = match scope {
            Scope::All => ApprovalIndex::of_all(files).unwrap_or_else(|error| {
                unreadable.push(error);
                ApprovalIndex::OneByOne
            }),
            Scope::Paths(_) | Scope::File(_) => ApprovalIndex::OneByOne,
        };
        let mut shared = RegistryContext {
            surroundings: &surroundings,
            files,
            scope,
            partials: Partials::new(),
            policy,
            today: self.today,
            known,
            classes: ClassIndex::new(&classes),
            approvals,
            base: self.base.as_ref().map(|(files, revision)| BaseRegistry::new(*files, revision)),
            executor: self.executor.as_ref(),
            unreadable,
            unreadable_at_base: Vec::new(),
        };
        let taken: Vec<usize> = (0..classes.len()).filter(|at| scope.takes_in(&classes[*at])).collect();

        let turns = Turns { rules: &rules, shared: &shared, scope };
        let shares = crowd::share(self.threads, taken.len(), |at, kept: &mut Gathered| {
            turns.class(taken[at], &classes[taken[at]], kept);
        });
        let mut all = Gathered::merge(shares);
        let policy = surroundings.policy.as_ref().filter(|loaded| scope.covers(loaded.path.as_str()));
        let policy_told = policy.is_some_and(|loaded| turns.policy(&Document::of(loaded), &mut all));
        shared.unreadable.append(&mut all.unreadable);
        shared.unreadable_at_base.append(&mut all.unreadable_at_base);
        let turns = Turns { rules: &rules, shared: &shared, scope };
        turns.registry(&mut all);
        turns.shared_suppressions(taken.len() == classes.len(), &mut all);

        let mut findings = all.take_findings();
        finding::sort(&mut findings);
        findings.dedup_by(|later, first| later.sort_key() == first.sort_key());
        Ok(Report {
            findings,
            checked: Checked { classes: all.classes, policies: policy.iter().len() },
            affected: Checked { classes: all.affected, policies: usize::from(policy_told) },
            suppressed: all.suppressed,
            unreadable: shared.unreadable.len() + shared.unreadable_at_base.len(),
        })
    }
}
