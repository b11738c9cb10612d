//! Anchors, tags and aliases: all refused, all read over.

use super::cursor::is_flow_indicator;
use super::{Broken, Reader};
use crate::Span;
use crate::yaml::node::Node;
use crate::yaml::report;

/// `&name`.
pub(super) struct Anchor<'a> {
    name: &'a str,
    span: Span,
    /// An alias tells of it, so that it need not be told of alone.
    used: bool,
}

impl<'a> Reader<'a> {
    /// The token at the cursor, up to a blank, the end of the line, or an indicator of a flow collection.
    fn token(&mut self) -> (Span, &'a str) {
        let start = self.at;
        let verbatim = self.bytes.get(start..).is_some_and(|rest| rest.starts_with(b"!<"));
        self.at += 1;
        while !self.separated(0) && (verbatim || !is_flow_indicator(self.byte(0))) {
            self.at += 1;
        }
        let span = Span::new(start, self.at);
        (span, self.text.get(span.range()).unwrap_or_default())
    }

    /// Takes anchors and tags at the cursor and the blanks behind them; whether there were any.
    pub(super) fn properties(&mut self) -> bool {
        let mut any = false;
        loop {
            match self.byte(0) {
                b'&' => {
                    let (span, text) = self.token();
                    self.anchors.push(Anchor { name: text.get(1..).unwrap_or_default(), span, used: false });
                }
                b'!' => {
                    let (span, text) = self.token();
                    self.report(report::tag(text, span));
                }
                _ => return any,
            }
            any = true;
            self.skip_blanks();
        }
    }

    /// Takes the alias at the cursor.
    pub(super) fn alias(&mut self) -> Result<Node, Broken> {
        let (span, text) = self.token();
        let name = text.get(1..).unwrap_or_default();
        let anchor = self.anchors.iter_mut().rev().find(|anchor| anchor.name == name);
        let place = anchor.map(|anchor| {
            anchor.used = true;
            anchor.span
        });
        self.report(report::alias(text, span, place));
        Ok(self.nothing(span))
    }

    pub(super) fn unused_anchors(&mut self) {
        for anchor in std::mem::take(&mut self.anchors) {
            if !anchor.used {
                self.report(report::anchor(anchor.name, anchor.span));
            }
        }
    }
}
