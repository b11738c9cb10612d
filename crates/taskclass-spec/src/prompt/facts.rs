//! What a template does, for rules that judge it.

use std::collections::BTreeMap;
use std::ops::Range;

use taskclass_source::RegistryPath;

use super::place::{Place, PromptSource};
use crate::InputName;

/// What was found in a template and the partials that it draws in. Each file is read once, however often it is included.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Every use of a declared input, in the order of the text, a partial's where it is first included.
    pub inputs: Vec<InputUse>,
    /// Every use of a field of `run`.
    pub run: Vec<RunUse>,
    /// Every include.
    pub includes: Vec<IncludeUse>,
    /// The literal text: all that is neither tag nor comment.
    pub texts: Vec<TextPiece>,
    /// The partials drawn in, transitively, by their paths in the registry.
    pub partials: BTreeMap<RegistryPath, PromptSource>,
    /// Whether all of it was read. If not, nothing should be concluded from what is not here.
    pub complete: bool,
}

/// A use of an input.
#[derive(Clone, Debug)]
pub struct InputUse {
    /// The input.
    pub input: InputName,
    /// Where it is named: `inputs.package`, or a loop's variable.
    pub place: Place,
    /// Whether it is one value of a list, through a loop's variable.
    pub item: bool,
    /// The filters that it goes through, first applied first.
    pub filters: Vec<FilterUse>,
    /// What it is used for.
    pub role: Role,
    /// The includes through which the place is reached, outermost first; empty in the template itself.
    pub through: Vec<Place>,
}

impl InputUse {
    /// Whether the value comes out in a fence.
    pub fn is_fenced(&self) -> bool {
        self.has_filter("fence")
    }

    /// Whether it goes through a filter.
    pub fn has_filter(&self, name: &str) -> bool {
        self.filters.iter().any(|filter| filter.name == name)
    }
}

/// What an input is used for.
#[derive(Clone, Debug)]
pub enum Role {
    /// Its value comes out in the prompt.
    Emitted {
        /// The whole expression between the braces.
        expression: Place,
        /// Whether a filter that is written behind it takes all of it; of `a or b` it would take `b` alone.
        takes_filter: bool,
    },
    /// It decides what comes out.
    Condition,
    /// A loop goes over its values.
    Iterated,
}

/// A filter that is applied.
#[derive(Clone, Debug)]
pub struct FilterUse {
    /// Its name.
    pub name: &'static str,
    /// Where it is named.
    pub place: Place,
}

/// A use of a field of `run`.
#[derive(Clone, Debug)]
pub struct RunUse {
    /// The field: `repository`.
    pub field: &'static str,
    /// Where it is named: `run.repository`.
    pub place: Place,
}

/// An include.
#[derive(Clone, Debug)]
pub struct IncludeUse {
    /// The partial's path in the registry.
    pub path: RegistryPath,
    /// Where it is named, with the quotes.
    pub place: Place,
    /// The includes through which the place is reached, outermost first.
    pub through: Vec<Place>,
}

/// A run of literal text.
#[derive(Clone, Debug)]
pub struct TextPiece {
    /// The template or partial that it stands in.
    pub source: PromptSource,
    /// Its bytes in that text.
    pub range: Range<usize>,
}

impl TextPiece {
    /// The text.
    pub fn text(&self) -> &str {
        self.source.text().get(self.range.clone()).unwrap_or_default()
    }

    /// The place in the file of the bytes `range` of this piece.
    pub fn place(&self, range: Range<usize>) -> Place {
        self.source.place(self.range.start + range.start..self.range.start + range.end)
    }
}
