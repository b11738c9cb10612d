//! The template engine as every prompt has it: strict, bounded, with the listed filters and nothing else.

use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};

use super::writer::{Full, TooLong};
use super::{FUEL, filters};

/// The template's own name; no include can name it.
pub(super) const ROOT: &str = "<prompt>";
/// Where a rendering's [`Full`] is found; no expression can name it.
pub(super) const FULL: &str = "<full>";
/// Deeper than the deepest nesting of blocks and partials that compiles, far below the stack's end.
const RECURSION: usize = 250;

/// An engine that holds no template yet.
pub(super) fn bare() -> Environment<'static> {
    let mut engine = Environment::empty();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_fuel(Some(FUEL));
    engine.set_recursion_limit(RECURSION);
    // Errors then tell their place.
    engine.set_debug(true);
    engine.set_formatter(|out, state, value| {
        out.write_str(&filters::written(value)?).map_err(|_| Error::from(ErrorKind::WriteFailure))?;
        let full = state.lookup(FULL);
        if full.as_ref().and_then(|full| full.downcast_object_ref::<Full>()).is_some_and(Full::is_reached) {
            return Err(Error::from(ErrorKind::WriteFailure).with_source(TooLong));
        }
        Ok(())
    });
    filters::install(&mut engine);
    engine
}

/// How an include names the partial at `path`.
pub(super) fn include_name(path: &str) -> &str {
    path.strip_prefix(crate::paths::PROMPTS).and_then(|rest| rest.strip_prefix('/')).unwrap_or(path)
}
