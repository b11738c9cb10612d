//! Repositories as a scenario describes them.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Who may see a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everybody.
    Public,
    /// Those with access.
    Private,
    /// The enterprise.
    Internal,
}

impl Visibility {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::Internal => "internal",
        }
    }
}

/// One repository. All but its name has a default, which is a well-kept private repository.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RepositoryScript {
    /// `owner/name`.
    pub name: String,
    /// The numeric id. Left out: from its place in the list.
    #[serde(default)]
    pub id: Option<u64>,
    /// Former names, `owner/name`: answered with 301.
    #[serde(default)]
    pub former_names: Vec<String>,
    /// Default `private`.
    #[serde(default = "private")]
    pub visibility: Visibility,
    /// Default `main`.
    #[serde(default = "main")]
    pub default_branch: String,
    /// Branches beside the default one. Default `release/1.0`.
    #[serde(default = "other_branches")]
    pub branches: Vec<String>,
    /// Read-only.
    #[serde(default)]
    pub archived: bool,
    /// Disabled by GitHub.
    #[serde(default)]
    pub disabled: bool,
    /// Default true; issues are answered with 410 otherwise.
    #[serde(default = "yes")]
    pub has_issues: bool,
    /// Paths with their contents.
    #[serde(default = "default_files")]
    pub files: BTreeMap<String, String>,
    /// Rules for branches. Default: one review and the checks `build` and `test` on `main` and `release/*`.
    #[serde(default = "default_rules")]
    pub rules: Vec<RuleScript>,
    /// Who may do what: login → `admin`, `maintain`, `write`, `triage`, `read`, `none`. Left out for a user: `write`.
    #[serde(default)]
    pub collaborators: BTreeMap<String, String>,
    /// Whether the cloud agent may work here. Default true.
    #[serde(default = "yes")]
    pub agent_enabled: bool,
    /// Whether the agent's firewall is on. Default true.
    #[serde(default = "yes")]
    pub firewall: bool,
    /// Hosts that the firewall lets through.
    #[serde(default)]
    pub firewall_allowlist: Vec<String>,
    /// Whether Actions workflows on the agent's pushes wait for a person, so that their checks end as `action_required`. Default
    /// false.
    #[serde(default)]
    pub require_actions_workflow_approval: bool,
}

impl RepositoryScript {
    /// A repository of this name (`owner/name`) with every default.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            id: None,
            former_names: Vec::new(),
            visibility: private(),
            default_branch: main(),
            branches: other_branches(),
            archived: false,
            disabled: false,
            has_issues: true,
            files: default_files(),
            rules: default_rules(),
            collaborators: BTreeMap::new(),
            agent_enabled: true,
            firewall: true,
            firewall_allowlist: Vec::new(),
            require_actions_workflow_approval: false,
        }
    }
}

/// Rules for the branches that match a pattern.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleScript {
    /// The branches, as a pattern (`main`, `release/*`).
    pub branch: String,
    /// Approving reviews that a pull request needs. Left out: no such rule.
    #[serde(default)]
    pub required_reviews: Option<u32>,
    /// Whether code owners must review.
    #[serde(default)]
    pub code_owner_review: bool,
    /// Checks that must pass. Left out: no such rule.
    #[serde(default)]
    pub required_checks: Option<Vec<String>>,
    /// Whether commits must be signed.
    #[serde(default)]
    pub required_signatures: bool,
    /// A pattern that commit authors' addresses must match, which keeps the agent out.
    #[serde(default)]
    pub commit_author_email_pattern: Option<String>,
}

fn yes() -> bool {
    true
}

fn private() -> Visibility {
    Visibility::Private
}

fn main() -> String {
    "main".to_owned()
}

fn other_branches() -> Vec<String> {
    vec!["release/1.0".to_owned()]
}

fn default_files() -> BTreeMap<String, String> {
    [
        (
            ".github/agents/dependency-fixer.agent.md",
            "---\nname: dependency-fixer\n---\nFix dependencies, nothing else.\n",
        ),
        (".github/workflows/ci.yml", "name: ci\non: [push, pull_request]\n"),
        ("Cargo.lock", "version = 4\n"),
        ("Cargo.toml", "[package]\nname = \"service\"\nversion = \"1.0.0\"\n"),
        ("README.md", "# A service\n"),
        ("src/lib.rs", "//! The service.\n"),
        ("tests/basic.rs", "#[test]\nfn starts() {}\n"),
    ]
    .into_iter()
    .map(|(path, text)| (path.to_owned(), text.to_owned()))
    .collect()
}

fn default_rules() -> Vec<RuleScript> {
    ["main", "release/*"]
        .into_iter()
        .map(|branch| RuleScript {
            branch: branch.to_owned(),
            required_reviews: Some(1),
            code_owner_review: false,
            required_checks: Some(vec!["build".to_owned(), "test".to_owned()]),
            required_signatures: false,
            commit_author_email_pattern: None,
        })
        .collect()
}
