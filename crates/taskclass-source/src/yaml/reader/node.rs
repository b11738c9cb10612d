//! Values: which kind begins at the cursor, and scalars without quotes.

use super::cursor::{is_blank, is_end, is_flow_indicator};
use super::{Broken, Reader, Trail};
use crate::yaml::node::{Key, Node, Style, Value};
use crate::yaml::{report, syntax};
use crate::{Span, Str};

/// What began at the cursor: a value, or the first key of a mapping, whose `:` is at the cursor now.
pub(super) enum Begun {
    Value(Node),
    /// `None` is a key that was refused; the span is where it stands.
    Key(Option<Key>, Span),
}

impl Reader<'_> {
    /// The value that begins at the cursor, where a block mapping or list may begin. Its further lines are indented deeper
    /// than `parent`. Leaves the cursor at the beginning of a line.
    pub(super) fn node(&mut self, parent: isize, trail: Trail<'_>) -> Node {
        let start = self.at;
        let column = self.column();
        let flagged = self.properties();
        if flagged && self.line_is_over() {
            let behind = self.at;
            self.line_break();
            return match self.next_content() {
                Some(column) if column as isize > parent => Node { flagged: true, ..self.node(parent, trail) },
                _ => Node { flagged: true, ..self.absent(behind) },
            };
        }
        let read = match self.byte(0) {
            b'-' if self.separated(1) => self.block_list(column, trail),
            _ => match self.begin(parent, trail) {
                Ok(Begun::Key(key, span)) => self.block_mapping(column, key, span, trail),
                Ok(Begun::Value(node)) => {
                    self.end_of_line();
                    return self.alone(Node { flagged: node.flagged || flagged, ..node }, column, trail);
                }
                Err(Broken) => {
                    self.skip_deeper(column as isize);
                    return self.alone(self.nothing(Span::new(start, self.line_end(start))), column, trail);
                }
            },
        };
        let node = read.unwrap_or_else(|Broken| self.nothing(Span::new(start, self.line_end(start))));
        Node { flagged: node.flagged || flagged, ..node }
    }

    /// The scalar `node` that stands at `column` of its own line, unless another line stands beside it: then they are meant
    /// as a mapping, of which the first line has no key.
    fn alone(&mut self, node: Node, column: usize, trail: Trail<'_>) -> Node {
        let depth = self.next_content();
        if depth != Some(column) || self.stopped || (self.byte(0) == b'-' && self.separated(1)) {
            return node;
        }
        let first = node.span;
        if !node.flagged {
            let line = Span::new(first.start as usize, self.line_end(first.start as usize).min(first.end as usize));
            self.syntax(syntax::no_colon(self.source, line));
        }
        let head = Span::new(first.start as usize, first.start as usize + 1);
        match self.next_key(column, head, trail) {
            Some((key, span)) => match self.block_mapping(column, key, span, trail) {
                Ok(mapping) => Node { flagged: true, ..mapping },
                Err(Broken) => node,
            },
            None => node,
        }
    }

    /// The value behind a key on the key's line, where no block mapping or list may begin.
    pub(super) fn inline_node(&mut self, parent: isize, trail: Trail<'_>) -> Node {
        let start = self.at;
        if matches!(self.byte(0), b'-' | b'?') && self.separated(1) {
            let span = Span::new(self.at, self.at + 1);
            self.syntax(if self.byte(0) == b'-' { syntax::list_behind_key(span) } else { syntax::explicit_key(span) });
            return self.give_up(start, parent);
        }
        match self.begin(parent, trail) {
            Ok(Begun::Value(node)) => {
                self.end_of_line();
                node
            }
            Ok(Begun::Key(_, span)) => {
                self.syntax(syntax::mapping_behind_key(self.source, span.to(self.rest_of_line()), self.at));
                self.give_up(start, parent)
            }
            Err(Broken) => self.give_up(start, parent),
        }
    }

    /// Passes over what cannot be read and what belongs to it; it is reported already.
    fn give_up(&mut self, start: usize, parent: isize) -> Node {
        let end = self.line_end(start);
        self.skip_deeper(parent);
        self.nothing(Span::new(start, end))
    }

    /// No value, right behind `at`.
    pub(super) fn absent(&self, at: usize) -> Node {
        Node { span: Span::at(at), value: Value::Null, style: Style::Plain, flagged: false }
    }

    /// Whether the `:` of a key stands at the cursor, over blanks.
    fn colon_follows(&self) -> Option<usize> {
        let mut at = self.at;
        while is_blank(self.byte_at(at)) {
            at += 1;
        }
        let behind = self.byte_at(at + 1);
        (self.byte_at(at) == b':' && (is_blank(behind) || is_end(behind))).then_some(at)
    }

    /// Whatever begins at the cursor, but a block list.
    pub(super) fn begin(&mut self, parent: isize, trail: Trail<'_>) -> Result<Begun, Broken> {
        self.count();
        let start = self.at;
        let line = self.line;
        let node = match self.byte(0) {
            b'|' | b'>' => {
                let node = self.block_scalar(parent)?;
                // It ends with its last line, where nothing more can stand.
                return Ok(Begun::Value(node));
            }
            b'[' | b'{' => self.flow(parent, trail)?,
            b'*' => self.alias()?,
            b'"' | b'\'' => {
                let quoted = self.quoted(parent)?;
                if let Some(colon) = self.colon_follows() {
                    self.at = colon;
                    if quoted.several_lines {
                        self.syntax(syntax::long_key(quoted.span));
                        return Ok(Begun::Key(None, quoted.span));
                    }
                    return Ok(self.key(Key { text: quoted.text, span: quoted.span, style: quoted.style }));
                }
                return Ok(Begun::Value(Node {
                    span: quoted.span,
                    value: Value::Str(quoted.text),
                    style: quoted.style,
                    flagged: false,
                }));
            }
            b'?' if self.separated(1) => {
                self.explicit_key = true;
                self.syntax(syntax::explicit_key(Span::new(start, start + 1)));
                return Err(Broken);
            }
            b':' if self.separated(1) => {
                let span = Span::new(start, start + 1);
                if !std::mem::take(&mut self.explicit_key) {
                    self.report(report::missing_key(span));
                }
                return Ok(Begun::Key(None, span));
            }
            _ => return Ok(self.begin_plain(parent)),
        };
        match self.colon_follows().filter(|_| self.line == line) {
            Some(colon) => {
                if !node.flagged {
                    self.report(report::compound_key(node.span));
                }
                self.at = colon;
                Ok(Begun::Key(None, node.span))
            }
            None => Ok(Begun::Value(node)),
        }
    }

    fn begin_plain(&mut self, parent: isize) -> Begun {
        let good = self.plain_start(false);
        let span = self.plain_line(false);
        if let Some(colon) = self.colon_follows() {
            self.at = colon;
            let text = self.slice(span);
            let key = Key { text, span, style: Style::Plain };
            return if good { self.key(key) } else { Begun::Key(None, span) };
        }
        let node = self.plain(span, parent, false);
        Begun::Value(Node { flagged: node.flagged || !good, ..node })
    }

    fn key(&mut self, key: Key) -> Begun {
        let span = key.span;
        if span.len() > MAX_KEY {
            self.syntax(syntax::long_key(span));
            return Begun::Key(None, span);
        }
        Begun::Key(Some(key), span)
    }

    /// Whether a scalar without quotes may begin at the cursor; reports if not.
    pub(super) fn plain_start(&mut self, flow: bool) -> bool {
        let next = self.byte(1);
        let followed = !(is_blank(next) || is_end(next) || (flow && is_flow_indicator(next)));
        let good = match self.byte(0) {
            b'-' => followed,
            // In brackets older readers take these for the sign of a key or value, whatever follows.
            b'?' | b':' => followed && !flow,
            b'@' | b'`' | b'%' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' => false,
            _ => true,
        };
        if !good {
            self.syntax(syntax::plain_start(self.source, self.at, flow));
        }
        good
    }

    /// The part of a scalar without quotes on this line, behind which the cursor is left; without blanks at its end.
    pub(super) fn plain_line(&mut self, flow: bool) -> Span {
        let start = self.at;
        let (mut at, mut end) = (start, start);
        loop {
            match self.byte_at(at) {
                b'\n' | b'\r' | 0 => break,
                b' ' | b'\t' => {
                    at += 1;
                    if self.byte_at(at) == b'#' {
                        break;
                    }
                    continue;
                }
                b':' => {
                    let next = self.byte_at(at + 1);
                    if is_blank(next) || is_end(next) || (flow && is_flow_indicator(next)) {
                        break;
                    }
                }
                b',' | b'[' | b']' | b'{' | b'}' if flow => break,
                _ => {}
            }
            at += 1;
            end = at;
        }
        self.at = end;
        Span::new(start, end)
    }

    /// A scalar without quotes whose first line is read, over as many lines as it goes.
    pub(super) fn plain(&mut self, first: Span, parent: isize, flow: bool) -> Node {
        let mut folded: Option<String> = None;
        let mut end = first.end as usize;
        while let Some((breaks, start, line)) = self.continuation(parent, flow) {
            let back = (self.at, self.line);
            (self.at, self.line) = (start, line);
            let part = self.plain_line(flow);
            // A key on a deeper line is no part of a text; what contains this will say what is wrong with it.
            if part.is_empty() || (!flow && self.colon_follows().is_some()) {
                (self.at, self.line) = back;
                break;
            }
            let text = folded.get_or_insert_with(|| self.text[first.range()].to_owned());
            if breaks == 1 {
                text.push(' ');
            }
            text.extend(std::iter::repeat_n('\n', breaks - 1));
            text.push_str(&self.text[part.range()]);
            end = part.end as usize;
        }
        let span = Span::new(first.start as usize, end);
        match folded {
            Some(text) => Node { span, value: Value::Str(Str::from(text)), style: Style::Plain, flagged: false },
            None => self.plain_value(self.slice(span), span),
        }
    }

    /// Where a scalar without quotes goes on behind the end of this line: how many line breaks lie before it, its text's
    /// beginning and its line's.
    fn continuation(&self, parent: isize, flow: bool) -> Option<(usize, usize, usize)> {
        let (mut at, mut breaks, mut line) = (self.at, 0, self.line);
        loop {
            while is_blank(self.byte_at(at)) {
                at += 1;
            }
            match self.byte_at(at) {
                b'\n' | b'\r' => {
                    at = self.behind_break(at);
                    line = at;
                    breaks += 1;
                }
                0 | b'#' => return None,
                byte => {
                    let spaces = self.bytes.get(line..at)?.iter().take_while(|byte| **byte == b' ').count();
                    let deeper = spaces as isize > parent && spaces == at - line;
                    let marker = self.marker_at(at, line, b"---") || self.marker_at(at, line, b"...");
                    let ends = flow && (is_flow_indicator(byte) || byte == b':');
                    return (breaks > 0 && deeper && !marker && !ends).then_some((breaks, at, line));
                }
            }
        }
    }
}

/// The longest key in bytes: other readers look no further for the `:`.
const MAX_KEY: usize = 1000;
