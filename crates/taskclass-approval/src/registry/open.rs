//! Opening a registry at a commit: everything that must hold before any document is looked at.

use jiff::Timestamp;
use taskclass_source::files::{Files, ReadError, RegistryPath};
use taskclass_spec::{
    Loaded, SchemaKind, record,
    registry::paths,
    signers::{AllowedSigners, Namespace},
    written::{Policy, RevocationRecord},
};

use super::{ApprovedRegistry, Grounds, OpenError, policy_rules};
use crate::{
    at_commit::AtCommit,
    decide::RecordFile,
    git::{CommitId, Repository},
    records,
    sshsig::SshSignature,
    trust::Pin,
};

/// What is opened, and what it is held against.
#[derive(Debug, Clone)]
pub struct Opening<'a> {
    /// Where.
    pub repository: &'a Repository,
    /// Which commit: [`Repository::latest`] of the configured ref for a run.
    pub commit: CommitId,
    /// What the trust file must be.
    pub pin: Pin,
    /// The commit that was accepted last, if any. The new one must descend from it.
    pub last_accepted: Option<CommitId>,
    /// Now.
    pub now: Timestamp,
}

impl<'a> Opening<'a> {
    /// Opens it.
    ///
    /// # Errors
    /// Where history was rewritten, a revocation was taken away, nobody is trusted, or there is no policy to judge by.
    pub fn open(self) -> Result<ApprovedRegistry<'a>, OpenError> {
        let Self { repository, commit, pin, last_accepted, now } = self;
        if let Some(last) = &last_accepted
            && !repository.is_ancestor(last, &commit)?
        {
            return Err(OpenError::Rewritten { last: last.clone(), found: commit });
        }
        let grounds = Grounds::open(repository, commit, pin, now)?;
        let before = match last_accepted {
            Some(last) if last != *grounds.commit() => Some(AtCommit::new(repository, last)?),
            _ => None,
        };
        if let Some(before) = &before {
            check_revocations_kept(before, grounds.files(), grounds.signers())?;
        }
        let filed = grounds.filed_policy().map_err(OpenError::of_policy)?;
        let policy_authors = match grounds.authors(std::slice::from_ref(&filed.sources)) {
            Ok(authors) => authors,
            Err(error) if filed.is_signed() => return Err(OpenError::of_policy(error)),
            Err(_) => Vec::new(),
        };
        let quorum_before = before.as_ref().map(quorum_of).transpose()?.flatten();
        let rules = policy_rules(grounds.policy(), quorum_before);
        let policy_decision = grounds.decide_under(&filed, &policy_authors, rules);
        Ok(ApprovedRegistry { grounds, policy_decision, policy_authors })
    }
}

/// The approvals filed under a name.
pub(super) fn approvals(files: &AtCommit<'_>, name: &str) -> Result<Vec<RecordFile>, ReadError> {
    let folder = paths::at(paths::APPROVALS)
        .join(name)
        .map_err(|error| ReadError::Other { path: paths::at(paths::APPROVALS), reason: error.to_string() })?;
    records::below(files, &folder)
}

/// How many people the policy of an earlier commit asked for. One that this program can no longer read asks for none:
/// it was accepted once, and must not lock everybody out for good.
fn quorum_of(before: &AtCommit<'_>) -> Result<Option<u32>, OpenError> {
    let path = paths::at(paths::POLICY);
    let Some(bytes) = before.read(&path)? else { return Ok(None) };
    let policy = Loaded::<Policy>::parse(SchemaKind::Policy, &path, bytes).written;
    Ok(policy.map(|policy| policy.approvals.quorum.high))
}

/// Whoever can write to the registry could undo a revocation by deleting it. One that holds must stay as it is.
fn check_revocations_kept(
    before: &AtCommit<'_>,
    now: &AtCommit<'_>,
    signers: &AllowedSigners,
) -> Result<(), OpenError> {
    for file in records::below(before, &paths::at(paths::REVOCATIONS))? {
        let (Ok(Some(bytes)), Ok(Some(signature))) = (&file.record, &file.signature) else { continue };
        let kept = |path: &str, old: &[u8]| -> Result<bool, OpenError> {
            let path = RegistryPath::new(path)?;
            Ok(now.read(&path)?.as_deref() == Some(old))
        };
        if kept(&file.path, bytes)? && kept(&format!("{}.sig", file.path), signature)? {
            continue;
        }
        if holds(bytes, signature, signers) {
            return Err(OpenError::RevocationGone { file: file.path, last: before.commit().clone() });
        }
    }
    Ok(())
}

/// Whether a revocation is signed by somebody who is trusted now.
fn holds(bytes: &[u8], signature: &[u8], signers: &AllowedSigners) -> bool {
    let namespace = Namespace::Revocation;
    let Ok(signature) = SshSignature::parse(signature) else { return false };
    record::parse::<RevocationRecord>(bytes).is_ok()
        && signature.verify(namespace, bytes).is_ok()
        && signers.by_key(signature.key()).is_some_and(|signer| signer.namespaces().contains(&namespace))
}
