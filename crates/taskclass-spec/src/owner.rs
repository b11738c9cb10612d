//! People and systems: who owns a class, who may call it.

use std::{fmt, str::FromStr};

use crate::{
    Malformed,
    newtype::{string_serde, word},
    repo::is_owner,
};

/// A GitHub user `@login` or team `@org/team`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// One person.
    User(String),
    /// A team of an organisation.
    Team {
        /// The organisation's login.
        org: String,
        /// The team's slug.
        slug: String,
    },
}

fn is_slug(text: &str) -> bool {
    let each = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    word(text, 100, each, each) && text != "." && text != ".."
}

impl Owner {
    /// The same as a caller, for a class that names no callers of its own.
    pub fn as_caller(&self) -> Caller {
        match self {
            Self::User(login) => Caller::User(login.clone()),
            Self::Team { org, slug } => Caller::Team { org: org.clone(), slug: slug.clone() },
        }
    }
}

impl FromStr for Owner {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let malformed = || Malformed { expected: "`@login` or `@org/team`", found: text.to_owned() };
        let name = text.strip_prefix('@').ok_or_else(malformed)?;
        match name.split_once('/') {
            None if is_owner(name) => Ok(Self::User(name.to_owned())),
            Some((org, slug)) if is_owner(org) && is_slug(slug) => {
                Ok(Self::Team { org: org.to_owned(), slug: slug.to_owned() })
            }
            _ => Err(malformed()),
        }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(login) => write!(f, "@{login}"),
            Self::Team { org, slug } => write!(f, "@{org}/{slug}"),
        }
    }
}

string_serde!(
    Owner,
    "`@login` or `@org/team`",
    "^@[A-Za-z0-9][A-Za-z0-9-]{0,38}(/(?!\\.{1,2}$)[A-Za-z0-9._-]{1,100})?$",
    ["@acme/platform-deps"]
);

/// Who may ask for a run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Caller {
    /// `github:user/LOGIN`
    User(String),
    /// `github:team/ORG/SLUG`
    Team {
        /// The organisation's login.
        org: String,
        /// The team's slug.
        slug: String,
    },
    /// `oidc:SUBJECT`: a workload whose OIDC token bears exactly this subject.
    Oidc(String),
}

impl FromStr for Caller {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let malformed = || Malformed {
            expected: "`github:user/LOGIN`, `github:team/ORG/TEAM` or `oidc:SUBJECT`",
            found: text.to_owned(),
        };
        if let Some(login) = text.strip_prefix("github:user/").filter(|login| is_owner(login)) {
            return Ok(Self::User(login.to_owned()));
        }
        if let Some((org, slug)) = text.strip_prefix("github:team/").and_then(|rest| rest.split_once('/'))
            && is_owner(org)
            && is_slug(slug)
        {
            return Ok(Self::Team { org: org.to_owned(), slug: slug.to_owned() });
        }
        let subject = |c: char| c.is_ascii_graphic() && c != '*';
        match text.strip_prefix("oidc:") {
            Some(rest) if word(rest, 300, subject, subject) => Ok(Self::Oidc(rest.to_owned())),
            _ => Err(malformed()),
        }
    }
}

impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(login) => write!(f, "github:user/{login}"),
            Self::Team { org, slug } => write!(f, "github:team/{org}/{slug}"),
            Self::Oidc(subject) => write!(f, "oidc:{subject}"),
        }
    }
}

string_serde!(
    Caller,
    "`github:user/LOGIN`, `github:team/ORG/TEAM` or `oidc:SUBJECT`",
    "^(github:user/[A-Za-z0-9][A-Za-z0-9-]{0,38}|github:team/[A-Za-z0-9][A-Za-z0-9-]{0,38}/(?!\\.{1,2}$)[A-Za-z0-9._-]{1,100}|oidc:[!-)+-~]{1,300})$",
    ["github:team/acme/platform-deps", "github:user/octocat"]
);

macro_rules! serialize_display {
    ($($name:ident),+) => { $(
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    )+ };
}
serialize_display!(Owner, Caller);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_prints() {
        for text in ["@octocat", "@acme/platform-deps"] {
            assert_eq!(text.parse::<Owner>().unwrap().to_string(), text);
        }
        for text in ["github:user/octocat", "github:team/acme/x", "oidc:repo:acme/portal:ref:refs/heads/main"] {
            assert_eq!(text.parse::<Caller>().unwrap().to_string(), text);
        }
        for text in ["octocat", "@", "@a/b/c", "@acme/..", "@acme/"] {
            assert!(text.parse::<Owner>().is_err(), "{text}");
        }
        for text in ["github:user/", "github:team/acme", "oidc:", "oidc:repo:*", "slack:x", "github:user/a/b"] {
            assert!(text.parse::<Caller>().is_err(), "{text}");
        }
    }
}
