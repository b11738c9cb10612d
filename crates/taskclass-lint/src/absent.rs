//! Whether a field is really not there. One that was misspelled, or that stands in lines that could not be read, is not
//! missing as well, nor is one whose value cannot be what it says: what is wrong with it is said where it stands.

use taskclass_source::path::Segment;
use taskclass_source::yaml::ProblemKind;
use taskclass_source::{Path, Span};

use crate::context::ClassContext;

/// Whether `section` (a path such as `limits.in_flight`) lacks the field `name`, so that something follows from it.
pub(crate) fn lacks(cx: &ClassContext<'_>, section: &str, name: &str) -> bool {
    let path: Path = section.parse().unwrap_or_default();
    let misspelled = (0..=path.segments().len()).any(|depth| {
        let above: Path = path.segments()[..depth].iter().cloned().collect();
        let below = path.segments().get(depth);
        match below {
            Some(Segment::Key(key)) => cx.document.misspells(&above, key),
            Some(Segment::Index(_)) => false,
            None => cx.document.misspells(&above, name),
        }
    });
    let written = path.key(name);
    let is_wrong = cx.document.shape().any(|error| error.path == written);
    !misspelled && !is_wrong && !has_unread_lines(cx, &path)
}

/// Whether something could not be read among the lines of the top-level section that `path` leads into.
fn has_unread_lines(cx: &ClassContext<'_>, path: &Path) -> bool {
    let (Some(root), Some(Segment::Key(section))) = (cx.document.root, path.segments().first()) else { return false };
    let Some(map) = root.as_map() else { return false };
    let mut keys =
        map.iter().map(|entry| (&*entry.key.text, entry.key.span.start)).skip_while(|(key, _)| *key != &**section);
    let Some((_, start)) = keys.next() else { return false };
    let end = keys.next().map_or(cx.document.source.whole().end, |(_, start)| start);
    let lines = Span { start, end };
    cx.document.problems.iter().any(|problem| {
        let unread = matches!(
            problem.kind,
            ProblemKind::Syntax
                | ProblemKind::MergeKey
                | ProblemKind::NonStringKey
                | ProblemKind::MultipleDocuments
                | ProblemKind::ControlCharacter(_)
        );
        unread && lines.contains(problem.span)
    })
}
