//! `missing-field`: a field that must be there is not.

use std::collections::BTreeMap;

use taskclass_source::{Label, Path};
use taskclass_spec::shape::ShapeErrorKind;

use crate::common::{OWN_RULE, listed};
use crate::context::Document;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A field that must be there is not.
    ///
    /// ## What it does
    /// Reports what a mapping lacks: one finding a mapping, with all fields that are missing in it.
    ///
    /// ## Why it matters
    /// There are few defaults on purpose: who answers, what may be spent and when to stop is said, not assumed.
    ///
    /// ## Bad
    /// ```yaml
    /// budget: {per_task: 40, per_day: 400}
    /// ^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// budget: {per_task: 40, per_day: 400, per_month: 8000}
    /// ```
    name: "missing-field", family: Shape, level: Error, hold: Format, check: Document(check)
}

fn check(document: &Document<'_>, sink: &mut Sink<'_>) {
    let mut missing: BTreeMap<&Path, (Label, Vec<&str>)> = BTreeMap::new();
    for error in document.shape() {
        let ShapeErrorKind::MissingField { names } = &error.kind else { continue };
        let primary = Label::mark(document.source, error.span);
        match names.as_slice() {
            [name] if error.path.is_root() && OWN_RULE.contains(&name.as_str()) => {}
            [name] => missing.entry(&error.path).or_insert_with(|| (primary, Vec::new())).1.push(name),
            _ => sink.report(primary, error.to_string(), |finding| finding),
        }
    }
    for (path, (primary, names)) in missing {
        let place = if path.is_root() { "the document".to_owned() } else { format!("`{path}`") };
        sink.report(primary, format!("{place} lacks {}", listed(&names)), |finding| finding);
    }
}
