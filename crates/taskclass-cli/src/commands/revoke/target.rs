//! What is withdrawn.

use taskclass_spec::{
    ClassName, Digest,
    record::{self, POLICY_NAME},
    written::{ApprovalRecord, DocumentKind, RevocationRecord, Revoked},
};

use crate::{args::Revoke, exit::Failure, filed::Filed, reviewed::Reviewed};

/// The fewest digits of a digest that name it: as many as a record's file name has.
const SHORTEST: usize = 12;

/// What is withdrawn, and the document under which that is filed.
pub(super) struct Target {
    pub(super) kind: DocumentKind,
    pub(super) name: String,
    pub(super) revokes: Revoked,
}

impl Target {
    /// As the command line says.
    pub(super) fn of(reviewed: &Reviewed, filed: &Filed, args: &Revoke) -> Result<Self, Failure> {
        if let Some(key) = &args.signed_by {
            // A key's approvals are withdrawn in the whole registry; the policy is the document of all.
            let revokes = Revoked::Key(key.clone());
            return Ok(Self { kind: DocumentKind::Policy, name: POLICY_NAME.to_owned(), revokes });
        }
        let Some(name) = &args.name else { return Err(Failure::usage("what is revoked? NAME or --signed-by")) };
        let kind = if name == POLICY_NAME { DocumentKind::Policy } else { DocumentKind::TaskClass };
        if kind == DocumentKind::TaskClass {
            name.parse::<ClassName>().map_err(Failure::usage)?;
        }
        let revokes = match &args.digest {
            Some(text) => Revoked::Digest(digest(filed, name, text)?),
            None if args.all => {
                if !reviewed.names().any(|known| known == name) && filed.approvals(name)?.is_empty() {
                    // Says what there is.
                    reviewed.content(name)?;
                }
                Revoked::All
            }
            None => {
                let content = reviewed.content(name).map_err(|failure| {
                    failure
                        .help("--digest DIGEST or --all revokes what was approved before, whatever the file says now")
                })?;
                Revoked::Digest(content.subject.digest)
            }
        };
        Ok(Self { kind, name: name.clone(), revokes })
    }

    /// Whether a record withdraws just this.
    pub(super) fn is_of(&self, record: &RevocationRecord) -> bool {
        self.kind == record.kind && self.name == record.name && self.revokes == record.revokes
    }
}

/// A digest in full, or the beginning of one that an approval of the document names.
fn digest(filed: &Filed, name: &str, text: &str) -> Result<Digest, Failure> {
    if let Ok(digest) = text.parse() {
        return Ok(digest);
    }
    let hex = text.strip_prefix("sha256:").unwrap_or(text);
    if hex.len() < SHORTEST || !hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return Err(Failure::usage(format!("`{text}` is no digest: sha256:…, or its first {SHORTEST} digits or more")));
    }
    let mut found: Vec<Digest> = Vec::new();
    for file in filed.approvals(name)? {
        let Ok(Some(bytes)) = &file.record else { continue };
        let Ok(record) = record::parse::<ApprovalRecord>(bytes) else { continue };
        if record.digest.hex().starts_with(hex) && !found.contains(&record.digest) {
            found.push(record.digest);
        }
    }
    match found.as_slice() {
        [digest] => Ok(*digest),
        [] => Err(Failure::usage(format!("no approval of {name} is about a content that begins with {hex}"))
            .help("give the digest in full; `taskclass digest` prints that of the present content")),
        _ => Err(Failure::usage(format!("{} contents of {name} begin with {hex}: give more digits", found.len()))),
    }
}

/// What a record withdraws, in words.
pub(super) fn words(record: &RevocationRecord) -> String {
    match &record.revokes {
        Revoked::Digest(digest) => format!("{} with the content {digest}", record.name),
        Revoked::All => format!("every approval of {} until {}", record.name, record.revoked_at),
        Revoked::Key(key) => format!("every approval by the key {key}, of any document"),
    }
}
