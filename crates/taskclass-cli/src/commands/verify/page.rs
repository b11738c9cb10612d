//! How documents stand, for people: a table, then what is to be said of each that is not as it should be, then the next step.

use std::collections::BTreeSet;

use jiff::Timestamp;
use taskclass_approval::registry::{DocumentState, NotApproved};
use taskclass_lint::render;
use taskclass_source::text::visible;

use super::report::{Document, Report, State};
use crate::{
    told,
    ui::{Tone, Ui},
};

/// So many names stand in a line before they are counted.
const NAMES: usize = 4;

/// Everything.
pub(super) fn print(report: &Report, states: &[DocumentState], one: bool, ui: &mut Ui) {
    table(report, ui);
    for (document, state) in report.documents.iter().zip(states) {
        let said = said(document, state, report.on, one, ui);
        if !said.is_empty() {
            ui.line("");
            said.iter().for_each(|line| ui.line(line));
        }
    }
}

fn table(report: &Report, ui: &mut Ui) {
    let documents = &report.documents;
    let width = |of: &dyn Fn(&Document) -> usize| documents.iter().map(of).max().unwrap_or(0);
    let name = width(&|document| document.name.len()).max("document".len());
    let count = width(&|document| quorum(document).len()).max("quorum".len());
    let who = width(&|document| people(document).len()).max("signed by".len());
    let head = format!("{:12}  {:name$}  {:count$}  {:who$}  left", "state", "document", "quorum", "signed by");
    let head = ui.paint(head.trim_end(), Tone::Dim);
    ui.line(head);
    for document in documents {
        let state = ui.paint(format!("{:12}", word(document)), tone(document.state, document.break_glass));
        let (quorum, people, left) = (quorum(document), people(document), left(document, report.on, ui));
        let row = format!("{state}  {:name$}  {quorum:count$}  {people:who$}  {left}", document.name);
        ui.line(row.trim_end());
    }
}

fn word(document: &Document) -> &'static str {
    if document.break_glass { "break-glass" } else { document.state.word() }
}

fn how(document: &Document) -> &'static str {
    if document.break_glass { "approved for an emergency (break-glass)" } else { document.state.word() }
}

fn tone(state: State, break_glass: bool) -> Tone {
    match state {
        State::Approved if break_glass => Tone::Attention,
        State::Approved => Tone::Good,
        _ => Tone::Bad,
    }
}

fn quorum(document: &Document) -> String {
    document.quorum.map(|needed| format!("{} of {needed}", document.approvals.len())).unwrap_or_default()
}

fn people(document: &Document) -> String {
    some(document.approvals.iter().map(|approval| approval.principal.as_str()))
}

/// Names, the first few and a count.
fn some<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    match names.len().checked_sub(NAMES) {
        Some(more) if more > 0 => format!("{} and {more} more", names[..NAMES].join(", ")),
        _ => names.join(", "),
    }
}

fn left(document: &Document, on: Timestamp, ui: &Ui) -> String {
    let Some((until, days)) = document.until.zip(document.days_left) else { return String::new() };
    let renew = document.renew_from.is_some_and(|from| from <= on);
    let text = match days {
        ..=1 => told::span(on, until),
        days => format!("{days} days"),
    };
    if renew && !document.break_glass {
        ui.paint(format!("{text}: renew"), Tone::Attention)
    } else {
        ui.paint(text, if renew { Tone::Attention } else { Tone::Dim })
    }
}

/// What is said of a document besides its row. Of one that is approved only what is out of the ordinary, unless it alone was
/// asked about.
fn said(document: &Document, state: &DocumentState, on: Timestamp, one: bool, ui: &Ui) -> Vec<String> {
    let mut lines = Vec::new();
    match &state.state {
        Err(NotApproved::Invalid { path, findings }) => {
            lines.extend(findings.iter().map(|finding| render::finding(finding, ui.human())));
            lines.push(format!("{path} is not valid; `taskclass lint` shows all there is to say"));
            return lines;
        }
        Err(error) => return vec![visible(&error.to_string()).into_owned()],
        Ok(_) => {}
    }
    let approved = document.state == State::Approved;
    let fact = |name: &str, text: &str| format!("  {}  {}", ui.paint(format!("{name:<11}"), Tone::Dim), visible(text));
    for by in document.approvals.iter().filter(|by| one || !approved || by.break_glass) {
        let mark = if by.break_glass { ", break-glass" } else { "" };
        let note = if by.note.is_empty() { String::new() } else { format!(": {}", by.note) };
        lines.push(fact("counts", &format!("{} until {}{mark}{note}", by.principal, by.expires_at)));
    }
    // Approvals of earlier content are what every change leaves behind.
    let old = |rule: &str| approved && matches!(rule, "other-content" | "expired");
    for ignored in document.ignored.iter().filter(|ignored| one || !old(&ignored.rule)) {
        let who = ignored.principal.as_ref().map(|who| format!("{who}: ")).unwrap_or_default();
        let against = matches!(ignored.rule.as_str(), "revoked" | "revocation-unchecked");
        let name = if against { "against" } else { "ignored" };
        lines.push(fact(name, &format!("{}: {who}{}", ignored.file, ignored.message)));
    }
    for file in &document.uncommitted {
        lines.push(fact("uncommitted", &format!("{file} lies in the work tree only: commit and push it")));
    }
    if !approved && document.state != State::Revoked {
        let could = document.candidates.iter().filter(|candidate| candidate.hindrance.is_none());
        let could: BTreeSet<&str> = could.map(|candidate| candidate.principal.as_str()).collect();
        let few = u32::try_from(could.len()).is_ok_and(|could| could < document.missing);
        let who = if could.is_empty() { "nobody".to_owned() } else { some(could.into_iter()) };
        let more = if few { "; that is too few: trust/allowed_signers needs another signer" } else { "" };
        lines.push(fact("missing", &format!("{} more; could sign: {who}{more}", document.missing)));
        for (who, why) in document.candidates.iter().filter_map(|c| c.hindrance.as_ref().map(|why| (c, why))) {
            if one || !why.contains("counts already") {
                lines.push(fact("could not", &format!("{}: {why}", who.principal)));
            }
        }
    }
    if document.moved_on {
        let command = format!("taskclass diff --since-approved {}", document.name);
        lines.push(fact("moved on", &format!("what has changed since it was approved: {command}")));
    }
    if lines.is_empty() {
        return lines;
    }
    let digest = document.digest.as_deref().map(|digest| digest.get(..19).unwrap_or(digest)).unwrap_or_default();
    let version = document.version.map(|version| format!(" version {version}")).unwrap_or_default();
    let until =
        document.until.map(|until| format!(": {} left, until {until}", told::span(on, until))).unwrap_or_default();
    let head = format!("{}{version} ({digest}…) is {}{until}", document.name, how(document));
    lines.insert(0, ui.paint(head, Tone::Strong));
    lines
}
