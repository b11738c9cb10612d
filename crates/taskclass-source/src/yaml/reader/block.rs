//! Lists and mappings by indentation.

use super::entries::Entries;
use super::node::Begun;
use super::{Broken, Reader, Trail};
use crate::Span;
use crate::yaml::node::{Key, Node, Style, Value};
use crate::yaml::syntax;

impl Reader<'_> {
    /// The list whose first `-` stands at the cursor.
    pub(super) fn block_list(&mut self, column: usize, trail: Trail<'_>) -> Result<Node, Broken> {
        self.enter()?;
        self.count();
        let start = self.at;
        let mut items: Vec<Node> = Vec::new();
        loop {
            let dash = self.at;
            self.at += 1;
            let item = self.item(column, dash, Trail::Index(&trail, items.len()));
            items.push(item);
            if !self.next_item(column, Span::new(start, start + 1)) {
                break;
            }
        }
        self.depth -= 1;
        let end = items.last().map_or(start + 1, |item| item.span.end as usize);
        Ok(Node { span: Span::new(start, end), value: Value::Seq(items), style: Style::Block, flagged: false })
    }

    /// Whether another item of the list follows; over lines that are none, which are reported.
    fn next_item(&mut self, column: usize, sibling: Span) -> bool {
        loop {
            match self.next_content() {
                Some(next) if next > column && !self.stopped => self.stray(column, sibling, "the items of the list"),
                next => return next == Some(column) && self.byte(0) == b'-' && self.separated(1),
            }
        }
    }

    /// What stands behind the `-` at `dash`.
    fn item(&mut self, column: usize, dash: usize, trail: Trail<'_>) -> Node {
        if self.line_is_over() {
            self.line_break();
            return match self.next_content() {
                Some(next) if next > column => self.node(column as isize, trail),
                _ => {
                    self.count();
                    self.absent(dash + 1)
                }
            };
        }
        let tab = self.text.get(dash..self.at).is_some_and(|blanks| blanks.contains('\t'));
        let before = self.parsed.problems.len();
        let node = self.node(column as isize, trail);
        if tab && node.style == Style::Block && self.parsed.problems.len() == before {
            // Readers do not agree how wide a tab is, so not where the next key has to stand.
            self.tab(Span::new(dash + 1, node.span.start as usize));
        }
        node
    }

    /// Reports a line that is indented deeper than what it stands among, and passes over it and what belongs to it.
    fn stray(&mut self, column: usize, sibling: Span, siblings: &str) {
        let line = self.rest_of_line();
        // That a tab indents it is reported already.
        if !self.bytes.get(self.line..self.at).is_some_and(|indentation| indentation.contains(&b'\t')) {
            self.syntax(syntax::stray_line(self.text, line, sibling, siblings));
        }
        self.skip_deeper(column as isize);
    }

    /// The mapping whose first key was read, up to its `:`.
    pub(super) fn block_mapping(
        &mut self,
        column: usize,
        first: Option<Key>,
        first_span: Span,
        trail: Trail<'_>,
    ) -> Result<Node, Broken> {
        self.enter()?;
        let start = first_span.start as usize;
        let mut entries = Entries::default();
        let (mut end, mut lost) = (start, false);
        let mut next = Some((first, first_span));
        while let Some((key, span)) = next.take() {
            let key = key.filter(|key| self.accept_key(key));
            lost |= key.is_none();
            self.at += 1;
            let value = match &key {
                Some(key) => self.value(column, Trail::Key(&trail, &key.text)),
                None => self.value(column, trail),
            };
            end = end.max(value.span.end as usize).max(span.end as usize);
            if let Some(key) = key {
                self.add(&mut entries, key, value, Style::Block, &trail);
            }
            let before = self.faults;
            next = self.next_key(column, span, trail);
            lost |= self.faults > before;
        }
        self.depth -= 1;
        end = end.max(entries.end().unwrap_or(start));
        let start = entries.first_key().map_or(start, |key| start.min(key.span.start as usize));
        let value = Value::Map(entries.into_map());
        Ok(Node { span: Span::new(start, end), value, style: Style::Block, flagged: lost })
    }

    /// The next key of the mapping, up to its `:`; over lines that are none, which are reported.
    pub(super) fn next_key(&mut self, column: usize, sibling: Span, trail: Trail<'_>) -> Option<(Option<Key>, Span)> {
        loop {
            let next = self.next_content()?;
            if next < column || self.stopped {
                return None;
            }
            if next > column {
                self.stray(column, sibling, "the keys of the mapping");
                continue;
            }
            if self.byte(0) == b'-' && self.separated(1) {
                self.syntax(syntax::item_among_keys(Span::new(self.at, self.at + 1), sibling));
                self.skip_deeper(column as isize);
                continue;
            }
            self.properties();
            let (start, before) = (self.at, self.faults);
            match self.begin(column as isize, trail) {
                Ok(Begun::Key(key, span)) => return Some((key, span)),
                Ok(Begun::Value(node)) => {
                    if self.faults == before {
                        let line = Span::new(start, self.line_end(start).min(node.span.end as usize));
                        self.syntax(syntax::no_colon(self.source, line));
                    }
                    // A block scalar has taken its lines already.
                    if self.at != self.line {
                        self.skip_deeper(column as isize);
                    }
                }
                Err(Broken) => self.skip_deeper(column as isize),
            }
        }
    }

    /// The value of a key of the mapping at `column`, from behind the `:`.
    fn value(&mut self, column: usize, trail: Trail<'_>) -> Node {
        let behind = self.at;
        self.skip_blanks();
        let flagged = self.properties();
        if !self.line_is_over() {
            let node = self.inline_node(column as isize, trail);
            return Node { flagged: node.flagged || flagged, ..node };
        }
        self.line_break();
        let node = match self.next_content() {
            Some(next) if next > column => self.node(column as isize, trail),
            Some(next) if next == column && self.byte(0) == b'-' && self.separated(1) => {
                self.block_list(column, trail).unwrap_or_else(|Broken| self.nothing(Span::at(behind)))
            }
            _ => {
                self.count();
                self.absent(behind)
            }
        };
        Node { flagged: node.flagged || flagged, ..node }
    }
}
