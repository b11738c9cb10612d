//! `thin-description`: a description that does not tell when to use the class.

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A description that does not tell when to use the class.
    ///
    /// ## What it does
    /// Reports descriptions of fewer than six words, and those that only repeat the title.
    ///
    /// ## Why it matters
    /// A person who looks for a class reads the description, and decides by it what to run on whose repository.
    ///
    /// ## Bad
    /// ```yaml
    /// description: Change one thing
    ///              ^^^^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// description: Change one thing in a service and leave its build and its tests green.
    /// ```
    name: "thin-description", family: Identity, level: Warning, hold: Free, check: Class(check)
}

const FEW: usize = 6;

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(description) = cx.class.description else { return };
    let same = cx.class.title.is_some_and(|title| title.trim() == description.trim());
    let words = words(description);
    if same || words < FEW {
        let message = if same { "the description repeats the title" } else { "the description says too little" };
        sink.report(cx.at("description").value(""), message, |finding| {
            finding.with_help("say what a task of this class does, when to use it, and what it leaves alone")
        });
    }
}

/// How many words there are. Scripts that put no blanks between words have about one for every two characters.
fn words(text: &str) -> usize {
    let unspaced = text.chars().filter(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')).count();
    text.split_whitespace().count() + unspaced / 2
}
