//! `no-size-limit`: a result may be of any size.

use crate::absent::lacks;
use crate::common::listed;
use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A result may be of any size.
    ///
    /// ## What it does
    /// Reports a class without `validation.max_files` or `validation.max_lines`.
    ///
    /// ## Why it matters
    /// A diff that nobody can read is not reviewed, only merged.
    ///
    /// ## Bad
    /// ```yaml
    /// validation:
    /// ^^^^^^^^^^
    ///   paths: {allow: ["src/**"], deny: [".github/**"]}
    ///   max_files: 12
    ///   required_checks: [build, test]
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// validation:
    ///   paths: {allow: ["src/**"], deny: [".github/**"]}
    ///   max_files: 12
    ///   max_lines: 400
    ///   required_checks: [build, test]
    /// ```
    name: "no-size-limit", family: Validation, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(validation) = cx.class.validation else { return };
    let limits = [("max_files", validation.max_files), ("max_lines", validation.max_lines)];
    let absent: Vec<_> = limits
        .iter()
        .filter(|(name, limit)| limit.is_none() && lacks(cx, "validation", name))
        .map(|(name, _)| *name)
        .collect();
    if !absent.is_empty() {
        sink.report(
            cx.at("validation").key(""),
            format!("a result may be of any size: no {}", listed(&absent)),
            |finding| finding.with_help("set both to what a reviewer can read in one sitting"),
        );
    }
}
