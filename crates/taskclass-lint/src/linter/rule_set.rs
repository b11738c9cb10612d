//! The rules that are not off in a run, each with what it weighs, by what they look at.

use taskclass_source::{Finding, Level};
use taskclass_spec::written::Policy;

use crate::context::{ClassContext, Document, PolicyContext, RegistryContext};
use crate::rule::{Check, Rule, Sink};
use crate::rules::catalogue;
use crate::suppress::Suppression;

/// A check of a rule and what its findings weigh.
struct Active<F> {
    rule: &'static Rule,
    level: Level,
    check: F,
}

/// The checks of one kind, in the order of the catalogue.
type Checks<F> = Vec<Active<F>>;

/// The rules of a run.
#[derive(Default)]
pub(super) struct RuleSet {
    document: Checks<fn(&Document<'_>, &mut Sink<'_>)>,
    class: Checks<fn(&ClassContext<'_>, &mut Sink<'_>)>,
    policy: Checks<fn(&PolicyContext<'_>, &mut Sink<'_>)>,
    registry: Checks<fn(&RegistryContext<'_>, &mut Sink<'_>)>,
    suppressions: Checks<fn(&[Suppression], &mut Sink<'_>)>,
}

impl RuleSet {
    /// The rules at their own levels, changed as far as `policy` may.
    pub(super) fn under(policy: Option<&Policy>) -> Self {
        let said = policy.and_then(|policy| policy.lint.as_ref()).map(|lint| &lint.levels);
        let mut set = Self::default();
        for rule in catalogue().iter().copied() {
            let Some(level) = rule.level_under(said.and_then(|said| said.get(rule.name).copied())) else { continue };
            for check in rule.checks {
                match *check {
                    Check::Document(check) => set.document.push(Active { rule, level, check }),
                    Check::Class(check) => set.class.push(Active { rule, level, check }),
                    Check::Policy(check) => set.policy.push(Active { rule, level, check }),
                    Check::Registry(check) => set.registry.push(Active { rule, level, check }),
                    Check::Suppressions(check) => set.suppressions.push(Active { rule, level, check }),
                }
            }
        }
        set
    }

    pub(super) fn document(&self, document: &Document<'_>, found: &mut Vec<Finding>) {
        run(&self.document, found, |check, sink| check(document, sink));
    }

    pub(super) fn class(&self, class: &ClassContext<'_>, found: &mut Vec<Finding>) {
        run(&self.class, found, |check, sink| check(class, sink));
    }

    pub(super) fn policy(&self, policy: &PolicyContext<'_>, found: &mut Vec<Finding>) {
        run(&self.policy, found, |check, sink| check(policy, sink));
    }

    pub(super) fn registry(&self, registry: &RegistryContext<'_>, found: &mut Vec<Finding>) {
        run(&self.registry, found, |check, sink| check(registry, sink));
    }

    pub(super) fn suppressions(&self, suppressions: &[Suppression], found: &mut Vec<Finding>) {
        run(&self.suppressions, found, |check, sink| check(suppressions, sink));
    }
}

fn run<F>(checks: &[Active<F>], found: &mut Vec<Finding>, call: impl Fn(&F, &mut Sink<'_>)) {
    for Active { rule, level, check } in checks {
        call(check, &mut Sink::new(rule, *level, found));
    }
}
