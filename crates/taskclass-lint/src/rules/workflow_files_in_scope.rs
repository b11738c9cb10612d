//! `workflow-files-in-scope`: the agent may touch what decides how its work is checked.

use std::sync::LazyLock;

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

/// What GitHub reads from these places, and a file of each kind.
const DECISIVE: [(&str, &str); 9] = [
    (".github/workflows/*.yml", ".github/workflows/ci.yml"),
    (".github/workflows/*.yaml", ".github/workflows/ci.yaml"),
    (".github/actions/**/action.yml", ".github/actions/build/action.yml"),
    (".github/actions/**/action.yaml", ".github/actions/build/action.yaml"),
    (".github/agents/*.agent.md", ".github/agents/helper.agent.md"),
    (".github/instructions/**/*.instructions.md", ".github/instructions/tests.instructions.md"),
    (".github/copilot-instructions.md", ".github/copilot-instructions.md"),
    (".github/CODEOWNERS", ".github/CODEOWNERS"),
    ("CODEOWNERS", "CODEOWNERS"),
];
/// Folders in which every file counts: an action's code, an agent under any name. A pattern that only happens to lead there,
/// such as `**/Cargo.toml`, is not about them.
const FOLDERS: [&str; 2] = [".github/actions/**", ".github/agents/**"];

struct Patterns {
    named: Vec<(PathPattern, &'static str)>,
    folders: Vec<PathPattern>,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let named = DECISIVE.iter().filter_map(|(pattern, example)| Some((pattern.parse().ok()?, *example)));
    Patterns { named: named.collect(), folders: FOLDERS.iter().filter_map(|folder| folder.parse().ok()).collect() }
});

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(validation) = cx.class.validation else { return };
    let policy = cx.policy().map_or(&[][..], |policy| &policy.policy.paths.deny);
    // Where several entries deny it only together, it is reported all the same: one that is plain is asked for.
    let denied = |what: &PathPattern| validation.paths.deny.iter().chain(policy).any(|denied| denied.takes_in(what));
    let Patterns { named, folders } = &*PATTERNS;
    for (index, allowed) in validation.paths.allow.iter().enumerate() {
        if denied(allowed) {
            continue;
        }
        let lets_in = match named.iter().find(|(kind, _)| allowed.meets(kind) && !denied(kind)) {
            Some((_, example)) if allowed.matches(example) => (*example).to_owned(),
            Some((kind, _)) if !allowed.is_literal() => format!("some of {kind}"),
            None if !folders.iter().any(|folder| folder.takes_in(allowed)) => continue,
            _ => allowed.to_string(),
        };
        let at = cx.at(&format!("validation.paths.allow[{index}]"));
        sink.report(
            at.value(format!("lets in {lets_in}")),
            "files that decide how the work is checked are in scope",
            |finding| finding.with_help("deny them: `deny: [\".github/**\", \"**/CODEOWNERS\"]`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patterns_are_patterns_and_match_their_examples() {
        assert_eq!((PATTERNS.named.len(), PATTERNS.folders.len()), (DECISIVE.len(), FOLDERS.len()));
        assert!(PATTERNS.named.iter().all(|(pattern, example)| pattern.matches(example)));
    }
}
