//! How documents will stand once the records that lie in a work tree are committed. Only the commit counts until then: this
//! is for who looks, never for a run.

use taskclass_source::files::{Files, ReadError};
use taskclass_spec::{
    record,
    registry::paths,
    written::{RevocationRecord, Revoked},
};

use super::{ApprovedRegistry, DocumentState, open};
use crate::{
    decide::{self, Candidate, Case, Decision, RecordFile, Rules, Trusted},
    records,
};

/// The records of a work tree that are not in the commit as they are there.
pub struct Pending<'a> {
    registry: &'a ApprovedRegistry<'a>,
    tree: &'a dyn Files,
    revocations: Vec<RecordFile>,
    /// With those revocations, where there are any.
    trusted: Option<Trusted>,
}

/// What lies uncommitted about one document.
#[derive(Debug)]
pub struct Uncommitted {
    /// The paths of its approvals.
    pub approvals: Vec<String>,
    /// The paths of the revocations that concern it.
    pub revocations: Vec<String>,
    /// The decision once all of them are committed.
    pub then: Decision,
}

impl<'a> Pending<'a> {
    /// What a work tree holds beyond the registry's commit.
    ///
    /// # Errors
    /// Where revocations cannot be listed.
    pub fn of(registry: &'a ApprovedRegistry<'a>, tree: &'a dyn Files) -> Result<Self, ReadError> {
        let trusted = registry.grounds.trusted();
        let mut all: Vec<RecordFile> = trusted.revocations().cloned().collect();
        let mut revocations = records::below(tree, &paths::at(paths::REVOCATIONS))?;
        revocations.retain(|file| !all.contains(file));
        all.extend_from_slice(&revocations);
        let trusted = (!revocations.is_empty()).then(|| Trusted::new(trusted.signers().clone(), all));
        Ok(Self { registry, tree, revocations, trusted })
    }

    /// How a document will stand; `None` where nothing that lies here concerns it. Of one that is approved and `lasts`, only
    /// revocations are looked at: no approval makes a difference to it.
    ///
    /// # Errors
    /// Where its approvals cannot be listed.
    pub fn about(&self, state: &DocumentState, lasts: bool) -> Result<Option<Uncommitted>, ReadError> {
        let Ok(decision) = &state.state else { return Ok(None) };
        let revocations: Vec<String> = self
            .revocations
            .iter()
            .filter(|file| concerns(file, state, decision))
            .map(|file| file.path.clone())
            .collect();
        if lasts && revocations.is_empty() {
            return Ok(None);
        }
        let mut filed = open::approvals(self.registry.files(), &state.name)?;
        let mut here = records::below(
            self.tree,
            &paths::at(paths::APPROVALS)
                .join(&state.name)
                .map_err(|error| ReadError::Other { path: paths::at(paths::APPROVALS), reason: error.to_string() })?,
        )?;
        here.retain(|file| !filed.contains(file));
        if here.is_empty() && revocations.is_empty() {
            return Ok(None);
        }
        let approvals: Vec<String> = here.iter().map(|file| file.path.clone()).collect();
        filed.retain(|file| !approvals.contains(&file.path));
        filed.append(&mut here);
        let then = decide::decide(&self.case(decision, &filed, &state.authors));
        Ok(Some(Uncommitted { approvals, revocations, then }))
    }

    /// Who could sign a document then.
    pub fn candidates(&self, then: &Decision, authors: &[String]) -> Vec<Candidate> {
        decide::candidates(&self.case(then, &[], authors), then.by())
    }

    fn case<'c>(&'c self, decision: &'c Decision, approvals: &'c [RecordFile], authors: &'c [String]) -> Case<'c> {
        let (grounds, subject) = (&self.registry.grounds, decision.subject());
        // A policy can be held to a quorum that its own text no longer asks for.
        let rules = Rules { quorum: decision.needed(), ..grounds.rules(subject) };
        let trusted = self.trusted.as_ref().unwrap_or(grounds.trusted());
        Case { trusted, ..grounds.case(subject, approvals, authors, rules) }
    }
}

/// Whether a revocation can make a difference to a document; one that cannot be read can to any.
fn concerns(file: &RecordFile, state: &DocumentState, decision: &Decision) -> bool {
    let Ok(Some(bytes)) = &file.record else { return true };
    let Ok(record) = record::parse::<RevocationRecord>(bytes) else { return true };
    match &record.revokes {
        Revoked::Key(key) => decision.by().iter().any(|by| by.key_fingerprint.as_str() == key),
        Revoked::Digest(digest) => {
            record.kind == state.kind && record.name == state.name && decision.subject().digest == *digest
        }
        Revoked::All => record.kind == state.kind && record.name == state.name,
    }
}
