//! `merge-conflict`: a prompt file with the marks of a merge that nobody finished.

use taskclass_source::{Label, SourceFile, Span};

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A prompt file with the marks of a merge that nobody finished.
    ///
    /// ## What it does
    /// Reports lines of `<<<<<<<` that a line of `>>>>>>>` follows, in prompt files and partials. In a YAML file they are no YAML.
    ///
    /// ## Why it matters
    /// The agent gets both versions, and what one side took out is an instruction again.
    ///
    /// ## Bad
    /// ```yaml
    /// prompt: {file: prompts/small.md}
    /// # file: task-classes/prompts/small.md
    /// <<<<<<< HEAD
    /// ^^^^^^^^^^^^
    /// Change `{{ inputs.thing }}`. Done when the build passes.
    /// =======
    /// Change `{{ inputs.thing }}`, tests as well. Done when the build passes.
    /// >>>>>>> main
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// prompt: {file: prompts/small.md}
    /// # file: task-classes/prompts/small.md
    /// Change `{{ inputs.thing }}`, tests as well. Done when the build passes.
    /// ```
    name: "merge-conflict", family: Prompt, level: Error, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(facts) = cx.prompt.seen() else { return };
    let mut last: Option<&SourceFile> = None;
    for piece in facts.texts.iter().filter(|piece| piece.source.is_file()) {
        let source = piece.source.source();
        // The pieces of one file stand side by side, but for what an include puts between them: that is told once.
        if last.is_some_and(|last| std::ptr::eq(last, &**source)) || !piece.text().contains("<<<<<<<") {
            continue;
        }
        last = Some(&**source);
        for (begin, end) in conflicts(source.text()) {
            sink.report(Label::mark(source, begin), "a merge is not finished here", |finding| {
                finding.with_label(Label::new(source, end, "the conflict ends here")).with_help(
                    "keep one of the two versions, and delete the lines of `<<<<<<<`, `=======` and `>>>>>>>`",
                )
            });
        }
    }
}

/// The first and the last line of each conflict.
fn conflicts(text: &str) -> Vec<(Span, Span)> {
    let (mut found, mut begin, mut at) = (Vec::new(), None, 0);
    for line in text.split_inclusive('\n') {
        let span = Span::new(at, at + line.trim_end().len());
        at += line.len();
        match line {
            _ if line.starts_with("<<<<<<< ") => begin = Some(span),
            _ if line.starts_with(">>>>>>> ") => found.extend(begin.take().map(|begin| (begin, span))),
            _ => {}
        }
    }
    found
}
