//! An example's prompt, as a run would render it; the same code that the executor runs.

use std::sync::Arc;

use taskclass_source::{Node, Path, Span};
use taskclass_spec::inputs::Inputs;
use taskclass_spec::model::TaskClass;
use taskclass_spec::prompt::RunContext;
use taskclass_spec::{Loaded, written};

use crate::view::{FileKind, View};

/// Stands for the key, which a run only has once it is planned. As long as a real one.
const KEY: &str = "key-of-the-run-goes-here--";

/// An example as written.
#[derive(Debug)]
pub(crate) struct Example<'a> {
    pub(crate) name: &'a str,
    /// Where its name stands.
    pub(crate) span: Span,
}

/// The class's examples that have a name.
pub(crate) fn all<'a>(view: &'a View<'_>) -> Vec<Example<'a>> {
    if view.kind != FileKind::Class {
        return Vec::new();
    }
    let examples = view.node("examples").and_then(Node::as_seq).unwrap_or_default();
    let named = examples.iter().filter_map(|example| {
        let name = example.get("name")?;
        Some(Example { name: name.as_str()?, span: name.span })
    });
    named.collect()
}

/// The index of the example whose name stands at `path`.
pub(crate) fn named_at(path: &Path) -> bool {
    matches!(path.to_string().strip_prefix("examples["), Some(rest) if rest.ends_with("].name"))
}

/// The prompt of the example `name`.
///
/// # Errors
/// Why there is none, in a sentence.
pub(crate) fn prompt(view: &View<'_>, name: &str) -> Result<String, String> {
    let kind = view.kind.schema().filter(|_| view.kind == FileKind::Class).ok_or("this is no class")?;
    let loaded: Loaded<written::TaskClass> = Loaded::parse(kind, &view.path, view.source.text().as_bytes().to_vec());
    let policy = view.policy().ok_or("the policy has errors, or there is none")?;
    let class = TaskClass::build(&loaded, &Arc::new(policy.clone()), view.files).map_err(|findings| match findings
        .as_slice()
    {
        [only] => format!("the class has an error: {}", only.message),
        findings => format!("the class has {} errors", findings.len()),
    })?;
    let examples = &class.written().examples;
    let example = examples.iter().find(|example| example.name.as_str() == name).ok_or("there is no such example")?;
    class.reaches(&example.repository).map_err(|error| error.to_string())?;
    let inputs = Inputs::check(&class.written().inputs, &example.inputs)
        .map_err(|errors| errors.first().map_or_else(|| "its inputs do not fit".to_owned(), ToString::to_string))?;
    let run = RunContext {
        repository: example.repository.clone(),
        base_ref: class.base_ref(example.base_ref.as_ref()).map_err(|error| error.to_string())?,
        class: class.name().clone(),
        version: class.version(),
        stage: class.single_run_stage().map(|stage| stage.name.clone()),
    };
    class.template().prompt(&inputs, &run, KEY).map_err(|error| error.to_string())
}
