//! What is shown of examples: each difference once, and not what is told no more.

use std::collections::HashMap;

use crate::{Document, ExampleDiff, LineDiff, prompts::Tag};

/// The differences that were shown, and of which example they were: a partial that changed says the same in every class.
#[derive(Default)]
pub(super) struct Seen<'a>(HashMap<String, (&'a str, &'a str)>);

impl<'a> Seen<'a> {
    /// All that was found of a document is shown.
    pub(super) fn add(&mut self, new: Self) {
        self.0.extend(new.0);
    }

    fn find(&self, document: &Document, key: &str) -> Option<String> {
        let (name, example) = self.0.get(key)?;
        Some(if *name == document.name { (*example).to_owned() } else { format!("{example} of {name}") })
    }
}

/// An example and the parts of its request that differ, by their names.
pub(super) struct Shown<'a> {
    pub(super) example: &'a ExampleDiff,
    pub(super) parts: Vec<(&'static str, Told<'a>)>,
}

/// How a difference is told.
pub(super) enum Told<'a> {
    /// Line by line.
    Lines(&'a LineDiff),
    /// As in an example that was shown before.
    As(String),
    /// There were so many lines, and none is left.
    Gone(usize),
}

type Of = fn(&ExampleDiff) -> &LineDiff;
const PARTS: [(&str, Of); 2] =
    [("prompt", |example| &example.prompt), ("rest of the request", |example| &example.rest)];

/// The examples in their order, and what is new among them. Where there is no class any more, or none that can be read, nobody
/// needs to be told that nothing is rendered.
pub(super) fn shown<'a>(document: &'a Document, seen: &Seen<'_>) -> (Vec<Shown<'a>>, Seen<'a>) {
    let whole = document.after.is_some() && document.unreadable.is_empty();
    let mut new = Seen::default();
    let mut shown = Vec::new();
    for example in &document.examples {
        let mut parts = Vec::new();
        for (what, of) in PARTS {
            let diff = of(example);
            if diff.is_empty() {
                continue;
            }
            // What is told in part is known to be the same as nothing else.
            if diff.left_out > 0 {
                parts.push((what, Told::Lines(diff)));
                continue;
            }
            if lines(diff).all(|(tag, _)| *tag == Tag::Gone) {
                parts.extend(whole.then(|| (what, Told::Gone(lines(diff).count()))));
                continue;
            }
            let key = key(diff);
            if let Some(earlier) = seen.find(document, &key).or_else(|| new.find(document, &key)) {
                parts.push((what, Told::As(earlier)));
                continue;
            }
            new.0.insert(key, (&document.name, &example.name));
            parts.push((what, Told::Lines(diff)));
        }
        if example.failed.is_some() || !parts.is_empty() {
            shown.push(Shown { example, parts });
        }
    }
    (shown, new)
}

/// The lines with their signs: the same for the same difference, wherever in the prompt it stands.
fn key(diff: &LineDiff) -> String {
    let line = |(tag, text): &(Tag, String)| match tag {
        Tag::Same => format!(" {text}\n"),
        Tag::Gone => format!("-{text}\n"),
        Tag::New => format!("+{text}\n"),
    };
    lines(diff).map(line).collect()
}

fn lines(diff: &LineDiff) -> impl Iterator<Item = &(Tag, String)> {
    diff.hunks.iter().flat_map(|hunk| &hunk.lines)
}
