//! What is about to be signed, and what became of it, in lines for a person.

use jiff::Timestamp;
use taskclass_approval::decide::Decision;
use taskclass_diff::Diff;
use taskclass_source::text::visible;
use taskclass_spec::{
    Principal,
    written::{ApprovalRecord, Risk},
};

use super::case::{Case, by, needed};
use crate::{
    told::span,
    ui::{Tone, Ui},
};

/// The key that is about to sign.
pub(super) struct Key {
    /// Its fingerprint, and where it is.
    pub(super) shown: String,
    /// When it ends, if it does.
    pub(super) until: Option<Timestamp>,
}

/// The record, field by field, before it is signed.
pub(super) fn record(
    case: &Case,
    record: &ApprovalRecord,
    key: Option<&Key>,
    diff: &Diff,
    now: Timestamp,
    ui: &mut Ui,
) {
    let mut rows: Vec<(&str, String)> = Vec::new();
    let version = record.version.map(|version| format!(" version {version}")).unwrap_or_default();
    rows.push(("document", format!("{}{version}", record.name)));
    rows.push(("digest", record.digest.to_string()));
    rows.push(("risk", word(record.risk).to_owned()));
    rows.push(("approvals", approvals(case, &record.principal)));
    rows.extend(raised(&record.name, diff).map(|text| ("", text)));
    rows.extend(case.own(&record.principal).map(|own| {
        ("", ui.paint_err(format!("renews your approval that ends in {}", left(now, own.expires_at)), Tone::Attention))
    }));
    rows.push(("expires", format!("{}, in {}", record.expires_at, span(record.approved_at, record.expires_at))));
    if record.is_break_glass() {
        let text = "counts for 24h at most; whatever runs under it escalates";
        rows.push(("break-glass", ui.paint_err(text, Tone::Attention)));
    }
    rows.push(("reviewed", format!("commit {}", record.reviewed_commit)));
    rows.push(("principal", record.principal.to_string()));
    if let Some(key) = key {
        rows.push(("key", visible(&key.shown).into_owned()));
        let ends = key.until.filter(|until| *until < record.expires_at);
        rows.extend(
            ends.map(|until| ("", ui.paint_err(format!("ends at {until}, and with it the approval"), Tone::Attention))),
        );
    }
    if !record.note.is_empty() {
        rows.push(("note", visible(&record.note).into_owned()));
    }
    ui.tell(ui.paint_err("To be signed", Tone::Strong));
    for (name, value) in rows {
        let name = ui.paint_err(format!("{name:<11}"), Tone::Dim);
        ui.tell(format!("  {name}  {value}"));
    }
}

/// How long it is until then: in days, or closer where it is less than two.
fn left(now: Timestamp, until: Timestamp) -> String {
    match until.duration_since(now).as_hours() / 24 {
        days @ 2.. => format!("{days} days"),
        _ => span(now, until),
    }
}

fn word(risk: Risk) -> &'static str {
    match risk {
        Risk::Low => "low",
        Risk::Medium => "medium",
        Risk::High => "high",
    }
}

fn approvals(case: &Case, principal: &Principal) -> String {
    let needed = needed(&case.before);
    let others = case.by().iter().filter(|approval| approval.principal != *principal).count();
    format!("{} of {needed} now, {} of {needed} with yours", case.by().len(), others + 1)
}

/// That the content asks for more people than what was approved before it.
fn raised(name: &str, diff: &Diff) -> Option<String> {
    let document = diff.documents.iter().find(|document| document.name == name)?;
    let approval = document.approval.as_ref()?;
    let before = approval.needed_before.filter(|before| *before < approval.needed)?;
    let risks = (document.before.as_ref()?.risk?, document.after.as_ref()?.risk?);
    let why = if risks.0 == risks.1 {
        "the policy asks for more".to_owned()
    } else {
        format!("the risk was {} and is {}", word(risks.0), word(risks.1))
    };
    Some(format!("{} instead of {before}: {why}", approval.needed))
}

/// How the document stands with the new approval; `others` could sign as well.
pub(super) fn standing(case: &Case, after: &Decision, others: &[String], ui: &Ui) -> String {
    let (name, have, needed) = (&case.document.subject.name, by(after).len(), needed(after));
    let counted = format!("{name}: {have} of {needed}");
    match after {
        Decision::Approved(standing) => {
            let mark = if standing.is_break_glass() { " (break-glass)" } else { "" };
            let good = ui.paint_err(format!("{counted}, approved{mark}"), Tone::Good);
            format!("{good} until {} once this is committed", standing.until)
        }
        Decision::NotApproved(_) => {
            let missing = usize::try_from(needed).unwrap_or(usize::MAX).saturating_sub(have);
            let open = ui.paint_err(format!("{counted}, {missing} more to sign"), Tone::Attention);
            match others {
                [] => format!("{open}; nobody else in trust/allowed_signers could"),
                people => format!("{open}: {} could", people.join(" or ")),
            }
        }
    }
}
