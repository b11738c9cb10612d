//! "Did you mean" for names in a template, which a hostile one can make very long.

use crate::suggest;

/// The nearest of `known`, but not for a word too long to be a slip of the pen: measuring takes the product of lengths.
pub(super) fn near<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const LONGEST: usize = 100;
    suggest::closest(word, known.into_iter().filter(|known| word.len().max(known.len()) <= LONGEST))
}
