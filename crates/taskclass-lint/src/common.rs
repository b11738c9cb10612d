//! What several rules do in the same way.

use taskclass_source::{Edit, Finding, Fix, Label, Span};
use taskclass_spec::prompt::PromptProblem;
use taskclass_spec::shape::{ShapeError, ShapeErrorKind};

use crate::context::{At, ClassContext, Document};
use crate::rule::Sink;

/// Reports the problems of the text that belong to the sink's rule.
pub(crate) fn problems(document: &Document<'_>, sink: &mut Sink<'_>) {
    let name = sink.rule().name;
    for problem in document.problems.iter().filter(|problem| problem.kind.rule() == name) {
        sink.adopt(problem.to_finding(document.source));
    }
}

/// Reports the departures from the schema that belong to the sink's rule; `more` adds what else the reader must know.
pub(crate) fn shape(document: &Document<'_>, sink: &mut Sink<'_>, more: impl Fn(&ShapeError, Finding) -> Finding) {
    let name = sink.rule().name;
    for error in document.shape().filter(|error| error.kind.rule() == name) {
        let primary = Label::mark(document.source, error.span);
        sink.report(primary, error.to_string(), |finding| more(error, finding));
    }
}

/// Adds a label at the section that an error's place belongs to, unless it stands on the same line for all to see.
pub(crate) fn in_section(document: &Document<'_>, error: &ShapeError, finding: Finding) -> Finding {
    let line = |span: Span| document.source.position(span.start).line;
    match error.section.filter(|section| line(*section) != line(error.span)) {
        Some(section) => finding.with_label(Label::new(document.source, section, "in this section")),
        None => finding,
    }
}

/// Puts `value` in the place of a scalar, in the quotes that it had.
pub(crate) fn replace_scalar(at: &At<'_>, value: &str) -> Option<Edit> {
    let written = at.source.slice(at.span());
    let quote = match written.chars().next()? {
        c @ ('"' | '\'') => Some(c),
        '|' | '>' | '[' | '{' => return None,
        _ => None,
    };
    let text = quote.map_or_else(|| value.to_owned(), |quote| format!("{quote}{value}{quote}"));
    Some(Edit::new(at.source, at.span(), text))
}

/// A safe fix that writes `value` in the place of a scalar.
pub(crate) fn write_instead(at: &At<'_>, value: &str) -> Option<Fix> {
    Some(Fix::safe(format!("write `{value}`"), vec![replace_scalar(at, value)?]))
}

/// Adds the fix, if there is one.
pub(crate) fn with_fix(finding: Finding, fix: Option<Fix>) -> Finding {
    match fix {
        Some(fix) => finding.with_fix(fix),
        None => finding,
    }
}

/// `a`, `b` and `c`, each in backticks.
pub(crate) fn listed<T: std::fmt::Display>(items: &[T]) -> String {
    let quoted: Vec<_> = items.iter().map(|item| format!("`{item}`")).collect();
    match quoted.as_slice() {
        [] => "none".to_owned(),
        [only] => only.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// Takes over the absence of a root field from `missing-field`: the sink's rule says it better.
pub(crate) fn missing_section(document: &Document<'_>, sink: &mut Sink<'_>, name: &str, message: &str, help: &str) {
    for error in document.shape() {
        let ShapeErrorKind::MissingField { names } = &error.kind else { continue };
        if error.path.is_root() && *names == [name] {
            sink.report(Label::mark(document.source, error.span), message, |finding| finding.with_help(help));
        }
    }
}

/// The root fields whose absence has a rule of its own.
pub(crate) const OWN_RULE: [&str; 4] = ["owners", "examples", "budget", "escalation"];

/// A fix that writes the smaller number of the policy: it is what counts anyway.
pub(crate) fn lowered_to(at: &At<'_>, value: impl std::fmt::Display) -> Option<Fix> {
    write_instead(at, &value.to_string())
}

/// Reports what is wrong with the prompt as far as it belongs to the sink's rule; `more` adds what else the reader must know.
pub(crate) fn prompt_problems_with(
    cx: &ClassContext<'_>,
    sink: &mut Sink<'_>,
    more: impl Fn(&PromptProblem, Finding) -> Finding,
) {
    let name = sink.rule().name;
    for problem in cx.prompt.problems().iter().filter(|problem| problem.kind.rule() == name) {
        sink.adopt(more(problem, problem.to_finding()));
    }
}

/// The same without further words.
pub(crate) fn prompt_problems(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    prompt_problems_with(cx, sink, |_, finding| finding);
}

/// Problems of prompt files and partials as text; those of a template within the class are the class file's own.
pub(crate) fn prompt_file_problems(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let name = sink.rule().name;
    let elsewhere = |problem: &&PromptProblem| problem.place.source.path() != cx.document.source.path();
    for problem in cx.prompt.problems().iter().filter(|problem| problem.kind.rule() == name).filter(elsewhere) {
        sink.adopt(problem.to_finding());
    }
}
