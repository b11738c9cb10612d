//! One document on its way from bytes to a typed value, with all that is wrong with it.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use taskclass_source::{
    Finding, Node, RegistryPath, SourceFile, de,
    yaml::{self, Comment, Problem},
};

use crate::{
    SchemaKind,
    shape::{self, Explainer, ShapeError, ShapeErrorKind},
};

/// A document as far as it could be read: `written` is there only if nothing is wrong with text and shape.
#[derive(Debug, Clone)]
pub struct Loaded<T> {
    /// Which schema it is held to.
    pub kind: SchemaKind,
    /// Where it is in the registry.
    pub path: RegistryPath,
    /// Its text.
    pub source: Arc<SourceFile>,
    /// Its tree, if there is anything in it.
    pub root: Option<Node>,
    /// Its comments.
    pub comments: Vec<Comment>,
    /// What is wrong with it as YAML.
    pub problems: Vec<Problem>,
    /// Where it departs from its schema.
    pub shape: Vec<ShapeError>,
    /// The typed value.
    pub written: Option<T>,
}

impl<T: DeserializeOwned> Loaded<T> {
    /// Reads a document of `kind`; never fails, for what is wrong is part of the result.
    pub fn parse(kind: SchemaKind, path: &RegistryPath, bytes: Vec<u8>) -> Self {
        let (source, parsed) = yaml::parse_bytes(path.as_str(), bytes);
        let mut loaded = Self {
            kind,
            path: path.clone(),
            source,
            root: parsed.root,
            comments: parsed.comments,
            problems: parsed.problems,
            shape: Vec::new(),
            written: None,
        };
        if let Some(root) = &loaded.root {
            // The types refuse all that the schema refuses (a test holds it), so what reads needs no schema. What does not
            // read is held to the schema, which knows all departures where the reader stops at the first.
            let read = if loaded.problems.is_empty() { Some(de::from_node(root)) } else { None };
            match read {
                Some(Ok(value)) => loaded.written = Some(value),
                Some(Err(error)) => {
                    loaded.shape = shape::check(kind, root);
                    if loaded.shape.is_empty() {
                        // The schema lets pass what the type refuses (git's rules for branch names, say).
                        let expected = error.message.trim_start_matches("expected ").to_owned();
                        let kind = ShapeErrorKind::InvalidValue { expected, allowed: Vec::new(), suggestion: None };
                        loaded.shape.push(ShapeError { kind, path: error.path, span: error.span, section: None });
                    }
                }
                None => loaded.shape = shape::check(kind, root),
            }
        } else if loaded.problems.is_empty() {
            let kind = ShapeErrorKind::UnsupportedSchema { expected: kind.id() };
            let span = loaded.source.whole();
            loaded.shape.push(ShapeError { kind, path: taskclass_source::Path::root(), span, section: None });
        }
        loaded
    }

    /// The typed value, or everything that keeps it from being one.
    pub fn checked(&self) -> Result<&T, Vec<Finding>> {
        self.written.as_ref().ok_or_else(|| self.findings())
    }

    /// What is wrong with text and shape, as the linter says it, in its order.
    pub fn findings(&self) -> Vec<Finding> {
        let explainer = Explainer::new(self.kind, &self.source, self.root.as_ref());
        let mut findings: Vec<Finding> = self.problems.iter().map(|problem| explainer.problem(problem)).collect();
        let causes = shape::causes(&self.shape, shape::cut_short(&self.problems), self.root.as_ref());
        findings.extend(explainer.departures(causes));
        taskclass_source::finding::sort(&mut findings);
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{prompt, written};

    #[test]
    fn what_was_read_is_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Loaded<written::TaskClass>>();
        shared::<prompt::Inspected>();
        shared::<prompt::Template>();
    }
}
