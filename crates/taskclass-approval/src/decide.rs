//! Whether a document is approved: one pure function, the same for `verify` and `run`.
//!
//! Everything that was found is judged, and everything that did not count is named with the rule that it broke. What
//! cannot be checked does not count; a revocation that cannot be checked does.

mod candidate;
mod refusal;
mod revoked;
mod signer;

use std::{cmp::Reverse, collections::BTreeSet};

use jiff::Timestamp;
use taskclass_source::text;
use taskclass_spec::{
    Duration, Principal, RepoName,
    record::Record,
    signers::{KeyFingerprint, Namespace, Signer},
    written::{ApprovalRecord, Policy, Risk},
};

use crate::subject::Subject;

pub use candidate::{Candidate, candidates};
pub use refusal::{Reason, Refusal, Withdrawn};
pub use revoked::Trusted;
pub use signer::{may_sign_for, revocation_holds, valid_at};

use signer::{Signed, check_signature, read_record};

/// What the policy asks of approvals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// How many people must have signed.
    pub quorum: u32,
    /// How long an approval may count.
    pub max_age: Duration,
    /// How long before its end it should be renewed.
    pub warn_before: Duration,
}

impl Rules {
    /// The policy's rules for a document of this risk. A quorum is never below one.
    pub fn of(policy: &Policy, risk: Risk) -> Self {
        let approvals = &policy.approvals;
        let quorum = match risk {
            Risk::Low => approvals.quorum.low,
            Risk::Medium => approvals.quorum.medium,
            Risk::High => approvals.quorum.high,
        };
        Self {
            quorum: quorum.max(1),
            max_age: approvals.max_age,
            warn_before: approvals.warn_before.unwrap_or_default(),
        }
    }
}

/// A record and its signature as the registry holds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordFile {
    /// The record's path in the registry.
    pub path: String,
    /// Its bytes.
    pub record: Content,
    /// The bytes of `<path>.sig`.
    pub signature: Content,
}

/// A file's bytes, `None` where there is no such file, or why they cannot be had.
pub type Content = Result<Option<Vec<u8>>, String>;

/// All that the decision is made from.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The registry's name, from its policy.
    pub registry: &'a RepoName,
    /// The content.
    pub subject: &'a Subject,
    /// What the policy asks.
    pub rules: Rules,
    /// The approvals filed under the document's name.
    pub approvals: &'a [RecordFile],
    /// Who may sign, and what was revoked in the registry.
    pub trusted: &'a Trusted,
    /// The e-mail addresses of the last authors of the content; their own approvals do not count.
    pub authors: &'a [String],
    /// Now.
    pub now: Timestamp,
}

/// One approval that counts.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ApprovedBy {
    /// Whose.
    pub principal: Principal,
    /// By which key.
    pub key_fingerprint: KeyFingerprint,
    /// When.
    pub approved_at: Timestamp,
    /// Until when it counts: its own end, or the key's if that comes first.
    pub expires_at: Timestamp,
    /// The record's path in the registry.
    pub file: String,
    /// The signer's note.
    pub note: String,
    /// Whether it is a break-glass approval: 24 hours at most from its beginning to its end, with its reason in the note.
    pub break_glass: bool,
}

/// The content is approved.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Standing {
    /// The content.
    pub subject: Subject,
    /// How many approvals it needs.
    pub needed: u32,
    /// Those that count: distinct people, distinct keys, in order of people.
    pub by: Vec<ApprovedBy>,
    /// Until when it stays approved if nothing changes.
    pub until: Timestamp,
    /// From when on it should be renewed.
    pub renew_from: Timestamp,
    /// What was found besides and does not count.
    pub set_aside: Vec<Refusal>,
}

impl Standing {
    /// Whether it stands only by break-glass approvals: without them the quorum would not be met.
    pub fn is_break_glass(&self) -> bool {
        let lasting = self.by.iter().filter(|approval| !approval.break_glass).count();
        usize::try_from(self.needed).is_ok_and(|needed| lasting < needed)
    }
}

/// The content is not approved.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Shortfall {
    /// The content.
    pub subject: Subject,
    /// How many approvals it needs.
    pub needed: u32,
    /// Those that count.
    pub by: Vec<ApprovedBy>,
    /// Everything that did not count or stands against it, each with its rule.
    pub refusals: Vec<Refusal>,
}

impl std::fmt::Display for Shortfall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { subject, needed, by, refusals } = self;
        write!(f, "{subject} is not approved: ")?;
        let withdrawn = refusals.iter().any(|refusal| refusal.reason.is_revocation());
        if withdrawn {
            f.write_str("it has been revoked")?;
        } else {
            write!(f, "{} of {needed} approvals", by.len())?;
        }
        for approval in by {
            let mark = if approval.break_glass { " (break-glass)" } else { "" };
            write!(f, "\n  counts: {} until {}{mark}", approval.principal, approval.expires_at)?;
        }
        // What every change leaves behind is listed one by one only where it cannot be much.
        let is_old = |refusal: &&Refusal| refusal.reason.is_of_earlier_content();
        let old = refusals.iter().filter(is_old).count();
        for refusal in refusals.iter().filter(|refusal| old < 2 || !is_old(refusal)) {
            write!(f, "\n  {refusal}")?;
        }
        if old >= 2 {
            let name = &subject.name;
            write!(
                f,
                "\n  {old} approvals of earlier content; it has changed since: review the change and approve again \
                 (taskclass verify {name} -v lists them)"
            )?;
        }
        if !withdrawn {
            let missing = usize::try_from(*needed).unwrap_or(usize::MAX).saturating_sub(by.len());
            let who = if by.is_empty() { "" } else { "other " };
            let people = if missing == 1 { "signer" } else { "signers" };
            write!(
                f,
                "\n  needed: {missing} {who}{people}, each with: taskclass approve {} --as PRINCIPAL --key FILE",
                subject.name
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for Shortfall {}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Decision {
    /// Approved.
    Approved(Standing),
    /// Not approved, and exactly why.
    NotApproved(Shortfall),
}

impl Decision {
    /// The content that was judged.
    pub fn subject(&self) -> &Subject {
        match self {
            Self::Approved(standing) => &standing.subject,
            Self::NotApproved(shortfall) => &shortfall.subject,
        }
    }

    /// The approvals that count.
    pub fn by(&self) -> &[ApprovedBy] {
        match self {
            Self::Approved(standing) => &standing.by,
            Self::NotApproved(shortfall) => &shortfall.by,
        }
    }

    /// How many approvals it needs.
    pub fn needed(&self) -> u32 {
        match self {
            Self::Approved(standing) => standing.needed,
            Self::NotApproved(shortfall) => shortfall.needed,
        }
    }

    /// Everything that was found and does not count, or stands against the content.
    pub fn refusals(&self) -> &[Refusal] {
        match self {
            Self::Approved(standing) => &standing.set_aside,
            Self::NotApproved(shortfall) => &shortfall.refusals,
        }
    }

    /// Whether it is approved.
    pub fn is_approved(&self) -> bool {
        matches!(self, Self::Approved(_))
    }
}

/// Judges a case.
pub fn decide(case: &Case<'_>) -> Decision {
    let withdrawals = revoked::read(case);
    let mut refusals = withdrawals.against_subject.clone();
    let is_withdrawn = !refusals.is_empty();
    let mut counted: Vec<ApprovedBy> = Vec::new();
    for file in case.approvals {
        match judge(case, file, &withdrawals) {
            Ok(approval) => counted.push(approval),
            Err(refusal) => refusals.push(*refusal),
        }
    }
    // One stands for a person and a key: not a break-glass one if there is another, then the one that lasts longest. The
    // others are named as repeated.
    counted.sort_by(|a, b| {
        (a.break_glass, Reverse(a.expires_at), &a.file).cmp(&(b.break_glass, Reverse(b.expires_at), &b.file))
    });
    let (mut people, mut keys) = (BTreeSet::new(), BTreeSet::new());
    let mut by = Vec::new();
    for approval in counted {
        let new_person = people.insert(approval.principal.as_str().to_ascii_lowercase());
        let new_key = keys.insert(approval.key_fingerprint.clone());
        if new_person && new_key {
            by.push(approval);
        } else {
            refusals.push(Refusal {
                file: approval.file,
                principal: Some(approval.principal),
                reason: Reason::CountedAlready,
            });
        }
    }
    let needed = case.rules.quorum;
    // Longest first: with the quorum's last one the approval ends.
    by.sort_by_key(|approval| Reverse(approval.expires_at));
    let until =
        usize::try_from(needed).ok().and_then(|needed| by.get(needed.checked_sub(1)?)).map(|last| last.expires_at);
    by.sort_by(|a, b| a.principal.cmp(&b.principal));
    refusals.sort_by(|a, b| (!a.reason.is_revocation(), &a.file).cmp(&(!b.reason.is_revocation(), &b.file)));
    match until {
        Some(until) if !is_withdrawn => Decision::Approved(Standing {
            subject: case.subject.clone(),
            needed,
            by,
            until,
            renew_from: until.checked_sub(case.rules.warn_before.signed()).unwrap_or(Timestamp::MIN),
            set_aside: refusals,
        }),
        _ => Decision::NotApproved(Shortfall { subject: case.subject.clone(), needed, by, refusals }),
    }
}

/// Whether one approval counts.
fn judge(case: &Case<'_>, file: &RecordFile, withdrawals: &revoked::Withdrawals) -> Result<ApprovedBy, Box<Refusal>> {
    let refusal = |principal, reason| Box::new(Refusal { file: file.path.clone(), principal, reason });
    let record: ApprovalRecord = read_record(file).map_err(|reason| refusal(None, reason))?;
    let principal = record.principal.clone();
    judge_record(case, file, record, withdrawals).map_err(|reason| refusal(Some(principal), reason))
}

fn judge_record(
    case: &Case<'_>,
    file: &RecordFile,
    record: ApprovalRecord,
    withdrawals: &revoked::Withdrawals,
) -> Result<ApprovedBy, Reason> {
    check_subject(case, file, &record)?;
    let Signed { record, signer } = check_signature(case.trusted.signers(), file, record, Namespace::Approval)?;
    let key = signer.fingerprint().clone();
    if let Some(withdrawn) = withdrawals.keys.get(&key) {
        return Err(Reason::KeyRevoked { key, withdrawn: withdrawn.clone() });
    }
    if let Some(withdrawn) = withdrawals.everything_until.iter().find(|(until, _)| record.approved_at <= *until) {
        return Err(Reason::Withdrawn(withdrawn.1.clone()));
    }
    check_times(case, &record, signer)?;
    let break_glass = record.is_break_glass();
    if break_glass && !text::says_something(&record.note) {
        return Err(Reason::BreakGlassWithoutReason);
    }
    let is_author = |author: &&String| author.eq_ignore_ascii_case(record.principal.as_str());
    if let Some(author) = case.authors.iter().find(is_author) {
        return Err(Reason::OwnChange { author: author.clone() });
    }
    let expires_at = signer.valid_before().map_or(record.expires_at, |end| end.min(record.expires_at));
    Ok(ApprovedBy {
        principal: record.principal,
        key_fingerprint: key,
        approved_at: record.approved_at,
        expires_at,
        file: file.path.clone(),
        note: record.note,
        break_glass,
    })
}

/// Whether the record is about this very content in this very registry.
fn check_subject(case: &Case<'_>, file: &RecordFile, record: &ApprovalRecord) -> Result<(), Reason> {
    let subject = case.subject;
    if record.registry != *case.registry {
        return Err(Reason::OtherRegistry { found: record.registry.clone(), expected: case.registry.clone() });
    }
    if record.kind != subject.kind {
        return Err(Reason::OtherKind);
    }
    if record.name != subject.name {
        return Err(Reason::OtherName { found: record.name.clone() });
    }
    let expected = record.path();
    if file.path != expected {
        return Err(Reason::Misfiled { expected });
    }
    if record.digest != subject.digest {
        return Err(Reason::OtherContent { version: record.version, digest: record.digest });
    }
    if record.version != subject.version {
        return Err(Reason::OtherVersion { found: record.version });
    }
    if record.risk != subject.risk {
        return Err(Reason::OtherRisk { found: record.risk, expected: subject.risk });
    }
    Ok(())
}

fn check_times(case: &Case<'_>, record: &ApprovalRecord, signer: &Signer) -> Result<(), Reason> {
    let now = case.now;
    if record.approved_at > now {
        return Err(Reason::FromTheFuture { approved_at: record.approved_at, now });
    }
    if record.expires_at <= record.approved_at {
        return Err(Reason::NeverCounted);
    }
    let latest = case.rules.max_age.after(record.approved_at);
    if record.expires_at > latest {
        return Err(Reason::TooLong { expires_at: record.expires_at, latest, max_age: case.rules.max_age });
    }
    valid_at(signer, record.approved_at)?;
    valid_at(signer, now)?;
    if record.expires_at <= now {
        return Err(Reason::Expired { expires_at: record.expires_at });
    }
    Ok(())
}
