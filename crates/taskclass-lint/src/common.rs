//! What several rules do in the same way.

use taskclass_source::{Edit, Finding, Fix};
use taskclass_spec::prompt::PromptProblem;

use crate::context::{At, ClassContext, Document};
use crate::rule::Sink;

/// Reports what is wrong with a document's text and shape as far as it belongs to the sink's rule, in the words that every
/// command shares.
pub(crate) fn faults(document: &Document<'_>, sink: &mut Sink<'_>) {
    let name = sink.rule().name;
    for finding in document.faults(name) {
        sink.adopt(finding);
    }
}

/// Puts `value` in the place of a scalar, in the quotes that it had.
pub(crate) fn replace_scalar(at: &At<'_>, value: &str) -> Option<Edit> {
    Edit::of_scalar(at.source, at.span(), value)
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

/// A fix that writes the smaller number of the policy. It counts anyway, but who wrote the larger may have meant another.
pub(crate) fn lowered_to(at: &At<'_>, value: impl std::fmt::Display) -> Option<Fix> {
    let value = value.to_string();
    Some(Fix::unsafe_(format!("write `{value}`"), vec![replace_scalar(at, &value)?]))
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
