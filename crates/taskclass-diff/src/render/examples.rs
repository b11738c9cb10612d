//! What is shown of examples: each difference once, and not what is told no more.

use crate::{Document, ExampleDiff, LineDiff, prompts::Tag};

/// An example and the parts of its request that differ, by their names.
pub(super) struct Shown<'a> {
    pub(super) example: &'a ExampleDiff,
    pub(super) parts: Vec<(&'static str, Told<'a>)>,
}

/// How a difference is told.
pub(super) enum Told<'a> {
    /// Line by line.
    Lines(&'a LineDiff),
    /// As in the example of this name.
    As(&'a str),
    /// There were so many lines, and none is left.
    Gone(usize),
}

type Of = fn(&ExampleDiff) -> &LineDiff;
const PARTS: [(&str, Of); 2] =
    [("prompt", |example| &example.prompt), ("rest of the request", |example| &example.rest)];

/// The examples in their order. Where there is no class any more, or none that can be read, nobody needs to be told that nothing
/// is rendered.
pub(super) fn shown(document: &Document) -> Vec<Shown<'_>> {
    let examples = document.examples.as_slice();
    let whole = document.after.is_some() && document.unreadable.is_empty();
    let one = |(index, example)| {
        let earlier = examples.get(..index).unwrap_or_default();
        let parts = PARTS.iter().map(|(what, of)| (*what, *of)).filter(|(_, of)| !of(example).hunks.is_empty());
        Shown { example, parts: parts.map(|(what, of)| (what, told(example, earlier, of))).collect() }
    };
    let tells = |shown: &Shown<'_>| {
        whole || shown.example.failed.is_none() && shown.parts.iter().any(|(_, told)| !matches!(told, Told::Gone(_)))
    };
    examples.iter().enumerate().map(one).filter(tells).collect()
}

fn told<'a>(example: &'a ExampleDiff, earlier: &'a [ExampleDiff], of: Of) -> Told<'a> {
    let diff = of(example);
    if lines(diff).all(|(tag, _)| *tag == Tag::Gone) {
        return Told::Gone(lines(diff).count());
    }
    let alike = earlier.iter().find(|other| lines(of(other)).eq(lines(diff)));
    alike.map_or(Told::Lines(diff), |other| Told::As(&other.name))
}

fn lines(diff: &LineDiff) -> impl Iterator<Item = &(Tag, String)> {
    diff.hunks.iter().flat_map(|hunk| &hunk.lines)
}
