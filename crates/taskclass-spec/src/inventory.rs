//! `inventory.txt`: the organisation's repositories, one `owner/name` a line; `#` begins a comment line.

use std::sync::Arc;

use taskclass_source::text::quoted;
use taskclass_source::{SourceFile, Span};

use crate::RepoName;

/// The most bad lines that are told of one by one, and one more.
const MAX_ERRORS: usize = 201;

/// The repositories that are known, each with its line.
#[derive(Debug, Clone)]
pub struct Inventory {
    source: Arc<SourceFile>,
    repositories: Vec<(RepoName, Span)>,
}

/// A line that is no repository.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}:{line}: {} is not a repository as `owner/name`", quoted(.text))]
pub struct InventoryError {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// What stands there, or its first 80 characters.
    pub text: String,
    /// Its place.
    pub span: Span,
}

impl Inventory {
    /// Reads the file.
    ///
    /// # Errors
    /// Every bad line at once, the first 201 if there are more.
    pub fn parse(source: Arc<SourceFile>) -> Result<Self, Vec<InventoryError>> {
        let mut repositories = Vec::new();
        let mut errors = Vec::new();
        let mut offset = 0;
        for (index, line) in source.text().split_inclusive('\n').enumerate() {
            let text = line.trim();
            let start = offset + line.len() - line.trim_start().len();
            let span = Span::new(start, start + text.len());
            offset += line.len();
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            match text.parse() {
                Ok(name) => repositories.push((name, span)),
                Err(_) if errors.len() == MAX_ERRORS => break,
                Err(_) => errors.push(InventoryError {
                    path: source.path().to_owned(),
                    line: index + 1,
                    text: text.chars().take(80).collect(),
                    span,
                }),
            }
        }
        if errors.is_empty() { Ok(Self { source, repositories }) } else { Err(errors) }
    }

    /// The file.
    pub fn source(&self) -> &Arc<SourceFile> {
        &self.source
    }

    /// The repositories, in the file's order.
    pub fn iter(&self) -> impl Iterator<Item = &RepoName> {
        self.repositories.iter().map(|(name, _)| name)
    }

    /// The line of a repository.
    pub fn place(&self, name: &RepoName) -> Option<Span> {
        self.repositories.iter().find(|(known, _)| known == name).map(|(_, span)| *span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lines_and_points_at_bad_ones() {
        let source = SourceFile::new("inventory.txt", "# all\nacme/a\n\n  acme/b  \n");
        let inventory = Inventory::parse(source.clone()).unwrap();
        assert_eq!(inventory.iter().map(RepoName::as_str).collect::<Vec<_>>(), ["acme/a", "acme/b"]);
        assert_eq!(source.slice(inventory.place(&"ACME/b".parse().unwrap()).unwrap()), "acme/b");
        let errors = Inventory::parse(SourceFile::new("i", "acme/a\nnope\nx y/z\n")).unwrap_err();
        assert_eq!(errors.iter().map(|e| e.line).collect::<Vec<_>>(), [2, 3]);
    }
}
