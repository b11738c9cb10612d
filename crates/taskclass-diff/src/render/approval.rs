//! How a document stands, in the words that the formats share.

use jiff::Timestamp;

use super::words::{number, risk_word};
use crate::{Approval, Document, Given, Standing, Version};

/// How a document stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    /// Nobody can approve it, and why.
    Refused(String),
    /// Its content is revoked: by whom and why.
    Revoked(String),
    /// Enough people signed it.
    Approved,
    /// The same content was approved before, and nothing is said against it.
    Still,
    /// Its content is the same as before; more is not known.
    Same,
    /// Somebody has to sign it.
    Open,
}

/// How a document stands; `None` for what no approval is about.
pub(super) fn state(document: &Document) -> Option<State> {
    let approval = document.approval.as_ref()?;
    if let Some(why) = &document.refused {
        return Some(State::Refused(why.clone()));
    }
    let known = known(approval);
    if let Some(why) = known.and_then(|standing| standing.revoked.as_ref()) {
        return Some(State::Revoked(why.clone()));
    }
    Some(match (known, has_same_content(document)) {
        (Some(standing), true) if standing.approved => State::Still,
        (Some(standing), false) if standing.approved => State::Approved,
        (None, true) => State::Same,
        _ => State::Open,
    })
}

/// Whether somebody still has to sign for it.
pub(super) fn is_open(document: &Document) -> bool {
    state(document) == Some(State::Open)
}

/// How the content stands, here or, where that is not known, before.
fn known(approval: &Approval) -> Option<&Standing> {
    approval.standing.as_ref().or(approval.unchanged.as_ref())
}

fn has_same_content(document: &Document) -> bool {
    let digest = |version: &Option<Version>| version.as_ref().and_then(|version| version.digest);
    digest(&document.before).is_some() && digest(&document.before) == digest(&document.after)
}

/// How it stands, in one line behind `approval`.
pub(super) fn told(approval: &Approval, state: &State) -> String {
    let needed = number(approval.needed as usize, "signature", "signatures");
    let before = approval.needed_before.filter(|before| *before != approval.needed);
    let why = match (approval.held_to, before) {
        (Some(risk), _) => format!(" (the risk was {} before)", risk_word(risk)),
        (None, Some(before)) => format!(" ({before} before)"),
        (None, None) => String::new(),
    };
    let needed = format!("needs {needed}{why}");
    let glass = if is_break_glass(approval) { ", break-glass" } else { "" };
    match state {
        State::Refused(why) | State::Revoked(why) => format!("cannot be given: {why}"),
        State::Approved => format!("{needed}: approved{glass}"),
        State::Still => {
            let until = known(approval).and_then(end).map(|end| format!(" until {}", minute(end))).unwrap_or_default();
            // Only a commit has an author, and who wrote a change does not vouch for it.
            let unless = if approval.standing.is_none() { ", unless a signer commits it" } else { "" };
            format!("unchanged, still approved{until}{glass}{unless}")
        }
        State::Same => format!("unchanged; {needed}"),
        State::Open => match known(approval).map(|standing| standing.by.len()) {
            None => needed,
            Some(0) => format!("{needed}, has none"),
            Some(count) => format!("{needed}, has {count}"),
        },
    }
}

/// Whether a break-glass approval counts for it.
pub(super) fn is_break_glass(approval: &Approval) -> bool {
    signed(approval).iter().any(|given| given.break_glass)
}

/// The approvals that count.
pub(super) fn signed(approval: &Approval) -> &[Given] {
    known(approval).map_or(&[], |standing| &standing.by)
}

/// With the quorum's last approval it ends.
fn end(standing: &Standing) -> Option<Timestamp> {
    let mut ends: Vec<Timestamp> = standing.by.iter().map(|given| given.until).collect();
    ends.sort_unstable_by(|a, b| b.cmp(a));
    ends.get((standing.needed as usize).checked_sub(1)?).copied()
}

/// An approval's end.
pub(super) fn until(given: &Given) -> String {
    minute(given.until)
}

fn minute(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M UTC").to_string()
}
