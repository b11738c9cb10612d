//! How the program ends: the documented exit codes, and a failure with its way out.

use std::{fmt, process::ExitCode};

use taskclass_source::{Finding, Safety};

/// How the program ends. The numbers are part of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Fine = 0,
    /// Findings: lint errors, a rejected verdict, a log that does not verify.
    Findings = 1,
    /// Wrong usage, or a file that cannot be read or written.
    Usage = 2,
    /// Refused: not approved, or against class or policy.
    Refused = 3,
    /// Needs a person: unresolved, waiting, inconclusive.
    NeedsPerson = 4,
    /// GitHub failed or could not be reached.
    Github = 5,
    /// Interrupted; state kept.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command could not do what it was asked, and what to do about it.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) message: String,
    /// Each reason on a line of its own.
    pub(crate) reasons: Vec<String>,
    /// What to do next.
    pub(crate) help: Vec<String>,
    /// Findings in files, shown as the linter shows them.
    pub(crate) findings: Vec<Finding>,
}

impl Failure {
    pub(crate) fn new(exit: Exit, message: impl fmt::Display) -> Self {
        Self { exit, message: message.to_string(), reasons: Vec::new(), help: Vec::new(), findings: Vec::new() }
    }

    /// Wrong usage, or a file that cannot be read or written.
    pub(crate) fn usage(message: impl fmt::Display) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Not approved, or against class or policy.
    pub(crate) fn refused(message: impl fmt::Display) -> Self {
        Self::new(Exit::Refused, message)
    }

    pub(crate) fn reason(mut self, reason: impl fmt::Display) -> Self {
        self.reasons.push(reason.to_string());
        self
    }

    pub(crate) fn help(mut self, help: impl fmt::Display) -> Self {
        self.help.push(help.to_string());
        self
    }

    /// Findings in the registry's files, and the way to all of them.
    pub(crate) fn findings(self, findings: Vec<Finding>) -> Self {
        let safe = |finding: &Finding| finding.fix.as_ref().is_some_and(|fix| fix.safety == Safety::Safe);
        let next = match findings.iter().any(safe) {
            true => "`taskclass lint` shows all there is; `taskclass lint --fix` corrects what it safely can",
            false => "`taskclass lint` shows all there is to say",
        };
        self.findings_elsewhere(findings).help(next)
    }

    /// Findings in a file that the linter does not look at. Only `lint` writes fixes: here they are what to write.
    pub(crate) fn findings_elsewhere(mut self, mut findings: Vec<Finding>) -> Self {
        for finding in &mut findings {
            finding.help.extend(finding.fix.take().map(|fix| fix.title));
        }
        self.findings = findings;
        self
    }
}

/// What commands return.
pub(crate) type Outcome = Result<Exit, Failure>;
