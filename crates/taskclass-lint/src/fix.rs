//! Applying fixes: data in, new texts out.
//!
//! Edits of one fix go together or not at all. Of fixes that touch each other the first in the report's order is applied;
//! the next run finds the other again, on the new text; `settle` does this until nothing is left to fix.

use std::collections::BTreeMap;
use std::sync::Arc;

use taskclass_source::{Edit, Finding, Safety, SourceFile, Span};

/// A file with its fixes applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The file's name, relative to the registry.
    pub path: String,
    /// The file as it was read.
    pub source: Arc<SourceFile>,
    /// The whole new text.
    pub text: String,
    /// How many fixes went into it.
    pub applied: usize,
}

/// The edits taken so far in one file.
struct Taken<'a> {
    source: &'a Arc<SourceFile>,
    edits: Vec<&'a Edit>,
    applied: usize,
}

/// Applies the fixes of `findings` that are at least as safe as `safety`: with [`Safety::Safe`] the safe ones, with
/// [`Safety::Unsafe`] all. Gives the files that change, sorted by path.
pub fn apply(findings: &[Finding], safety: Safety) -> Vec<Fixed> {
    let mut files: BTreeMap<&str, Taken<'_>> = BTreeMap::new();
    for fix in findings.iter().filter_map(|finding| finding.fix.as_ref()) {
        if fix.safety > safety || fix.edits.is_empty() || fix.edits.iter().any(|edit| clashes(&files, edit)) {
            continue;
        }
        for edit in &fix.edits {
            let taken = files.entry(edit.source.path()).or_insert_with(|| Taken {
                source: &edit.source,
                edits: Vec::new(),
                applied: 0,
            });
            taken.edits.push(edit);
        }
        if let Some(taken) = fix.edits.first().and_then(|edit| files.get_mut(edit.source.path())) {
            taken.applied += 1;
        }
    }
    files.into_iter().filter_map(|(path, taken)| rewritten(path, taken)).collect()
}

/// How many of `findings` a run with `safety` would try to fix.
pub fn fixable(findings: &[Finding], safety: Safety) -> usize {
    findings.iter().filter(|finding| finding.fix.as_ref().is_some_and(|fix| fix.safety <= safety)).count()
}

/// Whether an edit meets one already taken, or a file of another text under the same name.
fn clashes(files: &BTreeMap<&str, Taken<'_>>, edit: &Edit) -> bool {
    files.get(edit.source.path()).is_some_and(|taken| {
        taken.source != &edit.source || taken.edits.iter().any(|other| touch(other.span, edit.span))
    })
}

/// Whether two edits meet: they overlap, or one inserts where the other ends or begins.
fn touch(a: Span, b: Span) -> bool {
    a.start <= b.end && b.start <= a.end
}

fn rewritten(path: &str, mut taken: Taken<'_>) -> Option<Fixed> {
    taken.edits.sort_by_key(|edit| edit.span);
    let old = taken.source.text();
    let mut text = String::with_capacity(old.len());
    let mut at = 0;
    for edit in &taken.edits {
        text.push_str(old.get(at..edit.span.start as usize)?);
        text.push_str(&edit.replacement);
        at = edit.span.end as usize;
    }
    text.push_str(old.get(at..)?);
    (text != old).then(|| Fixed {
        path: path.to_owned(),
        source: Arc::clone(taken.source),
        text,
        applied: taken.applied,
    })
}

#[cfg(test)]
mod tests {
    use taskclass_source::{Fix, Label};

    use super::*;

    fn finding(source: &Arc<SourceFile>, safety: Safety, edits: &[(usize, usize, &str)]) -> Finding {
        let edits = edits.iter().map(|(start, end, text)| Edit::new(source, Span::new(*start, *end), *text)).collect();
        Finding::error("r", "m", Label::mark(source, Span::new(0, 1))).with_fix(Fix {
            title: "t".to_owned(),
            safety,
            edits,
        })
    }

    #[test]
    fn edits_apply_in_any_order_and_keep_the_rest() {
        let file = SourceFile::new("a.yaml", "one two three");
        let findings =
            [finding(&file, Safety::Safe, &[(8, 13, "3")]), finding(&file, Safety::Safe, &[(0, 3, "1"), (7, 7, "!")])];
        let expected =
            Fixed { path: "a.yaml".to_owned(), source: Arc::clone(&file), text: "1 two! 3".to_owned(), applied: 2 };
        assert_eq!(apply(&findings[1..], Safety::Safe)[0].text, "1 two! three");
        assert_eq!(apply(&findings, Safety::Safe), [expected]);
    }

    #[test]
    fn fixes_that_touch_wait_for_the_next_run_and_none_is_half_applied() {
        let file = SourceFile::new("a.yaml", "one two three");
        let findings =
            [finding(&file, Safety::Safe, &[(0, 3, "1")]), finding(&file, Safety::Safe, &[(2, 4, "x"), (8, 13, "3")])];
        assert_eq!(apply(&findings, Safety::Safe)[0].text, "1 two three");
    }

    #[test]
    fn unsafe_fixes_are_applied_only_when_asked() {
        let file = SourceFile::new("a.yaml", "one");
        let findings = [finding(&file, Safety::Unsafe, &[(0, 3, "1")])];
        assert_eq!(apply(&findings, Safety::Safe), []);
        assert_eq!(apply(&findings, Safety::Unsafe)[0].text, "1");
        assert_eq!((fixable(&findings, Safety::Safe), fixable(&findings, Safety::Unsafe)), (0, 1));
    }
}
