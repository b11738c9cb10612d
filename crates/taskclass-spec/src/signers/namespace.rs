//! What a signature is for. A signature made for one purpose is worth nothing for another.

use std::fmt;

/// The namespace of an SSHSIG signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Namespace {
    /// `approval@taskclass`: over an approval record.
    Approval,
    /// `revocation@taskclass`: over a revocation record.
    Revocation,
    /// `audit@taskclass`: over a checkpoint of the audit log.
    Audit,
}

impl Namespace {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Approval, Self::Revocation, Self::Audit];

    /// The text, as in `ssh-keygen -n` and in `namespaces="…"`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Approval => "approval@taskclass",
            Self::Revocation => "revocation@taskclass",
            Self::Audit => "audit@taskclass",
        }
    }

    /// The namespace of this exact text.
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|namespace| namespace.as_str() == text)
    }
}

impl fmt::Display for Namespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
