//! What every decision at a commit stands on: the policy, who may sign, what was withdrawn. Documents are decided one at a
//! time, without a look at the others.

use std::sync::Arc;

use jiff::Timestamp;
use taskclass_source::files::{Files, RegistryPath};
use taskclass_spec::{
    ClassName, Loaded, SchemaKind,
    model::TaskClass,
    prompt::Partials,
    record::POLICY_NAME,
    registry::{class_paths, paths, stem},
    signers::AllowedSigners,
    written::{self, DocumentKind, Policy, Risk},
};

use super::{NotApproved, OpenError, class_path, open, policy_rules, sources};
use crate::{
    at_commit::AtCommit,
    decide::{self, Candidate, Case, Decision, RecordFile, Rules, Trusted},
    git::{CommitId, Repository},
    history, records,
    subject::Subject,
    trust::{self, Pin, TrustSource},
};

/// What every decision at a commit stands on.
#[derive(Debug)]
pub struct Grounds<'a> {
    files: AtCommit<'a>,
    policy: Arc<Policy>,
    policy_subject: Subject,
    trusted: Trusted,
    trust: TrustSource,
    now: Timestamp,
    partials: Partials,
}

/// A document with what is needed to decide on it.
#[derive(Debug, Clone)]
pub struct Filed {
    /// The content.
    pub subject: Subject,
    /// The files that its digest covers.
    pub sources: Vec<RegistryPath>,
    pub(crate) approvals: Vec<RecordFile>,
}

impl Filed {
    /// Whether anything is filed under its name.
    pub fn is_signed(&self) -> bool {
        !self.approvals.is_empty()
    }
}

impl<'a> Grounds<'a> {
    /// The grounds at a commit.
    ///
    /// # Errors
    /// Where nobody is trusted, or there is no policy to judge by.
    pub fn open(repository: &'a Repository, commit: CommitId, pin: Pin, now: Timestamp) -> Result<Self, OpenError> {
        let files = AtCommit::new(repository, commit)?;
        let path = paths::at(paths::POLICY);
        let policy = files.read(&path)?.map(|bytes| Loaded::<Policy>::parse(SchemaKind::Policy, &path, bytes));
        let trusted = files.read(&paths::at(paths::ALLOWED_SIGNERS))?;
        let (signers, trust) = trust::load(trusted.as_deref(), pin)?;
        let revocations = records::below(&files, &paths::at(paths::REVOCATIONS))?;
        let loaded = policy.as_ref().ok_or(OpenError::NoPolicy)?;
        let policy = Arc::new(loaded.checked().map_err(OpenError::Policy)?.clone());
        let policy_subject = Subject::of_policy(loaded)?.ok_or(OpenError::NoPolicy)?;
        let trusted = Trusted::new(signers, revocations);
        Ok(Self { files, policy, policy_subject, trusted, trust, now, partials: Partials::new() })
    }

    /// The commit.
    pub fn commit(&self) -> &CommitId {
        self.files.commit()
    }

    /// Its files.
    pub fn files(&self) -> &AtCommit<'a> {
        &self.files
    }

    /// Its policy, approved or not.
    pub fn policy(&self) -> &Arc<Policy> {
        &self.policy
    }

    /// Who may sign.
    pub fn signers(&self) -> &AllowedSigners {
        self.trusted.signers()
    }

    /// How they came to be trusted.
    pub fn trust(&self) -> TrustSource {
        self.trust
    }

    /// A class, checked under the policy.
    ///
    /// # Errors
    /// Where there is none of that name, or it is not valid.
    pub fn class(&self, name: &ClassName) -> Result<TaskClass, NotApproved> {
        if let Some(class) = self.class_at(&class_path(name)?)? {
            return Ok(class);
        }
        let known = class_paths(&self.files).map_err(NotApproved::Unreadable)?;
        let known = known.iter().map(|path| stem(path).to_owned()).collect();
        Err(NotApproved::NoSuchClass { name: name.clone(), commit: self.commit().clone(), known })
    }

    /// The class in a file; `None` where there is none.
    pub(super) fn class_at(&self, path: &RegistryPath) -> Result<Option<TaskClass>, NotApproved> {
        let Some(loaded) = Loaded::read(&self.files, path).map_err(NotApproved::Unreadable)? else { return Ok(None) };
        TaskClass::build_sharing(&loaded, &self.policy, &self.files, &self.partials)
            .map(Some)
            .map_err(|findings| NotApproved::Invalid { path: loaded.path.clone(), findings })
    }

    /// A class's content with what is filed about it.
    ///
    /// # Errors
    /// Where its approvals cannot be read.
    pub fn filed_class(&self, class: &TaskClass) -> Result<Filed, NotApproved> {
        let approvals = self.filed(class.name().as_str())?;
        Ok(Filed { subject: Subject::of_class(class), sources: sources(class)?, approvals })
    }

    /// The policy's content with what is filed about it.
    ///
    /// # Errors
    /// Where its approvals cannot be read.
    pub fn filed_policy(&self) -> Result<Filed, NotApproved> {
        let approvals = self.filed(POLICY_NAME)?;
        Ok(Filed { subject: self.policy_subject.clone(), sources: vec![paths::at(paths::POLICY)], approvals })
    }

    /// The records filed under a name, whatever they are about.
    pub(crate) fn filed(&self, name: &str) -> Result<Vec<RecordFile>, NotApproved> {
        open::approvals(&self.files, name).map_err(NotApproved::Unreadable)
    }

    /// The last author of each document.
    ///
    /// # Errors
    /// Where history is cut off.
    pub fn authors(&self, sets: &[Vec<RegistryPath>]) -> Result<Vec<String>, NotApproved> {
        if sets.is_empty() {
            return Ok(Vec::new());
        }
        let changes = history::last_changes(self.files.repository(), self.commit(), sets)
            .map_err(|error| NotApproved::History(Arc::new(error)))?;
        Ok(changes.into_iter().map(|change| change.author).collect())
    }

    /// Whether a document is approved here. `authors` are those of its content; they matter only where it is signed.
    pub fn decide(&self, filed: &Filed, authors: &[String]) -> Decision {
        self.decide_under(filed, authors, self.rules(&filed.subject))
    }

    /// The same for a change that must not vouch for itself: an approval counts only if it does by the signers, the
    /// revocations, the rules and the name of `base` as well, and what was riskier there needs as many as it needed there. Gives
    /// the decision that is against it, else this commit's own.
    pub fn decide_held_to(&self, base: &Grounds<'_>, filed: &Filed, authors: &[String]) -> Decision {
        let subject = &filed.subject;
        let (ours, theirs) = (self.rules(subject), base.rules(subject));
        // The risk as it was, by either policy: what lowers it is what is asked about.
        let before = base.risk_of(subject).map_or(0, |risk| {
            let by = |policy: &Policy| Rules::of(policy, risk).quorum;
            by(&self.policy).max(by(&base.policy))
        });
        let rules = Rules {
            quorum: ours.quorum.max(theirs.quorum).max(before),
            max_age: ours.max_age.min(theirs.max_age),
            warn_before: ours.warn_before,
        };
        let by = |grounds: &Grounds<'_>, other: &Grounds<'_>| {
            let trusted = grounds.trusted_less(other);
            let case = grounds.case(subject, &filed.approvals, authors, rules);
            decide::decide(&Case { trusted: &trusted, now: self.now, ..case })
        };
        let of_base = by(base, self);
        if of_base.is_approved() { by(self, base) } else { of_base }
    }

    /// Whom it trusts, with what another commit has revoked besides.
    pub(crate) fn trusted_less(&self, other: &Grounds<'_>) -> Trusted {
        let here: Vec<&RecordFile> = self.trusted.revocations().collect();
        let there = other.trusted.revocations().filter(|file| !here.contains(file));
        let revocations = here.iter().copied().chain(there).cloned().collect();
        Trusted::new(self.signers().clone(), revocations)
    }

    /// The risk that a document of this name has here; the highest where there is one that does not say.
    fn risk_of(&self, subject: &Subject) -> Option<Risk> {
        if subject.kind == DocumentKind::Policy {
            return Some(Risk::High);
        }
        let path = class_path(&subject.name.parse().ok()?).ok()?;
        match Loaded::<written::TaskClass>::read(&self.files, &path) {
            Ok(None) => None,
            Ok(Some(Loaded { written: Some(class), .. })) => Some(class.risk),
            Ok(Some(_)) | Err(_) => Some(Risk::High),
        }
    }

    /// Who could sign a document of which this was decided.
    pub fn candidates(&self, decision: &Decision, authors: &[String]) -> Vec<Candidate> {
        let subject = decision.subject();
        decide::candidates(&self.case(subject, &[], authors, self.rules(subject)), decision.by())
    }

    /// What the policy asks of approvals of a document.
    pub(crate) fn rules(&self, subject: &Subject) -> Rules {
        match subject.kind {
            DocumentKind::Policy => policy_rules(&self.policy, None),
            DocumentKind::TaskClass => Rules::of(&self.policy, subject.risk),
        }
    }

    /// Whether a document is approved here by these rules.
    pub(crate) fn decide_under(&self, filed: &Filed, authors: &[String], rules: Rules) -> Decision {
        decide::decide(&self.case(&filed.subject, &filed.approvals, authors, rules))
    }

    /// What is decided on a document by these approvals.
    pub(crate) fn case<'c>(
        &'c self,
        subject: &'c Subject,
        approvals: &'c [RecordFile],
        authors: &'c [String],
        rules: Rules,
    ) -> Case<'c> {
        let (registry, trusted) = (&self.policy.registry, &self.trusted);
        Case { registry, subject, rules, approvals, trusted, authors, now: self.now }
    }

    /// Who may sign, and what was revoked.
    pub(super) fn trusted(&self) -> &Trusted {
        &self.trusted
    }
}
