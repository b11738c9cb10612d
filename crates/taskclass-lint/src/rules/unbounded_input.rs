//! `unbounded-input`: an input of any length.

use taskclass_spec::written::{Input, ItemType};

use crate::absent::lacks;
use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// An input of any length.
    ///
    /// ## What it does
    /// Reports texts without `max_length` and lists without `max_items`.
    ///
    /// ## Why it matters
    /// Twenty thousand characters from a caller push the class's own instructions out of an agent's sight.
    ///
    /// ## Bad
    /// ```yaml
    /// inputs:
    ///   thing: {type: string, pattern: "^[a-z-]+$", description: The thing to change}
    ///   ^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// inputs:
    ///   thing: {type: string, pattern: "^[a-z-]+$", max_length: 40, description: The thing to change}
    /// ```
    name: "unbounded-input", family: Prompt, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    for (name, input) in cx.class.inputs.into_iter().flatten() {
        let (what, field) = match input {
            Input::String { max_length: None, .. } => ("may be of any length", "max_length"),
            Input::List { max_items: None, .. } => ("may have any number of values", "max_items"),
            Input::List { of: ItemType::String { max_length: None, .. }, .. } => {
                ("may have values of any length", "of.max_length")
            }
            _ => continue,
        };
        let (section, name_there) = match field.split_once('.') {
            Some((of, inner)) => (format!("inputs.{name}.{of}"), inner),
            None => (format!("inputs.{name}"), field),
        };
        if !lacks(cx, &section, name_there) {
            continue;
        }
        sink.report(cx.at(&format!("inputs.{name}")).key(""), format!("`{name}` {what}"), |finding| {
            finding.with_help(match field {
                "max_items" => "bound it: `max_items: 10`".to_owned(),
                "max_length" => "bound it: `max_length: 200`".to_owned(),
                _ => "bound them: `of: {type: string, max_length: 200}`".to_owned(),
            })
        });
    }
}
