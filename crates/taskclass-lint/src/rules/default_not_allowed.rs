//! `default-not-allowed`: the default base branch is not among the allowed ones.

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// The default base branch is not among the allowed ones.
    ///
    /// ## What it does
    /// Holds `base_ref.default` to `base_ref.allow`.
    ///
    /// ## Why it matters
    /// Every run that names no branch would be refused.
    ///
    /// ## Bad
    /// ```yaml
    /// base_ref: {default: main, allow: ["release/*"]}
    ///                     ^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// base_ref: {default: main, allow: [main, "release/*"]}
    /// ```
    name: "default-not-allowed", family: Refs, level: Error, hold: Format, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(base_ref) = cx.class.base_ref else { return };
    let default = &base_ref.default;
    if !base_ref.allow.iter().any(|pattern| pattern.matches(default.as_str())) {
        let allow = cx.at("base_ref.allow").value("this list does not have it");
        sink.report(
            cx.at("base_ref.default").value(""),
            format!("the default branch `{default}` is not allowed"),
            |finding| {
                finding
                    .with_label(allow)
                    .with_help(format!("add `{default}` to `base_ref.allow`, or choose another default"))
            },
        );
    }
}
