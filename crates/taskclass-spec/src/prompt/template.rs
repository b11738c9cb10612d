//! A template that compiles.

use std::fmt;
use std::sync::Arc;

use minijinja::Environment;
use taskclass_source::SourceFile;

use super::facts::Facts;
use super::partials::Partials;
use super::place::PromptSource;
use super::render::{RenderError, RunContext, body};
use super::trailer::trailer;
use crate::inputs::Inputs;

/// A template without a problem, with its partials; owned, shared between threads, cheap to clone.
#[derive(Clone)]
pub struct Template(Arc<Compiled>);

struct Compiled {
    source: PromptSource,
    facts: Arc<Facts>,
    engine: Environment<'static>,
}

impl Template {
    /// # Errors
    /// The engine's, if it refuses what was inspected and found right; none is known.
    pub(super) fn build(
        source: &PromptSource,
        facts: &Arc<Facts>,
        partials: &Partials,
    ) -> Result<Self, minijinja::Error> {
        let engine = partials.engine(source, facts)?;
        Ok(Self(Arc::new(Compiled { source: source.clone(), facts: Arc::clone(facts), engine })))
    }

    /// The text and the file that it was compiled from.
    pub fn source(&self) -> &PromptSource {
        &self.0.source
    }

    /// What it does.
    pub fn facts(&self) -> &Facts {
        &self.0.facts
    }

    /// The files that it draws in, for the digest: the prompt file, if it is one, and every partial.
    pub fn files(&self) -> impl Iterator<Item = &Arc<SourceFile>> {
        let own = Some(self.0.source.source()).filter(|_| self.0.source.is_file());
        own.into_iter().chain(self.0.facts.partials.values().map(PromptSource::source))
    }

    /// The body of the prompt: what the template says, without the trailer and without white space at its end.
    ///
    /// # Errors
    /// If a bound is reached, or an input imitates the trailer.
    pub fn render(&self, inputs: &Inputs, run: &RunContext) -> Result<String, RenderError> {
        body(&self.0.engine, &self.0.source, &self.0.facts, inputs, run)
    }

    /// The prompt as it is submitted: the body and the trailer for the task `key`.
    ///
    /// # Errors
    /// As [`Template::render`].
    pub fn prompt(&self, inputs: &Inputs, run: &RunContext, key: &str) -> Result<String, RenderError> {
        let mut prompt = self.render(inputs, run)?;
        prompt.push('\n');
        prompt.push_str(&trailer(&run.class, run.version, key));
        Ok(prompt)
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Template").field(&self.0.source).finish()
    }
}
