//! Which departures from the schema are causes, and which only follow from another.

use taskclass_source::{
    Node, Path, Span,
    yaml::{Problem, ProblemKind},
};

use super::{ShapeError, ShapeErrorKind};

/// Whether the text was not read to its end: what is missing may only not have been reached.
pub fn cut_short(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| {
        matches!(
            problem.kind,
            ProblemKind::Syntax
                | ProblemKind::ControlCharacter(_)
                | ProblemKind::TooDeep
                | ProblemKind::TooManyNodes
                | ProblemKind::FileTooLarge { .. }
                | ProblemKind::NotUtf8 { .. }
        )
    })
}

/// The departures without those that follow from another, in the order of the document: in a file that was not read to its
/// end nothing is missing and no field has its last word; a field that was misspelled, or stands in another section, is not
/// missing as well; a value of the wrong type is nothing else.
pub fn causes<'a>(all: &'a [ShapeError], cut_short: bool, root: Option<&Node>) -> Vec<&'a ShapeError> {
    if all.is_empty() {
        return Vec::new();
    }
    let last = last_span(root).filter(|_| cut_short);
    let mut wrong_type: Option<&Path> = None;
    let follows = |error: &&'a ShapeError| {
        let nothing_more = wrong_type == Some(&error.path);
        wrong_type = match &error.kind {
            ShapeErrorKind::WrongType { .. } => Some(&error.path),
            _ => wrong_type.filter(|path| **path == error.path),
        };
        let unread = cut_short
            && (matches!(error.kind, ShapeErrorKind::MissingField { .. } | ShapeErrorKind::UnsupportedSchema { .. })
                || last.is_none_or(|last| last.contains(error.span)));
        let misspelled = match &error.kind {
            ShapeErrorKind::MissingField { names } => {
                let moved = |other: &ShapeError, name: &str| error.path.is_root() && other.names(name);
                names
                    .iter()
                    .any(|name| all.iter().any(|other| other.misspells(&error.path, name) || moved(other, name)))
            }
            _ => false,
        };
        !(nothing_more || unread || misspelled)
    };
    // The wrong type first, whatever order the errors of one place come in.
    let mut sorted: Vec<&ShapeError> = all.iter().collect();
    let rank = |error: &&ShapeError| !matches!(error.kind, ShapeErrorKind::WrongType { .. });
    sorted.sort_by(|a, b| (a.span, &a.path, rank(a)).cmp(&(b.span, &b.path, rank(b))));
    sorted.into_iter().filter(follows).collect()
}

/// The span of the document's last value.
fn last_span(root: Option<&Node>) -> Option<Span> {
    Some(root?.as_map()?.iter().last()?.value.span)
}

impl ShapeError {
    /// Whether this is a field of that name that stands where there is none.
    fn names(&self, field: &str) -> bool {
        matches!(&self.kind, ShapeErrorKind::UnknownField { name, .. } if name == field)
    }

    /// Whether this is a field that does not exist and stands in `section` in the place of `name`.
    pub fn misspells(&self, section: &Path, name: &str) -> bool {
        matches!(&self.kind, ShapeErrorKind::UnknownField { suggestion: Some(meant), .. } if meant == name)
            && self.path.parent().is_some_and(|parent| parent == *section)
    }
}
