//! A comment under a pull request: a headline, a table of the documents, the gravest first, and each one's details folded.
//!
//! However large the change is the comment fits: rows and details are left out from the harmless end, with a count.

mod details;

use taskclass_source::markdown::{MAX_BYTES, code, sentence, shortened};

use self::details::cut;
use super::{
    approval::{State, is_break_glass, state},
    examples::Seen,
    next::{Step, steps},
    words,
};
use crate::{Diff, Document, Label, prompts::Differences};

/// By which a workflow finds the comment again, to update it.
const MARK: &str = "<!-- taskclass-diff -->\n";
/// How much of the comment is given to the table.
const MAX_TABLE: usize = 24_000;
/// The most that one document's details take, and how much less where that is too much for all of them.
const MAX_DETAILS: [usize; 5] = [32_000, 16_000, 8_000, 4_000, 2_000];
/// What is kept free for the last words.
const LAST_WORDS: usize = 1_000;

/// The diff as a comment.
pub fn markdown(diff: &Diff) -> String {
    let mut text = format!(
        "{MARK}<h3>taskclass diff</h3>\n<p>{}</p>\n",
        words::headline(diff, &side(&diff.base), &side(&diff.head))
    );
    if diff.documents.is_empty() {
        return text;
    }
    let rows = table(&diff.documents, &mut text);
    let room = (MAX_BYTES - LAST_WORDS).saturating_sub(text.len());
    let (folded, detailed) = details(&diff.documents, room);
    text.push_str(&folded);
    text.push_str(&last_words(diff, rows, detailed));
    text
}

/// What a side is called: the words that are ours as they are, names and commits as code.
fn side(label: &Label) -> String {
    let is_phrase = label.commit.is_none() && (label.name.contains(' ') || label.name == "nothing");
    let name = if is_phrase { sentence(&label.name) } else { code(&shortened(&label.name)) };
    let said: Vec<String> =
        label.short_commit().map(code).into_iter().chain(label.note.as_deref().map(sentence)).collect();
    if said.is_empty() { name } else { format!("{name} ({})", said.join(", ")) }
}

/// The details in at most `room` bytes, and of how many documents they are. Where not all fit with all that they say, each
/// says less.
fn details(documents: &[Document], room: usize) -> (String, usize) {
    let (mut best, differences) = ((String::new(), 0), Differences::default());
    for most in MAX_DETAILS {
        let (mut text, mut shown, mut seen) = (String::new(), 0, Seen::default());
        for document in documents {
            let left = most.min(room.saturating_sub(text.len()));
            let Some(folded) = details::folded(document, &mut seen, &differences, left) else { break };
            text.push_str(&folded);
            shown += 1;
        }
        if shown > best.1 {
            best = (text, shown);
        }
        if best.1 == documents.len() {
            break;
        }
    }
    best
}

/// The table; says how many documents have a row.
fn table(documents: &[Document], text: &mut String) -> usize {
    const HEAD: [&str; 6] = ["document", "effect", "risk", "reach", "cost a month", "approval"];
    text.push_str("\n<table>\n<tr>");
    for head in HEAD {
        text.push_str(&format!("<th>{head}</th>"));
    }
    text.push_str("</tr>\n");
    let mut rows = 0;
    for document in documents {
        let row = row(document);
        if text.len() + row.len() > MAX_TABLE {
            break;
        }
        text.push_str(&row);
        rows += 1;
    }
    text.push_str("</table>\n");
    rows
}

fn row(document: &Document) -> String {
    let cells = [
        name(document),
        effect(document),
        words::risk(document).unwrap_or_default(),
        reach(document),
        cost(document),
        approval(document),
    ];
    let cells: Vec<String> = cells.iter().map(|cell| format!("<td>{cell}</td>")).collect();
    format!("<tr>{}</tr>\n", cells.concat())
}

/// The name, and what became of it.
fn name(document: &Document) -> String {
    let status = match &document.status {
        crate::Status::Renamed { from } => format!("<br>renamed from {}", code(&shortened(from))),
        _ => words::status(document).map(|status| format!("<br>{status}")).unwrap_or_default(),
    };
    format!("{}{status}", code(&shortened(&document.name)))
}

fn effect(document: &Document) -> String {
    let effect = document.effect();
    let unread = match (document.unreadable.is_empty(), document.unreadable_before.is_empty()) {
        (false, _) => "<br>cannot be read",
        (true, false) => "<br>was unreadable before",
        (true, true) => "",
    };
    if effect.is_widening() { format!("<b>{effect}</b>{unread}") } else { effect.to_string() }
}

fn reach(document: &Document) -> String {
    let Some(reach) = &document.reach else { return String::new() };
    let mut text = words::moved(Some(reach.before), Some(reach.after)).unwrap_or_default();
    if reach.added.sensitive > 0 {
        text.push_str(&format!("<br><b>{} new sensitive</b>", reach.added.sensitive));
    }
    text
}

fn cost(document: &Document) -> String {
    let month = |spend: Option<crate::Spend>| spend.map(|spend| spend.per_month.nanos().dollars());
    let cost = document.cost.as_ref();
    let moved = words::moved(cost.and_then(|cost| month(cost.before)), cost.and_then(|cost| month(cost.after)));
    // A lone dollar sign could open a formula.
    moved.map(|moved| code(&moved)).unwrap_or_default()
}

fn approval(document: &Document) -> String {
    let (Some(approval), Some(state)) = (&document.approval, state(document)) else { return String::new() };
    let glass = if is_break_glass(approval) { ", <b>break-glass</b>" } else { "" };
    match state {
        State::Refused(_) => "<b>refused</b>".to_owned(),
        State::Revoked(_) => "<b>revoked</b>".to_owned(),
        State::Approved => format!("approved{glass}"),
        State::Still => format!("still approved{glass}"),
        State::Same => "unchanged".to_owned(),
        State::Open => match &approval.standing {
            None => format!("{} needed", words::number(approval.needed as usize, "signature", "signatures")),
            Some(standing) => format!("{} of {} signed", standing.by.len(), approval.needed),
        },
    }
}

/// What to do next, and what was left out.
fn last_words(diff: &Diff, rows: usize, detailed: usize) -> String {
    let mut text = String::new();
    let all = diff.documents.len();
    let left = diff.documents.get(detailed..).unwrap_or_default();
    if !left.is_empty() {
        let table =
            if rows < all { format!("; {} of them are not in the table either", all - rows) } else { String::new() };
        text.push_str(&format!(
            "\n<p>{} not shown in detail: {}{table}. <code>taskclass diff</code> shows all.</p>\n",
            words::number(left.len(), "document is", "documents are"),
            words::counts(left.iter()),
        ));
    }
    let step = |Step { said, command }: Step| match command {
        None => format!("{}.", sentence(&said)),
        Some(command) => format!("{}: {}", sentence(&said), code(&cut(&command))),
    };
    let steps: Vec<String> = steps(diff).into_iter().map(step).collect();
    match steps.as_slice() {
        [] => {}
        [one] => text.push_str(&format!("\n<p><b>Next:</b> {one}</p>\n")),
        several => {
            let items: String = several.iter().map(|step| format!("<li>{step}</li>\n")).collect();
            text.push_str(&format!("\n<p><b>Next:</b></p>\n<ul>\n{items}</ul>\n"));
        }
    }
    text
}
