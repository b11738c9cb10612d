//! What the changes mean: where the class runs, what it can cost, what it is told, who approves it.

use taskclass_source::text::{display_width, visible};

use super::{
    changes::lines,
    page::{Ink, Page, padded},
};
use crate::{
    Approval, Cost, Document, Given, Moved, Reach,
    prompts::Differences,
    render::{
        approval::{self, State},
        examples::{self, Part, Seen},
        words::{self, NAMED},
    },
};

/// All of it, section by section; what does not differ is left out.
pub(super) fn meaning<'a>(
    document: &'a Document,
    inventory: Option<usize>,
    seen: &mut Seen<'a>,
    differences: &Differences,
    page: &mut Page,
) {
    if !document.reaches.is_empty() {
        page.led(2, (Ink::Strong, "reaches  "), Ink::Plain, &named(&document.reaches));
    }
    if let Some(found) = &document.reach {
        reach(document, found, inventory, page);
    }
    if let Some(found) = document.cost.as_ref().filter(|cost| words::costs_differ(cost)) {
        cost(found, page);
    }
    let mut new = Seen::default();
    for one in &examples::told(document, seen, &mut new, differences) {
        example(one, page);
    }
    seen.add(new);
    if let (Some(found), Some(state)) = (&document.approval, approval::state(document)) {
        approval(document, found, &state, page);
    }
}

/// The first names and how many more there are.
fn named(names: &[String]) -> String {
    let mut shown: Vec<String> = names.iter().take(NAMED).cloned().collect();
    if let Some(more) = names.len().checked_sub(NAMED).filter(|more| *more > 0) {
        shown.push(format!("and {more} more"));
    }
    shown.join(", ")
}

fn reach(document: &Document, reach: &Reach, inventory: Option<usize>, page: &mut Page) {
    let count = words::moved(Some(reach.before), Some(reach.after)).unwrap_or_default();
    let all = inventory.map(|all| format!(" of {all}")).unwrap_or_default();
    let same = if reach.added.count + reach.removed.count == 0 { ", as before" } else { "" };
    page.led(2, (Ink::Strong, "reach  "), Ink::Plain, &format!("{count}{all} repositories in the inventory{same}"));
    repositories(document, ("+ ", Ink::New), &reach.added, "kept away before", page);
    repositories(document, ("- ", Ink::Gone), &reach.removed, "keeps away now", page);
    if let Some(said) = words::unlisted(reach) {
        let names: Vec<String> = reach.unlisted.iter().map(ToString::to_string).collect();
        page.led(4, (Ink::Attention, "! "), Ink::Attention, &format!("{said}: {}", named(&names)));
    }
}

fn repositories(document: &Document, (sign, ink): (&str, Ink), all: &Moved, kept: &str, page: &mut Page) {
    for (list, count, shown) in words::by_list(all) {
        page.led(4, (ink, sign), ink, &words::group(document, count, &list, kept));
        let names = |sensitive: bool| {
            let names = shown.iter().filter(|one| one.sensitive == sensitive);
            names.map(|one| one.repository.to_string()).collect::<Vec<_>>().join(", ")
        };
        let (sensitive, mut rest) = (names(true), names(false));
        if count > shown.len() {
            let comma = if rest.is_empty() { "" } else { ", " };
            rest.push_str(&format!("{comma}and {} more", count - shown.len()));
        }
        if !sensitive.is_empty() {
            page.led(6, (Ink::Attention, "sensitive: "), Ink::Attention, &sensitive);
        }
        if !rest.is_empty() {
            page.wrapped(6, Ink::Plain, &rest);
        }
    }
}

/// What can be spent, in columns with the numbers to the right.
fn cost(cost: &Cost, page: &mut Page) {
    let rows = words::costs(cost);
    let width = |column: usize, least: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| display_width(cell)).max().unwrap_or(0).max(least)
    };
    let (first, before, after) = (width(0, "cost, at most".len()), width(1, "before".len()), width(2, "after".len()));
    let right = |text: &str, width: usize| format!("{}{text}", " ".repeat(width.saturating_sub(display_width(text))));
    let fits = first + before + after + 8 <= page.room(0);
    if fits {
        let head = [(Ink::Strong, padded("cost, at most", first + 2)), (Ink::Faint, right("before", before + 2))];
        page.pieces(2, &[(head[0].0, &head[0].1), (head[1].0, &head[1].1), (Ink::Faint, &right("after", after + 2))]);
    } else {
        page.pieces(2, &[(Ink::Strong, "cost, at most")]);
    }
    for [what, old, new] in &rows {
        let (gone, came) = if old == new { (Ink::Faint, Ink::Faint) } else { (Ink::Gone, Ink::New) };
        if fits {
            let what = padded(what, first);
            page.pieces(4, &[(Ink::Plain, &what), (gone, &right(old, before + 2)), (came, &right(new, after + 2))]);
        } else {
            page.wrapped(4, Ink::Plain, &format!("{what}: {}", words::moved(Some(old), Some(new)).unwrap_or_default()));
        }
    }
}

fn example(shown: &examples::Told<'_>, page: &mut Page) {
    let name = visible(&shown.names().collect::<Vec<_>>().join(", ")).into_owned();
    let lead = if shown.also.is_empty() { "example " } else { "examples " };
    if let Some(why) = &shown.example.failed {
        page.led(2, (Ink::Strong, lead), Ink::Strong, &format!("{name}: cannot be rendered"));
        page.wrapped(4, Ink::Attention, why);
    }
    for (what, told) in &shown.parts {
        let head = |behind: &str| format!("{name}: {what}{behind}");
        match told {
            Part::Lines(diff) => {
                page.led(2, (Ink::Strong, lead), Ink::Strong, &head(""));
                lines(4, diff, page);
            }
            Part::Like(other, diff) => {
                let as_what = other.as_ref().map_or("as written".to_owned(), |other| format!("as in {other}"));
                page.led(2, (Ink::Strong, lead), Ink::Strong, &head(&format!(", {as_what} but for")));
                lines(4, diff, page);
            }
            Part::As(other) => page.led(2, (Ink::Strong, lead), Ink::Plain, &head(&format!(", as in {other}"))),
            Part::Gone(count) => {
                let gone = words::number(*count, "line", "lines");
                page.led(2, (Ink::Strong, lead), Ink::Plain, &head(&format!(", {gone} before, nothing now")));
            }
        }
    }
}

fn given(given: &Given) -> String {
    let short = if given.break_glass { ", break-glass" } else { "" };
    format!("{} until {}{short}", given.principal, approval::until(given))
}

fn approval(document: &Document, approval: &Approval, state: &State, page: &mut Page) {
    let ink = match state {
        State::Approved | State::Still => Ink::New,
        State::Same => Ink::Plain,
        State::Open => Ink::Attention,
        State::Refused(_) | State::Revoked(_) => Ink::Gone,
    };
    page.led(2, (Ink::Strong, "approval  "), ink, &approval::told(approval, state));
    let short = |version: &Option<crate::Version>| {
        version.as_ref().and_then(|version| version.digest).map(|digest| digest.short())
    };
    if let Some(digest) = words::moved(short(&document.before), short(&document.after)) {
        page.led(4, (Ink::Faint, "digest      "), Ink::Plain, &digest);
    }
    for one in approval::signed(approval) {
        let ink = if one.break_glass { Ink::Attention } else { Ink::New };
        page.led(4, (Ink::Faint, "signed      "), ink, &given(one));
    }
    for one in &approval.voids {
        page.led(4, (Ink::Faint, "void now    "), Ink::Gone, &given(one));
    }
    let candidates = if *state == State::Open { approval.candidates.as_slice() } else { &[] };
    let widest = candidates.iter().map(|one| display_width(one.principal.as_str())).max().unwrap_or(0);
    for one in candidates {
        // The key is named where there is room for it.
        let key = format!("{}  {}", padded(one.principal.as_str(), widest), one.key_fingerprint);
        let fits = display_width(&key) + 12 <= page.room(4);
        let key = if fits { key.as_str() } else { one.principal.as_str() };
        match &one.hindrance {
            None => page.led(4, (Ink::Faint, "could sign  "), Ink::Plain, key),
            Some(why) => {
                let who = padded(one.principal.as_str(), widest);
                page.led(4, (Ink::Faint, "cannot      "), Ink::Faint, &format!("{who}  {why}"));
            }
        }
    }
}
