//! Why a registry cannot be opened, and why a class cannot be run from it.

use std::sync::Arc;

use taskclass_source::{
    Finding,
    files::{ReadError, RegistryPath, RegistryPathError},
};
use taskclass_spec::{ClassName, Digest, digest::DigestError};

use crate::{
    decide::Shortfall,
    git::{CommitId, GitError},
    trust::TrustError,
};

/// Why nothing of the registry can be judged at this commit.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Git could not answer.
    #[error(transparent)]
    Git(#[from] GitError),
    /// A file or folder cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A name that no registry can have.
    #[error(transparent)]
    Path(#[from] RegistryPathError),
    /// Nobody is trusted.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The commit does not descend from the last accepted one.
    #[error(
        "commit {found} does not descend from {last}, which was accepted last: the registry's history was rewritten, or \
         an older state is offered again; restore the branch"
    )]
    Rewritten {
        /// The last accepted commit.
        last: CommitId,
        /// The one offered.
        found: CommitId,
    },
    /// A revocation that holds is gone.
    #[error(
        "{file} was there at {last}, which was accepted last, and is gone or changed: deleting a revocation does not undo \
         it; restore the file, and approve a new version instead"
    )]
    RevocationGone {
        /// Which.
        file: String,
        /// The last accepted commit.
        last: CommitId,
    },
    /// The policy's approvals cannot be read, or who changed it last cannot be found out.
    #[error(transparent)]
    PolicyApprovals(Box<NotApproved>),
    /// No `policy.yaml`.
    #[error("policy.yaml is missing at this commit; without it nothing is approved")]
    NoPolicy,
    /// `policy.yaml` does not say what a policy says.
    #[error("policy.yaml is not valid: {}", messages(.0))]
    Policy(Vec<Finding>),
    /// `policy.yaml` has no digest.
    #[error("policy.yaml has no digest: {0}")]
    Digest(#[from] DigestError),
}

impl OpenError {
    pub(super) fn of_policy(error: NotApproved) -> Self {
        match error {
            NotApproved::Unreadable(error) => Self::Read(error),
            other => Self::PolicyApprovals(Box::new(other)),
        }
    }

    /// Whether git could not answer: nothing is known of the registry then, not that something is refused.
    pub fn is_of_git(&self) -> bool {
        match self {
            Self::Git(_) => true,
            Self::PolicyApprovals(error) => matches!(**error, NotApproved::History(_)),
            _ => false,
        }
    }
}

/// Why a class cannot be run.
#[derive(Debug, Clone, thiserror::Error)]
pub enum NotApproved {
    /// The trust file is held by no pin.
    #[error(
        "trust/allowed_signers is not pinned: a run needs registry.allowed_signers in the executor's configuration, outside \
         the registry; if you trust the file as it is now, set it to \"{0}\""
    )]
    Unpinned(Digest),
    /// No such class at this commit.
    #[error("there is no class `{name}` at commit {commit}{}", list(.known))]
    NoSuchClass {
        /// As asked for.
        name: ClassName,
        /// Where.
        commit: CommitId,
        /// Those that there are.
        known: Vec<String>,
    },
    /// The class or its approvals cannot be read.
    #[error(transparent)]
    Unreadable(ReadError),
    /// A file that the class draws in bears a name that no registry can have.
    #[error(transparent)]
    Path(RegistryPathError),
    /// The class does not pass its checks.
    #[error("{path} is not valid: {}", messages(.findings))]
    Invalid {
        /// The class's file.
        path: RegistryPath,
        /// Everything that is wrong with it.
        findings: Vec<Finding>,
    },
    /// Who changed it last cannot be found out.
    #[error("the last author of the content cannot be found out: {0}")]
    History(Arc<GitError>),
    /// The policy is not approved, so nothing under it is.
    #[error("nothing can run under a policy that is not approved\n{0}")]
    Policy(Box<Shortfall>),
    /// The class is not approved.
    #[error("{0}")]
    Class(Box<Shortfall>),
}

fn messages(findings: &[Finding]) -> String {
    findings.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>().join("; ")
}

fn list(names: &[String]) -> String {
    match names {
        [] => "; it has no classes".to_owned(),
        names => format!("; there are: {}", names.join(", ")),
    }
}
