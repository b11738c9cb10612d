//! `unused-input`: an input that the prompt never uses.

use taskclass_spec::InputName;

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// An input that the prompt never uses.
    ///
    /// ## What it does
    /// Reports declared inputs that neither the template nor a partial names.
    ///
    /// ## Why it matters
    /// A caller gives a value and believes that it does something.
    ///
    /// ## Bad
    /// ```yaml
    /// inputs:
    ///   thing: {type: string, pattern: "^[a-z-]+$", max_length: 40, description: The thing to change}
    ///   dry: {type: boolean, default: false, description: Whether to only look}
    ///   ^^^
    /// examples:
    ///   - {name: one, repository: acme/svc-orders, inputs: {thing: timeout, dry: true}, expect: {contains: [timeout]}}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// inputs:
    ///   thing: {type: string, pattern: "^[a-z-]+$", max_length: 40, description: The thing to change}
    /// ```
    name: "unused-input", family: Prompt, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let (Some(inputs), Some(facts)) = (cx.class.inputs, cx.prompt.facts()) else { return };
    let renamed = cx.prompt.renamed(cx.class.inputs);
    let is_renamed = |name: &InputName| renamed.is_some_and(|(_, meant)| meant == name);
    for name in inputs.keys() {
        let used = facts.inputs.iter().any(|one| one.input == *name);
        // A misspelled use is the cause, or an expression that is refused, and is reported.
        if !used && !cx.prompt.misspells(name.as_str()) && !cx.prompt.mentions(name) && !is_renamed(name) {
            sink.report(
                cx.at(&format!("inputs.{name}")).key(""),
                format!("the prompt never uses `{name}`"),
                |finding| finding.with_help(format!("use it as `{{{{ inputs.{name} }}}}`, or take it out")),
            );
        }
    }
}
