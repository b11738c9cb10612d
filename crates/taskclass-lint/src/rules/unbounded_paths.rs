//! `unbounded-paths`: the agent may touch any file.

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// The agent may touch any file.
    ///
    /// ## What it does
    /// Reports `**`, `**/*` and `*` with `**` under `validation.paths.allow`.
    ///
    /// ## Why it matters
    /// The scope is what a result is judged by. A scope of everything accepts everything.
    ///
    /// ## Bad
    /// ```yaml
    /// validation:
    ///   paths: {allow: ["**"], deny: [".github/**"]}
    ///                   ^^^^
    ///   max_files: 12
    ///   max_lines: 400
    ///   required_checks: [build, test]
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// validation:
    ///   paths: {allow: ["src/**", "tests/**"], deny: [".github/**"]}
    ///   max_files: 12
    ///   max_lines: 400
    ///   required_checks: [build, test]
    /// ```
    name: "unbounded-paths", family: Validation, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    for (index, pattern) in cx.class.validation.iter().flat_map(|own| own.paths.allow.iter()).enumerate() {
        let everything =
            pattern.as_str().contains("**") && pattern.as_str().bytes().all(|byte| matches!(byte, b'*' | b'/'));
        if everything {
            let at = cx.at(&format!("validation.paths.allow[{index}]"));
            sink.report(at.value(""), format!("`{pattern}` puts every file in scope"), |finding| {
                finding.with_help("name the folders and files that work of this class needs")
            });
        }
    }
}
