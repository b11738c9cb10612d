//! Each kind of problem at its place: the line, carets below it, the words; then the other places, the help and the fix.

use std::fmt::Write as _;

use super::*;
use crate::finding::Safety;

/// Every problem as a person would see it, and what the file is after all fixes offered.
fn show(source: &Arc<SourceFile>, parsed: &Parsed) -> String {
    let mut out = String::new();
    let mark = |out: &mut String, span: Span, sign: &str, text: &str| {
        let at = source.position(span.start);
        let line = source.slice(source.line_span(at.line).unwrap_or_default());
        let first = source.slice(span).lines().next().unwrap_or_default();
        let indent = " ".repeat(at.display_column as usize - 1);
        let marks = sign.repeat(crate::text::display_width(first).max(1));
        writeln!(out, "{}\n{indent}{marks} {text}", crate::text::visible(line)).unwrap();
    };
    for problem in &parsed.problems {
        let label = if problem.label.is_empty() { String::new() } else { format!(" ({})", problem.label) };
        let text = format!("{}: {}{label}", problem.kind.rule(), problem.message);
        mark(&mut out, problem.span, "^", &text);
        for (span, text) in &problem.related {
            mark(&mut out, *span, "-", text);
        }
        if let Some(help) = &problem.help {
            writeln!(out, "help: {help}").unwrap();
        }
        if let Some(fix) = &problem.fix {
            let safety = if fix.safety == Safety::Safe { "safe" } else { "unsafe" };
            writeln!(out, "{safety} fix: {}", fix.title).unwrap();
        }
    }
    out
}

fn check(input: &str, expected: &str) {
    let source = SourceFile::new("t.yaml", input);
    let parsed = parse(&source);
    assert_eq!(show(&source, &parsed).trim_end(), expected.trim_matches('\n'), "for\n{input}");
    for problem in &parsed.problems {
        assert!(source.text().get(problem.span.range()).is_some(), "{problem:?} is not on characters");
    }
}

#[test]
fn a_key_set_twice_is_told_with_both_places() {
    check(
        "a:\n  per_day: 400\n  per_day: 5000\n",
        "
  per_day: 5000
  ^^^^^^^ duplicate-key: `per_day` is set twice in `a` (set again, to 5000)
  per_day: 400
  ------- first set here, to 400
help: keep one (no automatic fix: the values differ)",
    );
}
