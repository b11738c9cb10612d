//! Keys, and where a finished value belongs.

use granit_parser::ScanError;

use super::entries::{Content, Entries, Pending};
use super::{Broken, Builder, Built, End, Frame, MAX_KEY, Step};
use crate::path::Path;
use crate::yaml::node::{Entry, Key, Node, Style, Value};
use crate::yaml::{lines, report, syntax};
use crate::{Span, Str};

impl Builder<'_> {
    /// Reports the `?` before the key at `place`; whether there is one.
    pub(super) fn explicit_key(&mut self, place: Span) -> bool {
        let start = place.start as usize;
        let sign = lines::indicator(self.text, self.last_end, start, |byte| byte == b'?');
        let explicit = sign < start;
        if explicit {
            self.fault(syntax::explicit_key(Span::new(sign, sign + 1)));
        }
        explicit
    }

    pub(super) fn key(&mut self, text: Str, style: Style, span: Span) {
        let explicit = self.explicit_key(span);
        let written = self.source.slice(span);
        let problem = if span.len() > MAX_KEY || written.contains(['\n', '\r']) {
            self.built.faulty = true;
            Some(syntax::long_key(span))
        } else if span.is_empty() {
            let colon = lines::behind_blanks(self.text, span.end as usize);
            let there = self.text.as_bytes().get(colon) == Some(&b':');
            Some(report::missing_key(if there { Span::new(colon, colon + 1) } else { span }))
        } else if style == Style::Plain && self.in_flow() && written.starts_with(['?', ':']) {
            self.built.faulty = true;
            Some(syntax::plain_start(self.source, span.start as usize, true))
        } else {
            report::key(self.source, &text, style, span)
        };
        if explicit || problem.is_some() {
            if let Some(problem) = problem.filter(|_| !explicit) {
                self.report(problem);
            }
            return self.expect(Pending::Dropped);
        }
        let key = Key { text, span, style };
        let Some(Frame { content: Content::Map(map), .. }) = self.stack.last_mut() else { return };
        map.pending = match map.position(&key.text) {
            Some(position) => Pending::Again(key, position),
            None => Pending::Value(key),
        };
    }

    pub(super) fn expect(&mut self, pending: Pending) {
        if let Some(Frame { content: Content::Map(map), flagged, .. }) = self.stack.last_mut() {
            *flagged |= matches!(pending, Pending::Dropped);
            map.pending = pending;
        }
    }

    /// Puts a finished value where it belongs.
    pub(super) fn attach(&mut self, node: Node) {
        let Some(frame) = self.stack.last_mut() else {
            self.built.root = Some(node);
            return;
        };
        let map = match &mut frame.content {
            Content::Seq(items) => return items.push(node),
            Content::Map(map) => map,
        };
        match std::mem::take(&mut map.pending) {
            Pending::Value(key) => map.push(Entry { key, value: node }),
            Pending::Again(key, position) => {
                let second = Entry { key, value: node };
                let path = self.path();
                let Some(Frame { content: Content::Map(map), style, .. }) = self.stack.last() else { return };
                let Some(first) = map.get(position) else { return };
                let problem = report::duplicate(self.source, first, &second, *style == Style::Block, path);
                self.report(problem);
            }
            Pending::Key | Pending::Dropped => {}
        }
    }

    /// The path of the innermost open list or mapping.
    fn path(&self) -> Path {
        let depth = self.stack.len().saturating_sub(1);
        self.stack.iter().take(depth).fold(Path::root(), |path, frame| match &frame.content {
            Content::Seq(items) => path.index(items.len()),
            Content::Map(Entries { pending: Pending::Value(key) | Pending::Again(key, _), .. }) => path.key(&*key.text),
            Content::Map(_) => path,
        })
    }

    pub(super) fn alias(&mut self, place: Span, anchor: Option<Span>) -> Step {
        // The value of a merge key is told of with it.
        let merged = matches!(
            self.stack.last().map(|frame| &frame.content),
            Some(Content::Map(Entries { pending: Pending::Dropped, .. }))
        );
        if !merged {
            self.report(report::alias(self.source, self.source.slice(place), place, anchor));
        }
        self.last_end = place.end as usize;
        if self.expects_key() {
            self.expect(Pending::Dropped);
        } else {
            self.attach(Node { span: place, value: Value::Null, style: Style::Plain, flagged: true });
        }
        self.count(place)
    }

    pub(super) fn broken(&mut self, error: &ScanError) -> End {
        let at = error.marker().byte_offset().unwrap_or(self.text.len()).min(self.text.len());
        let mut flow = self.stack.iter().filter(|frame| frame.style == Style::Flow).map(|frame| frame.start);
        let flow = flow.next().map(|outermost| (outermost, flow.next_back().unwrap_or(outermost)));
        let block = self.stack.iter().rev().find(|frame| frame.style == Style::Block);
        let sibling = block.and_then(|frame| match &frame.content {
            Content::Seq(_) => Some((Span::new(frame.start, frame.start + 1), true)),
            Content::Map(Entries { pending: Pending::Value(key) | Pending::Again(key, _), .. }) => {
                Some((key.span, false))
            }
            Content::Map(map) => map.last().map(|entry| (entry.key.span, false)),
        });
        let (last_end, last, block, depth) = (self.last_end, self.last, self.block, self.stack.len());
        End::Broken(Broken { kind: error.kind().clone(), at, last_end, last, block, flow, sibling, depth })
    }

    /// Closes what is open and hands over the tree.
    pub(super) fn finish(mut self, end: End) -> Built {
        while !self.stack.is_empty() {
            let end = self.last_end;
            self.close(Span::at(end));
        }
        let mut unused: Vec<_> = self.anchors.drain().map(|(_, anchor)| anchor).filter(|(.., used)| !used).collect();
        unused.sort_by_key(|(span, ..)| *span);
        for (span, name, _) in unused {
            self.report(report::anchor(&name, span));
        }
        Built { end, ..self.built }
    }
}
