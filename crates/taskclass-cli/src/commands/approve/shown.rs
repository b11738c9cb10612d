//! What is about to be signed, and what became of it, in lines for a person.

use std::{cmp::Reverse, collections::BTreeMap};

use jiff::Timestamp;
use taskclass_approval::decide::Decision;
use taskclass_diff::{Diff, Document, Effect, Kind};
use taskclass_source::text::visible;
use taskclass_spec::{Principal, written::ApprovalRecord};

use super::case::Case;
use crate::{
    lasting::left,
    ui::{Tone, Ui},
};

/// The key that is about to sign.
pub(super) struct Key {
    /// Its fingerprint, and where it is.
    pub(super) shown: String,
    /// When it ends, if it does.
    pub(super) until: Option<Timestamp>,
}

/// What a row of the record says, and how it looks.
struct Row {
    name: &'static str,
    said: String,
    tone: Option<Tone>,
}

impl Row {
    fn new(name: &'static str, said: impl Into<String>) -> Self {
        Self { name, said: said.into(), tone: None }
    }

    /// One that somebody has to see.
    fn marked(name: &'static str, said: impl Into<String>) -> Self {
        Self { tone: Some(Tone::Attention), ..Self::new(name, said) }
    }

    fn tell(&self, ui: &mut Ui) {
        let name = ui.paint_err(format!("{:<11}", self.name), Tone::Dim);
        let said = self.tone.map_or_else(|| self.said.clone(), |tone| ui.paint_err(&self.said, tone));
        ui.tell_led(&format!("  {name}  "), &said);
    }
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
    let version = record.version.map(|version| format!(" version {version}")).unwrap_or_default();
    let mut rows = vec![Row::new("document", format!("{}{version}", record.name))];
    rows.extend(effects(&record.name, diff));
    rows.push(Row::new("digest", record.digest.to_string()));
    rows.push(Row::new("risk", record.risk.word()));
    rows.push(Row::new("approvals", approvals(case, &record.principal)));
    rows.extend(raised(&record.name, diff).map(|text| Row::new("", text)));
    rows.extend(
        case.own(&record.principal)
            .map(|own| Row::marked("", format!("renews your approval that ends in {}", left(now, own.expires_at)))),
    );
    rows.push(Row::new(
        "expires",
        format!("{}, in {}", record.expires_at, left(record.approved_at, record.expires_at)),
    ));
    if record.is_break_glass() {
        rows.push(Row::marked("break-glass", "counts for 24h at most; whatever runs under it escalates"));
    }
    rows.push(Row::new("reviewed", format!("commit {}", record.reviewed_commit)));
    rows.push(Row::new("principal", record.principal.to_string()));
    if let Some(key) = key {
        rows.push(Row::new("key", visible(&key.shown)));
        let ends = key.until.filter(|until| *until < record.expires_at);
        rows.extend(ends.map(|until| Row::marked("", format!("ends at {until}, and with it the approval"))));
    }
    if !record.note.is_empty() {
        rows.push(Row::new("note", visible(&record.note)));
    }
    ui.tell(ui.paint_err("To be signed", Tone::Strong));
    for row in rows {
        row.tell(ui);
    }
}

/// The review's last word once more, beside the question: the review itself may have left the screen.
fn effects(name: &str, diff: &Diff) -> Vec<Row> {
    let own = match diff.documents.iter().find(|document| document.name == name && document.kind != Kind::Trust) {
        Some(document) if document.before.is_none() => Row::marked("effect", "all of it is new to you"),
        Some(document) => of_document(document),
        None => Row::new("effect", "nothing has changed since it was approved"),
    };
    let trust = diff.documents.iter().find(|document| document.kind == Kind::Trust);
    let trust =
        trust.map(|trust| Row::marked("", format!("who may approve has changed as well: it {}", trust.effect())));
    std::iter::once(own).chain(trust).collect()
}

/// `widens: 1 widens, 2 narrows`, the gravest first.
fn of_document(document: &Document) -> Row {
    let effect = document.effect();
    let mut counts: BTreeMap<Reverse<Effect>, usize> = BTreeMap::new();
    for change in &document.changes {
        *counts.entry(Reverse(change.effect)).or_default() += 1;
    }
    let counts: Vec<String> = counts.iter().map(|(Reverse(effect), count)| format!("{count} {effect}")).collect();
    let said = if counts.is_empty() { effect.to_string() } else { format!("{effect}: {}", counts.join(", ")) };
    if effect.is_widening() { Row::marked("effect", said) } else { Row::new("effect", said) }
}

/// What is asked before it is signed. An approval that lasts for long yet is given again only knowingly.
pub(super) fn question(case: &Case, principal: &Principal, now: Timestamp) -> String {
    match case.own(principal) {
        Some(own) => format!("Your approval still lasts {}. Sign?", left(now, own.expires_at)),
        None => "Sign?".to_owned(),
    }
}

/// A remark before the question.
pub(super) fn note(text: &str, ui: &mut Ui) {
    let mark = ui.paint_err("note: ", Tone::Attention);
    ui.tell_led(&mark, text);
}

fn approvals(case: &Case, principal: &Principal) -> String {
    let needed = case.before.needed();
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
        format!("the risk was {} and is {}", risks.0.word(), risks.1.word())
    };
    Some(format!("{} instead of {before}: {why}", approval.needed))
}

/// How the document stands with the new approval; `others` could sign as well.
pub(super) fn standing(case: &Case, after: &Decision, others: &[String], ui: &Ui) -> String {
    let (name, have, needed) = (&case.document.subject.name, after.by().len(), after.needed());
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
