//! What several rules say about `trust/allowed_signers`.

use std::sync::Arc;

use taskclass_source::text::{hidden_runs, hides};
use taskclass_source::{Edit, Finding, Fix, Label, SourceFile, Span};
use taskclass_spec::signers::{KINDS, SignersProblem, SignersProblemKind, TrustFile};

use crate::context::RegistryContext;
use crate::rule::Sink;

/// Reports what is wrong with the trust file as far as it belongs to the sink's rule.
pub(crate) fn problems(cx: &RegistryContext<'_>, sink: &mut Sink<'_>) {
    let Some(trust) = &cx.surroundings.trust else { return };
    let name = sink.rule().name;
    for problem in trust.reading.problems.iter().filter(|problem| problem.kind.rule() == name) {
        report(trust, problem, sink);
    }
}

/// Characters in the trust file that a reviewer does not see, comments included; and controls, for which it is refused.
pub(crate) fn hidden(cx: &RegistryContext<'_>, sink: &mut Sink<'_>) {
    const MAX_NAMED: usize = 20;
    let Some(trust) = &cx.surroundings.trust else { return };
    // Some have rules of their own.
    let runs = hidden_runs(trust.source.text(), |_, c| matches!(c, '\n' | '\t' | '\r' | '\u{feff}'));
    for run in runs.into_iter().take(MAX_NAMED) {
        let span = Span::new(run.start, run.end);
        sink.report(Label::mark(&trust.source, span), hides(trust.source.slice(span)), |finding| {
            finding.with_fix(Fix::unsafe_("delete it", vec![Edit::new(&trust.source, span, "")]))
        });
    }
}

fn report(trust: &TrustFile, problem: &SignersProblem, sink: &mut Sink<'_>) {
    let words = problem.kind.to_string();
    // What is wrong, then what to do.
    let (message, help) = match words.split_once("; ") {
        Some((message, help)) => (message, Some(help)),
        None => (words.as_str(), None),
    };
    let source = &trust.source;
    sink.report(Label::mark(source, problem.span), message, |finding| {
        let finding = match problem.first {
            Some(first) => finding.with_label(Label::new(source, first, "first here")),
            None => finding,
        };
        let finding = help.into_iter().fold(finding, Finding::with_help);
        let finding =
            finding.with_note("as long as anything is wrong in it, the whole file is refused and nobody is trusted");
        match fix(source, problem) {
            Some(fix) => finding.with_fix(fix),
            None => finding,
        }
    });
}

fn fix(source: &Arc<SourceFile>, problem: &SignersProblem) -> Option<Fix> {
    match &problem.kind {
        SignersProblemKind::NoNamespaces => namespaces(source, problem.span),
        SignersProblemKind::ControlCharacter('\r') => line_feeds(source),
        SignersProblemKind::ByteOrderMark => {
            Some(Fix::safe("delete the byte-order mark", vec![Edit::new(source, problem.span, "")]))
        }
        SignersProblemKind::KeyListedTwice { .. } => second_line(source, problem),
        _ => None,
    }
}

/// Says that the key of the line that begins with `name` is for approvals and revocations. Unsafe: the key then counts.
fn namespaces(source: &Arc<SourceFile>, name: Span) -> Option<Fix> {
    let rest = source.text().get(name.end as usize..)?;
    let skipped = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let next = rest.get(skipped..)?;
    let is_key = KINDS.iter().any(|kind| next.starts_with(kind));
    let option = "namespaces=\"approval@taskclass,revocation@taskclass\"";
    let text = if is_key { format!("{option} ") } else { format!("{option},") };
    let at = Span::at(name.end as usize + skipped);
    Some(Fix::unsafe_(format!("write `{option}`"), vec![Edit::new(source, at, text)]))
}

/// Takes every carriage return at a line's end out. One by itself ends no line for who reads this file: what stands behind it
/// may be part of a comment, and a line of its own would let somebody sign.
fn line_feeds(source: &Arc<SourceFile>) -> Option<Fix> {
    let text = source.text();
    let lone = text.matches('\r').count() > text.matches("\r\n").count();
    Fix::line_feeds(source).filter(|_| !lone)
}

/// Deletes a line that says the same as the first.
fn second_line(source: &Arc<SourceFile>, problem: &SignersProblem) -> Option<Fix> {
    let line = |span: Span| {
        let number = source.position(span.start).line;
        source.line_span(number)
    };
    let (second, first) = (line(problem.span)?, line(problem.first?)?);
    let same = source.slice(first).trim() == source.slice(second).trim();
    let with_end = Span { start: second.start, end: (second.end + 1).min(source.whole().end) };
    same.then(|| Fix::safe("delete the second line", vec![Edit::new(source, with_end, "")]))
}
