//! The table of documents: how each stands, who signed it, and for how long that lasts.

use jiff::Timestamp;
use taskclass_source::text::{display_width, visible, wrap};

use super::report::{Approval, Document, State};
use crate::{
    lasting,
    ui::{Tone, Ui},
};

/// So many names stand in a line before they are counted.
const NAMES: usize = 4;
/// The columns that signers have at least, however narrow the terminal.
const NARROWEST: usize = 20;
const STATE: usize = 12;

/// All rows. Names that have no room in theirs go on in the next line.
pub(super) fn print(documents: &[Document], on: Timestamp, ui: &mut Ui) {
    let rows: Vec<[String; 4]> = documents.iter().map(|document| cells(document, on)).collect();
    let widest = |at: usize, head: &str| {
        rows.iter().map(|row| display_width(&row[at])).chain([head.len()]).max().unwrap_or_default()
    };
    let (name, count, left) = (widest(0, "document"), widest(1, "quorum"), widest(3, "left"));
    let room = ui.room.unwrap_or(usize::MAX).saturating_sub(STATE + 2 + name + 2 + count + 2 + 2 + left);
    let who = widest(2, "signed by").min(room.max(NARROWEST));
    let head = format!("{:STATE$}  {:name$}  {:count$}  {:who$}  left", "state", "document", "quorum", "signed by");
    let head = ui.paint(head.trim_end(), Tone::Dim);
    ui.line(head);
    for (document, [label, quorum, people, left]) in documents.iter().zip(&rows) {
        let state = ui.paint(format!("{:STATE$}", word(document)), tone(document));
        let people = wrap(people, who);
        for (at, people) in people.iter().enumerate() {
            let people = pad(people, who);
            let row = match at {
                0 => {
                    let left = ui.paint(left, left_tone(document, on));
                    format!("{state}  {}  {quorum:count$}  {people}  {left}", pad(label, name))
                }
                _ => format!("{:STATE$}  {:name$}  {:count$}  {people}", "", "", ""),
            };
            ui.line(row.trim_end());
        }
    }
}

fn pad(text: &str, width: usize) -> String {
    format!("{text}{:1$}", "", width.saturating_sub(display_width(text)))
}

fn cells(document: &Document, on: Timestamp) -> [String; 4] {
    let is_revoked = document.state == State::Revoked;
    let quorum = document.quorum.filter(|_| !is_revoked).map(|needed| quorum(document.approvals.len(), needed));
    let people = if is_revoked { String::new() } else { some(document.approvals.iter().map(signer)) };
    let left = match document.until {
        Some(until) if is_due(document, on) && !document.break_glass => format!("{}: renew", lasting::left(on, until)),
        Some(until) => lasting::left(on, until),
        None => String::new(),
    };
    [visible(&document.name).into_owned(), quorum.unwrap_or_default(), people, left]
}

/// How many have signed, of how many.
pub(super) fn quorum(have: usize, needed: u32) -> String {
    match usize::try_from(needed) {
        Ok(enough) if have > enough => format!("{have} ({needed} needed)"),
        _ => format!("{have} of {needed}"),
    }
}

/// Who signed, and whether for an emergency only.
fn signer(approval: &Approval) -> String {
    let mark = if approval.break_glass { " (break-glass)" } else { "" };
    format!("{}{mark}", visible(&approval.principal))
}

/// Names, the first few and a count.
pub(super) fn some(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    match names.len().checked_sub(NAMES) {
        Some(more) if more > 0 => format!("{} and {more} more", names[..NAMES].join(", ")),
        _ => names.join(", "),
    }
}

/// Whether it should be renewed.
pub(super) fn is_due(document: &Document, on: Timestamp) -> bool {
    document.renew_from.is_some_and(|from| from <= on)
}

fn word(document: &Document) -> &'static str {
    match document.state {
        _ if document.break_glass => "break-glass",
        _ if document.expired_at.is_some() => "expired",
        state => state.word(),
    }
}

fn tone(document: &Document) -> Tone {
    match document.state {
        State::Approved if document.break_glass => Tone::Attention,
        State::Approved => Tone::Good,
        _ => Tone::Bad,
    }
}

fn left_tone(document: &Document, on: Timestamp) -> Tone {
    if is_due(document, on) { Tone::Attention } else { Tone::Dim }
}
