//! What YAML allows and is refused all the same, because readers do not agree about it.

use super::{Builder, End, Step, places};
use crate::Span;
use crate::yaml::node::Style;
use crate::yaml::{indent, lines, report, syntax};

impl Builder<'_> {
    /// Readers do not agree how wide a tab is, so not where the next key or `-` has to stand.
    pub(super) fn tab_behind_dash(&mut self, start: usize) {
        let before = self.text.get(..start).unwrap_or_default();
        let blanks = before.len() - before.trim_end_matches([' ', '\t']).len();
        let blanks = Span::new(start - blanks, start);
        // Once, as who writes it so does so everywhere.
        if self.source.slice(blanks).contains('\t') && !std::mem::replace(&mut self.tabs, true) {
            self.fault(syntax::tab(blanks));
        }
    }

    /// The end of reading at a key with a no-break space in front, which is a part of it, where a line in a block begins.
    pub(super) fn letter_blank(&self, key: Span) -> Option<Step> {
        let start = key.start as usize;
        if self.in_flow() || !self.source.slice(key).starts_with('\u{a0}') {
            return None;
        }
        let (problem, cut) = indent::no_break_space(self.source, self.text, start);
        Some(Step::End(Box::new(End::Cut(problem, cut))))
    }

    /// Reports a value that YAML allows and readers do not agree about; whether it is one.
    pub(super) fn refuse_scalar(&mut self, style: Style, span: Span) -> bool {
        let start = span.start as usize;
        match style {
            Style::Plain if self.in_flow() && self.source.slice(span).starts_with(['?', ':']) => {
                self.fault(syntax::plain_start(self.source, start, true));
            }
            Style::Literal | Style::Folded => {
                let (header, no_break) = places::block_header(self.source, start);
                // Readers do not agree where such a document begins and ends.
                if self.stack.is_empty() {
                    self.fault(syntax::text_document(header));
                    return true;
                }
                let rest = self.text.get(span.end as usize..).unwrap_or_default();
                let last = rest.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
                let one_line = lines::end(self.text, start) == self.text.len();
                if !last || one_line || no_break || self.text.ends_with(['\n', '\r']) {
                    return false;
                }
                self.report(report::no_final_line_feed(self.source, header));
            }
            _ => return false,
        }
        true
    }
}
