//! The template that a place in a file belongs to, and where in its text the place is.

use std::ops::Range;

use taskclass_source::{RegistryPath, Span};
use taskclass_spec::paths;
use taskclass_spec::prompt::PromptSource;

use crate::spot::touches;
use crate::view::{FileKind, View};

/// A template's text, within a class or a file of its own.
#[derive(Clone, Debug)]
pub(crate) struct PromptText(PromptSource);

impl PromptText {
    /// The template that is this file, or stands in this class; `None` where a class has none of its own, or one whose
    /// text cannot be followed into the file.
    pub(crate) fn of(view: &View<'_>) -> Option<Self> {
        let source = match view.kind {
            FileKind::Prompt => PromptSource::file(&view.path, view.files).ok()?,
            FileKind::Class => {
                let node = view.node("prompt.template")?;
                node.as_str()?;
                PromptSource::inline(&view.source, node)
            }
            _ => return None,
        };
        source.is_exact().then_some(Self(source))
    }

    /// The same, and where in its text the place `offset` of the file is, if it lies in the template.
    pub(crate) fn at(view: &View<'_>, offset: usize) -> Option<(Self, usize)> {
        if view.kind == FileKind::Class && !touches(view.node("prompt.template")?.span, offset) {
            return None;
        }
        let text = Self::of(view)?;
        let place = text.offset(offset);
        Some((text, place))
    }

    pub(crate) fn text(&self) -> &str {
        self.0.text()
    }

    /// The place in the file of a range of the text.
    pub(crate) fn span(&self, range: Range<usize>) -> Span {
        self.0.place(range).span
    }

    /// The last place of the text that does not stand behind `offset` of the file.
    fn offset(&self, offset: usize) -> usize {
        let (mut low, mut high) = (0, self.text().len());
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            if self.0.place(middle..middle).span.start as usize <= offset {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        while !self.text().is_char_boundary(low) {
            low -= 1;
        }
        low
    }
}

/// The file of the partial that a template calls `name`.
pub(crate) fn partial(name: &str) -> Option<RegistryPath> {
    paths::at(paths::PROMPTS).join(name).ok().filter(|_| name.starts_with("partials/"))
}

/// The prompt file that a class calls `name`.
pub(crate) fn prompt_file(name: &str) -> Option<RegistryPath> {
    paths::at(paths::CLASSES).join(name).ok().filter(|_| name.starts_with("prompts/"))
}
