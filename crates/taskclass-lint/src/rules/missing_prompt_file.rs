//! `missing-prompt-file`: the prompt's file is not there.

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// The prompt's file is not there.
    ///
    /// ## What it does
    /// Reports a `prompt.file` that does not exist, cannot be read, or lies outside `task-classes/prompts/`.
    ///
    /// ## Why it matters
    /// Without its prompt the class has no digest and cannot be approved.
    ///
    /// ## Bad
    /// ```yaml
    /// prompt: {file: prompts/exmaple.md}
    ///                ^^^^^^^^^^^^^^^^^^
    /// # file: task-classes/prompts/example.md
    /// Change `{{ inputs.thing }}`. Done when the build passes.
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// prompt: {file: prompts/example.md}
    /// # file: task-classes/prompts/example.md
    /// Change `{{ inputs.thing }}`. Done when the build passes.
    /// ```
    name: "missing-prompt-file", family: Prompt, level: Error, hold: Format, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    if let Some(fault) = &cx.prompt.fault {
        sink.report(cx.at("prompt.file").value(""), format!("the prompt cannot be read: {fault}"), |finding| {
            finding.with_help("the path is relative to the class: `prompts/NAME.md`")
        });
    }
}
