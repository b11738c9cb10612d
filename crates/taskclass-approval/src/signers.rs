//! `trust/allowed_signers`: OpenSSH's own format, read strictly.
//!
//! `ssh-keygen -Y verify` reads every file that is accepted here, and means the same by it; much that it accepts is
//! refused here, because it leaves open who signed or when: patterns, lists of names, `cert-authority`, keys without
//! `namespaces=`, one key under two names, times in the machine's own zone (OpenSSH reads the `Z` since 9.1).
//! One problem makes the whole file unusable: a trust file is not read in part.

mod line;
mod problem;
mod time;

use std::collections::BTreeMap;

use jiff::Timestamp;
use ssh_key::public::KeyData;
use taskclass_source::Span;
use taskclass_spec::Principal;

use crate::{key::KeyFingerprint, namespace::Namespace};

pub use problem::{SignersError, SignersProblem, SignersProblemKind};

/// The most that is read of a trust file.
pub const MAX_BYTES: usize = 1024 * 1024;

/// One line: a key, whose it is, what for and from when to when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    principal: Principal,
    key: KeyData,
    fingerprint: KeyFingerprint,
    namespaces: Vec<Namespace>,
    valid_after: Option<Timestamp>,
    valid_before: Option<Timestamp>,
    line: usize,
}

impl Signer {
    /// Whose key it is.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The key.
    pub fn key(&self) -> &KeyData {
        &self.key
    }

    /// The key's fingerprint.
    pub fn fingerprint(&self) -> &KeyFingerprint {
        &self.fingerprint
    }

    /// What the key may sign.
    pub fn namespaces(&self) -> &[Namespace] {
        &self.namespaces
    }

    /// The first moment at which the key counts.
    pub fn valid_after(&self) -> Option<Timestamp> {
        self.valid_after
    }

    /// The last moment at which the key counts.
    pub fn valid_before(&self) -> Option<Timestamp> {
        self.valid_before
    }

    /// The line in the file, from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// Whether the key counts at `at`; both ends belong to it, as in OpenSSH.
    pub fn is_valid_at(&self, at: Timestamp) -> bool {
        self.valid_after.is_none_or(|from| from <= at) && self.valid_before.is_none_or(|to| at <= to)
    }
}

/// A trust file without any problem.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowedSigners {
    signers: Vec<Signer>,
    by_fingerprint: BTreeMap<KeyFingerprint, usize>,
}

impl AllowedSigners {
    /// Reads the file's bytes; all problems at once where there are any.
    pub fn parse(bytes: &[u8]) -> Result<Self, SignersError> {
        let mut problems = Vec::new();
        let text = match line::text(bytes) {
            Ok(text) => text,
            Err(problem) => return Err(SignersError { problems: vec![problem] }),
        };
        let mut signers: Vec<(Signer, Span, Span)> = Vec::new();
        for raw in line::lines(text) {
            if let Some(signer) = line::parse(&raw, &mut problems) {
                signers.push((signer.signer, signer.principal_span, signer.key_span));
            }
        }
        let mut by_fingerprint = BTreeMap::new();
        let mut names: BTreeMap<String, (Principal, usize)> = BTreeMap::new();
        for (index, (signer, principal_span, key_span)) in signers.iter().enumerate() {
            let mut problem =
                |span: &Span, kind| problems.push(SignersProblem { line: signer.line, span: *span, kind });
            if let Some(first) = by_fingerprint.insert(signer.fingerprint.clone(), index) {
                let first = &signers[first].0;
                let kind = if first.principal == signer.principal {
                    SignersProblemKind::KeyListedTwice { first_line: first.line }
                } else {
                    SignersProblemKind::KeyUnderTwoNames { first: first.principal.clone(), first_line: first.line }
                };
                problem(key_span, kind);
            }
            match names.get(&signer.principal.as_str().to_ascii_lowercase()) {
                Some((name, first_line)) if *name != signer.principal => problem(
                    principal_span,
                    SignersProblemKind::NamesDifferInCase { first: name.clone(), first_line: *first_line },
                ),
                Some(_) => {}
                None => {
                    names.insert(
                        signer.principal.as_str().to_ascii_lowercase(),
                        (signer.principal.clone(), signer.line),
                    );
                }
            }
        }
        if problems.is_empty() {
            Ok(Self { signers: signers.into_iter().map(|(signer, ..)| signer).collect(), by_fingerprint })
        } else {
            problems.sort_by_key(|problem| problem.span.start);
            Err(SignersError { problems })
        }
    }

    /// All signers, in the file's order.
    pub fn signers(&self) -> &[Signer] {
        &self.signers
    }

    /// The signer with this very key.
    pub fn by_key(&self, key: &KeyData) -> Option<&Signer> {
        let index = self.by_fingerprint.get(&KeyFingerprint::of(key))?;
        self.signers.get(*index).filter(|signer| signer.key == *key)
    }

    /// Those of this principal.
    pub fn of<'a>(&'a self, principal: &'a Principal) -> impl Iterator<Item = &'a Signer> {
        self.signers.iter().filter(move |signer| signer.principal == *principal)
    }
}
