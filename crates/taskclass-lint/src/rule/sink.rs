//! Where a rule puts what it finds.

use taskclass_source::{Finding, Label, Level};

use super::Rule;

/// The most findings of one rule about one thing that are kept.
const MAX_OF_A_KIND: usize = 200;

/// Takes the findings of one rule. The level is the engine's business: a rule says what is wrong, not how much it weighs.
pub(crate) struct Sink<'a> {
    rule: &'static Rule,
    level: Level,
    out: &'a mut Vec<Finding>,
    count: usize,
}

impl<'a> Sink<'a> {
    pub(crate) fn new(rule: &'static Rule, level: Level, out: &'a mut Vec<Finding>) -> Self {
        Self { rule, level, out, count: 0 }
    }

    /// The rule whose findings these are.
    pub(crate) fn rule(&self) -> &'static Rule {
        self.rule
    }

    /// Reports `message` at `primary`; `more` adds what else the reader must know.
    pub(crate) fn report(&mut self, primary: Label, message: impl Into<String>, more: impl FnOnce(Finding) -> Finding) {
        if self.has_room() {
            self.out.push(more(Finding::new(self.rule.name, self.level, message, primary)));
        }
    }

    /// Takes over a finding that a lower layer worded, under this rule and its level.
    pub(crate) fn adopt(&mut self, mut finding: Finding) {
        if self.has_room() {
            finding.rule = self.rule.name.into();
            finding.level = self.level;
            self.out.push(finding);
        }
    }

    /// Whether one more is kept. The last that was says that there are more.
    fn has_room(&mut self) -> bool {
        self.count += 1;
        if self.count == MAX_OF_A_KIND + 1
            && let Some(last) = self.out.last_mut()
        {
            last.notes.push(format!("there are more of this kind; only the first {MAX_OF_A_KIND} are listed"));
        }
        self.count <= MAX_OF_A_KIND
    }
}
