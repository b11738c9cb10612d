//! The template that a place in a file belongs to, and where in its text the place is.

use std::ops::Range;

use taskclass_source::yaml::Style;
use taskclass_source::{RegistryPath, Span};
use taskclass_spec::paths;
use taskclass_spec::prompt::PromptSource;

use crate::spot::touches;
use crate::view::{FileKind, View};

/// A template's text, within a class or a file of its own.
#[derive(Clone, Debug)]
pub(crate) struct PromptText(PromptSource);

impl PromptText {
    /// The template that is this file, or stands in this class.
    pub(crate) fn of(view: &View<'_>) -> Option<Self> {
        view.prompt().cloned().map(Self)
    }

    /// The same, and where in its text the place `offset` of the file is, if it lies in the template.
    pub(crate) fn at(view: &View<'_>, offset: usize) -> Option<(Self, usize)> {
        if view.kind == FileKind::Class {
            let node = view.node("prompt.template")?;
            // Blanks at the end of a block's last line are not in its span, but the cursor can be behind them.
            let blanks =
                view.ended.text().get(node.span.end as usize..)?.bytes().take_while(|byte| *byte == b' ').count();
            let blanks = if matches!(node.style, Style::Literal | Style::Folded) { blanks } else { 0 };
            if !touches(Span::new(node.span.start as usize, node.span.end as usize + blanks), offset) {
                return None;
            }
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

    /// The last place of the text that does not stand behind `offset` of the file; of several that stand there the first.
    fn offset(&self, offset: usize) -> usize {
        let start = |place: usize| self.0.place(place..place).span.start;
        let (mut low, mut high) = (0, self.text().len());
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            if start(middle) as usize <= offset {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        while low > 0 && start(low - 1) == start(low) {
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
