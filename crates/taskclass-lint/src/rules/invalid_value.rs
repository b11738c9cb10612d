//! `invalid-value`: a value of the right type that its field does not accept.

use taskclass_spec::shape::ShapeErrorKind;

use crate::common::{in_section, shape, with_fix, write_instead};
use crate::context::Document;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A value of the right type that its field does not accept.
    ///
    /// ## What it does
    /// Reports words that are not among a field's few, and texts that are not of the form asked for: names, durations,
    /// patterns, owners.
    ///
    /// ## Why it matters
    /// A word that is almost right would otherwise fall back to something that nobody chose.
    ///
    /// ## Bad
    /// ```yaml
    /// pull_request: {create: after_validaton, reviewers: ["@acme/platform"]}
    ///                        ^^^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// pull_request: {create: after_validation, reviewers: ["@acme/platform"]}
    /// ```
    name: "invalid-value", family: Shape, level: Error, hold: Format, check: Document(check)
}

fn check(document: &Document<'_>, sink: &mut Sink<'_>) {
    shape(document, sink, |error, finding| {
        let mut finding = in_section(document, error, finding);
        let ShapeErrorKind::InvalidValue { allowed, suggestion, .. } = &error.kind else { return finding };
        let Some(meant) = suggestion else { return finding };
        finding.primary.text = format!("did you mean `{meant}`?");
        let at = document.at_path(&error.path);
        let fix = if allowed.contains(meant) { write_instead(&at, meant) } else { None };
        with_fix(finding, fix)
    });
}
