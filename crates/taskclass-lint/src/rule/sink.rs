//! Where a rule puts what it finds.

use taskclass_source::{Finding, Label, Level};

use super::Rule;

/// Takes the findings of one rule. The level is the engine's business: a rule says what is wrong, not how much it weighs.
pub(crate) struct Sink<'a> {
    rule: &'static Rule,
    level: Level,
    out: &'a mut Vec<Finding>,
}

impl<'a> Sink<'a> {
    pub(crate) fn new(rule: &'static Rule, level: Level, out: &'a mut Vec<Finding>) -> Self {
        Self { rule, level, out }
    }

    /// The rule whose findings these are.
    pub(crate) fn rule(&self) -> &'static Rule {
        self.rule
    }

    /// Reports `message` at `primary`; `more` adds what else the reader must know.
    pub(crate) fn report(&mut self, primary: Label, message: impl Into<String>, more: impl FnOnce(Finding) -> Finding) {
        self.out.push(more(Finding::new(self.rule.name, self.level, message, primary)));
    }

    /// Takes over a finding that a lower layer worded, under this rule and its level.
    pub(crate) fn adopt(&mut self, mut finding: Finding) {
        finding.rule = self.rule.name.into();
        finding.level = self.level;
        self.out.push(finding);
    }
}
