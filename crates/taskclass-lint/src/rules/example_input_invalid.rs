//! `example-input-invalid`: an example whose inputs do not fit.

use taskclass_source::{Edit, Fix};
use taskclass_spec::inputs::{InputError, InputFault, Inputs};

use crate::common::with_fix;
use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// An example whose inputs do not fit.
    ///
    /// ## What it does
    /// Checks each example's inputs as a run's: unknown names, missing values, types, bounds, patterns.
    ///
    /// ## Why it matters
    /// The example shows nothing, or the declaration forbids what it was written for.
    ///
    /// ## Bad
    /// ```yaml
    /// examples:
    ///   - {name: one, repository: acme/svc-orders, inputs: {thing: "Time out"}, expect: {contains: [Change]}}
    ///                                                              ^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// examples:
    ///   - {name: one, repository: acme/svc-orders, inputs: {thing: timeout}, expect: {contains: [Change]}}
    /// ```
    name: "example-input-invalid", family: Examples, level: Error, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let (Some(declared), Some(examples)) = (cx.class.inputs, cx.class.examples) else { return };
    for (index, example) in examples.iter().enumerate() {
        for error in Inputs::check(declared, &example.inputs).err().into_iter().flatten() {
            // A default that does not fit, or a pattern that is none, is the declaration's fault.
            if !error.from_default && !matches!(error.fault, InputFault::UnusablePattern { .. }) {
                report(cx, &format!("examples[{index}]"), &error, sink);
            }
        }
    }
}

fn report(cx: &ClassContext<'_>, example: &str, error: &InputError, sink: &mut Sink<'_>) {
    let value = match error.item {
        Some(item) => format!("{example}.inputs.{}[{item}]", error.input),
        None => format!("{example}.inputs.{}", error.input),
    };
    let declared = cx.at(&format!("inputs.{}", error.input)).key("declared here");
    match &error.fault {
        InputFault::Unknown { suggestion } => {
            let key = cx
                .at(&value)
                .key(suggestion.as_ref().map(|name| format!("did you mean `{name}`?")).unwrap_or_default());
            let free =
                suggestion.as_ref().filter(|name| cx.document.node(&format!("{example}.inputs.{name}")).is_none());
            let fix = free.map(|name| {
                Fix::safe(format!("write `{name}`"), vec![Edit::new(&key.source, key.span, name.as_str())])
            });
            sink.report(key, format!("`{}` is not an input of this class", error.input), |finding| {
                with_fix(finding, fix)
            });
        }
        InputFault::Missing => {
            // A misspelled name of the same example is the cause.
            let misspelled =
                cx.document.node(&format!("{example}.inputs")).and_then(|node| node.as_map()).is_some_and(|given| {
                    given.iter().any(|entry| {
                        let declared =
                            cx.class.inputs.into_iter().flatten().any(|(name, _)| name.as_str() == &*entry.key.text);
                        !declared && taskclass_spec::suggest::closest(&entry.key.text, [error.input.as_str()]).is_some()
                    })
                });
            if !misspelled {
                sink.report(cx.at(&format!("{example}.inputs")).key(""), error.to_string(), |finding| {
                    finding.with_label(declared)
                });
            }
        }
        _ => sink.report(cx.at(&value).value(""), error.to_string(), |finding| finding.with_label(declared)),
    }
}
