//! The records that lie in the work tree, what they come to for a document, and new ones put beside them.
//!
//! Whoever signs looks at the work tree: another's approval may lie there that nobody has committed yet.

use std::fs;

use jiff::Timestamp;
use taskclass_approval::{
    decide::{Case, Content, Decision, Reason, RecordFile, Rules, Trusted},
    records,
    write::Draft,
};
use taskclass_source::{Files, RegistryPath, WorkTree};
use taskclass_spec::registry::paths;

use crate::{
    exit::Failure,
    reviewed::{Document, Reviewed},
    write,
};

/// The records of the registry as somebody who signs finds them.
pub(crate) struct Filed {
    tree: WorkTree,
    /// With the revocations of the work tree and those of the commit: what was deleted here has not been taken back.
    trusted: Trusted,
}

impl Filed {
    pub(crate) fn read(reviewed: &Reviewed) -> Result<Self, Failure> {
        let tree = WorkTree::open(&reviewed.root).map_err(Failure::usage)?;
        let folder = paths::at(paths::REVOCATIONS);
        let mut revocations = records::below(&tree, &folder).map_err(Failure::usage)?;
        let committed = records::below(&reviewed.files()?, &folder).map_err(Failure::usage)?;
        revocations.extend(committed.into_iter().filter(|file| !revocations.contains(file)).collect::<Vec<_>>());
        Ok(Self { tree, trusted: Trusted::new(reviewed.signers.clone(), revocations) })
    }

    /// The approvals filed under a name.
    pub(crate) fn approvals(&self, name: &str) -> Result<Vec<RecordFile>, Failure> {
        let folder = paths::at(paths::APPROVALS).join(name).map_err(Failure::usage)?;
        records::below(&self.tree, &folder).map_err(Failure::usage)
    }

    /// What is decided on a document by these approvals, as `verify` and `run` decide it.
    pub(crate) fn case<'a>(
        &'a self,
        reviewed: &'a Reviewed,
        document: &'a Document,
        approvals: &'a [RecordFile],
        authors: &'a [String],
        now: Timestamp,
    ) -> Case<'a> {
        Case {
            registry: &reviewed.policy.registry,
            subject: &document.subject,
            rules: Rules::of(&reviewed.policy, document.subject.risk),
            approvals,
            trusted: &self.trusted,
            authors,
            now,
        }
    }

    /// Whether another revocation lies at this one's place already, here or at the commit that was reviewed: one with other bytes
    /// in its record or in its signature.
    pub(crate) fn holds_other(&self, draft: &Draft, signature: Option<&str>) -> bool {
        let is_other = |content: &Content, new: Option<&[u8]>| match content {
            Ok(None) => false,
            Ok(Some(bytes)) => Some(bytes.as_slice()) != new,
            Err(_) => true,
        };
        self.trusted.revocations().filter(|file| file.path == draft.path).any(|file| {
            is_other(&file.record, Some(&draft.bytes)) || is_other(&file.signature, signature.map(str::as_bytes))
        })
    }

    fn read_at(&self, path: &str) -> Result<Option<Vec<u8>>, Failure> {
        self.tree.read(&RegistryPath::new(path).map_err(Failure::usage)?).map_err(Failure::usage)
    }

    /// Puts a record and its signature in their place.
    pub(crate) fn write(&self, draft: &Draft, signature: &str) -> Result<(), Failure> {
        // Says why not where a link leads out of the registry.
        self.read_at(&draft.path)?;
        self.read_at(&draft.signature_path())?;
        let record = self.tree.root().join(&draft.path);
        let folder = record.parent().unwrap_or(self.tree.root());
        fs::create_dir_all(folder)
            .map_err(|error| Failure::usage(format!("`{}` cannot be made: {error}", folder.display())))?;
        write::replace(&record, &draft.bytes)?;
        write::replace(&self.tree.root().join(draft.signature_path()), signature.as_bytes())
    }
}

/// A record with its signature, as it will be filed.
pub(crate) fn file_of(draft: &Draft, signature: &str) -> RecordFile {
    RecordFile {
        path: draft.path.clone(),
        record: Ok(Some(draft.bytes.clone())),
        signature: Ok(Some(signature.as_bytes().to_vec())),
    }
}

/// The words of the first reason why a single record does not count.
pub(crate) fn why_not(decision: &Decision) -> Option<&Reason> {
    if decision.by().is_empty() { decision.refusals().first().map(|refusal| &refusal.reason) } else { None }
}
