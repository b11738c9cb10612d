//! One document's details, folded: what changed, what it means.

use taskclass_source::markdown::{code, fenced, sentence, shortened};
use taskclass_source::text::visible;

use crate::{
    Cause, Change, Cost, Document, Effect, Given, Kind, LineDiff, Moved, Place, Reached, Written,
    prompts::Differences,
    render::{
        approval::{self, State},
        content,
        examples::{self, Part, Seen},
        hunks::{self, Around, Row},
        neutral,
        values::{Shown, shown},
        words::{self, EFFECTS, NAMED},
    },
};

/// The longest value, in characters.
const MAX_VALUE: usize = 300;
/// The most that one difference by lines takes, in bytes.
const MAX_LINES: usize = 6_000;
/// How wide a line is shown: what a comment shows without a bar to scroll it.
const COLUMNS: usize = 100;
/// The most entries of a list that came or went.
const ENTRIES: usize = 20;
const CLOSE: &str = "\n</details>\n";
/// What is kept free to say that something was left out.
const LAST_WORDS: usize = 120;

/// The details in at most `room` bytes, the gravest first; `None` where there is room for nothing.
pub(super) fn folded<'a>(
    document: &'a Document,
    seen: &mut Seen<'a>,
    differences: &Differences,
    room: usize,
) -> Option<String> {
    let effect = document.effect();
    let status = words::version(document).map(|version| format!(" (version {version})")).unwrap_or_default();
    let mut text =
        format!("\n<details><summary><b>{effect}</b> {}{status}</summary>\n", code(&shortened(&document.name)));
    let (pieces, new) = pieces(document, seen, differences);
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
    } else {
        seen.add(new);
    }
    text.push_str(CLOSE);
    Some(text)
}

/// What there is to say, in the order in which it is cut: the first is cut last.
fn pieces<'a>(document: &'a Document, seen: &Seen<'_>, differences: &Differences) -> (Vec<String>, Seen<'a>) {
    let mut pieces: Vec<String> = [
        unreadable(&document.unreadable_before, "<b>was unreadable before</b>: what it allowed is not known"),
        unreadable(&document.unreadable, "<b>cannot be read</b>, so it may do anything"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut new = Seen::default();
    let told = |change: &&Change| change.effect != Effect::Neutral && !words::is_of_new(document, change);
    for effect in EFFECTS {
        for one in document.changes.iter().filter(told).filter(|change| change.effect == effect) {
            let head = format!("<b>{effect}</b> {}: {}", path(document, one), sentence(&one.what));
            pieces.push(change(&head, document, one, (seen, &mut new), differences));
        }
    }
    if let Some(content) = &document.content {
        pieces.extend(all(document.kind, content, differences));
        for one in document.changes.iter().filter(|change| words::is_of_new(document, change)) {
            let head = format!("<b>draws in</b> {}", path(document, one));
            pieces.push(change(&head, document, one, (seen, &mut new), differences));
        }
    }
    if let Some(reach) = &document.reach {
        pieces.extend(repositories(document, "newly reached", "kept away before", &reach.added));
        pieces.extend(repositories(document, "no longer reached", "keeps away now", &reach.removed));
        pieces.extend(words::unlisted(reach).map(|said| {
            let all: Vec<String> = reach.unlisted.iter().map(ToString::to_string).collect();
            format!("\n<p><b>reach</b>: {said}: {}</p>\n", names(&all))
        }));
    }
    if !document.reaches.is_empty() {
        pieces.push(format!("\n<p><b>reaches</b> {}</p>\n", names(&document.reaches)));
    }
    pieces.extend(document.cost.as_ref().filter(|cost| words::costs_differ(cost)).map(cost));
    pieces.extend(approval(document));
    pieces.extend(neutral(document, differences));
    for shown in &examples::told(document, seen, &mut new, differences) {
        let name = names(&shown.names().map(str::to_owned).collect::<Vec<_>>());
        let head = if shown.also.is_empty() { "<b>example</b>" } else { "<b>examples</b>" };
        if let Some(why) = &shown.example.failed {
            pieces.push(format!("\n<p>{head} {name} cannot be rendered: {}</p>\n", sentence(why)));
        }
        pieces.extend(shown.parts.iter().map(|(what, told)| match told {
            Part::Lines(diff) => format!("\n<p>{head} {name}, {what}</p>\n\n{}", fenced("diff", &lines(diff))),
            Part::Like(other, diff) => {
                let other = other.as_deref().map(|other| format!("as in {}", code(&shortened(other))));
                let as_what = other.as_deref().unwrap_or("as written");
                let lines = fenced("diff", &lines(diff));
                format!("\n<p>{head} {name}, {what}: {as_what} but for</p>\n\n{lines}")
            }
            Part::As(other) => {
                format!("\n<p>{head} {name}, {what}: as in {}</p>\n", code(&shortened(other)))
            }
            Part::Gone(count) => {
                let gone = words::number(*count, "line", "lines");
                format!("\n<p>{head} {name}, {what}: {gone} before, nothing now</p>\n")
            }
        }));
    }
    (pieces, new)
}

/// A new document, field by field, and its prompt as it is written.
fn all(kind: Kind, content: &serde_json::Value, differences: &Differences) -> Vec<String> {
    let rows = content::lines(kind, content, COLUMNS);
    let text = limited(rows.iter().map(|(name, value)| format!("{name}{value}")).collect());
    let mut pieces = vec![format!("\n<p><b>all that it says</b></p>\n\n{}", fenced("text", &text))];
    pieces.extend(content::template(content).map(|template| {
        let lines = lines(&differences.of("", template));
        format!("\n<p><b>its prompt</b></p>\n\n{}", fenced("diff", &lines))
    }));
    pieces
}

fn neutral(document: &Document, differences: &Differences) -> Option<String> {
    let row = |(path, told): &(String, neutral::Told)| {
        let told = match told {
            neutral::Told::Values(values) => code(&cut(values)),
            neutral::Told::Words(words) => sentence(words),
        };
        format!("<li>{}: {told}</li>\n", code(&shortened(path)))
    };
    let lines = neutral::lines(document, differences);
    (!lines.is_empty()).then(|| list("<b>neutral</b>", &lines.iter().map(row).collect::<String>()))
}

fn cost(cost: &Cost) -> String {
    let row =
        |[what, before, after]: [String; 3]| format!("<li>{what}: {}</li>\n", code(&format!("{before} → {after}")));
    let rows = words::costs(cost).into_iter().filter(|[_, before, after]| before != after);
    list("<b>cost</b>, at most", &rows.map(row).collect::<String>())
}

/// A heading and the entries under it.
fn list(head: &str, entries: &str) -> String {
    if entries.is_empty() { format!("\n<p>{head}</p>\n") } else { format!("\n<p>{head}</p>\n<ul>\n{entries}</ul>\n") }
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

fn unreadable(findings: &[taskclass_source::Finding], said: &str) -> Option<String> {
    let one = |finding: &taskclass_source::Finding| {
        let place = Place { source: finding.primary.source.clone(), span: finding.primary.span };
        format!("<li>{} {}</li>\n", at(&place), sentence(&finding.message))
    };
    let mut rows: String = findings.iter().take(NAMED).map(one).collect();
    if let Some(more) = findings.len().checked_sub(NAMED).filter(|more| *more > 0) {
        rows.push_str(&format!("<li>and {more} more</li>\n"));
    }
    (!findings.is_empty()).then(|| list(said, &rows))
}

fn path(document: &Document, change: &Change) -> String {
    code(&shortened(&words::path(document.kind, change)))
}

/// A change with its values; `seen` is what was shown under the documents before, and what is shown under this one.
fn change<'a>(
    head: &str,
    document: &'a Document,
    change: &'a Change,
    seen: (&Seen<'_>, &mut Seen<'a>),
    differences: &Differences,
) -> String {
    let (seen, new) = seen;
    if let Some(name) = seen.of_file(change) {
        return list(head, &format!("<li>its text as under {}</li>\n", code(&shortened(name))));
    }
    new.add_file(document, change);
    let value = |side: &Option<Written>| side.as_ref().map(|written| written.value.clone());
    let side = |what: &str, said: Option<String>, written: &Option<Written>| {
        let place = written.as_ref().map(|written| at(&written.place)).unwrap_or_default();
        said.map(|said| format!("<li>{what} {said}, {place}</li>\n")).unwrap_or_default()
    };
    let sides = |before: Option<String>, after: Option<String>| {
        side("before:", before, &change.before) + &side("after:", after, &change.after)
    };
    match shown(value(&change.before).as_ref(), value(&change.after).as_ref(), differences) {
        Shown::Lines(before, after) => {
            let said = |value: Option<String>| value.map(|value| code(&cut(&value)));
            list(head, &sides(said(before), said(after)))
        }
        Shown::Entries { before, after, gone, new } => {
            let said = |count| Some(words::number(count, "entry", "entries"));
            list(head, &(sides(said(before), said(after)) + &entries("gone", &gone) + &entries("new", &new)))
        }
        Shown::Elsewhere => list(head, ""),
        Shown::Text { before, after, diff } => {
            new.add_text(&words::path(document.kind, change), &diff);
            let said = |count: Option<usize>| count.map(|count| words::number(count, "line", "lines"));
            // A file's path says which of its lines.
            let is_file = matches!(change.cause, Cause::File(_));
            let sides = if is_file { String::new() } else { sides(said(before), said(after)) };
            format!("{}\n{}", list(head, &sides), fenced("diff", &lines(&diff)))
        }
    }
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

pub(super) fn cut(text: &str) -> String {
    let text = visible(text);
    match text.char_indices().nth(MAX_VALUE) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.into_owned(),
    }
}

fn repositories(document: &Document, what: &str, kept: &str, all: &Moved) -> Option<String> {
    let group = |(by, count, shown): (String, usize, Vec<&Reached>)| {
        let one = |reached: &&Reached| {
            let sensitive = if reached.sensitive { " (<b>sensitive</b>)" } else { "" };
            format!("{}{sensitive}", code(reached.repository.as_str()))
        };
        let mut names: Vec<String> = shown.iter().map(one).collect();
        if count > shown.len() {
            names.push(format!("and {} more", count - shown.len()));
        }
        format!("<li>{}: {}</li>\n", sentence(&words::group(document, count, &by, kept)), names.join(", "))
    };
    let groups: String = words::by_list(all).into_iter().map(group).collect();
    (all.count > 0).then(|| list(&format!("<b>{what}</b>"), &groups))
}

fn given(given: &Given) -> String {
    let short = if given.break_glass { ", <b>break-glass</b>" } else { "" };
    format!("{} until {}{short}", code(given.principal.as_str()), code(&approval::until(given)))
}

fn approval(document: &Document) -> Option<String> {
    let approval = document.approval.as_ref()?;
    let state = approval::state(document)?;
    let short = |version: &Option<crate::Version>| {
        version.as_ref().and_then(|version| version.digest).map(|digest| digest.short())
    };
    let mut rows = Vec::new();
    if let Some(digest) = words::moved(short(&document.before), short(&document.after)) {
        rows.push(format!("digest {}", code(&digest)));
    }
    rows.extend(approval::signed(approval).iter().map(|one| format!("signed by {}", given(one))));
    rows.extend(approval.voids.iter().map(|one| format!("void now: {}", given(one))));
    let candidates = if state == State::Open { approval.candidates.as_slice() } else { &[] };
    let (can, cannot): (Vec<_>, Vec<_>) = candidates.iter().partition(|one| one.hindrance.is_none());
    if !can.is_empty() {
        let who: Vec<String> = can.iter().map(|one| one.principal.to_string()).collect();
        rows.push(format!("could sign: {}", names(&who)));
    }
    rows.extend(cannot.iter().take(NAMED).map(|one| {
        let why = one.hindrance.as_deref().unwrap_or_default();
        format!("cannot sign: {}, {}", code(one.principal.as_str()), sentence(why))
    }));
    if let Some(more) = cannot.len().checked_sub(NAMED).filter(|more| *more > 0) {
        rows.push(format!("and {more} more cannot sign"));
    }
    let rows: String = rows.iter().map(|row| format!("<li>{row}</li>\n")).collect();
    Some(list(&format!("<b>approval</b> {}", sentence(&approval::told(approval, &state))), &rows))
}

/// A difference as `diff` has it, cut where it is too long.
fn lines(diff: &LineDiff) -> String {
    limited(hunks::rows(diff, COLUMNS, Around::Whole).iter().map(Row::text).collect())
}

/// The lines, as many as there is room for.
fn limited(rows: Vec<String>) -> String {
    let mut text = String::new();
    for (index, row) in rows.iter().enumerate() {
        let line = format!("{}\n", row.trim_end());
        if text.len() + line.len() > MAX_LINES {
            text.push_str(&format!("… {} more\n", words::number(rows.len() - index, "line", "lines")));
            break;
        }
        text.push_str(&line);
    }
    text
}
