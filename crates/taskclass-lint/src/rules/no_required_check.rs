//! `no-required-check`: a change is accepted without a single check.

use taskclass_spec::written::Intent;

use crate::absent::lacks;
use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A change is accepted without a single check.
    ///
    /// ## What it does
    /// Reports a class with `intent: change` and no `validation.required_checks`.
    ///
    /// ## Why it matters
    /// What the agent says of its own work is not evidence. Without a check a result that does not build is accepted.
    ///
    /// ## Bad
    /// ```yaml
    /// validation:
    /// ^^^^^^^^^^
    ///   paths: {allow: ["src/**"], deny: [".github/**"]}
    ///   max_files: 12
    ///   max_lines: 400
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
    name: "no-required-check", family: Validation, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let (Some(Intent::Change), Some(validation)) = (cx.class.intent, cx.class.validation) else { return };
    if validation.required_checks.is_empty() && lacks(cx, "validation", "required_checks") {
        sink.report(cx.at("validation").key(""), "a change is accepted without a single check", |finding| {
            finding.with_help("name the checks that must have succeeded: `required_checks: [build, test]`")
        });
    }
}
