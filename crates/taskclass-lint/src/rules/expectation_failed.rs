//! `expectation-failed`: an example's prompt is not what it is expected to be.

use taskclass_source::Label;
use taskclass_source::text::quoted;

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// An example's prompt is not what it is expected to be.
    ///
    /// ## What it does
    /// Renders each example and holds the text to its `expect`: what it contains, what it does not contain, how long it is.
    ///
    /// ## Why it matters
    /// Expectations are the class's own tests: they keep a later change from losing what the first author cared for.
    ///
    /// ## Bad
    /// ```yaml
    /// examples:
    ///   - {name: one, repository: acme/svc-orders, inputs: {thing: timeout}, expect: {contains: [retries]}}
    ///                                                                                            ^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// examples:
    ///   - {name: one, repository: acme/svc-orders, inputs: {thing: timeout}, expect: {contains: [timeout]}}
    /// ```
    name: "expectation-failed", family: Examples, level: Error, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    for (index, (example, rendered)) in cx.rendered().enumerate() {
        let (Some(expect), Ok(text)) = (&example.expect, rendered) else { continue };
        let place = format!("examples[{index}].expect");
        let name = &example.name;
        let mut report = |at: Label, message: String| sink.report(at, message, |finding| finding);
        for (item, part) in expect.contains.iter().enumerate().filter(|(_, part)| !text.contains(part.as_str())) {
            let at = cx.at(&format!("{place}.contains[{item}]")).value("not there");
            report(at, format!("the prompt of example `{name}` does not contain {}", quoted(part)));
        }
        for (item, part) in expect.excludes.iter().enumerate() {
            if let Some(found) = text.find(part.as_str()) {
                let line = text[..found].matches('\n').count() + 1;
                let at = cx.at(&format!("{place}.excludes[{item}]")).value(format!("on line {line} of the prompt"));
                report(at, format!("the prompt of example `{name}` contains {}", quoted(part)));
            }
        }
        let chars = text.chars().count();
        if let Some(most) = expect.max_chars.filter(|most| chars > *most as usize) {
            let at = cx.at(&format!("{place}.max_chars")).value("");
            report(at, format!("the prompt of example `{name}` has {chars} characters, more than {most}"));
        }
    }
}
