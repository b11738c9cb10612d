//! `trust/allowed_signers`: OpenSSH's own format, read strictly.
//!
//! `ssh-keygen -Y verify` reads every file that is accepted here, and means the same by it; much that it accepts is
//! refused here, because it leaves open who signed or when: patterns, lists of names, `cert-authority`, keys without
//! `namespaces=`, one key under two names, times in the machine's own zone (OpenSSH reads the `Z` since 9.1).
//! One problem makes the whole file unusable: a trust file is not read in part.

mod key;
mod line;
mod namespace;
mod problem;
mod time;

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use ssh_key::public::KeyData;
use taskclass_source::{SourceFile, Span};

use crate::{Principal, paths::ALLOWED_SIGNERS};

pub use key::{KINDS, KeyFingerprint, KeyRefused, check_key};
pub use namespace::Namespace;
pub use problem::{SignersError, SignersProblem, SignersProblemKind};

/// The most that is read of a trust file.
pub const MAX_BYTES: usize = 1024 * 1024;

/// The most problems of one file that are listed; the line of the next is named, and nothing is read behind it.
const MAX_PROBLEMS: usize = 200;

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
    places: Places,
}

/// Where the parts of a line stand in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Places {
    /// The name.
    pub principal: Span,
    /// The key's type and text.
    pub key: Span,
    /// `valid-before="…"`.
    pub valid_before: Option<Span>,
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

    /// Where its parts stand in the file.
    pub fn places(&self) -> Places {
        self.places
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

/// A trust file as far as it could be read. Nobody is trusted by it: that takes [`AllowedSigners`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The lines in which nothing is wrong, in the file's order.
    pub signers: Vec<Signer>,
    /// All that is wrong, in the file's order.
    pub problems: Vec<SignersProblem>,
}

impl Reading {
    /// Reads the file's bytes; goes on after a problem.
    pub fn of(bytes: &[u8]) -> Self {
        let mut problems = Vec::new();
        let text = match line::text(bytes) {
            Ok(text) => text,
            Err(problem) => return Self { signers: Vec::new(), problems: vec![problem] },
        };
        let mut signers = Vec::new();
        for raw in line::lines(text) {
            if problems.len() > MAX_PROBLEMS {
                break;
            }
            signers.extend(line::parse(&raw, &mut problems));
        }
        between_lines(&signers, &mut problems);
        problems.sort_by_key(|problem| problem.span.start);
        if let Some(beyond) = problems.get_mut(MAX_PROBLEMS) {
            beyond.kind = SignersProblemKind::TooManyProblems;
        }
        problems.truncate(MAX_PROBLEMS + 1);
        Self { signers, problems }
    }
}

/// The trust file with its text, for who says where something stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustFile {
    /// Its text; what is no UTF-8 is replaced.
    pub source: Arc<SourceFile>,
    /// What it says.
    pub reading: Reading,
}

impl TrustFile {
    /// Of the file's bytes.
    pub fn of(bytes: Vec<u8>) -> Self {
        let mut reading = Reading::of(&bytes);
        let text = String::from_utf8(bytes).unwrap_or_else(|error| {
            // One character stands in the place of what is none.
            for problem in &mut reading.problems {
                let start = problem.span.start as usize;
                problem.span = Span::new(start, start + char::REPLACEMENT_CHARACTER.len_utf8());
            }
            String::from_utf8_lossy(error.as_bytes()).into_owned()
        });
        Self { source: SourceFile::new(ALLOWED_SIGNERS, text), reading }
    }
}

/// What is wrong with lines only beside each other: one key twice, one name in two spellings.
fn between_lines(signers: &[Signer], problems: &mut Vec<SignersProblem>) {
    let mut keys: BTreeMap<&KeyFingerprint, &Signer> = BTreeMap::new();
    let mut names: BTreeMap<String, &Signer> = BTreeMap::new();
    for signer in signers {
        let mut problem = |span, first, kind| {
            problems.push(SignersProblem { line: signer.line, span, first: Some(first), kind });
        };
        match keys.get(&signer.fingerprint) {
            None => {
                keys.insert(&signer.fingerprint, signer);
            }
            Some(first) => {
                let kind = if first.principal == signer.principal {
                    SignersProblemKind::KeyListedTwice { first_line: first.line }
                } else {
                    SignersProblemKind::KeyUnderTwoNames { first: first.principal.clone(), first_line: first.line }
                };
                problem(signer.places.key, first.places.principal.to(first.places.key), kind);
            }
        }
        match names.get(&signer.principal.as_str().to_ascii_lowercase()) {
            Some(first) if first.principal != signer.principal => problem(
                signer.places.principal,
                first.places.principal,
                SignersProblemKind::NamesDifferInCase { first: first.principal.clone(), first_line: first.line },
            ),
            Some(_) => {}
            None => {
                names.insert(signer.principal.as_str().to_ascii_lowercase(), signer);
            }
        }
    }
}

impl AllowedSigners {
    /// Reads the file's bytes; all problems at once where there are any.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn parse(bytes: &[u8]) -> Result<Self, SignersError> {
        let Reading { signers, problems } = Reading::of(bytes);
        if !problems.is_empty() {
            return Err(SignersError { problems });
        }
        let by_fingerprint =
            signers.iter().enumerate().map(|(index, signer)| (signer.fingerprint.clone(), index)).collect();
        Ok(Self { signers, by_fingerprint })
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
