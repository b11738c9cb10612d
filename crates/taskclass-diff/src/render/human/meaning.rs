//! What the changes mean: where the class runs, what it can cost, what it is told, who approves it.

use taskclass_source::text::{display_width, visible};

use super::{
    changes::lines,
    page::{Ink, Page, padded},
};
use crate::{
    Approval, Cost, Document, ExampleDiff, Given, Reach, Reached,
    render::words::{self, NAMED},
};

/// All of it, section by section; what does not differ is left out.
pub(super) fn meaning(document: &Document, page: &mut Page) {
    if !document.reaches.is_empty() {
        heading("reaches", page);
        page.wrapped(4, Ink::Plain, &named(&document.reaches));
    }
    if let Some(found) = &document.reach {
        reach(found, page);
    }
    if let Some(found) = document.cost.as_ref().filter(|cost| words::costs_differ(cost)) {
        cost(found, page);
    }
    for example in &document.examples {
        prompts(example, page);
    }
    if let Some(found) = &document.approval {
        approval(document, found, page);
    }
}

fn heading(text: &str, page: &mut Page) {
    page.pieces(2, &[(Ink::Strong, text)]);
}

/// The first names and how many more there are.
fn named(names: &[String]) -> String {
    let mut shown: Vec<String> = names.iter().take(NAMED).cloned().collect();
    if let Some(more) = names.len().checked_sub(NAMED).filter(|more| *more > 0) {
        shown.push(format!("and {more} more"));
    }
    shown.join(", ")
}

fn reach(reach: &Reach, page: &mut Page) {
    let count = words::moved(Some(reach.before), Some(reach.after)).unwrap_or_default();
    let unit = if reach.after == 1 { "repository" } else { "repositories" };
    heading("reach", page);
    page.wrapped(4, Ink::Plain, &format!("{count} {unit} of the inventory"));
    repositories("+ ", Ink::New, &reach.added, "kept away before by", page);
    repositories("- ", Ink::Gone, &reach.removed, "kept away now by", page);
}

fn repositories(sign: &str, ink: Ink, list: &[Reached], why: &str, page: &mut Page) {
    let shown = list.get(..list.len().min(NAMED)).unwrap_or_default();
    let widest = shown.iter().map(|one| display_width(&one.repository.to_string())).max().unwrap_or(0);
    for one in shown {
        let name = padded(&one.repository.to_string(), widest);
        let sensitive = if one.sensitive { "  sensitive" } else { "" };
        let why = format!("  {why} {}", words::list(one));
        let fits = widest + sensitive.len() + display_width(&why) <= page.room(6);
        let why = if fits { visible(&why).into_owned() } else { String::new() };
        page.pieces(4, &[(ink, sign), (ink, &name), (Ink::Attention, sensitive), (Ink::Faint, &why)]);
    }
    if let Some(more) = list.len().checked_sub(NAMED).filter(|more| *more > 0) {
        let sensitive = list.iter().skip(NAMED).filter(|one| one.sensitive).count();
        let also = if sensitive > 0 { format!(", {sensitive} of them sensitive") } else { String::new() };
        page.pieces(4, &[(ink, sign), (Ink::Faint, &format!("and {more} more{also}"))]);
    }
}

fn cost(cost: &Cost, page: &mut Page) {
    let rows = words::costs(cost);
    let head = ["cost, at most".to_owned(), "before".to_owned(), "after".to_owned()];
    let width = |column: usize| {
        rows.iter().chain([&head]).filter_map(|row| row.get(column)).map(|cell| display_width(cell)).max().unwrap_or(0)
    };
    let widths = [width(0) + 2, width(1) + 2];
    let [first, second, third] = &head;
    let lead = [
        (Ink::Strong, padded(first, widths[0] + 2)),
        (Ink::Faint, padded(second, widths[1])),
        (Ink::Faint, third.clone()),
    ];
    page.pieces(2, &lead.each_ref().map(|(ink, text)| (*ink, text.as_str())));
    for [what, before, after] in &rows {
        let (old, new) = if before == after { (Ink::Plain, Ink::Plain) } else { (Ink::Gone, Ink::New) };
        page.pieces(4, &[(Ink::Plain, &padded(what, widths[0])), (old, &padded(before, widths[1])), (new, after)]);
    }
}

fn prompts(example: &ExampleDiff, page: &mut Page) {
    heading(&format!("example {}", visible(&example.name)), page);
    if let Some(why) = &example.failed {
        page.led(4, (Ink::Attention, "cannot be rendered: "), Ink::Plain, why);
    }
    for (what, diff) in [("its prompt", &example.prompt), ("the rest of its request", &example.rest)] {
        if !diff.hunks.is_empty() {
            page.pieces(4, &[(Ink::Faint, what)]);
            lines(4, diff, page);
        }
    }
}

fn given(given: &Given) -> String {
    let short = if given.break_glass { " (break-glass)" } else { "" };
    format!("{} until {}{short}", given.principal, given.until)
}

fn approval(document: &Document, approval: &Approval, page: &mut Page) {
    heading("approval", page);
    let short = |version: &Option<crate::Version>| {
        version.as_ref().and_then(|version| version.digest).map(|digest| digest.short())
    };
    let digest = words::moved(short(&document.before), short(&document.after));
    let digest = digest.map(|digest| format!("digest {digest}, ")).unwrap_or_default();
    page.wrapped(4, Ink::Plain, &format!("{digest}{}", words::quorum(approval)));
    if let Some(standing) = &approval.standing {
        let word = if standing.approved { (Ink::New, "approved") } else { (Ink::Attention, "not approved") };
        page.pieces(4, &[word]);
        for one in &standing.by {
            page.led(6, (Ink::Plain, "by "), Ink::Plain, &given(one));
        }
    }
    for one in &approval.voids {
        page.led(4, (Ink::Gone, "void  "), Ink::Plain, &given(one));
    }
    if !approval.candidates.is_empty() {
        page.pieces(4, &[(Ink::Plain, "who could sign")]);
    }
    for one in &approval.candidates {
        let key = format!("{}  {}", one.principal, one.key_fingerprint);
        match &one.hindrance {
            None => page.led(6, (Ink::New, "yes  "), Ink::Plain, &key),
            Some(why) => page.led(6, (Ink::Faint, "no   "), Ink::Faint, &format!("{key}  {why}")),
        }
    }
}
