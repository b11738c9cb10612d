//! `unsupported-schema`: the document does not name its format, or names one that this program does not know.

use taskclass_spec::shape::ShapeErrorKind;

use crate::common::{replace_scalar, shape, with_fix};
use crate::context::Document;
use crate::rule::{Sink, declare_rule};
use taskclass_source::Fix;

declare_rule! {
    /// The document does not name its format, or names one that this program does not know.
    ///
    /// ## What it does
    /// Reports a `schema` that is missing or is not the one for a file in this place. Nothing else is said of such a file.
    ///
    /// ## Why it matters
    /// A file of a later version may mean something else by the same words; reading it by guess would run what nobody wrote.
    ///
    /// ## Bad
    /// ```yaml
    /// schema: task-class/v2
    ///         ^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// schema: task-class/v1
    /// ```
    name: "unsupported-schema", family: Shape, level: Error, hold: Format, check: Document(check)
}

fn check(document: &Document<'_>, sink: &mut Sink<'_>) {
    shape(document, sink, |error, finding| {
        let ShapeErrorKind::UnsupportedSchema { expected } = &error.kind else { return finding };
        let Some(node) = document.node("schema") else {
            return finding.with_help(format!("begin the file with `schema: {expected}`"));
        };
        // Another version may mean other things by the same words: only a slip of the pen is corrected.
        let name = expected.split('/').next().unwrap_or_default();
        let same = node.as_str().is_some_and(|text| text.split('/').next() == Some(name));
        let edit = replace_scalar(&document.at("schema"), expected).filter(|_| same);
        let fix = edit.map(|edit| Fix::unsafe_(format!("write `{expected}`"), vec![edit]));
        with_fix(finding.with_help("this version of taskclass knows no other format for this file"), fix)
    });
}
