//! One document's details, folded: what changed, what it means.

use taskclass_source::markdown::{code, fenced, sentence, shortened};
use taskclass_source::text::{visible, visible_lines};

use crate::{
    Change, Document, Given, LineDiff, Place, Reached, Written,
    prompts::Tag,
    render::{
        values::{Shown, shown},
        words::{self, EFFECTS, NAMED},
    },
};

/// The longest value, in characters.
const MAX_VALUE: usize = 300;
/// The most that one difference by lines takes, in bytes.
const MAX_LINES: usize = 6_000;
/// The most entries of a list that came or went.
const ENTRIES: usize = 20;
const CLOSE: &str = "\n</details>\n";
/// What is kept free to say that something was left out.
const LAST_WORDS: usize = 120;

/// The details in at most `room` bytes, the gravest first; `None` where there is room for nothing.
pub(super) fn folded(document: &Document, room: usize) -> Option<String> {
    let effect = document.effect();
    let status = words::version(document).map(|version| format!(" (version {version})")).unwrap_or_default();
    let mut text =
        format!("\n<details><summary><b>{effect}</b> {}{status}</summary>\n", code(&shortened(&document.name)));
    let pieces = pieces(document);
    let limit = room.checked_sub(CLOSE.len() + LAST_WORDS)?;
    let mut shown = 0;
    for piece in &pieces {
        if text.len() + piece.len() > limit {
            break;
        }
        text.push_str(piece);
        shown += 1;
    }
    if shown == 0 {
        return None;
    }
    if shown < pieces.len() {
        let left = words::number(pieces.len() - shown, "part", "parts");
        text.push_str(&format!("\n<p><i>{left} more not shown here</i></p>\n"));
    }
    text.push_str(CLOSE);
    Some(text)
}

/// What there is to say, in the order in which it is cut: the first is cut last.
fn pieces(document: &Document) -> Vec<String> {
    let mut pieces: Vec<String> = document.unreadable.iter().map(unreadable).collect();
    for effect in EFFECTS {
        pieces.extend(document.changes.iter().filter(|change| change.effect == effect).map(change));
    }
    if let Some(reach) = &document.reach {
        pieces.extend(repositories("newly reached", "kept away before by", &reach.added));
        pieces.extend(repositories("no longer reached", "kept away now by", &reach.removed));
    }
    if !document.reaches.is_empty() {
        pieces.push(format!("\n<p>reaches {}</p>\n", names(&document.reaches)));
    }
    if let Some(cost) = document.cost.as_ref().filter(|cost| words::costs_differ(cost)) {
        let row = |[what, before, after]: [String; 3]| format!("<li>{what}: {before} → {after}</li>\n");
        let rows: Vec<String> =
            words::costs(cost).into_iter().filter(|[_, before, after]| before != after).map(row).collect();
        pieces.push(format!("\n<p>at most</p>\n<ul>\n{}</ul>\n", rows.concat()));
    }
    pieces.extend(approval(document));
    for example in &document.examples {
        let name = code(&shortened(&example.name));
        if let Some(why) = &example.failed {
            pieces.push(format!("\n<p>example {name} cannot be rendered: {}</p>\n", sentence(why)));
        }
        for (what, diff) in [("prompt", &example.prompt), ("rest of the request", &example.rest)] {
            if !diff.hunks.is_empty() {
                pieces.push(format!("\n<p>example {name}, {what}</p>\n\n{}", fenced("diff", &lines(diff))));
            }
        }
    }
    pieces
}

fn names(all: &[String]) -> String {
    let mut shown: Vec<String> = all.iter().take(NAMED).map(|name| code(&shortened(name))).collect();
    if let Some(more) = all.len().checked_sub(NAMED).filter(|more| *more > 0) {
        shown.push(format!("and {more} more"));
    }
    shown.join(", ")
}

fn at(place: &Place) -> String {
    let at = place.source.position(place.span.start);
    code(&format!("{}:{}:{}", shortened(place.source.path()), at.line, at.char_column))
}

fn unreadable(finding: &taskclass_source::Finding) -> String {
    let place = Place { source: finding.primary.source.clone(), span: finding.primary.span };
    format!("\n<p><b>cannot be read</b> {} {}</p>\n", at(&place), sentence(&finding.message))
}

fn change(change: &Change) -> String {
    let mut text = format!(
        "\n<p><b>{}</b> {}: {}</p>\n",
        change.effect,
        code(&shortened(&words::path(change))),
        sentence(&change.what)
    );
    let value = |side: &Option<Written>| side.as_ref().map(|written| written.value.clone());
    let place = |side: &Option<Written>| side.as_ref().map(|written| at(&written.place)).unwrap_or_default();
    let (before, after) = (place(&change.before), place(&change.after));
    let mut side = |what: &str, said: Option<String>, place: &str| {
        if let Some(said) = said {
            text.push_str(&format!("<li>{what} {said} {place}</li>\n"));
        }
    };
    match shown(value(&change.before).as_ref(), value(&change.after).as_ref()) {
        Shown::Lines(old, new) => {
            side("before", old.map(|old| code(&cut(&old))), &before);
            side("after", new.map(|new| code(&cut(&new))), &after);
        }
        Shown::Entries { before: old, after: new, gone, new: came } => {
            side("before", Some(words::number(old, "entry", "entries")), &before);
            side("after", Some(words::number(new, "entry", "entries")), &after);
            text.push_str(&entries("gone", &gone));
            text.push_str(&entries("new", &came));
        }
        Shown::Text { before: old, after: new, diff } => {
            let count = |count: Option<usize>| count.map(|count| words::number(count, "line", "lines"));
            side("before", count(old), &before);
            side("after", count(new), &after);
            text.push_str(&format!("\n{}", fenced("diff", &lines(&diff))));
        }
    }
    text
}

fn entries(what: &str, all: &[String]) -> String {
    if all.is_empty() {
        return String::new();
    }
    let mut shown: Vec<String> = all.iter().take(ENTRIES).map(|entry| code(&cut(entry))).collect();
    if let Some(more) = all.len().checked_sub(ENTRIES).filter(|more| *more > 0) {
        shown.push(format!("and {more} more"));
    }
    format!("<li>{what}: {}</li>\n", shown.join(", "))
}

fn cut(text: &str) -> String {
    let text = visible(text);
    match text.char_indices().nth(MAX_VALUE) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.into_owned(),
    }
}

fn repositories(what: &str, why: &str, list: &[Reached]) -> Option<String> {
    if list.is_empty() {
        return None;
    }
    let one = |reached: &Reached| {
        let sensitive = if reached.sensitive { " (<b>sensitive</b>)" } else { "" };
        format!(
            "<li>{}{sensitive}, {why} {}</li>\n",
            code(&reached.repository.to_string()),
            code(&cut(&words::list(reached)))
        )
    };
    let shown: Vec<String> = list.iter().take(NAMED).map(one).collect();
    let more = list.len().checked_sub(NAMED).filter(|more| *more > 0);
    let more = more.map(|more| format!("<li>and {more} more</li>\n")).unwrap_or_default();
    let count = words::number(list.len(), "repository", "repositories");
    Some(format!("\n<p>{count} {what}</p>\n<ul>\n{}{more}</ul>\n", shown.concat()))
}

fn given(given: &Given) -> String {
    let short = if given.break_glass { " <b>break-glass</b>" } else { "" };
    format!("{} until {}{short}", code(given.principal.as_str()), code(&given.until.to_string()))
}

fn approval(document: &Document) -> Option<String> {
    let approval = document.approval.as_ref()?;
    let short = |version: &Option<crate::Version>| {
        version.as_ref().and_then(|version| version.digest).map(|digest| digest.short())
    };
    let mut rows = Vec::new();
    if let Some(digest) = words::moved(short(&document.before), short(&document.after)) {
        rows.push(format!("digest {}", code(&digest)));
    }
    rows.push(words::quorum(approval));
    let standing = approval.standing.iter();
    rows.extend(standing.flat_map(|standing| &standing.by).map(|one| format!("signed by {}", given(one))));
    rows.extend(approval.voids.iter().map(|one| format!("void: {}", given(one))));
    rows.extend(approval.candidates.iter().take(NAMED).map(|one| {
        let who = code(one.principal.as_str());
        one.hindrance
            .as_ref()
            .map_or_else(|| format!("{who} could sign"), |why| format!("{who} cannot sign: {}", sentence(why)))
    }));
    if let Some(more) = approval.candidates.len().checked_sub(NAMED).filter(|more| *more > 0) {
        rows.push(format!("and {more} more who are trusted"));
    }
    let rows: Vec<String> = rows.iter().map(|row| format!("<li>{row}</li>\n")).collect();
    Some(format!("\n<p>approval</p>\n<ul>\n{}</ul>\n", rows.concat()))
}

/// A difference as `diff` has it, cut where it is too long.
fn lines(diff: &LineDiff) -> String {
    let mut text = String::new();
    let mut left = 0;
    for hunk in &diff.hunks {
        let head = format!("@@ -{} +{} @@\n", hunk.before, hunk.after);
        let lines = hunk.lines.iter().map(|(tag, line)| {
            let sign = match tag {
                Tag::Same => ' ',
                Tag::Gone => '-',
                Tag::New => '+',
            };
            format!("{sign} {}\n", visible_lines(line))
        });
        for line in std::iter::once(head).chain(lines) {
            if left > 0 || text.len() + line.len() > MAX_LINES {
                left += 1;
            } else {
                text.push_str(&line);
            }
        }
    }
    if left > 0 {
        text.push_str(&format!("… {} more\n", words::number(left, "line", "lines")));
    }
    text
}
