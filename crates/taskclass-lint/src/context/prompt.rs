//! A class's prompt as the rules see it: what the template does, what is wrong with it, and how it renders.
//!
//! It is read and rendered by the code that the executor runs; nothing about templates is decided a second time here.

use std::collections::{BTreeMap, BTreeSet};

use taskclass_source::Files;
use taskclass_spec::InputName;
use taskclass_spec::inputs::Inputs;
use taskclass_spec::prompt::{
    Facts, FileFault, Inspected, ProblemKind, PromptProblem, PromptSource, RenderError, RunContext, Template,
    inspect_sharing,
};
use taskclass_spec::registry::paths;
use taskclass_spec::written::{Example, Input};

use super::ClassContext;
use super::document::Document;
use super::registry::RegistryContext;
use super::sections::Sections;

/// The prompt of one class, as far as it can be read.
pub(crate) struct ClassPrompt {
    /// Why there is no text, where `prompt.file` names a file that cannot be had.
    pub(crate) fault: Option<String>,
    read: Option<(PromptSource, Inspected)>,
}

impl ClassPrompt {
    pub(crate) fn new(document: &Document<'_>, class: &Sections<'_>, shared: &RegistryContext<'_>) -> Self {
        let files = shared.files;
        let none = Self { fault: None, read: None };
        let (Some(prompt), Some(inputs)) = (class.prompt, class.inputs) else { return none };
        let source = match (&prompt.file, document.node("prompt.template")) {
            (Some(file), _) => match prompt_file(file, files) {
                Ok(source) => source,
                Err(fault) => return Self { fault: Some(fault), read: None },
            },
            (None, Some(scalar)) => PromptSource::inline(document.source, scalar),
            (None, None) => return none,
        };
        let inspected = inspect_sharing(&source, inputs, files, &shared.partials);
        Self { fault: None, read: Some((source, inspected)) }
    }

    /// The template's text and its file.
    pub(crate) fn source(&self) -> Option<&PromptSource> {
        self.read.as_ref().map(|(source, _)| source)
    }

    /// What keeps it from being used.
    pub(crate) fn problems(&self) -> &[PromptProblem] {
        self.read.as_ref().map_or(&[], |(_, inspected)| &inspected.problems)
    }

    /// What it does; `None` where not all of it could be read, so that nothing is concluded from what is not there.
    pub(crate) fn facts(&self) -> Option<&Facts> {
        self.read.as_ref().map(|(_, inspected)| &*inspected.facts).filter(|facts| facts.complete)
    }

    /// The template, if nothing is wrong with it.
    pub(crate) fn template(&self) -> Option<&Template> {
        self.read.as_ref()?.1.template.as_ref()
    }

    /// Whether an undeclared name in it was probably meant to be `input`.
    pub(crate) fn misspells(&self, input: &str) -> bool {
        self.problems().iter().any(|problem| {
            matches!(&problem.kind, ProblemKind::UndefinedInput { suggestion: Some(name), .. } if name.as_str() == input)
        })
    }

    /// What it does as far as it could be read: enough to judge what is there, not what is missing.
    pub(crate) fn seen(&self) -> Option<&Facts> {
        self.read.as_ref().map(|(_, inspected)| &*inspected.facts)
    }

    /// Whether something is wrong with it and `inputs.NAME` stands in its text all the same, perhaps in an expression that
    /// came to nothing.
    pub(crate) fn mentions(&self, input: &InputName) -> bool {
        let Some((source, inspected)) = self.read.as_ref().filter(|(_, inspected)| !inspected.problems.is_empty())
        else {
            return false;
        };
        let named = format!("inputs.{input}");
        let goes_on = |c: char| c.is_alphanumeric() || c == '_';
        std::iter::once(source).chain(inspected.facts.partials.values()).any(|source| {
            let text = source.text();
            text.match_indices(&named).any(|(at, _)| !text[at + named.len()..].starts_with(goes_on))
        })
    }

    /// Where one name is used that no input has, and one input is used nowhere, the one was probably renamed to the other.
    pub(crate) fn renamed<'c>(&self, inputs: Option<&'c BTreeMap<InputName, Input>>) -> Option<(&str, &'c InputName)> {
        let facts = self.facts()?;
        let undefined: BTreeSet<&str> = self
            .problems()
            .iter()
            .filter_map(|problem| match &problem.kind {
                ProblemKind::UndefinedInput { name, suggestion: None } => Some(name.as_str()),
                _ => None,
            })
            .collect();
        let used =
            |name: &InputName| facts.inputs.iter().any(|one| one.input == *name) || self.misspells(name.as_str());
        let unused: Vec<&InputName> = inputs?.keys().filter(|name| !used(name)).collect();
        match (undefined.len(), unused.as_slice()) {
            (1, [only]) => Some((undefined.first()?, only)),
            _ => None,
        }
    }

    /// Its text and that of the partials.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &PromptSource> {
        self.read
            .iter()
            .flat_map(|(source, inspected)| std::iter::once(source).chain(inspected.facts.partials.values()))
    }
}

fn prompt_file(file: &str, files: &dyn Files) -> Result<PromptSource, String> {
    let path = paths::at(paths::CLASSES).join(file).map_err(|error| error.reason.to_owned())?;
    PromptSource::file(&path, files).map_err(|fault| match fault {
        FileFault::Missing { path } => format!("`{path}` does not exist"),
        FileFault::Unreadable(error) => error.to_string(),
    })
}

/// Why an example gives no prompt.
pub(crate) enum DryRun {
    /// Rendering came to nothing.
    Render(RenderError),
    /// Something else is wrong, which other rules report.
    Elsewhere,
}

/// Renders an example as a run would.
///
/// # Errors
/// Why it gives no prompt.
pub(super) fn dry_run(cx: &ClassContext<'_>, example: &Example) -> Result<String, DryRun> {
    let declared = cx.class.inputs.ok_or(DryRun::Elsewhere)?;
    let inputs = Inputs::check(declared, &example.inputs).map_err(|_| DryRun::Elsewhere)?;
    let template = cx.prompt.template().ok_or(DryRun::Elsewhere)?;
    let (class, version, base_ref) = cx
        .class
        .name
        .zip(cx.class.version)
        .zip(cx.class.base_ref)
        .map(|((n, v), b)| (n, v, b))
        .ok_or(DryRun::Elsewhere)?;
    let first_stage = cx.class.rollout.and_then(|rollout| rollout.as_ref()?.stages.first());
    let run = RunContext {
        repository: example.repository.clone(),
        base_ref: example.base_ref.clone().unwrap_or_else(|| base_ref.default.clone()),
        class: class.clone(),
        version: *version,
        stage: first_stage.map(|stage| stage.name.clone()),
    };
    template.render(&inputs, &run).map_err(DryRun::Render)
}
