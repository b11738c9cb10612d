//! A repository's name. GitHub compares names without regard to ASCII case; so does everything here.

use std::{
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
};

use crate::{
    Malformed,
    newtype::{string_serde, word},
};

/// `owner/name`, kept as written, compared without regard to ASCII case.
#[derive(Debug, Clone)]
pub struct RepoName {
    text: String,
    /// In lower case: what is compared.
    folded: Box<[u8]>,
    slash: usize,
}

pub(crate) fn is_owner(text: &str) -> bool {
    word(text, 39, |c| c.is_ascii_alphanumeric(), |c| c.is_ascii_alphanumeric() || c == '-')
}

impl RepoName {
    /// The user or organisation.
    pub fn owner(&self) -> &str {
        &self.text[..self.slash]
    }

    /// The name without its owner.
    pub fn name(&self) -> &str {
        &self.text[self.slash + 1..]
    }

    /// `owner/name`.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for RepoName {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let each = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        match text.split_once('/') {
            Some((owner, name)) if is_owner(owner) && word(name, 100, each, each) && name != "." && name != ".." => {
                let folded = text.to_ascii_lowercase().into_bytes().into_boxed_slice();
                Ok(Self { text: text.to_owned(), folded, slash: owner.len() })
            }
            _ => Err(Malformed { expected: "a repository as `owner/name`", found: text.to_owned() }),
        }
    }
}

impl PartialEq for RepoName {
    fn eq(&self, other: &Self) -> bool {
        self.folded == other.folded
    }
}

impl Eq for RepoName {}

impl Hash for RepoName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.folded.hash(state);
    }
}

impl PartialOrd for RepoName {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for RepoName {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.folded.cmp(&other.folded)
    }
}

impl fmt::Display for RepoName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl serde::Serialize for RepoName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

string_serde!(
    RepoName,
    "a repository as `owner/name`",
    "^[A-Za-z0-9][A-Za-z0-9-]{0,38}/(?!\\.{1,2}$)[A-Za-z0-9._-]{1,100}$",
    ["acme/svc-orders"]
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_without_case_and_refuses_paths() {
        let name: RepoName = "Acme/Svc".parse().unwrap();
        assert_eq!(name, "acme/svc".parse().unwrap());
        assert_eq!((name.owner(), name.name()), ("Acme", "Svc"));
        for text in ["", "acme", "acme/", "/x", "acme/..", "a/b/c", "acme/x y", "-a/b", "acme/ü"] {
            assert!(text.parse::<RepoName>().is_err(), "{text}");
        }
    }
}
