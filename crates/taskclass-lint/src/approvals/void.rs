//! Why an approval of the content as it is does not count.

use jiff::Timestamp;
use taskclass_source::{Finding, Label};
use taskclass_spec::record::{Filed, Record};
use taskclass_spec::signers::{Namespace, Signer};
use taskclass_spec::suggest::closest;
use taskclass_spec::written::{ApprovalRecord, Revoked};

use super::{Signed, day};

/// What stands against a record.
pub(crate) struct Void {
    /// What is wrong, as the end of a sentence that begins with whose approval it is.
    pub(crate) what: String,
    /// The places involved, the record's own first.
    pub(crate) labels: Vec<Label>,
    /// What to do.
    pub(crate) help: String,
}

impl Void {
    /// Adds the places and the way out.
    pub(crate) fn explain(self, finding: Finding) -> Finding {
        self.labels.into_iter().fold(finding, Finding::with_label).with_help(self.help)
    }
}

impl<'a> Signed<'a> {
    /// What stands against a record of the content as it is, or when it ends: by itself, or with the signer's key.
    pub(crate) fn void(
        &self,
        filed: &'a Filed<ApprovalRecord>,
        record: &'a ApprovalRecord,
    ) -> Result<Void, (Timestamp, Option<&'a Signer>)> {
        let own = |field: &str, text: String| Signed::field(filed, field, text);
        let again = || format!("approve again: `{}`", self.command(&record.principal));
        let policy = self.policy();
        if !filed.listed.has_signature {
            return Ok(Void {
                what: "is not signed".to_owned(),
                labels: vec![Label::mark(&filed.source, filed.source.whole())],
                help: format!("sign it: `ssh-keygen -Y sign -n {} -f KEY {}`", Namespace::Approval, filed.listed.path),
            });
        }
        if record.registry != policy.registry {
            return Ok(Void {
                what: format!("is for another registry, {}", record.registry),
                labels: vec![
                    own("registry", "approved for this one".to_owned()),
                    self.policy_line("registry", "this is another"),
                ],
                help: again(),
            });
        }
        if record.version != self.version {
            let named = record.version.map_or("no version".to_owned(), |version| format!("version {version}"));
            return Ok(Void {
                what: format!("names {named}, which is not this content's"),
                labels: vec![own("version", String::new())],
                help: again(),
            });
        }
        if record.risk != self.risk {
            return Ok(Void {
                what: "was given for another risk".to_owned(),
                labels: vec![own("risk", "the risk that the signer saw".to_owned())],
                help: again(),
            });
        }
        if let Some(void) = self.revoked(filed, record) {
            return Ok(void);
        }
        if day(record.approved_at) > self.today {
            return Ok(Void {
                what: format!("is dated {}, which lies in the future", day(record.approved_at)),
                labels: vec![own("approved_at", String::new())],
                help: "check the clock of the machine that signed it, and approve again".to_owned(),
            });
        }
        let latest = policy.approvals.max_age.after(record.approved_at);
        if record.expires_at > latest || record.expires_at <= record.approved_at {
            let what = if record.expires_at > latest {
                format!("lasts longer than the policy lets it, which ends it on {}", day(latest))
            } else {
                "ends before it begins".to_owned()
            };
            return Ok(Void {
                what,
                labels: vec![
                    own("expires_at", String::new()),
                    self.policy_line("approvals.max_age", "the longest that one may last"),
                ],
                help: again(),
            });
        }
        self.signer(filed, record)
    }

    /// A revocation of this content, or of all that was approved until then.
    fn revoked(&self, filed: &Filed<ApprovalRecord>, record: &ApprovalRecord) -> Option<Void> {
        let against = |found: &taskclass_spec::written::RevocationRecord| {
            found.registry == self.policy().registry
                && found.kind == self.kind
                && found.name == self.name
                && match &found.revokes {
                    Revoked::Digest(digest) => *digest == self.digest,
                    Revoked::All => record.approved_at <= found.revoked_at,
                    // Which key signed a record shows only in its signature.
                    Revoked::Key(_) => false,
                }
        };
        let mut all = self.surroundings().revocations.iter();
        let (file, revocation) = all.find_map(|file| {
            let revocation = file.record.as_ref().ok()?;
            against(revocation).then_some((file, revocation))
        })?;
        Some(Void {
            what: format!("was revoked by {} on {}", revocation.principal, day(revocation.revoked_at)),
            labels: vec![
                Signed::field(filed, "digest", "this content"),
                Label::new(&file.source, file.place("revokes"), "is revoked here"),
            ],
            help: "no approval outweighs a revocation: change the content, raise `version` and have it approved"
                .to_owned(),
        })
    }

    /// Whether the signer may sign, and until when the key counts.
    fn signer(
        &self,
        filed: &'a Filed<ApprovalRecord>,
        record: &'a ApprovalRecord,
    ) -> Result<Void, (Timestamp, Option<&'a Signer>)> {
        let own = |text: &str| Signed::field(filed, "principal", text);
        let Some(trust) = &self.surroundings().trust else {
            return Ok(Void {
                what: "cannot count: the registry has no trust/allowed_signers".to_owned(),
                labels: vec![own("nobody says whose key this is")],
                help: format!(
                    "write the file; a line of it: `{} namespaces=\"{}\" KEY`",
                    record.principal,
                    Namespace::Approval
                ),
            });
        };
        // Of a file that is refused as a whole nothing more is said than that.
        if !trust.reading.problems.is_empty() {
            return Err((record.expires_at, None));
        }
        let lines = || trust.reading.signers.iter().filter(|signer| *signer.principal() == record.principal);
        let Some(first) = lines().next() else {
            let known = trust.reading.signers.iter().map(|signer| signer.principal().as_str());
            let meant = closest(record.principal.as_str(), known);
            let text = meant.map_or(String::new(), |meant| format!("there is a `{meant}`"));
            return Ok(Void {
                what: "is by somebody whom trust/allowed_signers does not name".to_owned(),
                labels: vec![own(&text)],
                help: "let one of the signers approve it, or add the person in a reviewed change".to_owned(),
            });
        };
        let line = |signer: &Signer, text: &str| Label::new(&trust.source, signer.places().principal, text);
        if lines().all(|signer| !signer.namespaces().contains(&Namespace::Approval)) {
            return Ok(Void {
                what: "is by somebody who may not sign approvals".to_owned(),
                labels: vec![own(""), line(first, "without this namespace")],
                help: format!(
                    "add `{}` to the line's namespaces, or let another signer approve it",
                    Namespace::Approval
                ),
            });
        }
        let mut keys: Vec<&Signer> = lines()
            .filter(|signer| {
                signer.namespaces().contains(&Namespace::Approval) && signer.is_valid_at(record.approved_at)
            })
            .collect();
        // The key that counts longest: which one signed shows only in the signature.
        keys.sort_by_key(|signer| signer.valid_before().unwrap_or(Timestamp::MAX));
        let Some(key) = keys.last().copied() else {
            return Ok(Void {
                what: format!("was signed on {}, when no key of {} counted", day(record.approved_at), record.principal),
                labels: vec![own(""), line(first, "its dates leave that day out")],
                help: format!("approve again with a key that counts: `{}`", self.command(&record.principal)),
            });
        };
        match key.valid_before().filter(|end| *end < record.expires_at) {
            Some(end) => Err((end, Some(key))),
            None => Err((record.expires_at, None)),
        }
    }

    /// Where a record with this content belongs, if it stands elsewhere.
    pub(crate) fn misfiled(filed: &Filed<ApprovalRecord>, record: &ApprovalRecord) -> Option<String> {
        Some(record.path()).filter(|path| path != filed.listed.path.as_str())
    }
}
