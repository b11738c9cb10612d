//! `input-never-exercised`: an input that no example gives.

use taskclass_spec::InputName;
use taskclass_spec::suggest::closest;

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// An input that no example gives.
    ///
    /// ## What it does
    /// Reports inputs whose value is the default in every example.
    ///
    /// ## Why it matters
    /// Examples are the only prompts that a reviewer sees. What the input does to the prompt is then seen by nobody.
    ///
    /// ## Bad
    /// ```yaml
    /// inputs:
    ///   thing: {type: string, pattern: "^[a-z-]+$", max_length: 40, description: The thing to change}
    ///   dry: {type: boolean, default: false, description: Whether to only look}
    ///   ^^^
    /// prompt:
    ///   template: |
    ///     Change `{{ inputs.thing }}`{% if inputs.dry %}, but write nothing{% endif %}. Done when the build passes.
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// inputs:
    ///   thing: {type: string, pattern: "^[a-z-]+$", max_length: 40, description: The thing to change}
    ///   dry: {type: boolean, default: false, description: Whether to only look}
    /// prompt:
    ///   template: |
    ///     Change `{{ inputs.thing }}`{% if inputs.dry %}, but write nothing{% endif %}. Done when the build passes.
    /// examples:
    ///   - {name: one, repository: acme/svc-orders, inputs: {thing: timeout, dry: true}, expect: {contains: [timeout]}}
    /// ```
    name: "input-never-exercised", family: Examples, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let (Some(inputs), Some(examples)) = (cx.class.inputs, cx.class.examples) else { return };
    for name in inputs.keys() {
        // Where the prompt does not use it, or an example lacks a value that it needs, that is what is wrong.
        let used = cx.prompt.facts().is_some_and(|facts| facts.inputs.iter().any(|one| one.input == *name));
        let is_meant = |given: &InputName| {
            let slip = |given: &InputName| closest(given.as_str(), inputs.keys().map(InputName::as_str));
            given == name || (!inputs.contains_key(given) && slip(given) == Some(name.as_str()))
        };
        let given = examples.iter().any(|example| example.inputs.keys().any(is_meant));
        if used && !given && has_default(cx, name.as_str()) {
            sink.report(cx.at(&format!("inputs.{name}")).key(""), format!("no example gives `{name}`"), |finding| {
                finding.with_help("give it in one of the examples, so that its effect on the prompt is reviewed")
            });
        }
    }
}

fn has_default(cx: &ClassContext<'_>, name: &str) -> bool {
    cx.document.node(&format!("inputs.{name}.default")).is_some()
}
