//! `unbounded-base-ref`: a class that may start from any branch.

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A class that may start from any branch.
    ///
    /// ## What it does
    /// Reports `*` and `**` under `base_ref.allow`.
    ///
    /// ## Why it matters
    /// The base branch decides which code, which instructions and which checks the agent works with. Anyone who can push a
    /// branch could choose them.
    ///
    /// ## Bad
    /// ```yaml
    /// base_ref: {default: main, allow: ["**"]}
    ///                                   ^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// base_ref: {default: main, allow: [main, "release/*"]}
    /// ```
    name: "unbounded-base-ref", family: Refs, level: Error, hold: Security, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    for (index, pattern) in cx.class.base_ref.iter().flat_map(|own| own.allow.iter()).enumerate() {
        if pattern.as_str().bytes().all(|byte| matches!(byte, b'*' | b'/')) {
            let at = cx.at(&format!("base_ref.allow[{index}]"));
            sink.report(at.value(""), format!("`{pattern}` lets a task start from any branch"), |finding| {
                finding.with_help("name the branches, or a prefix that only protected branches have: `release/*`")
            });
        }
    }
}
