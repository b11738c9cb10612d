//! What a run reports on.

use std::collections::BTreeSet;

use taskclass_source::RegistryPath;
use taskclass_spec::registry::paths;

/// What a run reports on. Whatever it is, rules see the policy, the inventory and the names of all classes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// The whole registry.
    #[default]
    All,
    /// What lies at or below these paths, together with the files that the classes among it draw in. No other class is read,
    /// unless a path leads into the prompts' folder: any class may draw them in.
    Paths(BTreeSet<RegistryPath>),
    /// The file at this path and no other: what an editor may change in it.
    File(RegistryPath),
}

impl Scope {
    /// The document at `path`: of a class together with the files that it draws in.
    pub fn document(path: RegistryPath) -> Self {
        Self::Paths([path].into())
    }

    /// Whether the class at `path` must be read.
    pub(crate) fn takes_in(&self, class: &RegistryPath) -> bool {
        let prompts = paths::at(paths::PROMPTS);
        let into_prompts = match self {
            Self::All => true,
            Self::Paths(paths) => paths.iter().any(|path| path.is_within(&prompts)),
            Self::File(only) => only.is_within(&prompts),
        };
        into_prompts || self.covers(class.as_str())
    }

    /// Whether the file at `path` is reported on.
    pub(crate) fn covers(&self, path: &str) -> bool {
        match self {
            Self::All => true,
            Self::File(only) => only.as_str() == path,
            Self::Paths(paths) => paths.iter().any(|folder| {
                let rest = path.strip_prefix(folder.as_str());
                folder.is_root() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }),
        }
    }

    /// Whether the file at `path` is reported on when `document` draws it in, or is itself that.
    pub(crate) fn covers_drawn_in(&self, document: &str, path: &str) -> bool {
        self.covers(path) || matches!(self, Self::Paths(_)) && self.covers(document)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> RegistryPath {
        RegistryPath::new(text).unwrap()
    }

    fn paths<const N: usize>(texts: [&str; N]) -> Scope {
        Scope::Paths(texts.into_iter().map(path).collect())
    }

    #[test]
    fn a_path_covers_itself_and_what_is_below() {
        let scope = paths(["task-classes/a.yaml", "trust"]);
        assert!(scope.covers("task-classes/a.yaml") && scope.covers("trust/allowed_signers"));
        assert!(!scope.covers("task-classes/a.yaml.orig") && !scope.covers("trusted") && !scope.covers("policy.yaml"));
        assert!(scope.takes_in(&path("task-classes/a.yaml")) && !scope.takes_in(&path("task-classes/b.yaml")));
        assert!(paths([""]).covers("policy.yaml"));
    }

    #[test]
    fn a_prompt_takes_in_all_classes_but_reports_on_none_of_them() {
        let scope = paths(["task-classes/prompts/a.md"]);
        let class = path("task-classes/a.yaml");
        assert!(scope.takes_in(&class) && !scope.covers(class.as_str()));
        assert!(scope.covers_drawn_in(class.as_str(), "task-classes/prompts/a.md"));
        assert!(!scope.covers_drawn_in(class.as_str(), "task-classes/prompts/b.md"));
    }

    #[test]
    fn a_class_brings_what_it_draws_in() {
        let partial = "task-classes/prompts/partials/x.md";
        for scope in [Scope::document(path("task-classes/a.yaml")), paths(["task-classes/a.yaml", "policy.yaml"])] {
            assert!(scope.covers_drawn_in("task-classes/a.yaml", partial) && !scope.covers(partial));
            assert!(!scope.covers_drawn_in("task-classes/b.yaml", partial));
        }
    }

    #[test]
    fn a_file_is_that_file_alone() {
        let scope = Scope::File(path("task-classes/a.yaml"));
        assert!(!scope.covers_drawn_in("task-classes/a.yaml", "task-classes/prompts/a.md"));
        assert!(scope.covers_drawn_in("task-classes/a.yaml", "task-classes/a.yaml"));
        assert!(!scope.takes_in(&path("task-classes/b.yaml")));
        assert!(Scope::File(path("task-classes/prompts/a.md")).takes_in(&path("task-classes/b.yaml")));
    }
}
