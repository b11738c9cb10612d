//! Rendering: the engine at work, its result bounded and checked, its errors with their places.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use minijinja::{Environment, Error, ErrorKind, Value};

use super::engine::{FULL, ROOT, include_name};
use super::facts::Facts;
use super::place::{Place, PromptSource};
use super::writer::{Full, TooLong, Writer};
use super::{FUEL, MAX_OUTPUT_CHARS, trailer};
use crate::inputs::Inputs;
use crate::written::InputValue;
use crate::{ClassName, InputName, RefName, RepoName, StageName};

/// What a template knows of the run, as `run.*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunContext {
    /// The target: `run.repository`, `run.owner`, `run.name`.
    pub repository: RepoName,
    /// The branch that the task starts from: `run.base_ref`.
    pub base_ref: RefName,
    /// The class: `run.class`.
    pub class: ClassName,
    /// Its version: `run.version`.
    pub version: u32,
    /// The rollout's stage: `run.stage`, empty outside a rollout.
    pub stage: Option<StageName>,
}

/// A rendering that came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderError {
    /// Why. It displays as one line in the reader's words.
    pub fault: RenderFault,
    /// Where in the template, or the whole template where it is about no one place.
    pub place: Place,
}

/// Why a rendering came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RenderFault {
    /// More than [`MAX_OUTPUT_CHARS`].
    TooLong,
    /// More than [`FUEL`] steps.
    TooMuchWork,
    /// The result has a line that only the trailer may have.
    Imitation {
        /// The input that has it, if a single one does.
        input: Option<InputName>,
    },
    /// The engine refuses, in its own words. Values that fit their declaration do not bring this about.
    Engine {
        /// Why.
        reason: String,
    },
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.fault {
            RenderFault::TooLong => write!(f, "the rendered prompt is longer than {MAX_OUTPUT_CHARS} characters"),
            RenderFault::TooMuchWork => write!(f, "rendering the prompt takes more than {FUEL} steps"),
            RenderFault::Imitation { input: Some(input) } => {
                write!(
                    f,
                    "the input `{input}` imitates the trailer `{}`, which only the renderer writes",
                    trailer::KEY_NAME
                )
            }
            RenderFault::Imitation { input: None } => {
                write!(
                    f,
                    "the rendered prompt imitates the trailer `{}`, which only the renderer writes",
                    trailer::KEY_NAME
                )
            }
            RenderFault::Engine { reason } => write!(f, "the prompt cannot be rendered: {reason}"),
        }
    }
}

impl std::error::Error for RenderError {}

/// The body of the prompt.
pub(super) fn body(
    engine: &Environment<'static>,
    source: &PromptSource,
    facts: &Facts,
    inputs: &Inputs,
    run: &RunContext,
) -> Result<String, RenderError> {
    let full = Arc::new(Full::default());
    let mut writer = Writer::new(Arc::clone(&full));
    let context = context(inputs, run, &full);
    let result =
        engine.get_template(ROOT).and_then(|template| template.render_captured_to(context, &mut writer).map(drop));
    if let Err(error) = result {
        return Err(failed(&error, source, facts));
    }
    // Literal text alone may be too much.
    if full.is_reached() {
        return Err(RenderError { fault: RenderFault::TooLong, place: source.whole() });
    }
    let mut text = writer.into_text();
    text.truncate(text.trim_end().len());
    if trailer::imitation(&text).is_some() {
        let input = inputs.iter().find(|(_, value)| imitates(value)).map(|(name, _)| name.clone());
        let used = facts.inputs.iter().find(|used| Some(&used.input) == input.as_ref());
        let place = used.map_or_else(|| source.whole(), |used| used.place.clone());
        return Err(RenderError { fault: RenderFault::Imitation { input }, place });
    }
    Ok(text)
}

fn imitates(value: &InputValue) -> bool {
    match value {
        InputValue::String(text) => trailer::imitation(text).is_some(),
        InputValue::List(values) => values.iter().any(imitates),
        InputValue::Boolean(_) | InputValue::Integer(_) => false,
    }
}

fn context(inputs: &Inputs, run: &RunContext, full: &Arc<Full>) -> Value {
    let inputs: BTreeMap<String, Value> =
        inputs.iter().map(|(name, value)| (name.as_str().to_owned(), to_value(value))).collect();
    let stage = run.stage.as_ref().map(StageName::as_str).unwrap_or_default();
    let run = minijinja::context! {
            repository => run.repository.as_str(),
            owner => run.repository.owner(),
            name => run.repository.name(),
            base_ref => run.base_ref.as_str(),
            class => run.class.as_str(),
            version => run.version,
            stage => stage,
    };
    let full = Value::from_dyn_object(Arc::clone(full));
    Value::from(BTreeMap::from([("inputs", Value::from(inputs)), ("run", run), (FULL, full)]))
}

fn to_value(value: &InputValue) -> Value {
    match value {
        InputValue::Boolean(value) => Value::from(*value),
        InputValue::Integer(value) => Value::from(*value),
        InputValue::String(value) => Value::from(value.as_str()),
        InputValue::List(values) => values.iter().map(to_value).collect(),
    }
}

/// The engine's error in our words, at the innermost place that it knows.
fn failed(error: &Error, source: &PromptSource, facts: &Facts) -> RenderError {
    let mut innermost = error;
    let mut too_long = false;
    let mut cause: Option<&(dyn std::error::Error + 'static)> = std::error::Error::source(error);
    while let Some(next) = cause {
        if let Some(inner) = next.downcast_ref::<Error>() {
            innermost = inner;
        }
        too_long |= next.is::<TooLong>();
        cause = next.source();
    }
    let fault = match innermost.kind() {
        _ if too_long => RenderFault::TooLong,
        ErrorKind::OutOfFuel => RenderFault::TooMuchWork,
        kind => RenderFault::Engine { reason: innermost.detail().map_or_else(|| kind.to_string(), str::to_owned) },
    };
    let document = match innermost.name() {
        None | Some(ROOT) => Some(source),
        Some(name) => {
            facts.partials.iter().find(|(path, _)| include_name(path.as_str()) == name).map(|(_, partial)| partial)
        }
    };
    let place = document.and_then(|document| innermost.range().map(|range| document.place(range)));
    RenderError { fault, place: place.unwrap_or_else(|| source.whole()) }
}
