//! Reading on behind what is no YAML.
//!
//! The parser ends at the first thing that it cannot read. That is reported, taken out of the text, its bytes replaced by
//! spaces so that all else keeps its place, and the text is read again. What is said of the file is said of its own text.

use std::borrow::Cow;
use std::sync::Arc;

use super::build::{self, Built, End};
use super::cut::{self, Cut};
use super::diagnose::{self, Repair};
use super::node::{Node, Style, Value};
use super::problem::{Problem, ProblemKind};
use super::{Parsed, lines, report};
use crate::{SourceFile, Span};

/// How often a text is read at most.
const MAX_ROUNDS: usize = 24;

/// Reads the whole of `source` into `parsed`; `text` is its text as the parser takes it.
pub(super) fn read(source: &Arc<SourceFile>, mut text: Cow<'_, str>, parsed: &mut Parsed) {
    let mut cuts = Vec::new();
    let mut lost = false;
    for round in 1.. {
        let mut built = build::build(source, &text, &cuts);
        let (problem, repair) = match std::mem::take(&mut built.end) {
            End::Whole => return hand_over(built, &cuts, !lost, parsed),
            End::Stopped => return hand_over(built, &cuts, false, parsed),
            End::Cut(problem, cut) => (problem, Repair::Cut(cut)),
            End::Broken(broken) => diagnose::diagnose(source, &text, &broken),
        };
        lost |= problem.kind != ProblemKind::Directive;
        let moved = round < MAX_ROUNDS && apply(&repair, text.to_mut());
        report::add(&mut parsed.problems, if moved { problem } else { the_end(problem) });
        if !moved {
            return hand_over(built, &cuts, false, parsed);
        }
        if let Repair::Cut(cut) = repair {
            cuts.push(cut);
        }
    }
}

/// The last thing that is said of a text that is read no further.
fn the_end(problem: Problem) -> Problem {
    if problem.label.is_empty() { problem.label("nothing from here on was read") } else { problem }
}

/// Takes out of the text what kept it from being read; whether there was anything.
fn apply(repair: &Repair, text: &mut String) -> bool {
    match repair {
        Repair::Cut(cut) => cut.apply(text),
        Repair::Tab(tab) => cut::blank(text, *tab),
        Repair::Lines(gone) => gone.iter().filter(|span| cut::blank(text, **span)).count() > 0,
        Repair::Indentation => {
            let mut at = 0;
            // Among lines that spaces indent, lines with tabs have no place: they are taken out, if each is whole by itself.
            let tabs = || text.lines().filter(|line| line.starts_with('\t'));
            let spaces = text.lines().any(|line| line.starts_with(' ') && !line.trim().is_empty());
            let mixed = spaces && tabs().all(lines::is_whole);
            let mut moved = false;
            while at < text.len() {
                let blanks = Span::new(at, lines::behind_blanks(text, at));
                let tabs = text.get(blanks.range()).is_some_and(|blanks| blanks.contains('\t'));
                let gone = if mixed && tabs { Span::new(at, lines::end(text, at)) } else { blanks };
                moved |= cut::blank(text, gone);
                at = lines::end(text, at) + 1;
            }
            moved
        }
        Repair::Nothing => false,
    }
}

fn hand_over(built: Built, cuts: &[Cut], whole: bool, parsed: &mut Parsed) {
    parsed.complete = whole && !built.faulty;
    parsed.comments = built.comments;
    for problem in built.problems {
        report::add(&mut parsed.problems, problem);
    }
    // Where nothing is left, what was taken out stands as a value that is none.
    let nothing = |cut: &Cut| Node { span: cut.span, value: Value::Null, style: Style::Plain, flagged: true };
    parsed.root = built.root.or_else(|| cuts.first().map(nothing));
}
