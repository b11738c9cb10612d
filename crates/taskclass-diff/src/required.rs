//! What a change means for a document's approval.

use std::{cell::OnceCell, collections::BTreeMap};

use jiff::Timestamp;
use taskclass_source::{RegistryPath, text::quoted};
use taskclass_spec::{
    Digest, paths, record,
    signers::{KeyFingerprint, Namespace, Signer},
    written::{Policy, RevocationRecord, Revoked, Risk},
};

use crate::{Approval, Asked, Candidate, Given, Kind, Standing};

/// A document, for who asks about its approval.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sought<'a> {
    /// Its kind.
    pub(crate) kind: Kind,
    /// Its name before.
    pub(crate) name_before: &'a str,
    /// Its name after.
    pub(crate) name: &'a str,
    /// Its digest and how many had to sign it; `None` where there was none or it could not be read.
    pub(crate) before: Option<(Digest, u32)>,
    /// Its digest and how many have to sign it now.
    pub(crate) after: (Digest, u32),
    /// The risk before, if it was another, and how many have to sign at that.
    pub(crate) former: Option<(Risk, u32)>,
}

/// How many people must sign a document of this risk under the policy. It is never less than one.
pub(crate) fn quorum(policy: &Policy, risk: Risk) -> u32 {
    let quorum = policy.approvals.quorum;
    let needed = match risk {
        Risk::Low => quorum.low,
        Risk::Medium => quorum.medium,
        Risk::High => quorum.high,
    };
    needed.max(1)
}

/// Who approved it, who has to and who could.
pub(crate) fn approval(asked: &Asked<'_>, signers: &Signers, sought: &Sought<'_>) -> Approval {
    let standing = asked.approvals.at_head(sought.kind, sought.name);
    let was = asked.approvals.at_base(sought.kind, sought.name_before);
    let same = sought.before.is_some_and(|(digest, _)| digest == sought.after.0);
    let still = |given: &Given| {
        same && standing.as_ref().is_none_or(|now| now.by.iter().any(|own| own.principal == given.principal))
    };
    let voids = was.iter().flat_map(|was| &was.by).filter(|given| !still(given)).cloned().collect();
    let holds = same && standing.is_none() && sought.name == sought.name_before && signers.same_grounds(asked);
    let unchanged = was.clone().filter(|_| holds);
    let own = standing.as_ref().map_or(sought.after.1, |standing| standing.needed);
    let held = sought.former.filter(|(_, needed)| *needed > sought.after.1);
    Approval {
        needed_before: was.as_ref().map(|was| was.needed).or(sought.before.map(|(_, needed)| needed)),
        needed: held.map_or(own, |(_, needed)| needed.max(own)),
        held_to: held.map(|(risk, _)| risk),
        candidates: signers.candidates(standing.as_ref().or(unchanged.as_ref())),
        standing,
        unchanged,
        voids,
    }
}

/// Whoever may sign, as far as no document comes into it.
#[derive(Debug)]
pub(crate) struct Signers {
    listed: Vec<(Candidate, String)>,
    same_grounds: OnceCell<bool>,
}

impl Signers {
    /// Whoever the trust file of the base names, or the head's where the base has none: a change does not choose who judges it.
    /// A file that is refused as a whole names nobody.
    pub(crate) fn of(asked: &Asked<'_>) -> Self {
        let trust = if asked.base.trust().is_absent() { asked.head.trust() } else { asked.base.trust() };
        let revoked = revoked_keys(asked);
        let sound = trust.here().filter(|file| file.reading.problems.is_empty());
        let signers = sound.into_iter().flat_map(|file| &file.reading.signers);
        let mut listed: Vec<(Candidate, String)> = signers
            .map(|signer| {
                let candidate = Candidate {
                    principal: signer.principal().clone(),
                    key_fingerprint: signer.fingerprint().clone(),
                    hindrance: hindrance(signer, asked.now, &revoked),
                };
                (candidate, signer.principal().as_str().to_ascii_lowercase())
            })
            .collect();
        listed.sort_by(|(a, _), (b, _)| (&a.principal, &a.key_fingerprint).cmp(&(&b.principal, &b.key_fingerprint)));
        Self { listed, same_grounds: OnceCell::new() }
    }

    /// Whether the two sides say the same of what an approval rests on: the policy, the trust file and all records.
    fn same_grounds(&self, asked: &Asked<'_>) -> bool {
        let is_same = |path: &RegistryPath| !asked.differs(path);
        let files = [paths::POLICY, paths::ALLOWED_SIGNERS].map(paths::at);
        let folders = [paths::APPROVALS, paths::REVOCATIONS].map(paths::at);
        let all_same = |folder: &RegistryPath| match asked.changed {
            Some(changed) => !changed.iter().any(|path| path.is_within(folder)),
            None => [asked.base, asked.head]
                .iter()
                .all(|side| side.files().list(folder).is_ok_and(|listed| listed.iter().all(is_same))),
        };
        *self.same_grounds.get_or_init(|| files.iter().all(is_same) && folders.iter().all(all_same))
    }

    /// Who could approve a content that stands like this. Of a folder nobody knows who changed and who signed it.
    fn candidates(&self, standing: Option<&Standing>) -> Vec<Candidate> {
        let (authors, by) = standing.map_or((&[][..], &[][..]), |standing| (&standing.authors, &standing.by));
        // What is approved can be renewed by whoever signed it.
        let approved = standing.is_some_and(|standing| standing.approved);
        let candidate = |(candidate, lower): &(Candidate, String)| {
            let mut candidate = candidate.clone();
            let is_theirs = |name: &str| name.eq_ignore_ascii_case(lower);
            let by_standing = || {
                if authors.iter().any(|author| is_theirs(author)) {
                    return Some("the last change is their own");
                }
                let signed = !approved && by.iter().any(|given| is_theirs(given.principal.as_str()));
                signed.then_some("has signed it already")
            };
            candidate.hindrance = candidate.hindrance.or_else(|| by_standing().map(str::to_owned));
            candidate
        };
        self.listed.iter().map(candidate).collect()
    }
}

/// Why an approval by this key, made now, would not count.
fn hindrance(signer: &Signer, now: Timestamp, revoked: &BTreeMap<KeyFingerprint, String>) -> Option<String> {
    if !signer.namespaces().contains(&Namespace::Approval) {
        return Some(format!("the key may not sign approvals: its line does not name `{}`", Namespace::Approval));
    }
    if let Some(by) = revoked.get(signer.fingerprint()) {
        return Some(format!("the key is revoked by {}", quoted(by)));
    }
    if let Some(from) = signer.valid_after().filter(|from| now < *from) {
        return Some(format!("the key is not valid before {from}"));
    }
    let ended = signer.valid_before().filter(|until| now > *until);
    ended.map(|until| format!("the key expired at {until}"))
}

/// The keys of which a side holds a revocation, and who revoked each. A signature that does not hold makes no difference here:
/// what cannot be checked counts against the key.
fn revoked_keys(asked: &Asked<'_>) -> BTreeMap<KeyFingerprint, String> {
    let folder = paths::at(paths::REVOCATIONS);
    let mut keys = BTreeMap::new();
    for files in [asked.base.files(), asked.head.files()] {
        let Ok(found) = record::below::<RevocationRecord>(files, &folder) else { continue };
        for record in found.filed.into_iter().filter_map(|filed| filed.record.ok()) {
            if let Revoked::Key(key) = &record.revokes {
                keys.insert(KeyFingerprint::from_text(key), record.principal.to_string());
            }
        }
    }
    keys
}
