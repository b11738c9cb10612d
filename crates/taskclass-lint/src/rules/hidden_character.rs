//! `hidden-character`: a character that a reviewer does not see, or that rearranges what they see.

use taskclass_source::text::is_hidden;
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
    /// Reports controls, marks that turn the direction of writing, zero-width and tag characters: in the file, in text that
    /// spells them as an escape, in prompt files and partials, in `trust/allowed_signers`. What scripts and emoji need is left alone.
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

/// Hidden, but for what scripts and emoji need and for what has rules of its own.
fn hides(c: char) -> bool {
    is_hidden(c) && !matches!(c, '\n' | '\t' | '\r' | '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{feff}')
}

fn check(document: &Document<'_>, sink: &mut Sink<'_>) {
    let text = document.source.text();
    let told: Vec<Span> = document
        .problems
        .iter()
        .filter(|p| matches!(p.kind, ProblemKind::ControlCharacter(_)))
        .map(|p| p.span)
        .collect();
    // Nearly every file is plain: one look at the bytes says so.
    let plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t'));
    let hidden = text.char_indices().take_while(|_| !plain).filter(|(_, c)| hides(*c));
    let mut runs: Vec<Span> = Vec::new();
    for (at, c) in hidden {
        let one = Span::new(at, at + c.len_utf8());
        match runs.last_mut() {
            _ if told.contains(&one) => {}
            Some(run) if run.end == one.start => *run = run.to(one),
            _ => runs.push(one),
        }
    }
    let mut closed: Vec<usize> = Vec::new();
    for (index, run) in runs.iter().enumerate().take(MAX_NAMED) {
        if closed.contains(&index) {
            continue;
        }
        let end = closing(document, &runs, index);
        closed.extend(end);
        let ends = end.and_then(|end| runs.get(end)).copied();
        let edits = std::iter::once(*run).chain(ends).map(|span| Edit::new(document.source, span, "")).collect();
        sink.report(Label::mark(document.source, *run), message(document.source.slice(*run)), |finding| {
            let finding = finding.with_fix(Fix::unsafe_("delete it", edits));
            match ends {
                Some(ends) => finding.with_label(Label::new(document.source, ends, "and what ends it")),
                None => finding,
            }
        });
    }
    if let Some(root) = document.root {
        escaped(document, root, sink);
    }
}

fn message(hidden: &str) -> String {
    const SHOWN: usize = 8;
    let mut named: Vec<_> = hidden.chars().take(SHOWN).map(|c| format!("U+{:04X}", u32::from(c))).collect();
    match hidden.chars().count() {
        0 | 1 => format!("the character {} hides from a reader", named.concat()),
        count => {
            if count > SHOWN {
                named.push("…".to_owned());
            }
            format!("{count} characters hide from a reader: {}", named.join(" "))
        }
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
    let line = |span: &Span| document.source.position(span.start).line;
    let rest = runs.iter().enumerate().skip(opening + 1).take_while(|(_, other)| line(other) == line(run));
    let found = rest.into_iter().find(|(_, other)| document.source.slice(**other) == closes);
    found.map(|(index, _)| index)
}

/// Text in double quotes that spells such a character.
fn escaped(document: &Document<'_>, node: &Node, sink: &mut Sink<'_>) {
    match &node.value {
        Value::Str(text) if node.style == Style::DoubleQuoted => {
            let hidden = text.chars().find(|c| hides(*c) || *c == '\u{feff}' || *c == '\r');
            // As it stands in the file it is reported above.
            if let Some(c) = hidden.filter(|c| !document.source.slice(node.span).contains(*c)) {
                sink.report(Label::mark(document.source, node.span), message(c.encode_utf8(&mut [0; 4])), |finding| {
                    finding.with_note("it is spelled as an escape in this text")
                });
            }
        }
        Value::Seq(items) => items.iter().for_each(|item| escaped(document, item, sink)),
        Value::Map(map) => map.iter().for_each(|entry| escaped(document, &entry.value, sink)),
        _ => {}
    }
}
