//! The approvals of one document, as far as they can be judged without looking at a signature: which count, which do not, and until
//! when they hold together. Who decides in the end is the approval crate; here it is said beforehand.

mod void;

use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, civil::Date};
use taskclass_source::{Label, SourceFile};
use taskclass_spec::record::{Filed, Found, POLICY_NAME, Record};
use taskclass_spec::registry::Surroundings;
use taskclass_spec::signers::Signer;
use taskclass_spec::written::{ApprovalRecord, DocumentKind, Policy, Risk};
use taskclass_spec::{Digest, Duration, Principal};

use crate::context::{ClassContext, PolicyContext};
use crate::rule::Sink;

/// How long before its end an approval should be renewed where the policy does not say.
pub(crate) const WINDOW: Duration = Duration::from_seconds(14 * 24 * 60 * 60);

/// A document and the approvals that are filed under its name.
pub(crate) struct Signed<'a> {
    /// What kind of document it is.
    pub(crate) kind: DocumentKind,
    /// Its name, as `taskclass approve` takes it.
    pub(crate) name: &'a str,
    /// Its version; the policy has none.
    pub(crate) version: Option<u32>,
    /// Its digest.
    pub(crate) digest: Digest,
    risk: Risk,
    /// Labels the place in the document that stands for its content: its version, or the policy's name of the registry.
    place: Label,
    policy: &'a PolicyContext<'a>,
    today: Date,
    found: &'a Found<ApprovalRecord>,
}

/// One approval of the content as it is.
pub(crate) struct Current<'a> {
    /// The record.
    pub(crate) filed: &'a Filed<ApprovalRecord>,
    /// What it says.
    pub(crate) record: &'a ApprovalRecord,
    /// When it ends.
    pub(crate) ends: Timestamp,
    /// The signer's line, where it ends with the signer's key and not by itself.
    pub(crate) with_key: Option<&'a Signer>,
}

/// How the approvals of the content stand together.
pub(crate) enum Standing<'a> {
    /// There are not enough, and none that ended would have made them enough.
    Open,
    /// There are enough until this one ends.
    Until(Current<'a>),
    /// These have ended, and what is left is not enough.
    Ended(Vec<Current<'a>>),
}

impl<'a> Signed<'a> {
    /// A class with its approvals; `None` where there are none, or nothing can be said of them.
    pub(crate) fn of_class(cx: &'a ClassContext<'_>) -> Option<Self> {
        let found = cx.approvals().filter(|found| !is_empty(found))?;
        Some(Self {
            kind: DocumentKind::TaskClass,
            name: cx.stem,
            version: Some(*cx.class.version?),
            digest: cx.digest()?,
            risk: *cx.class.risk?,
            place: cx.at("version").value(""),
            policy: cx.policy()?,
            today: cx.shared.today,
            found,
        })
    }

    /// The policy with its approvals, the same way.
    pub(crate) fn of_policy(cx: &'a PolicyContext<'a>, found: &'a Found<ApprovalRecord>) -> Option<Self> {
        if is_empty(found) {
            return None;
        }
        Some(Self {
            kind: DocumentKind::Policy,
            name: POLICY_NAME,
            version: None,
            digest: cx.surroundings.policy_digest().ok()?.digest,
            risk: Risk::High,
            place: cx.at("registry").value(""),
            policy: cx,
            today: cx.today,
            found,
        })
    }

    /// The place that stands for the document's content, with `text` said there.
    pub(crate) fn place(&self, text: impl Into<String>) -> Label {
        Label { text: text.into(), ..self.place.clone() }
    }

    /// What all approvals are held to.
    pub(crate) fn policy(&self) -> &'a Policy {
        self.policy.policy
    }

    /// Labels the policy's own line at `path`.
    pub(crate) fn policy_line(&self, path: &str, text: impl Into<String>) -> Label {
        self.policy.at(path).value(text)
    }

    fn surroundings(&self) -> &'a Surroundings {
        self.policy.surroundings
    }

    /// The text of the trust file, if there is one.
    pub(crate) fn trust_source(&self) -> Option<&'a Arc<SourceFile>> {
        self.surroundings().trust.as_ref().map(|trust| &trust.source)
    }

    /// The records that can be read.
    pub(crate) fn records(&self) -> impl Iterator<Item = (&'a Filed<ApprovalRecord>, &'a ApprovalRecord)> {
        self.found.filed.iter().filter_map(|filed| Some((filed, filed.record.as_ref().ok()?)))
    }

    /// The paths of signatures whose record is gone.
    pub(crate) fn lone_signatures(&self) -> impl Iterator<Item = String> {
        self.found.alone.iter().map(taskclass_spec::record::Listed::signature)
    }

    /// The approvals of the content as it is that nothing but time can stand against, those that last longest first.
    pub(crate) fn current(&self) -> Vec<Current<'a>> {
        let fits = |(_, record): &(_, &ApprovalRecord)| record.digest == self.digest;
        let sound = |(filed, record): (&'a Filed<ApprovalRecord>, &'a ApprovalRecord)| {
            let (ends, with_key) = self.void(filed, record).err()?;
            Some(Current { filed, record, ends, with_key })
        };
        let mut all: Vec<Current<'a>> = self.records().filter(fits).filter_map(sound).collect();
        all.sort_by(|a, b| b.ends.cmp(&a.ends).then_with(|| a.filed.listed.path.cmp(&b.filed.listed.path)));
        let mut people: Vec<String> = Vec::new();
        all.retain(|one| {
            let person = one.record.principal.as_str().to_ascii_lowercase();
            let new = !people.contains(&person);
            people.push(person);
            new
        });
        all
    }

    /// How they stand together under the policy's quorum.
    pub(crate) fn standing(&self) -> Standing<'a> {
        let quorum = self.policy().approvals.quorum;
        let needed = match self.risk {
            Risk::Low => quorum.low,
            Risk::Medium => quorum.medium,
            Risk::High => quorum.high,
        };
        let needed = usize::try_from(needed.max(1)).unwrap_or(usize::MAX);
        let now = self.morning();
        let (mut live, ended): (Vec<_>, Vec<_>) = self.current().into_iter().partition(|one| one.ends > now);
        if live.len() >= needed {
            return Standing::Until(live.swap_remove(needed - 1));
        }
        if ended.is_empty() { Standing::Open } else { Standing::Ended(ended) }
    }

    /// The first moment of the day for which it is asked. An approval that ends in the course of the day still counts.
    pub(crate) fn morning(&self) -> Timestamp {
        self.today.to_zoned(TimeZone::UTC).map_or(Timestamp::MIN, |day| day.timestamp())
    }

    /// How many days it is to `at`.
    pub(crate) fn days_until(&self, at: Timestamp) -> i64 {
        at.duration_since(self.morning()).as_hours() / 24
    }

    /// Whether what ends at `ends` should be renewed by now.
    pub(crate) fn is_due(&self, ends: Timestamp) -> bool {
        ends.duration_since(self.morning()) <= self.window()
    }

    fn window(&self) -> SignedDuration {
        self.policy().approvals.warn_before.unwrap_or(WINDOW).signed()
    }

    /// The command by which `principal` approves the document.
    pub(crate) fn command(&self, principal: &Principal) -> String {
        format!("taskclass approve {} --as {principal} --key FILE", self.name)
    }

    /// Labels a field of a record.
    pub(crate) fn field(filed: &Filed<ApprovalRecord>, field: &str, text: impl Into<String>) -> Label {
        Label::new(&filed.source, filed.place(field), text)
    }
}

/// Reports what keeps a record from being read, each fault at its place.
pub(crate) fn record_faults<R: Record>(filed: &Filed<R>, help: &str, sink: &mut Sink<'_>) {
    for fault in filed.faults() {
        sink.report(Label::mark(&filed.source, fault.span), fault.message, |mut finding| {
            if let Some(meant) = &fault.suggestion {
                finding.primary.text = format!("did you mean `{meant}`?");
            }
            let related = fault.related.map(|(span, text)| Label::new(&filed.source, span, text));
            related.into_iter().fold(finding, |finding, label| finding.with_label(label)).with_help(help)
        });
    }
}

fn is_empty(found: &Found<ApprovalRecord>) -> bool {
    found.filed.is_empty() && found.alone.is_empty()
}

/// The day of a moment (UTC).
pub(crate) fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}
