//! What changed: by effect, with what it does, the values and where they stand.

use serde_json::Value;
use taskclass_source::text::{display_width, visible};
use taskclass_source::{Finding, Label};

use super::page::{Ink, Page, padded};
use crate::{
    Cause, Change, Document, Effect, LineDiff, Place, Written,
    prompts::{Differences, Tag},
    render::{
        content,
        examples::Seen,
        hunks::{self, Around},
        neutral,
        values::{Shown, shown},
        words::{self, EFFECTS},
    },
};

/// From how many columns on both sides stand beside each other.
const WIDE: usize = 100;
/// How many entries of a list that came or went are shown.
const ENTRIES: usize = 50;

/// All changes of a document.
pub(super) fn changes<'a>(document: &'a Document, seen: &mut Seen<'a>, differences: &Differences, page: &mut Page) {
    let told = |change: &&Change| change.effect != Effect::Neutral && !words::is_of_new(document, change);
    for effect in EFFECTS {
        let mut of_it = document.changes.iter().filter(told).filter(|change| change.effect == effect).peekable();
        if of_it.peek().is_some() {
            page.pieces(2, &[(Ink::Of(effect), effect.word())]);
        }
        for change in of_it {
            page.wrapped(4, Ink::Strong, &words::path(document.kind, change));
            page.wrapped(6, Ink::Plain, &change.what);
            values(document, change, seen, differences, page);
        }
    }
    let neutral = neutral::lines(document, differences);
    if !neutral.is_empty() {
        page.pieces(2, &[(Ink::Of(Effect::Neutral), Effect::Neutral.word())]);
    }
    table(&neutral, page);
    if let Some(content) = &document.content {
        all(document, content, seen, differences, page);
    }
}

/// All that a new document says, the prompt as it is written, and the files that it draws in.
fn all<'a>(document: &'a Document, content: &Value, seen: &mut Seen<'a>, differences: &Differences, page: &mut Page) {
    page.pieces(2, &[(Ink::Strong, "all that it says")]);
    for (name, value) in content::lines(document.kind, content, page.room(4)) {
        page.pieces(4, &[(Ink::Faint, &name), (Ink::Plain, &value)]);
    }
    if let Some(template) = content::template(content) {
        page.pieces(4, &[(Ink::Faint, "prompt.template")]);
        lines(6, &differences.of("", template), page);
    }
    for change in document.changes.iter().filter(|change| words::is_of_new(document, change)) {
        page.wrapped(4, Ink::Faint, &words::path(document.kind, change));
        values(document, change, seen, differences, page);
    }
}

/// Names and what stands beside them, or below where there is no room.
fn table(rows: &[(String, neutral::Told)], page: &mut Page) {
    let most = page.room(4) / 2;
    let widths = rows.iter().map(|(name, _)| display_width(&visible(name)));
    let column = widths.filter(|width| *width <= most).max().unwrap_or(0);
    for (name, value) in rows {
        let name = visible(name);
        if display_width(&name) <= column {
            page.led(4, (Ink::Strong, &padded(&name, column + 2)), Ink::Plain, value.text());
        } else {
            page.wrapped(4, Ink::Strong, &name);
            page.wrapped(6, Ink::Plain, value.text());
        }
    }
}

/// What stood there and what stands there.
fn values<'a>(
    document: &'a Document,
    change: &'a Change,
    seen: &mut Seen<'a>,
    differences: &Differences,
    page: &mut Page,
) {
    if let Some(name) = seen.of_file(change) {
        page.wrapped(6, Ink::Faint, &format!("its text as under {name}"));
        return;
    }
    seen.add_file(document, change);
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
        Shown::Elsewhere => {}
        Shown::Text { before, after, diff } => {
            // A file's path says which of its lines.
            if !matches!(change.cause, Cause::File(_)) {
                let count = |count: Option<usize>| count.map(|count| words::number(count, "line", "lines"));
                sides(change, count(before), count(after), page);
            }
            seen.add_text(&words::path(document.kind, change), &diff);
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
    for row in hunks::rows(diff, page.room(indent), Around::Cut) {
        let ink = |marked: bool| match (row.tag, marked) {
            (None | Some(Tag::Same), _) => Ink::Faint,
            (Some(Tag::Gone), false) => Ink::Gone,
            (Some(Tag::Gone), true) => Ink::GoneWord,
            (Some(Tag::New), false) => Ink::New,
            (Some(Tag::New), true) => Ink::NewWord,
        };
        let pieces: Vec<(Ink, &str)> = row.pieces.iter().map(|(marked, text)| (ink(*marked), text.as_str())).collect();
        page.pieces(indent, &pieces);
    }
}

/// What keeps a document from being read on a side.
pub(super) fn unreadable(findings: &[Finding], said: &str, page: &mut Page) {
    let place = |label: &Label| at(&Place { source: label.source.clone(), span: label.span });
    if !findings.is_empty() {
        page.wrapped(2, Ink::Of(crate::Effect::MayWiden), said);
    }
    for finding in findings {
        page.wrapped(4, Ink::Strong, &finding.message);
        page.wrapped(6, Ink::Faint, &place(&finding.primary));
        for help in &finding.help {
            page.led(6, (Ink::Faint, "help: "), Ink::Plain, help);
        }
    }
}
