//! `hidden-character`: a character that a reviewer does not see, or that rearranges what they see.

use std::collections::BTreeSet;

use taskclass_source::text::{hidden, hidden_runs, hides};
use taskclass_source::yaml::{ProblemKind, Style, Value};
use taskclass_source::{Edit, Fix, Label, Node, Span};

use crate::common::prompt_file_problems;
use crate::context::Document;
use crate::rule::{Sink, declare_rule};
use crate::trust;

declare_rule! {
    /// A character that a reviewer does not see, or that rearranges what they see.
    ///
    /// ## What it does
    /// Reports controls, marks that turn the direction of writing, characters without width or ink, private use, tag characters:
    /// in the file, in text that spells them as an escape, in prompt files and partials, in `trust/allowed_signers`. Joiners and
    /// selectors are left alone where the letters or emoji beside them need them, and reported everywhere else.
    ///
    /// ## Why it matters
    /// The agent reads what the reviewer cannot see. It is the simplest way to put an instruction past a review.
    ///
    /// ## Bad
    /// ```yaml
    /// prompt:
    ///   template: "Change `{{ inputs.thing }}`.\u200b Done when the build passes."
    ///             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// prompt:
    ///   template: "Change `{{ inputs.thing }}`. Done when the build passes."
    /// ```
    name: "hidden-character", family: Prompt, level: Error, hold: Security, check: Document(check), Class(prompt_file_problems), Registry(trust::hidden)
}

/// The most that are named one by one in a file.
const MAX_NAMED: usize = 20;

/// What has rules of its own.
fn is_told_elsewhere(c: char) -> bool {
    matches!(c, '\n' | '\t' | '\r' | '\u{feff}')
}

fn check(document: &Document<'_>, sink: &mut Sink<'_>) {
    let text = document.source.text();
    // Nearly every file is plain: one look at the bytes says so.
    if !text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t')) {
        written(document, text, sink);
    }
    if let Some(root) = document.root {
        escaped(document, root, sink);
    }
}

/// Characters that stand in the file as they are.
fn written(document: &Document<'_>, text: &str, sink: &mut Sink<'_>) {
    let faults = document.problems.iter().filter(|p| matches!(p.kind, ProblemKind::ControlCharacter(_)));
    let told: Vec<usize> = faults.map(|p| p.span.start as usize).collect();
    let runs = hidden_runs(text, |at, c| is_told_elsewhere(c) || told.contains(&at));
    let runs: Vec<Span> = runs.into_iter().map(|run| Span::new(run.start, run.end)).collect();
    let mut closed: Vec<usize> = Vec::new();
    for (index, run) in runs.iter().enumerate().take(MAX_NAMED) {
        if closed.contains(&index) {
            continue;
        }
        let end = closing(document, &runs, index);
        closed.extend(end);
        let ends = end.and_then(|end| runs.get(end)).copied();
        let edits = std::iter::once(*run).chain(ends).map(|span| Edit::new(document.source, span, "")).collect();
        let more = if index + 1 == MAX_NAMED { runs.len() - MAX_NAMED } else { 0 };
        sink.report(Label::mark(document.source, *run), hides(document.source.slice(*run)), |finding| {
            let finding = finding.with_fix(Fix::unsafe_("delete it", edits));
            let finding = match ends {
                Some(ends) => finding.with_label(Label::new(document.source, ends, "and what ends it")),
                None => finding,
            };
            if more > 0 {
                finding.with_note(format!("{more} more such places in this file are not listed"))
            } else {
                finding
            }
        });
    }
}

/// Of a mark that turns the direction of writing, the one on its line that ends it.
fn closing(document: &Document<'_>, runs: &[Span], opening: usize) -> Option<usize> {
    let run = runs.get(opening)?;
    let closes = match document.source.slice(*run).chars().next_back()? {
        '\u{202a}' | '\u{202b}' | '\u{202d}' | '\u{202e}' => "\u{202c}",
        '\u{2066}'..='\u{2068}' => "\u{2069}",
        _ => return None,
    };
    let rest = document.source.text().get(run.end as usize..)?;
    let line_end = run.end as usize + rest.find('\n').unwrap_or(rest.len());
    let rest = runs.iter().enumerate().skip(opening + 1).take_while(|(_, other)| (other.start as usize) < line_end);
    let found = rest.into_iter().find(|(_, other)| document.source.slice(**other) == closes);
    found.map(|(index, _)| index)
}

/// Text in double quotes that spells such a character.
fn escaped(document: &Document<'_>, node: &Node, sink: &mut Sink<'_>) {
    match &node.value {
        Value::Str(text) if node.style == Style::DoubleQuoted => {
            if let Some(c) = spelled(text, document.source.slice(node.span)) {
                sink.report(Label::mark(document.source, node.span), hides(c.encode_utf8(&mut [0; 4])), |finding| {
                    finding.with_note("it is spelled as an escape in this text")
                });
            }
        }
        Value::Seq(items) => items.iter().for_each(|item| escaped(document, item, sink)),
        Value::Map(map) => map.iter().for_each(|entry| escaped(document, &entry.value, sink)),
        _ => {}
    }
}

/// The first hidden character of the text that does not hide in it as it is `written`: there it is reported as it stands.
fn spelled(text: &str, written: &str) -> Option<char> {
    // Without a backslash nothing is spelled.
    if !written.contains('\\') {
        return None;
    }
    let seen: BTreeSet<char> = hidden(written).map(|(_, c)| c).collect();
    let mut all = hidden(text).map(|(_, c)| c);
    all.find(|c| !matches!(c, '\n' | '\t') && !seen.contains(c))
}
