//! `workflow-files-in-scope`: the agent may touch what decides how its work is checked.

use taskclass_spec::PathPattern;

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// The agent may touch what decides how its work is checked.
    ///
    /// ## What it does
    /// Reports an entry of `validation.paths.allow` that lets in a workflow, an action of `.github`, agent instructions or a
    /// CODEOWNERS file, where neither the class nor the policy denies it.
    ///
    /// ## Why it matters
    /// A change to a workflow runs with the workflow's rights and secrets, and a change to CODEOWNERS chooses the reviewer.
    /// Required checks mean nothing if the result can rewrite them.
    ///
    /// ## Bad
    /// ```yaml
    /// validation:
    ///   paths: {allow: ["src/**", ".github/**"]}
    ///                             ^^^^^^^^^^^^
    ///   max_files: 12
    ///   max_lines: 400
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
    name: "workflow-files-in-scope", family: Validation, level: Error, hold: Security, check: Class(check)
}

/// One file of each kind that GitHub reads from these places.
const DECISIVE: [&str; 7] = [
    ".github/workflows/ci.yml",
    ".github/workflows/copilot-setup-steps.yml",
    ".github/actions/build/action.yml",
    ".github/agents/helper.agent.md",
    ".github/copilot-instructions.md",
    ".github/CODEOWNERS",
    "CODEOWNERS",
];

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(validation) = cx.class.validation else { return };
    let policy = cx.policy().map_or(&[][..], |policy| &policy.policy.paths.deny);
    let matches = |patterns: &[PathPattern], path: &str| patterns.iter().any(|pattern| pattern.matches(path));
    for (index, pattern) in validation.paths.allow.iter().enumerate() {
        let open =
            |path: &&&str| pattern.matches(path) && !matches(&validation.paths.deny, path) && !matches(policy, path);
        let Some(first) = DECISIVE.iter().find(open) else { continue };
        let at = cx.at(&format!("validation.paths.allow[{index}]"));
        sink.report(
            at.value(format!("lets in {first}")),
            "files that decide how the work is checked are in scope",
            |finding| finding.with_help("deny them: `deny: [\".github/**\", \"**/CODEOWNERS\"]`"),
        );
    }
}
