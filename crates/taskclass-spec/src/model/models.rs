//! Which model a task may ask for.

use super::TaskClass;
use crate::{ModelId, RepoName};

/// Why a model is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelRefused {
    /// The class does not offer it.
    #[error("the class does not allow `{model}` for {repository}; it offers {}", list(.offered))]
    NotOffered {
        /// What was asked for.
        model: ModelId,
        /// Where.
        repository: RepoName,
        /// What the class offers there.
        offered: Vec<ModelId>,
    },
    /// The policy does not allow it there.
    #[error("policy `{path}` does not allow `{model}` for {repository}; it allows {}", list(.allowed))]
    AgainstPolicy {
        /// What was asked for.
        model: ModelId,
        /// Where.
        repository: RepoName,
        /// The list that decides: `models.allow` or `models.sensitive.allow`.
        path: &'static str,
        /// What it allows.
        allowed: Vec<ModelId>,
    },
}

fn list(models: &[ModelId]) -> String {
    models.iter().map(|model| format!("`{model}`")).collect::<Vec<_>>().join(", ")
}

impl TaskClass {
    /// The default and the allowed models for `repository`, as the class offers them: the first override that matches,
    /// else the class's own.
    pub fn offered_models(&self, repository: &RepoName) -> (&ModelId, &[ModelId]) {
        let model = &self.written.model;
        let matching = |o: &&crate::written::ModelOverride| o.repositories.iter().any(|p| p.matches(repository));
        match model.overrides.iter().find(matching) {
            Some(own) => (&own.default, &own.allowed),
            None => (&model.default, &model.allowed),
        }
    }

    /// The policy's list that decides for `repository`, with its path. A sensitive repository is held to both lists.
    pub fn policy_models(&self, repository: &RepoName) -> (Vec<ModelId>, &'static str) {
        let models = &self.policy.models;
        match &models.sensitive {
            Some(sensitive) if sensitive.repositories.iter().any(|pattern| pattern.matches(repository)) => {
                let both = sensitive.allow.iter().filter(|model| models.allow.contains(model));
                (both.cloned().collect(), "models.sensitive.allow")
            }
            _ => (models.allow.clone(), "models.allow"),
        }
    }

    /// The model for a task in `repository`: the one that the caller chose, or the default.
    ///
    /// # Errors
    /// When class or policy does not allow it. `auto` must be on the lists like any other.
    pub fn model_for(&self, repository: &RepoName, chosen: Option<&ModelId>) -> Result<ModelId, ModelRefused> {
        let (default, allowed) = self.offered_models(repository);
        let model = chosen.unwrap_or(default);
        if model != default && !allowed.contains(model) {
            let offered = std::iter::once(default).chain(allowed).cloned().collect();
            return Err(ModelRefused::NotOffered { model: model.clone(), repository: repository.clone(), offered });
        }
        let (by_policy, path) = self.policy_models(repository);
        if by_policy.contains(model) {
            Ok(model.clone())
        } else {
            let (model, repository) = (model.clone(), repository.clone());
            Err(ModelRefused::AgainstPolicy { model, repository, path, allowed: by_policy })
        }
    }
}
