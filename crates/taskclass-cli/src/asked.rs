//! What `render` and `run` are asked for on the command line, as typed values.

use std::{collections::BTreeMap, fs, path::Path};

use taskclass_executor::request::{Target, request};
use taskclass_github::CreateTask;
use taskclass_source::{Finding, Label, de, yaml};
use taskclass_spec::{
    InputName, ModelId, RefName, RepoName,
    inputs::{Inputs, parse_pairs},
    model::TaskClass,
    written::{Example, InputValue},
};

use crate::{
    args::Request,
    exit::{Exit, Failure},
};

/// Stands for the key, which a run only has once it is planned. As long as a real one.
const KEY: &str = "key-of-the-run-goes-here--";

/// What a run is about, before the class has judged it.
pub(crate) struct Asked {
    pub(crate) repository: RepoName,
    pub(crate) model: Option<ModelId>,
    pub(crate) base_ref: Option<RefName>,
    pub(crate) given: BTreeMap<InputName, InputValue>,
}

impl Asked {
    /// Reads the arguments against the class's declared inputs.
    pub(crate) fn read(request: &Request, class: &TaskClass) -> Result<Self, Failure> {
        let Some(repository) = &request.repo else {
            return Err(Failure::usage("which repository? `--repo OWNER/NAME` names it"));
        };
        let declared = &class.written().inputs;
        let mut given = match &request.inputs_file {
            Some(path) => from_file(path)?,
            None => BTreeMap::new(),
        };
        let pairs = parse_pairs(declared, &request.inputs).map_err(|errors| {
            let failure = Failure::usage(format!("the inputs of `{}` cannot be read", class.name()));
            errors.iter().fold(failure, |failure, error| failure.reason(error)).help(usage(class))
        })?;
        given.extend(pairs);
        Ok(Self {
            repository: repository.parse().map_err(Failure::usage)?,
            model: request.model.as_ref().map(|model| model.parse()).transpose().map_err(Failure::usage)?,
            base_ref: request.base_ref.as_ref().map(|name| name.parse()).transpose().map_err(Failure::usage)?,
            given,
        })
    }

    /// What one of the class's examples asks for.
    pub(crate) fn of_example(example: &Example) -> Self {
        Self {
            repository: example.repository.clone(),
            model: None,
            base_ref: example.base_ref.clone(),
            given: example.inputs.clone(),
        }
    }

    /// The request that would be sent, but for its key.
    pub(crate) fn request(&self, class: &TaskClass) -> Result<CreateTask, Failure> {
        class.reaches(&self.repository).map_err(Failure::refused)?;
        let inputs = self.inputs(class)?;
        let model = class.model_for(&self.repository, self.model.as_ref()).map_err(Failure::refused)?;
        let base_ref = class.base_ref(self.base_ref.as_ref()).map_err(Failure::refused)?;
        let target =
            Target { repository: &self.repository, base_ref: &base_ref, model: &model, inputs: &inputs, key: KEY };
        request(class, &target).map_err(|error| {
            let finding =
                Finding::error("render-failed", error.to_string(), Label::mark(&error.place.source, error.place.span));
            Failure::refused("the prompt cannot be rendered with these inputs").findings(vec![finding])
        })
    }

    /// The inputs, checked against the class.
    pub(crate) fn inputs(&self, class: &TaskClass) -> Result<Inputs, Failure> {
        Inputs::check(&class.written().inputs, &self.given).map_err(|errors| {
            let failure = Failure::new(Exit::Refused, format!("the inputs do not fit `{}`", class.name()));
            errors.iter().fold(failure, |failure, error| failure.reason(error)).help(usage(class))
        })
    }
}

/// The inputs that a class takes, for who gave others.
fn usage(class: &TaskClass) -> String {
    let names: Vec<&str> = class.written().inputs.keys().map(InputName::as_str).collect();
    match names.as_slice() {
        [] => "the class takes no inputs".to_owned(),
        names => format!(
            "the class takes: {}; `taskclass render {} --example NAME` shows one in use",
            names.join(", "),
            class.name()
        ),
    }
}

fn from_file(path: &Path) -> Result<BTreeMap<InputName, InputValue>, Failure> {
    let bytes =
        fs::read(path).map_err(|error| Failure::usage(format!("`{}` cannot be read: {error}", path.display())))?;
    let (source, parsed) = yaml::parse_bytes(&path.display().to_string(), bytes);
    let broken = || Failure::usage(format!("`{}` is not a mapping of inputs to values", path.display()));
    if !parsed.problems.is_empty() {
        return Err(broken().findings(parsed.problems.iter().map(|problem| problem.to_finding(&source)).collect()));
    }
    let root = parsed.root.ok_or_else(broken)?;
    de::from_node(&root).map_err(|error| broken().reason(format!("`{}`: {}", error.path, error.message)))
}
