//! `template-type`: a value stands in the template where its type cannot.

use taskclass_source::Finding;
use taskclass_spec::prompt::{Place, ProblemKind, PromptProblem};

use crate::common::prompt_problems_with;
use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A value stands in the template where its type cannot.
    ///
    /// ## What it does
    /// Reports filters on values that they do not take, wrong arguments, lists put out as they are, and comparisons with a
    /// choice that does not exist; also in branches that no example takes.
    ///
    /// ## Why it matters
    /// It would fail, or be silently false, in the first run that gets there.
    ///
    /// ## Bad
    /// ```yaml
    /// prompt:
    ///   template: |
    ///     Change `{{ inputs.thing | join(", ") }}`. Done when the build passes.
    ///                ^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// prompt:
    ///   template: |
    ///     Change `{{ inputs.thing | lower }}`. Done when the build passes.
    /// ```
    name: "template-type", family: Prompt, level: Error, hold: Format, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    prompt_problems_with(cx, sink, |problem, finding| declared(cx, problem, finding));
}

/// Labels where the input is declared whose type or choices do not fit.
fn declared(cx: &ClassContext<'_>, problem: &PromptProblem, finding: Finding) -> Finding {
    match &problem.kind {
        ProblemKind::NotAChoice { input, .. } => {
            finding.with_label(cx.at(&format!("inputs.{input}.values")).value("these are its choices"))
        }
        ProblemKind::WrongType { found, .. } if *found != "fenced text" => {
            let here = |place: &Place| problem.place.source == place.source && problem.place.span.contains(place.span);
            let used = cx.prompt.seen().and_then(|facts| facts.inputs.iter().find(|used| here(&used.place)));
            match used {
                Some(used) => {
                    let type_of = cx.at(&format!("inputs.{}.type", used.input));
                    finding.with_label(type_of.value(format!("`{}` is declared as {found}", used.input)))
                }
                None => finding,
            }
        }
        _ => finding,
    }
}
