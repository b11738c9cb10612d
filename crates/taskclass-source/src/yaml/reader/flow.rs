//! Lists in `[…]` and mappings in `{…}`.

use super::cursor::{is_end, is_flow_indicator};
use super::entries::Entries;
use super::{Broken, Reader, Trail};
use crate::Span;
use crate::yaml::node::{Key, Node, Style, Value};
use crate::yaml::{report, syntax};

impl Reader<'_> {
    /// The list or mapping whose bracket stands at the cursor. Its further lines are indented deeper than `parent`; the line
    /// that closes it may be indented as the parent is, as formatters write it.
    pub(super) fn flow(&mut self, parent: isize, trail: Trail<'_>) -> Result<Node, Broken> {
        self.enter()?;
        let open = self.at;
        let result =
            if self.byte(0) == b'[' { self.flow_list(parent, trail) } else { self.flow_mapping(parent, trail) };
        self.depth -= 1;
        let (value, flagged) = result?;
        Ok(Node { span: Span::new(open, self.at), value, style: Style::Flow, flagged })
    }

    /// Goes to the next content within the brackets that were opened at `open`.
    fn flow_content(&mut self, open: usize, parent: isize) -> Result<(), Broken> {
        loop {
            self.skip_blanks();
            if self.at_comment() {
                self.comment();
            }
            if !is_end(self.byte(0)) {
                return Ok(());
            }
            if self.byte(0) == 0 {
                return Err(self.unclosed_bracket(open, None));
            }
            self.line_break();
            while self.byte(0) == b' ' {
                self.at += 1;
            }
            let closes = matches!(self.byte(0), b']' | b'}');
            let shallow = self.column() as isize - isize::from(!closes) < parent;
            let content = !is_end(self.byte(0)) && self.byte(0) != b'#';
            if content && (shallow || self.at_any_marker()) {
                let here = self.rest_of_line();
                self.at = self.line;
                return Err(self.unclosed_bracket(open, Some(here)));
            }
            if self.byte(0) == b'\t' {
                let tab = Span::new(self.at, self.at + 1);
                if !self.line_is_over() {
                    self.tab(tab);
                }
            }
        }
    }

    /// Says that a bracket is not closed. The cursor is put before the line that made it plain, so that it is read as what it
    /// looks like.
    fn unclosed_bracket(&mut self, open: usize, here: Option<Span>) -> Broken {
        self.syntax(syntax::unclosed_bracket(self.text, open, here));
        if here.is_some() {
            self.at = self.at.saturating_sub(1);
        }
        Broken
    }

    fn flow_list(&mut self, parent: isize, trail: Trail<'_>) -> Result<(Value, bool), Broken> {
        let open = self.at;
        let mut items = Vec::new();
        self.at += 1;
        loop {
            self.flow_content(open, parent)?;
            match self.byte(0) {
                b']' => {
                    self.at += 1;
                    return Ok((Value::Seq(items), false));
                }
                b',' => return Err(self.flow_fault(syntax::missing_item)),
                _ => {}
            }
            let item = self.flow_node(parent, Trail::Index(&trail, items.len()))?;
            self.flow_content(open, parent)?;
            match self.byte(0) {
                b',' => self.at += 1,
                b']' => {}
                b':' => {
                    let colon = Span::new(self.at, self.at + 1);
                    self.syntax(syntax::pair_in_list(item.span.to(colon)));
                    return Err(Broken);
                }
                _ => return Err(self.flow_fault(syntax::list_separator)),
            }
            items.push(item);
        }
    }

    fn flow_fault(&mut self, problem: fn(Span) -> crate::yaml::Problem) -> Broken {
        let length = self.text.get(self.at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        self.syntax(problem(Span::new(self.at, self.at + length)));
        Broken
    }

    /// The mapping, and whether a key of it was refused.
    fn flow_mapping(&mut self, parent: isize, trail: Trail<'_>) -> Result<(Value, bool), Broken> {
        let open = self.at;
        let (mut entries, mut lost) = (Entries::default(), false);
        self.at += 1;
        loop {
            self.flow_content(open, parent)?;
            match self.byte(0) {
                b'}' => {
                    self.at += 1;
                    return Ok((Value::Map(entries.into_map()), lost));
                }
                b',' => return Err(self.flow_fault(syntax::missing_entry)),
                _ => {}
            }
            let key = self.flow_key(parent, trail)?;
            self.skip_blanks();
            // Behind quotes or brackets the colon needs no blank, as in JSON.
            let tight = key.as_ref().is_none_or(|key| key.style != Style::Plain);
            let colon = self.byte(0) == b':' && (tight || self.separated(1) || matches!(self.byte(1), b',' | b'}'));
            let value = if colon {
                self.at += 1;
                let behind = self.at;
                self.flow_content(open, parent)?;
                match (self.byte(0), &key) {
                    (b',' | b'}', _) => self.absent(behind),
                    (_, Some(key)) => self.flow_node(parent, Trail::Key(&trail, &key.text))?,
                    (_, None) => self.flow_node(parent, trail)?,
                }
            } else {
                self.absent(self.at)
            };
            match key {
                Some(key) => self.add(&mut entries, key, value, Style::Flow, &trail),
                None => lost = true,
            }
            self.flow_content(open, parent)?;
            match self.byte(0) {
                b',' => self.at += 1,
                b'}' => {}
                _ => return Err(self.flow_fault(syntax::mapping_separator)),
            }
        }
    }

    /// A key in braces; `None` if it is refused, which is reported.
    fn flow_key(&mut self, parent: isize, trail: Trail<'_>) -> Result<Option<Key>, Broken> {
        self.count();
        self.properties();
        let key = match self.byte(0) {
            b'"' | b'\'' => {
                let quoted = self.quoted(parent)?;
                if quoted.several_lines {
                    self.syntax(syntax::long_key(quoted.span));
                    return Ok(None);
                }
                Key { text: quoted.text, span: quoted.span, style: quoted.style }
            }
            b'[' | b'{' => {
                let node = self.flow(parent, trail)?;
                self.report(report::compound_key(node.span));
                return Ok(None);
            }
            b'*' => return self.alias().map(|_| None),
            b':' if self.separated(1) || is_flow_indicator(self.byte(1)) => {
                self.report(report::missing_key(Span::new(self.at, self.at + 1)));
                return Ok(None);
            }
            _ => {
                let good = self.plain_start(true);
                let span = self.plain_line(true);
                if span.is_empty() {
                    return Err(Broken);
                }
                if !good {
                    return Ok(None);
                }
                Key { text: self.slice(span), span, style: Style::Plain }
            }
        };
        Ok(if self.accept_key(&key) { Some(key) } else { None })
    }

    /// A value in brackets.
    fn flow_node(&mut self, parent: isize, trail: Trail<'_>) -> Result<Node, Broken> {
        self.count();
        let flagged = self.properties();
        let mut node = match self.byte(0) {
            b'[' | b'{' => self.flow(parent, trail)?,
            b'"' | b'\'' => {
                let quoted = self.quoted(parent)?;
                Node { span: quoted.span, value: Value::Str(quoted.text), style: quoted.style, flagged: false }
            }
            b'*' => self.alias()?,
            b',' | b']' | b'}' | b'\n' | b'\r' | 0 if flagged => self.absent(self.at),
            _ => {
                let good = self.plain_start(true);
                let first = self.plain_line(true);
                if first.is_empty() {
                    return Err(Broken);
                }
                let node = self.plain(first, parent, true);
                Node { flagged: node.flagged || !good, ..node }
            }
        };
        node.flagged |= flagged;
        Ok(node)
    }
}
