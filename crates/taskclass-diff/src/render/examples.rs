//! What is shown of examples and of the files that classes draw in: each difference once, and of examples not what is told no more.

use std::collections::HashMap;

use serde_json::Value;
use taskclass_source::RegistryPath;

use super::source;
use crate::{
    Cause, Change, Document, ExampleDiff, LineDiff, Written,
    prompts::{Differences, Hunk, Tag},
};

/// The differences that were shown, by the lines that went and came, and where: a partial that changed says the same in every
/// class, and in every example of it.
#[derive(Default)]
pub(super) struct Seen<'a> {
    texts: HashMap<String, Shown<'a>>,
    files: HashMap<File<'a>, &'a str>,
}

/// Where a difference was shown.
#[derive(Clone)]
enum Shown<'a> {
    /// Under an example of a class.
    Example(&'a str, &'a str),
    /// Under a change of the text itself, whatever class it is shown under.
    Text(String),
}

/// A file that a class draws in, as it was and as it is.
type File<'a> = (&'a RegistryPath, Option<&'a Value>, Option<&'a Value>);

impl<'a> Seen<'a> {
    /// All that was found of a document is shown.
    pub(super) fn add(&mut self, new: Self) {
        self.texts.extend(new.texts);
        self.files.extend(new.files);
    }

    /// The class under which the same change of the same file was shown.
    pub(super) fn of_file(&self, change: &Change) -> Option<&'a str> {
        self.files.get(&file(change)?).copied()
    }

    /// The change is shown under this document.
    pub(super) fn add_file(&mut self, document: &'a Document, change: &'a Change) {
        if let Some(file) = file(change) {
            self.files.entry(file).or_insert(&document.name);
        }
    }

    /// The difference of a text is shown under the change at `path`.
    pub(super) fn add_text(&mut self, path: &str, diff: &LineDiff) {
        if diff.left_out == 0 {
            self.texts.entry(key(diff)).or_insert_with(|| Shown::Text(path.to_owned()));
        }
    }

    fn find(&self, document: &Document, key: &str) -> Option<String> {
        Some(match self.texts.get(key)? {
            Shown::Example(name, example) if *name == document.name => (*example).to_owned(),
            Shown::Example(name, example) => format!("{example} of {name}"),
            Shown::Text(path) => path.clone(),
        })
    }
}

fn file(change: &Change) -> Option<File<'_>> {
    fn value(side: &Option<Written>) -> Option<&Value> {
        side.as_ref().map(|written| &written.value)
    }
    let Cause::File(path) = &change.cause else { return None };
    Some((path, value(&change.before), value(&change.after)))
}

/// An example and the parts of its request that differ, by their names.
pub(super) struct Told<'a> {
    pub(super) example: &'a ExampleDiff,
    /// The examples behind it of which the same is told in the same words.
    pub(super) also: Vec<&'a str>,
    pub(super) parts: Vec<(&'static str, Part<'a>)>,
}

impl Told<'_> {
    /// The names of all of which it is told.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.example.name.as_str()).chain(self.also.iter().copied())
    }

    /// Whether no more is told of both than that they are as something else.
    fn is_like(&self, other: &Self) -> bool {
        let same = |((own, a), (others, b)): (&(&str, Part<'_>), &(&str, Part<'_>))| {
            own == others && matches!((a, b), (Part::As(a), Part::As(b)) if a == b)
        };
        let failed = self.example.failed.is_some() || other.example.failed.is_some();
        let count = self.parts.len();
        !failed && count > 0 && count == other.parts.len() && self.parts.iter().zip(&other.parts).all(same)
    }
}

/// How a difference is told.
pub(super) enum Part<'a> {
    /// Line by line.
    Lines(&'a LineDiff),
    /// All of it is new, and most of it as in an example that was shown before, or as in the prompt as it is written: what
    /// differs from that.
    Like(Option<String>, LineDiff),
    /// As in what was shown before.
    As(String),
    /// There were so many lines, and none is left.
    Gone(usize),
}

type Of = fn(&ExampleDiff) -> &LineDiff;
const PARTS: [(&str, Of); 2] =
    [("prompt", |example| &example.prompt), ("rest of the request", |example| &example.rest)];

/// The examples in their order, and what is new among them. Where there is no class any more, or none that can be read, nobody
/// needs to be told that nothing is rendered.
pub(super) fn told<'a>(
    document: &'a Document,
    seen: &Seen<'_>,
    new: &mut Seen<'a>,
    differences: &Differences,
) -> Vec<Told<'a>> {
    let whole = document.after.is_some() && document.unreadable.is_empty();
    let mut all: Vec<Told<'_>> = Vec::new();
    // What a part that is all new can be held against: the prompt as it is written, else the first example that has one.
    let written = source::prompt(document).map(|text| (None, text));
    let mut known: [Option<(Option<String>, String)>; PARTS.len()] = [written, None];
    for example in &document.examples {
        let mut parts = Vec::new();
        for ((what, of), known) in PARTS.into_iter().zip(&mut known) {
            let diff = of(example);
            if diff.is_empty() {
                continue;
            }
            // What is told in part is known to be the same as nothing else.
            if diff.left_out > 0 {
                parts.push((what, Part::Lines(diff)));
                continue;
            }
            if lines(diff).all(|(tag, _)| *tag == Tag::Gone) {
                parts.extend(whole.then(|| (what, Part::Gone(lines(diff).count()))));
                continue;
            }
            let key = key(diff);
            if let Some(earlier) = seen.find(document, &key).or_else(|| new.find(document, &key)) {
                parts.push((what, Part::As(earlier)));
                continue;
            }
            new.texts.insert(key, Shown::Example(&document.name, &example.name));
            let text = text(diff).filter(|_| whole);
            let like = text.as_ref().zip(known.as_ref()).and_then(|(text, (name, known))| {
                let differing = bare(differences.of(known, text));
                let is_less = lines(&differing).count() < text.lines().count() && differing.left_out == 0;
                is_less.then(|| Part::Like(name.clone(), differing))
            });
            if known.is_none() {
                *known = text.map(|text| (Some(example.name.clone()), text));
            }
            parts.push((what, like.unwrap_or(Part::Lines(diff))));
        }
        let one = Told { example, also: Vec::new(), parts };
        match all.last_mut() {
            Some(last) if one.is_like(last) => last.also.push(&example.name),
            _ if example.failed.is_some() || !one.parts.is_empty() => all.push(one),
            _ => {}
        }
    }
    all
}

/// Without the lines around.
fn bare(diff: LineDiff) -> LineDiff {
    let mut hunks: Vec<Hunk> = Vec::new();
    for hunk in diff.hunks {
        let (mut before, mut after, mut inside) = (hunk.before, hunk.after, false);
        for (tag, line) in hunk.lines {
            let differs = tag != Tag::Same;
            if differs && !inside {
                hunks.push(Hunk { before, after, lines: Vec::new() });
            }
            inside = differs;
            before += usize::from(tag != Tag::New);
            after += usize::from(tag != Tag::Gone);
            if let Some(last) = hunks.last_mut().filter(|_| differs) {
                last.lines.push((tag, line));
            }
        }
    }
    LineDiff { hunks, left_out: diff.left_out }
}

/// The text after, if all of it is new.
fn text(diff: &LineDiff) -> Option<String> {
    let is_new = lines(diff).all(|(tag, _)| *tag == Tag::New);
    is_new.then(|| lines(diff).map(|(_, line)| line.as_str()).collect::<Vec<_>>().join("\n"))
}

/// The lines that went and came, with their signs: the same for the same difference, wherever in a text it stands.
fn key(diff: &LineDiff) -> String {
    let line = |(tag, text): &(Tag, String)| match tag {
        Tag::Same => None,
        Tag::Gone => Some(format!("-{text}\n")),
        Tag::New => Some(format!("+{text}\n")),
    };
    lines(diff).filter_map(line).collect()
}

fn lines(diff: &LineDiff) -> impl Iterator<Item = &(Tag, String)> {
    diff.hunks.iter().flat_map(|hunk| &hunk.lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_the_lines_around_each_run_of_lines_knows_its_place() {
        let text = |swap: &dyn Fn(usize) -> Option<&'static str>| -> String {
            let line = |at: usize| swap(at).map_or_else(|| format!("{at}\n"), str::to_owned);
            (1..=12).map(line).collect()
        };
        let (before, after) = (
            text(&|_| None),
            text(&|at| {
                [(2, "two\n"), (4, ""), (9, "nine\nmore\n")].iter().find(|(own, _)| *own == at).map(|(_, line)| *line)
            }),
        );
        let bare = bare(Differences::default().of(&before, &after));
        let places: Vec<_> = bare.hunks.iter().map(|hunk| (hunk.before, hunk.after, hunk.lines.len())).collect();
        assert_eq!(places, [(2, 2, 2), (4, 4, 1), (9, 8, 3)]);
        assert!(lines(&bare).all(|(tag, _)| *tag != Tag::Same));
    }
}
