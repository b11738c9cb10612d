//! What an approval is about: one exact content of one document.

use taskclass_spec::{
    Digest, Loaded,
    digest::{DigestError, DocumentDigest},
    model::TaskClass,
    record::POLICY_NAME,
    written::{DocumentKind, Policy, Risk},
};

/// The content that is to be approved.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Subject {
    /// What kind of document it is.
    pub kind: DocumentKind,
    /// Its name: the class's, or `policy`.
    pub name: String,
    /// Its version; the policy has none.
    pub version: Option<u32>,
    /// Its digest.
    pub digest: Digest,
    /// Its risk; the policy's is high.
    pub risk: Risk,
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.kind, self.version) {
            (DocumentKind::TaskClass, Some(version)) => write!(f, "task class {} version {version}", self.name)?,
            (DocumentKind::TaskClass, None) => write!(f, "task class {}", self.name)?,
            (DocumentKind::Policy, _) => f.write_str("the policy")?,
        }
        write!(f, " (sha256:{}…)", self.digest.short())
    }
}

impl Subject {
    /// A class's content.
    pub fn of_class(class: &TaskClass) -> Self {
        Self {
            kind: DocumentKind::TaskClass,
            name: class.name().to_string(),
            version: Some(class.version()),
            digest: class.digest().digest,
            risk: class.written().risk,
        }
    }

    /// The policy's content; `None` where the file holds no document. Its risk is always high.
    ///
    /// # Errors
    /// Where the document has no digest.
    pub fn of_policy(policy: &Loaded<Policy>) -> Result<Option<Self>, DigestError> {
        let Some(root) = &policy.root else { return Ok(None) };
        let digest = DocumentDigest::of(&root.to_json(), Default::default())?.digest;
        let name = POLICY_NAME.to_owned();
        Ok(Some(Self { kind: DocumentKind::Policy, name, version: None, digest, risk: Risk::High }))
    }
}
