//! `missing-prompt-file`: the prompt's file is not there.

use taskclass_source::RegistryPath;
use taskclass_source::files::MAX_READ_BYTES;
use taskclass_spec::registry::paths;
use taskclass_spec::suggest::closest;

use crate::common::replace_scalar;
use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};
use crate::spelling::{correction, did_you_mean};

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
    let Some(fault) = &cx.prompt.fault else { return };
    let at = cx.at("prompt.file");
    let written = cx.document.node("prompt.file").and_then(|node| node.as_str()).unwrap_or_default();
    let files = prompt_files(cx);
    let is_there = files.iter().any(|file| file == written);
    let meant = closest(written, files.iter().map(String::as_str)).filter(|_| !is_there);
    let fix = meant.and_then(|meant| Some(correction(written, meant, replace_scalar(&at, meant)?)));
    sink.report(at.value(did_you_mean(meant)), format!("the prompt cannot be read: {fault}"), |finding| match fix {
        Some(fix) => finding.with_fix(fix),
        None if is_there => finding.with_help(format!("it has to be a plain file of at most {MAX_READ_BYTES} bytes")),
        None => finding.with_help("the path is relative to the class: `prompts/NAME.md`"),
    });
}

/// The prompt files that there are, as a class names them; partials are not prompts.
fn prompt_files(cx: &ClassContext<'_>) -> Vec<String> {
    let classes = paths::at(paths::CLASSES);
    let listed = cx.shared.files.list(&paths::at(paths::PROMPTS)).unwrap_or_default();
    let below = |path: &RegistryPath| Some(path.as_str().strip_prefix(classes.as_str())?.strip_prefix('/')?.to_owned());
    listed.iter().filter_map(below).filter(|name| name.ends_with(".md")).collect()
}
