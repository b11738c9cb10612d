//! Who approved a document, and who has to.

use jiff::Timestamp;
use taskclass_spec::{Principal, signers::KeyFingerprint, written::Risk};

use crate::Kind;

/// An approval that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Whose.
    pub principal: Principal,
    /// Until when.
    pub until: Timestamp,
    /// Whether it is a break-glass approval: 24 hours at most, with its reason.
    pub break_glass: bool,
}

/// How a document of one side stands, as the one decision that `verify` and `run` make says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// How many people have to sign.
    pub needed: u32,
    /// The approvals that count.
    pub by: Vec<Given>,
    /// Whether it is approved.
    pub approved: bool,
    /// The e-mail addresses of its last authors, whose approvals do not count.
    pub authors: Vec<String>,
    /// `revoked by … on …: …`, if this content is: no approval of it counts then.
    pub revoked: Option<String>,
}

/// Who knows how documents stand. A folder without history knows nothing.
pub trait Approvals {
    /// How the document stands at the base.
    fn at_base(&self, kind: Kind, name: &str) -> Option<Standing>;
    /// How it stands at the head.
    fn at_head(&self, kind: Kind, name: &str) -> Option<Standing>;
}

/// Of a folder without history.
#[derive(Debug, Clone, Copy)]
pub struct Unknown;

impl Approvals for Unknown {
    fn at_base(&self, _: Kind, _: &str) -> Option<Standing> {
        None
    }

    fn at_head(&self, _: Kind, _: &str) -> Option<Standing> {
        None
    }
}

/// Somebody who could approve the content after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub principal: Principal,
    /// With which key.
    pub key_fingerprint: KeyFingerprint,
    /// Why their approval would not count; `None` if it would.
    pub hindrance: Option<String>,
}

/// What a change means for a document's approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// How many people had to sign before; `None` where there was no such document.
    pub needed_before: Option<u32>,
    /// How many have to sign now.
    pub needed: u32,
    /// The risk before, where it asks for more people than the one now: nobody lowers a risk with fewer.
    pub held_to: Option<Risk>,
    /// How the content after stands; `None` where it is not known.
    pub standing: Option<Standing>,
    /// How the same content stands at the base, where it is not known how it stands after and nothing that an approval rests on
    /// differs: policy, trust, records. A signer who commits a change of its bytes makes it their own, and their approval void.
    pub unchanged: Option<Standing>,
    /// Who could sign, by principal.
    pub candidates: Vec<Candidate>,
    /// The approvals of the content before that no longer count for the content after.
    pub voids: Vec<Given>,
}
