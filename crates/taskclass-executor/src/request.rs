//! The exact request that creates a task. `render` prints it, the dry run shows it, the executor sends it: one function.

use taskclass_github::CreateTask;
use taskclass_spec::inputs::Inputs;
use taskclass_spec::model::TaskClass;
use taskclass_spec::prompt::{RenderError, RunContext};
use taskclass_spec::written::CreatePullRequest;
use taskclass_spec::{ModelId, RefName, RepoName};

/// Where and with what a class runs.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The repository.
    pub repository: &'a RepoName,
    /// The base branch.
    pub base_ref: &'a RefName,
    /// The model.
    pub model: &'a ModelId,
    /// The inputs.
    pub inputs: &'a Inputs,
    /// The key, or a stand-in for it where nothing is sent.
    pub key: &'a str,
}

/// The request: the rendered prompt with its trailer; `auto` leaves the model out; the agent opens a pull request only where the
/// class says `by_agent` (and, for a class with a rollout, its first stage does not say `never`).
///
/// # Errors
/// [`RenderError`] if the prompt cannot be rendered with these inputs.
pub fn request(class: &TaskClass, target: &Target<'_>) -> Result<CreateTask, RenderError> {
    let written = class.written();
    let run = RunContext {
        repository: target.repository.clone(),
        base_ref: target.base_ref.clone(),
        class: class.name().clone(),
        version: class.version(),
        stage: class.single_run_stage().map(|stage| stage.name.clone()),
    };
    Ok(CreateTask {
        prompt: class.template().prompt(target.inputs, &run, target.key)?,
        model: (!target.model.is_auto()).then(|| target.model.to_string()),
        custom_agent: written.custom_agent.as_ref().map(ToString::to_string),
        create_pull_request: class.single_run_pull_request() == CreatePullRequest::ByAgent,
        base_ref: Some(target.base_ref.to_string()),
        head_ref: None,
    })
}
