//! Users, their tokens, and teams.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::Deserialize;

use super::duration::Span;

/// A person, or an account that a machine uses.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserScript {
    /// The login.
    pub login: String,
    /// The numeric id.
    pub id: u64,
    /// The name in the profile.
    #[serde(default)]
    pub name: Option<String>,
    /// Whether it is an app's account (`dependabot[bot]`). Default false.
    #[serde(default)]
    pub bot: bool,
}

/// A token's text. Its `Debug` form is its prefix alone.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Token(String);

impl Token {
    /// A token of this text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub(crate) fn is(&self, text: &str) -> bool {
        self.0 == text
    }

    pub(crate) fn starts_with(&self, prefix: &str) -> bool {
        self.0.starts_with(prefix)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = ["github_pat_", "ghp_", "ghu_", "ghs_"].into_iter().find(|prefix| self.0.starts_with(prefix));
        write!(f, "{}[hidden]", prefix.unwrap_or_default())
    }
}

/// What sort of token it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// `github_pat_...`
    FineGrainedPat,
    /// `ghp_...`, with scopes in place of permissions.
    Classic,
    /// `ghu_...`: a user's token through a GitHub App.
    AppUser,
    /// `ghs_...`: an app's own token, which the agent tasks refuse.
    Installation,
}

impl TokenKind {
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::FineGrainedPat => "github_pat_",
            Self::Classic => "ghp_",
            Self::AppUser => "ghu_",
            Self::Installation => "ghs_",
        }
    }
}

/// How far a permission goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Nothing.
    None,
    /// Reading.
    Read,
    /// Reading and writing.
    Write,
}

/// One token.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenScript {
    /// Its text, which must begin as its kind's do.
    pub token: Token,
    /// Whose it is.
    pub login: String,
    /// Its kind.
    pub kind: TokenKind,
    /// Fine-grained permissions by GitHub's names (`agent_tasks`, `contents`, `pull_requests`, `issues`, `checks`, `statuses`,
    /// `actions`, `members`, `copilot_agent_settings`, `metadata`). Left out: all, with writing.
    #[serde(default)]
    pub permissions: Option<BTreeMap<String, Access>>,
    /// A classic token's scopes.
    #[serde(default = "default_scopes")]
    pub scopes: Vec<String>,
    /// The repositories it may be used on, as patterns. Left out: all.
    #[serde(default = "everything")]
    pub repositories: Vec<String>,
    /// When it ends. From then on it is answered with 401.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
    /// How long it lasts from the simulation's first moment; in the place of `expires_at`.
    #[serde(default)]
    pub lasts: Option<Span>,
    /// Organisations whose single sign-on it has not been authorised for: 403 with `X-GitHub-SSO`.
    #[serde(default)]
    pub sso_required: Vec<String>,
}

fn default_scopes() -> Vec<String> {
    vec!["repo".to_owned(), "read:org".to_owned(), "workflow".to_owned()]
}

fn everything() -> Vec<String> {
    vec!["*".to_owned()]
}

/// One team.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamScript {
    /// The organisation's login.
    pub organization: String,
    /// The team's slug.
    pub slug: String,
    /// Logins of its members.
    #[serde(default)]
    pub members: Vec<String>,
    /// Logins of its maintainers.
    #[serde(default)]
    pub maintainers: Vec<String>,
    /// Logins of those who were invited and have not answered.
    #[serde(default)]
    pub pending: Vec<String>,
}
