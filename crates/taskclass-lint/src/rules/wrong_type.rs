//! `wrong-type`: a value of another type than its field takes.

use taskclass_source::Finding;
use taskclass_spec::shape::ShapeErrorKind;

use crate::common::{in_section, shape};
use crate::context::Document;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A value of another type than its field takes.
    ///
    /// ## What it does
    /// Reports text where a number is expected, a single value where a list is, and the like.
    ///
    /// ## Why it matters
    /// Nothing is converted by guess: what is approved is what is written.
    ///
    /// ## Bad
    /// ```yaml
    /// budget: {per_task: "40", per_day: 400, per_month: 8000}
    ///                    ^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// budget: {per_task: 40, per_day: 400, per_month: 8000}
    /// ```
    name: "wrong-type", family: Shape, level: Error, hold: Format, check: Document(check)
}

fn check(document: &Document<'_>, sink: &mut Sink<'_>) {
    shape(document, sink, |error, finding| {
        let finding = in_section(document, error, finding);
        match &error.kind {
            ShapeErrorKind::WrongType { expected, found } => explained(expected, found, finding),
            _ => finding,
        }
    });
}

fn explained(expected: &str, found: &str, finding: Finding) -> Finding {
    let written = finding.primary.source.slice(finding.primary.span);
    let short = !written.is_empty() && written.len() <= 40 && !written.contains('\n');
    let bare = written.trim_matches(['"', '\'']);
    match (expected, found) {
        ("a list", "text" | "a whole number" | "a mapping") if short => {
            let help = format!("write it as a list: `[{written}]`");
            finding.with_help(help)
        }
        ("text", "a whole number" | "true or false" | "a number") if short => {
            let help = format!("put it in quotes: `\"{written}\"`");
            finding.with_help(help)
        }
        ("a whole number", "text") if bare.parse::<i64>().is_ok() => {
            let help = format!("without quotes: `{bare}`");
            finding.with_help(help)
        }
        _ => finding,
    }
}
