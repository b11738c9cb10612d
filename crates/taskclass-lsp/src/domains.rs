//! What values and keys of a document name, beyond their type: a model, a repository, a stage.

use taskclass_source::Path;
use taskclass_source::path::Segment;

use crate::view::FileKind;

/// What a value or a key names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Domain {
    Model,
    Repository,
    RepositoryPattern,
    Metric,
    Rule,
    Stage,
    /// An input of this class.
    Input,
    /// A value for the input of this name.
    InputValue(String),
    PromptFile,
    Owner,
    Check,
    Caller,
    Notice,
}

/// A path with its list indices taken out: `model.overrides[].default`.
fn shape(path: &Path) -> String {
    let mut text = String::new();
    for segment in path.segments() {
        match segment {
            Segment::Index(_) => text.push_str("[]"),
            Segment::Key(key) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(key);
            }
        }
    }
    text
}

/// What the scalar at `path` names.
pub(crate) fn of_value(kind: FileKind, path: &Path) -> Option<Domain> {
    if let Some(input) = input_value(kind, path) {
        return Some(Domain::InputValue(input));
    }
    Some(match (kind, shape(path).as_str()) {
        (
            FileKind::Class,
            "model.default" | "model.allowed[]" | "model.overrides[].default" | "model.overrides[].allowed[]",
        )
        | (FileKind::Policy, "models.allow[]" | "models.sensitive.allow[]")
        | (FileKind::Models, "models[].id" | "models[].replacement") => Domain::Model,
        (FileKind::Class, "examples[].repository") | (FileKind::Policy, "escalation.repository") => Domain::Repository,
        (FileKind::Class, "repositories.allow[]" | "repositories.deny[]" | "model.overrides[].repositories[]")
        | (FileKind::Policy, "repositories.deny[]" | "models.sensitive.repositories[]") => Domain::RepositoryPattern,
        (FileKind::Class, "rollout.gates.require[].metric" | "rollout.gates.abort_on[].metric") => Domain::Metric,
        (FileKind::Class, "prompt.file") => Domain::PromptFile,
        (FileKind::Class, "owners[]" | "pull_request.reviewers[]") | (FileKind::Policy, "escalation.owner") => {
            Domain::Owner
        }
        (FileKind::Class, "repositories.require.required_checks[]" | "validation.required_checks[]") => Domain::Check,
        (FileKind::Class, "callers.allow[]") => Domain::Caller,
        (FileKind::Class, "escalation.ladder[].notify[]") => Domain::Notice,
        _ => return None,
    })
}

/// What the keys of the open mapping at `section` name.
pub(crate) fn of_keys(kind: FileKind, section: &Path) -> Option<Domain> {
    Some(match (kind, shape(section).as_str()) {
        (FileKind::Class, "examples[].inputs") => Domain::Input,
        (FileKind::Class, "rollout.gates.min_samples") => Domain::Stage,
        (FileKind::Policy, "lint.levels") => Domain::Rule,
        _ => return None,
    })
}

/// The input that the value at `path` is for: in an example, or as a default.
fn input_value(kind: FileKind, path: &Path) -> Option<String> {
    let key = |segment: &Segment| match segment {
        Segment::Key(key) => Some(key.to_string()),
        Segment::Index(_) => None,
    };
    let is = |segment: &Segment, name: &str| matches!(segment, Segment::Key(key) if **key == *name);
    if kind != FileKind::Class {
        return None;
    }
    match path.segments() {
        [examples, Segment::Index(_), inputs, name, ..] if is(examples, "examples") && is(inputs, "inputs") => {
            key(name)
        }
        [inputs, name, default, ..] if is(inputs, "inputs") && is(default, "default") => key(name),
        _ => None,
    }
}

/// The path's steps as the schema is walked by.
pub(crate) fn pointer(path: &Path) -> Vec<String> {
    let step = |segment: &Segment| match segment {
        Segment::Key(key) => key.to_string(),
        Segment::Index(index) => index.to_string(),
    };
    path.segments().iter().map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_name_what_they_name() {
        let value = |kind, path: &str| of_value(kind, &path.parse().unwrap());
        assert_eq!(value(FileKind::Class, "model.overrides[3].allowed[1]"), Some(Domain::Model));
        assert_eq!(value(FileKind::Policy, "models.sensitive.allow[0]"), Some(Domain::Model));
        assert_eq!(value(FileKind::Class, "examples[0].inputs.scope"), Some(Domain::InputValue("scope".to_owned())));
        assert_eq!(value(FileKind::Class, "inputs.scope.default[0]"), Some(Domain::InputValue("scope".to_owned())));
        assert_eq!(value(FileKind::Class, "title"), None);
        assert_eq!(of_keys(FileKind::Policy, &"lint.levels".parse().unwrap()), Some(Domain::Rule));
    }
}
