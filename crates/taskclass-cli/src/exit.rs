//! How the program ends: the documented exit codes, and a failure with its way out.

use std::{fmt, process::ExitCode};

use taskclass_source::Finding;

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

    pub(crate) fn findings(mut self, findings: Vec<Finding>) -> Self {
        self.findings = findings;
        self
    }
}

/// What commands return.
pub(crate) type Outcome = Result<Exit, Failure>;
