//! What the prompts of one registry share: each partial is read and compiled once, however many classes draw it in.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use minijinja::{Environment, Error};
use taskclass_source::{Files, RegistryPath};

use super::engine;
use super::facts::Facts;
use super::place::{FileFault, PromptSource};

/// The partials of one registry, as they are when each is first drawn in. For one set of files and one run: it does not look
/// whether a file has changed since. Shared between threads.
#[derive(Default)]
pub struct Partials {
    read: Mutex<BTreeMap<RegistryPath, Arc<Partial>>>,
    /// An engine with what has been compiled so far.
    engine: Mutex<Option<Environment<'static>>>,
}

/// A partial that has been read.
pub(super) struct Partial {
    pub(super) source: PromptSource,
    /// How many characters it has.
    pub(super) chars: usize,
    /// Once it is known to be nothing but sound literal text: which bytes come out. Such a text says the same whatever the
    /// inputs are and wherever it is included.
    pub(super) literal: OnceLock<Range<usize>>,
}

impl Partials {
    /// Nothing read yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The partial at `path`, from `files` if this is the first that is asked of it.
    pub(super) fn read(&self, path: &RegistryPath, files: &dyn Files) -> Result<Arc<Partial>, FileFault> {
        if let Some(partial) = self.read.lock().unwrap_or_else(PoisonError::into_inner).get(path) {
            return Ok(Arc::clone(partial));
        }
        let source = PromptSource::file(path, files)?;
        let chars = source.text().chars().count();
        let partial = Arc::new(Partial { source, chars, literal: OnceLock::new() });
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(read.entry(path.clone()).or_insert(partial)))
    }

    /// An engine that holds the template in `source` and at least the partials of `facts`.
    ///
    /// # Errors
    /// The engine's, if it cannot read a text.
    pub(super) fn engine(&self, source: &PromptSource, facts: &Facts) -> Result<Environment<'static>, Error> {
        let mut engine = {
            let mut shared = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
            let engine = shared.get_or_insert_with(engine::bare);
            for (path, partial) in &facts.partials {
                let name = engine::include_name(path.as_str());
                if engine.get_template(name).is_err() {
                    engine.add_template_owned(name.to_owned(), partial.text().to_owned())?;
                }
            }
            // Compiled partials and filters are shared by the copies of an engine.
            engine.clone()
        };
        engine.add_template_owned(engine::ROOT, source.text().to_owned())?;
        Ok(engine)
    }
}

impl std::fmt::Debug for Partials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        f.debug_set().entries(read.keys()).finish()
    }
}
