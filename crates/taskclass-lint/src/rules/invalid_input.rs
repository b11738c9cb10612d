//! `invalid-input`: an input that no value, or not its own default, can fit.

use taskclass_source::Path;
use taskclass_source::path::Segment;
use taskclass_spec::inputs::check_declarations;

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// An input that no value, or not its own default, can fit.
    ///
    /// ## What it does
    /// Reports patterns that are not regular expressions, bounds that leave nothing between them, values listed twice, and
    /// defaults that do not fit.
    ///
    /// ## Why it matters
    /// Every run that relies on it is refused.
    ///
    /// ## Bad
    /// ```yaml
    /// inputs:
    ///   thing: {type: string, pattern: "^[a-z-]+$", max_length: 40, default: "Not this", description: The thing to change}
    ///                                                                        ^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// inputs:
    ///   thing: {type: string, pattern: "^[a-z-]+$", max_length: 40, default: timeout, description: The thing to change}
    /// ```
    name: "invalid-input", family: Prompt, level: Error, hold: Format, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(inputs) = cx.class.inputs else { return };
    for problem in check_declarations(inputs) {
        let below = [Segment::Key("inputs".into()), Segment::Key(problem.input.as_str().into())];
        let path: Path = below.into_iter().chain(problem.path.segments().iter().cloned()).collect();
        sink.report(cx.document.at_path(&path).value(""), problem.to_string(), |finding| finding);
    }
}
