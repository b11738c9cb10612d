//! What changed: by effect, with what it does, the values and where they stand.

use taskclass_source::text::{display_width, visible};
use taskclass_source::{Finding, Label};

use super::page::{Ink, Page, padded};
use crate::{
    Change, Document, Kind, LineDiff, Place, Written,
    prompts::{Differences, Tag},
    render::{
        hunks,
        values::{Shown, shown},
        words::{self, EFFECTS},
    },
};

/// From how many columns on both sides stand beside each other.
const WIDE: usize = 100;
/// How many entries of a list that came or went are shown.
const ENTRIES: usize = 50;

/// All changes of a document.
pub(super) fn changes(document: &Document, differences: &Differences, page: &mut Page) {
    for effect in EFFECTS {
        let mut of_it = document.changes.iter().filter(|change| change.effect == effect).peekable();
        if of_it.peek().is_some() {
            page.pieces(2, &[(Ink::Of(effect), effect.word())]);
        }
        for change in of_it {
            one(document.kind, change, differences, page);
        }
    }
}

fn one(kind: Kind, change: &Change, differences: &Differences, page: &mut Page) {
    page.wrapped(4, Ink::Strong, &words::path(kind, change));
    page.wrapped(6, Ink::Plain, &change.what);
    let value = |side: &Option<Written>| side.as_ref().map(|written| written.value.clone());
    let (before, after) = (value(&change.before), value(&change.after));
    match shown(before.as_ref(), after.as_ref(), differences) {
        Shown::Lines(before, after) => sides(change, before, after, page),
        Shown::Entries { before, after, gone, new } => {
            let count = |count| Some(words::number(count, "entry", "entries"));
            sides(change, count(before), count(after), page);
            entries("- ", Ink::Gone, &gone, page);
            entries("+ ", Ink::New, &new, page);
        }
        Shown::Text { before, after, diff } => {
            let count = |count: Option<usize>| count.map(|count| words::number(count, "line", "lines"));
            sides(change, count(before), count(after), page);
            lines(6, &diff, page);
        }
    }
}

fn entries(sign: &str, ink: Ink, entries: &[String], page: &mut Page) {
    for entry in entries.iter().take(ENTRIES) {
        page.led(6, (ink, sign), ink, entry);
    }
    if let Some(more) = entries.len().checked_sub(ENTRIES).filter(|more| *more > 0) {
        page.pieces(6, &[(ink, sign), (Ink::Faint, &format!("and {more} more"))]);
    }
}

/// Where a value stands: `file:line:column`.
fn at(place: &Place) -> String {
    let at = place.source.position(place.span.start);
    visible(&format!("{}:{}:{}", place.source.path(), at.line, at.char_column)).into_owned()
}

/// Both values with their places: beside each other where the terminal is wide and they fit, else one below the other.
fn sides(change: &Change, before: Option<String>, after: Option<String>, page: &mut Page) {
    const INDENT: usize = 6;
    let side = |value: Option<String>, written: &Option<Written>| {
        value.zip(written.as_ref()).map(|(value, written)| (visible(&value).into_owned(), at(&written.place)))
    };
    let (before, after) = (side(before, &change.before), side(after, &change.after));
    if let (Some(before), Some(after)) = (&before, &after) {
        let column = page.room(INDENT).saturating_sub(3) / 2;
        let wide = |side: &(String, String)| display_width(&side.0) + 12 + display_width(&side.1);
        if page.width() >= WIDE && wide(before) <= column && wide(after) <= column {
            let used = 8 + display_width(&before.0) + 2 + display_width(&before.1);
            page.pieces(
                INDENT,
                &[
                    (Ink::Faint, "before  "),
                    (Ink::Gone, &before.0),
                    (Ink::Faint, &format!("  {}", before.1)),
                    (Ink::Faint, &format!("{} │ after  ", " ".repeat(column.saturating_sub(used)))),
                    (Ink::New, &after.0),
                    (Ink::Faint, &format!("  {}", after.1)),
                ],
            );
            return;
        }
    }
    let aligned = [&before, &after].iter().filter_map(|side| side.as_ref()).map(|side| display_width(&side.0)).max();
    let stacked = [("before  ", Ink::Gone, before), ("after   ", Ink::New, after)];
    for (lead, ink, side) in stacked {
        let Some((value, place)) = side else { continue };
        let column = aligned.unwrap_or(0);
        if column + 2 + display_width(&place) <= page.room(INDENT + lead.len()) {
            let pieces = [(Ink::Faint, lead), (ink, &*padded(&value, column)), (Ink::Faint, &*format!("  {place}"))];
            page.pieces(INDENT, &pieces);
        } else {
            page.led(INDENT, (Ink::Faint, lead), ink, &value);
            page.wrapped(INDENT + lead.len(), Ink::Faint, &place);
        }
    }
}

/// The lines of a difference.
pub(super) fn lines(indent: usize, diff: &LineDiff, page: &mut Page) {
    for row in hunks::rows(diff, page.room(indent)) {
        let ink = match row.tag {
            None | Some(Tag::Same) => Ink::Faint,
            Some(Tag::Gone) => Ink::Gone,
            Some(Tag::New) => Ink::New,
        };
        page.pieces(indent, &[(ink, &row.text)]);
    }
}

/// What keeps a document from being read.
pub(super) fn unreadable(findings: &[Finding], page: &mut Page) {
    let place = |label: &Label| at(&Place { source: label.source.clone(), span: label.span });
    if !findings.is_empty() {
        page.wrapped(2, Ink::Of(crate::Effect::MayWiden), "cannot be read, so it may do anything");
    }
    for finding in findings {
        page.wrapped(4, Ink::Strong, &finding.message);
        page.wrapped(6, Ink::Faint, &place(&finding.primary));
        for help in &finding.help {
            page.led(6, (Ink::Faint, "help: "), Ink::Plain, help);
        }
    }
}
