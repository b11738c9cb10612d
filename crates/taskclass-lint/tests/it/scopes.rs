//! Patterns against patterns: what a class lets in, and what is denied to it, where neither names a file or a repository.

use crate::fixture::lint_example;

fn told(example: &str, rule: &str) -> Vec<String> {
    let findings = lint_example(example).findings;
    findings.iter().filter(|one| one.rule == rule).map(|one| one.primary.text.to_string()).collect()
}

fn let_in(allow: &str, deny: &str) -> Vec<String> {
    let example = format!(
        "validation:\n  paths: {{allow: [{allow}], deny: [{deny}]}}\n  max_files: 12\n  max_lines: 400\n  \
         required_checks: [build, test]\n# file: policy.yaml\npaths: {{deny: [\"**/*.pem\"]}}\n"
    );
    told(&example, "workflow-files-in-scope")
}

#[test]
fn what_decides_how_work_is_checked_is_found_under_any_name() {
    for (allow, expected) in [
        (".github/workflows/release.yml", "lets in .github/workflows/release.yml"),
        ("\".github/workflows/rel*\"", "lets in some of .github/workflows/*.yml"),
        ("\"**/*.yaml\"", "lets in .github/workflows/ci.yaml"),
        (".github/actions/deploy/index.js", "lets in .github/actions/deploy/index.js"),
        (".github/agents/helper.md", "lets in .github/agents/helper.md"),
        ("\".github/actions/deploy/**\"", "lets in some of .github/actions/**/action.yml"),
        ("\"**/CODEOWNERS\"", "lets in .github/CODEOWNERS"),
        ("\"CODE*\"", "lets in CODEOWNERS"),
    ] {
        assert_eq!(let_in(allow, ""), [expected], "{allow}");
    }
}

#[test]
fn what_is_denied_or_lies_elsewhere_is_not() {
    for (allow, deny) in [
        (".github/workflows/release.yml", "\".github/**\""),
        (".github/workflows/release.yml", "\"**/*.yml\""),
        ("\".github/workflows/rel*\"", "\".github/workflows/re*\""),
        ("\"**/*.yml\"", "\".github/**\""),
        ("\"src/**\", \"*.yml\", \"**/Cargo.toml\", \"**/README.md\", .github/dependabot.yml", ""),
    ] {
        assert_eq!(let_in(allow, deny), [""; 0], "{allow}");
    }
    assert_eq!(let_in("\".github/workflows/*\"", "\".github/workflows/*.yml\"").len(), 1);
}

#[test]
fn a_pattern_is_not_denied_by_one_that_only_holds_the_same_signs() {
    let policy =
        "# file: policy.yaml\nrepositories: {deny: [\"acme/*-*\"]}\npaths: {deny: [\"src/**-**\", \"lib/*/*\"]}\n";
    let own = "repositories:\n  allow: [\"acme/*\", \"acme/*-9-q-7-*\"]\n  require: {visibility: [private]}\n\
               validation: {paths: {allow: [\"src/**\", \"lib/**\"]}, max_files: 1, max_lines: 1, required_checks: [build]}\n";
    let example = format!("{own}{policy}");
    assert_eq!(told(&example, "scope-against-policy"), [""; 0]);
    // The second holds a `-`, and is denied.
    assert_eq!(told(&example, "policy-denied-repository"), ["allowed here"]);
    let both = "repositories:\n  allow: [\"acme/*-*\", \"acme/svc*\"]\n  require: {visibility: [private]}\n";
    assert_eq!(told(both, "shadowed-pattern"), [""; 0]);
}
