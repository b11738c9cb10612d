//! The marks of a merge that nobody finished.

use super::lines;
use super::problem::{Problem, ProblemKind};
use crate::Span;

/// A merge conflict: what is wrong, and the lines to take out so that our side can be read.
pub(super) struct Conflict {
    pub(super) problem: Problem,
    pub(super) gone: Vec<Span>,
}

/// The first conflict that is marked whole: `<<<<<<<`, `=======`, `>>>>>>>`, each at the beginning of a line.
pub(super) fn find(text: &str) -> Option<Conflict> {
    let ours = marked(text, 0, "<<<<<<< ")?;
    let middle = marked(text, ours.end as usize, "=======")?;
    let theirs = marked(text, middle.end as usize, ">>>>>>> ")?;
    let base = marked(text, ours.end as usize, "||||||| ").filter(|base| base.start < middle.start);
    let problem = Problem::new(ProblemKind::Syntax, ours, "a merge was left unfinished here")
        .label("our side begins, and is read")
        .related(middle, "their side begins")
        .related(theirs, "it ends")
        .help("keep one of the two sides, or what is right of both, and delete the three marks");
    let rest = base.map_or(middle.start, |base| base.start);
    Some(Conflict { problem, gone: vec![ours, Span { start: rest, end: theirs.end }] })
}

/// The first line from `from` on that begins with `mark`.
fn marked(text: &str, from: usize, mark: &str) -> Option<Span> {
    let mut at = lines::start(text, from.min(text.len()));
    loop {
        let rest = text.get(at..)?;
        if at >= from && rest.starts_with(mark) {
            return Some(Span::new(at, lines::rest(text, at)));
        }
        at += rest.find('\n')? + 1;
    }
}
