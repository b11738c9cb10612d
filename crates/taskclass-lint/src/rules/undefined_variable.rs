//! `undefined-variable`: the prompt uses a name that does not exist.

use taskclass_source::{Label, text::said};
use taskclass_spec::prompt::ProblemKind;

use crate::common::prompt_problems_with;
use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// The prompt uses a name that does not exist.
    ///
    /// ## What it does
    /// Reports inputs that are not declared, fields that `run` does not have, and any other name.
    ///
    /// ## Why it matters
    /// Templates are strict: the first run that comes to the name is refused.
    ///
    /// ## Bad
    /// ```yaml
    /// prompt:
    ///   template: |
    ///     Change `{{ inputs.thinng }}` in {{ run.repository }}. Done when the build passes.
    ///                       ^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// prompt:
    ///   template: |
    ///     Change `{{ inputs.thing }}` in {{ run.repository }}. Done when the build passes.
    /// ```
    name: "undefined-variable", family: Prompt, level: Error, hold: Format, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let renamed = cx.prompt.renamed(cx.class.inputs);
    prompt_problems_with(cx, sink, |problem, mut finding| {
        let (full, short, declared) = match &problem.kind {
            ProblemKind::UndefinedInput { suggestion: Some(meant), .. } => {
                (format!("inputs.{meant}"), meant.to_string(), Some(cx.at(&format!("inputs.{meant}"))))
            }
            ProblemKind::UndefinedInput { name, suggestion: None } => {
                let Some(meant) = renamed.filter(|(old, _)| old == name).map(|(_, meant)| meant) else {
                    return finding;
                };
                finding.help = vec![format!("if it was renamed, write `inputs.{meant}`")];
                return finding.with_label(cx.at(&format!("inputs.{meant}")).key("declared here, and used nowhere"));
            }
            ProblemKind::UnknownField { suggestion: Some(meant), of, .. } => {
                (format!("{of}.{meant}"), (*meant).to_owned(), None)
            }
            ProblemKind::UnknownName { suggestion: Some(meant), .. } => {
                let input = meant.strip_prefix("inputs.").map(|input| cx.at(&format!("inputs.{input}")));
                (meant.clone(), meant.clone(), input)
            }
            _ => return finding,
        };
        finding.primary = Label::new(&problem.place.source, problem.place.span, format!("did you mean `{short}`?"));
        // The label says it.
        finding.help.clear();
        if let Some(declared) = declared {
            finding.secondary.insert(0, declared.key("declared here"));
        }
        match &mut finding.fix {
            Some(fix) => fix.title = said(format!("write `{full}`")),
            None => finding.help.push(format!("write `{full}`")),
        }
        finding
    });
}
