//! Which field of a declaration a value does not meet, and what is said there.

use taskclass_source::Label;
use taskclass_spec::InputName;
use taskclass_spec::inputs::InputFault;

use crate::context::ClassContext;

/// The line of the declaration of `input` that decides; `item` where it is about one value of a list.
pub(crate) fn deciding(cx: &ClassContext<'_>, input: &InputName, item: bool, fault: &InputFault) -> Label {
    let (field, text) = match fault {
        InputFault::PatternMismatch { .. } => ("pattern", "must match this"),
        InputFault::TooLong { .. } => ("max_length", "no more characters than this"),
        InputFault::TooShort { .. } => ("min_length", "no fewer characters than this"),
        InputFault::TooSmall { .. } => ("minimum", "no less than this"),
        InputFault::TooLarge { .. } => ("maximum", "no more than this"),
        InputFault::NotAChoice { .. } => ("values", "one of these"),
        InputFault::TooMany { .. } => ("max_items", "no more values than this"),
        _ => ("type", "declared as this"),
    };
    let whole = format!("inputs.{input}");
    let place = if item { format!("{whole}.of.{field}") } else { format!("{whole}.{field}") };
    if cx.document.node(&place).is_some() { cx.at(&place).value(text) } else { cx.at(&whole).key("declared here") }
}
