//! What a run of the linter says, as data; the formats are made from it.

use taskclass_source::{Finding, Level, Safety};

use crate::fix;

/// From which level on a run fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FailOn {
    /// Errors fail.
    #[default]
    Error,
    /// Warnings fail too.
    Warning,
}

/// How much was looked at, or had something to say about it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Checked {
    /// Task classes.
    pub classes: usize,
    /// Policies: one, or none where the file is missing.
    pub policies: usize,
}

/// How many findings there are of each level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Counts {
    /// Findings at level error.
    pub errors: usize,
    /// Findings at level warning.
    pub warnings: usize,
    /// Findings at level note.
    pub notes: usize,
}

/// All that a run found, in a stable order: by file, place and rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What was found.
    pub findings: Vec<Finding>,
    /// How much was looked at.
    pub checked: Checked,
    /// How much of it a finding tells of. A finding in a prompt file or in the policy counts for the class whose check
    /// brought it up.
    pub affected: Checked,
    /// How many findings were suppressed by a comment with a reason.
    pub suppressed: usize,
    /// How many files exist and could not be read. What follows from them is not known, so the run as a whole says less
    /// than it should.
    pub unreadable: usize,
}

impl Report {
    /// How many findings there are of each level.
    pub fn counts(&self) -> Counts {
        let of = |level| self.findings.iter().filter(|finding| finding.level == level).count();
        Counts { errors: of(Level::Error), warnings: of(Level::Warning), notes: of(Level::Note) }
    }

    /// How many findings `--fix` can remove.
    pub fn fixable(&self) -> usize {
        fix::fixable(&self.findings, Safety::Safe)
    }

    /// Whether the run fails.
    pub fn fails(&self, on: FailOn) -> bool {
        let counts = self.counts();
        counts.errors > 0 || (on == FailOn::Warning && counts.warnings > 0)
    }

    /// The line that closes a run: `3 errors, 1 warning in 2 of 5 classes; 2 can be fixed with --fix`, or
    /// `5 classes, 1 policy: nothing to report`.
    pub fn summary(&self) -> String {
        if self.findings.is_empty() {
            let looked_at = [(self.checked.classes, "class", "classes"), (self.checked.policies, "policy", "policies")];
            let looked_at: Vec<_> = looked_at
                .iter()
                .filter(|(count, ..)| *count > 0)
                .map(|(count, one, many)| number(*count, one, many))
                .collect();
            return match looked_at.is_empty() {
                true => "nothing to report".to_owned(),
                false => format!("{}: nothing to report", looked_at.join(", ")),
            };
        }
        let counts = self.counts();
        let levels = [
            (counts.errors, "error", "errors"),
            (counts.warnings, "warning", "warnings"),
            (counts.notes, "note", "notes"),
        ];
        let found: Vec<_> = levels
            .iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, many)| number(*count, one, many))
            .collect();
        let classes = format!("{} of {}", self.affected.classes, number(self.checked.classes, "class", "classes"));
        let place = match (self.affected.classes, self.affected.policies) {
            (0, 0) => " in the registry".to_owned(),
            (0, _) => " in the policy".to_owned(),
            (_, 0) => format!(" in {classes}"),
            _ => format!(" in {classes} and the policy"),
        };
        let fixes = match self.fixable() {
            0 => String::new(),
            count => format!("; {count} can be fixed with --fix"),
        };
        format!("{}{place}{fixes}", found.join(", "))
    }
}

/// `1 class`, `2 classes`.
pub(crate) fn number(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
