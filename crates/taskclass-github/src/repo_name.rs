//! A repository's full name, checked once so that no operation need check it again.

use std::fmt;

/// Why a text is not a repository's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RepoNameError {
    /// Not two parts.
    #[error("a repository is named OWNER/NAME")]
    Shape,
    /// The owner has a character that no login has.
    #[error("the owner may hold only ASCII letters, digits, hyphens and underscores, at most 100 of them")]
    Owner,
    /// The name has a character that no repository's name has.
    #[error(
        "the name may hold only ASCII letters, digits, hyphens, underscores and dots, at most 100 of them, and not be . or .."
    )]
    Name,
}

/// `owner/name` with only the characters that GitHub allows in them. Compared exactly: GitHub itself ignores case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepoName {
    owner: String,
    name: String,
}

impl RepoName {
    /// Checks both parts.
    ///
    /// # Errors
    /// [`RepoNameError`] names the part that is wrong.
    pub fn new(owner: &str, name: &str) -> Result<Self, RepoNameError> {
        let sized = |text: &str| !text.is_empty() && text.len() <= 100;
        let login = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        if !sized(owner) || !owner.bytes().all(login) {
            return Err(RepoNameError::Owner);
        }
        if !sized(name) || matches!(name, "." | "..") || !name.bytes().all(|b| login(b) || b == b'.') {
            return Err(RepoNameError::Name);
        }
        Ok(Self { owner: owner.to_owned(), name: name.to_owned() })
    }

    /// Parses `owner/name`.
    ///
    /// # Errors
    /// [`RepoNameError`] says what is wrong.
    pub fn parse(full: &str) -> Result<Self, RepoNameError> {
        let (owner, name) = full.split_once('/').ok_or(RepoNameError::Shape)?;
        Self::new(owner, name)
    }

    /// The login of the user or organisation.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// The name without its owner.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for RepoName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

impl std::str::FromStr for RepoName {
    type Err = RepoNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::{RepoName, RepoNameError};

    #[test]
    fn names() {
        assert_eq!(RepoName::parse("octo-org/my.repo_1").unwrap().to_string(), "octo-org/my.repo_1");
        assert_eq!(RepoName::parse("monalisa_corp/x").unwrap().owner(), "monalisa_corp");
        assert_eq!(RepoName::parse("octo").unwrap_err(), RepoNameError::Shape);
        for bad in ["/x", "a b/x", "../x", "a.b/x"] {
            assert_eq!(RepoName::parse(bad).unwrap_err(), RepoNameError::Owner, "{bad}");
        }
        for bad in ["a/", "a/..", "a/.", "a/b/c", "a/b c", "a/%2e", "a/é"] {
            assert_eq!(RepoName::parse(bad).unwrap_err(), RepoNameError::Name, "{bad}");
        }
    }
}
