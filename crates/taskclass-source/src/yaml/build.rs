//! From the parser's events to the tree, collecting on the way what is wrong with it.

mod entries;
mod mapping;
mod places;
mod refuse;

use std::collections::HashMap;
use std::sync::Arc;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, StructureStyle};

use entries::{Content, Entries, Pending};

use super::cut::Cut;
use super::node::{Node, Style, Value};
use super::problem::Problem;
use super::{Comment, MAX_DEPTH, MAX_NODES, lines, report, syntax};
use crate::{SourceFile, Span, Str};

/// The longest key in bytes: other readers look no further for the `:`.
const MAX_KEY: usize = 1000;

/// What one run of the parser gave.
#[derive(Default)]
pub(super) struct Built {
    pub(super) root: Option<Node>,
    pub(super) comments: Vec<Comment>,
    pub(super) problems: Vec<Problem>,
    /// Something was read over that is no YAML, or no YAML that is allowed; it is among the problems.
    pub(super) faulty: bool,
    pub(super) end: End,
}

/// How a run of the parser ended.
#[derive(Default)]
pub(super) enum End {
    /// With the text.
    #[default]
    Whole,
    /// At a bound or at a second document; that is among the problems.
    Stopped,
    /// At something to take out.
    Cut(Problem, Cut),
    /// At what is no YAML.
    Broken(Broken),
}

/// Where the parser gave up, and what it was in.
pub(super) struct Broken {
    pub(super) kind: ErrorKind,
    pub(super) at: usize,
    /// End of the last key, value or indicator before.
    pub(super) last_end: usize,
    /// The last scalar, list in `[…]` or mapping in `{…}` before.
    pub(super) last: Option<(Span, Style)>,
    /// The last block of text before, with its header.
    pub(super) block: Option<Span>,
    /// Where the outermost and the innermost `[` or `{` stand that are open.
    pub(super) flow: Option<(usize, usize)>,
    /// What the broken line stands among: a key of the mapping or the first sign of the list, and whether it is a list.
    pub(super) sibling: Option<(Span, bool)>,
    /// How many lists and mappings are open.
    pub(super) depth: usize,
}

/// Whether to read on.
enum Step {
    On,
    End(Box<End>),
}

/// A list or mapping that is not closed yet.
struct Frame {
    start: usize,
    /// Where what stands before it ends.
    behind: usize,
    style: Style,
    flagged: bool,
    /// It stands where a key is expected, which is refused when it ends.
    as_key: bool,
    content: Content,
}

struct Builder<'a> {
    source: &'a Arc<SourceFile>,
    /// The text that is read: the source's, with what was cut out replaced by spaces.
    text: &'a str,
    /// What was cut out, and whether a value or mapping is flagged for it.
    cuts: Vec<(Cut, bool)>,
    built: Built,
    stack: Vec<Frame>,
    /// The first document's start, once it has begun.
    document: Option<Span>,
    /// Anchors by the parser's number: place, name, and whether an alias uses it.
    anchors: HashMap<usize, (Span, String, bool)>,
    last_end: usize,
    last: Option<(Span, Style)>,
    block: Option<Span>,
    /// Up to where comments have been looked for: the parser's end of the last scalar.
    seen: usize,
    nodes: usize,
    /// A tab behind a `-` is reported.
    tabs: bool,
}

/// Reads `text`, which is the text of `source` without `cuts`.
pub(super) fn build(source: &Arc<SourceFile>, text: &str, cuts: &[Cut]) -> Built {
    let options = granit_parser::options! {
        strict_indentation: true,
        disallow_directives: true,
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        // One more than we allow, so that it is we who say so.
        flow_nesting_limit: MAX_DEPTH + 2,
        block_nesting_limit: MAX_DEPTH + 2,
    };
    let mut builder = Builder {
        source,
        text,
        cuts: cuts.iter().map(|cut| (*cut, false)).collect(),
        built: Built::default(),
        stack: Vec::new(),
        document: None,
        anchors: HashMap::new(),
        last_end: 0,
        last: None,
        block: None,
        seen: 0,
        nodes: 0,
        tabs: false,
    };
    for event in Parser::new_from_str_with_options(text, options) {
        let step = match event {
            Ok((event, span)) => builder.event(event, &span),
            Err(error) => Step::End(Box::new(builder.broken(&error))),
        };
        if let Step::End(end) = step {
            return builder.finish(*end);
        }
    }
    builder.finish(End::Whole)
}

impl Builder<'_> {
    fn report(&mut self, problem: Problem) {
        report::add(&mut self.built.problems, problem);
    }

    /// Reports what is no YAML, or none that is allowed, and is read over.
    fn fault(&mut self, problem: Problem) {
        self.built.faulty = true;
        self.report(problem);
    }

    fn stop(&mut self, problem: Problem) -> Step {
        self.report(problem);
        Step::End(Box::new(End::Stopped))
    }

    fn event(&mut self, event: Event<'_>, span: &granit_parser::Span) -> Step {
        let Some(range) = span.byte_range() else { return Step::On };
        let tag = span.tag_span().and_then(|tag| tag.byte_range()).map(Span::from);
        let place = Span::from(range);
        self.comments(place.start as usize);
        match event {
            Event::DocumentStart(explicit, _) => return self.document(place, explicit),
            Event::SequenceStart(style, ..) => return self.open(place, style, tag, Content::Seq(Vec::new())),
            Event::MappingStart(style, ..) => return self.open(place, style, tag, Content::Map(Entries::default())),
            Event::SequenceEnd | Event::MappingEnd => self.close(place),
            Event::Scalar(text, style, ..) => return self.scalar(&text, style, place, tag),
            Event::Alias(id) => {
                let anchor = self.anchors.get_mut(&id).map(|anchor| {
                    anchor.2 = true;
                    anchor.0
                });
                return self.alias(place, anchor);
            }
            Event::UnresolvedAlias(_) => return self.alias(place, None),
            Event::Anchor(id, name) => {
                self.anchors.insert(id, (place, name.into_owned(), false));
            }
            _ => {}
        }
        Step::On
    }

    /// Takes the comments between the last scalar and `to`. (The parser can tell of comments too, and is a fifth slower when
    /// it does. Outside of scalars, a `#` behind a blank or at the beginning of a line is a comment and nothing else.)
    fn comments(&mut self, to: usize) {
        let bytes = self.text.as_bytes();
        let mut at = self.seen;
        while at < to {
            let blank_before =
                || at.checked_sub(1).and_then(|before| bytes.get(before)).is_none_or(u8::is_ascii_whitespace);
            if bytes.get(at) == Some(&b'#') && (blank_before() || lines::start(self.text, at) == at) {
                let span = Span::new(at, lines::end(self.text, at));
                let text = Str::slice(self.source.shared_text(), Span { start: span.start + 1, end: span.end });
                self.built.comments.push(Comment { span, text });
                at = span.end as usize;
            }
            at += 1;
        }
        self.seen = self.seen.max(to);
    }

    fn document(&mut self, place: Span, explicit: bool) -> Step {
        let start = place.start as usize;
        if let Some(first) = self.document {
            let here = if explicit { place } else { Span::new(start, lines::rest(self.text, start)) };
            return self.stop(report::second_document(here, first));
        }
        if !explicit {
            let length = self.text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
            self.document = Some(Span::new(start, start + length));
            return Step::On;
        }
        self.document = Some(place);
        self.last_end = place.end as usize;
        let behind = lines::behind_blanks(self.text, self.last_end);
        let rest = Span::new(behind, lines::rest(self.text, behind).max(behind));
        if rest.is_empty() || self.source.slice(rest).starts_with('#') {
            return Step::On;
        }
        let cut = Cut::new(self.text, behind, 0);
        Step::End(Box::new(End::Cut(syntax::behind_marker(rest), cut)))
    }

    /// Counts a value or key; says so once there are too many.
    fn count(&mut self, place: Span) -> Step {
        self.nodes += 1;
        if self.nodes <= MAX_NODES { Step::On } else { self.stop(syntax::too_many(place.start as usize)) }
    }

    fn expects_key(&self) -> bool {
        matches!(self.stack.last(), Some(Frame { content: Content::Map(Entries { pending: Pending::Key, .. }), .. }))
    }

    fn in_flow(&self) -> bool {
        self.stack.last().is_some_and(|frame| frame.style == Style::Flow)
    }

    fn open(&mut self, place: Span, style: StructureStyle, tag: Option<Span>, content: Content) -> Step {
        if self.stack.len() >= MAX_DEPTH {
            return self.stop(syntax::too_deep(self.text, place.start as usize));
        }
        let flagged = self.tagged(tag);
        let as_key = self.expects_key();
        if as_key {
            self.explicit_key(place);
        }
        let style = if style == StructureStyle::Flow { Style::Flow } else { Style::Block };
        // Of a list that stands below a key the parser tells where its first item begins; the list begins at its `-`.
        let parent = self.stack.last();
        let below_key = matches!(parent, Some(Frame { content: Content::Map(_), .. }));
        let in_list = matches!(parent, Some(Frame { content: Content::Seq(_), style: Style::Block, .. }));
        let start = match (&content, style) {
            (Content::Seq(_), Style::Block) if below_key => {
                lines::indicator(self.text, self.last_end, place.start as usize, |byte| byte == b'-')
            }
            _ => place.start as usize,
        };
        if in_list && style == Style::Block {
            self.tab_behind_dash(start);
        }
        self.stack.push(Frame { start, behind: self.last_end, style, flagged, as_key, content });
        self.last_end = place.end as usize;
        self.count(place)
    }

    fn close(&mut self, place: Span) {
        let Some(frame) = self.stack.pop() else { return };
        let last = match &frame.content {
            Content::Seq(items) => items.last().map(|item| item.span.end),
            Content::Map(map) => map.last().map(|entry| entry.value.span.end.max(entry.key.span.end)),
        };
        // A block ends where its last part does; what the parser gives is the next thing's beginning.
        let end = match frame.style {
            Style::Flow => place.end as usize,
            _ => last.map_or(frame.start, |end| end as usize).max(self.last_end.min(place.start as usize)),
        };
        self.last_end = self.last_end.max(end);
        let lost = frame.style == Style::Block && self.takes_cuts(&frame, place.start as usize);
        let span = Span::new(frame.start, end.max(frame.start));
        if frame.style == Style::Flow {
            self.last = Some((span, Style::Flow));
        }
        if frame.as_key {
            self.report(report::compound_key(span));
            return self.expect(Pending::Dropped);
        }
        let value = match frame.content {
            Content::Seq(items) => Value::Seq(items),
            Content::Map(map) => {
                // Only in a list can a mapping in flow style be without its brace.
                if frame.style == Style::Flow && self.text.as_bytes().get(frame.start) != Some(&b'{') {
                    let key_end = map.first().map_or(frame.start, |entry| entry.key.span.end as usize);
                    let colon = lines::indicator(self.text, key_end, end.max(key_end), |byte| byte == b':');
                    self.fault(syntax::pair_in_list(Span::new(frame.start, (colon + 1).min(end).max(frame.start))));
                    return self.attach(Node { span, value: Value::Null, style: Style::Plain, flagged: true });
                }
                Value::Map(map.into_map())
            }
        };
        let flagged = frame.flagged || (lost && matches!(value, Value::Map(_)));
        self.attach(Node { span, value, style: frame.style, flagged });
    }

    /// Takes the cuts for its own that stood among the lines of a block which ends before `end`; whether there were any.
    fn takes_cuts(&mut self, frame: &Frame, end: usize) -> bool {
        if self.cuts.is_empty() {
            return false;
        }
        let column = lines::column(self.text, frame.start);
        let own = |cut: &Cut| (frame.behind..end).contains(&cut.at) && cut.stands >= column;
        let cuts = self.cuts.iter_mut().filter(|(cut, taken)| !taken && own(cut));
        cuts.map(|(_, taken)| *taken = true).count() > 0
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, place: Span, tag: Option<Span>) -> Step {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::SingleQuoted,
            ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
        };
        let is_key = self.expects_key();
        // The parser writes an absent value as `~`.
        let absent = place.is_empty() && style == Style::Plain;
        let span = match style {
            Style::Literal | Style::Folded => places::block_scalar(self.source, self.last_end, place, text),
            _ if absent => places::absent(self.text, place.start as usize, is_key),
            _ => place,
        };
        if matches!(style, Style::Literal | Style::Folded) {
            // Of a text without a line its header is all there is.
            self.comments(lines::end(self.text, span.start as usize));
            self.block = Some(span);
        }
        self.seen = self.seen.max(place.end as usize);
        if let Some(end) = self.letter_blank(span).filter(|_| is_key) {
            return end;
        }
        let text = if absent { "" } else { text };
        let mut flagged = self.tagged(tag);
        let shared = self.share(text, style, span);
        if is_key {
            self.key(shared, style, span);
        } else if let Some(cut) = absent.then(|| self.take_cut_at(span.start as usize)).flatten() {
            self.attach(Node { span: cut.span, value: Value::Null, style, flagged: true });
        } else {
            let (value, problem) = match style {
                Style::Plain => report::value(self.source, shared, span),
                _ => (Value::Str(shared), None),
            };
            flagged |= problem.is_some();
            if let Some(problem) = problem {
                self.report(problem);
            }
            flagged |= self.refuse_scalar(style, span);
            self.attach(Node { span, value, style, flagged });
        }
        self.last_end = self.last_end.max(span.end as usize);
        self.last = if absent { self.last } else { Some((span, style)) };
        self.count(span)
    }

    /// The cut that took the value away which should stand at `at`.
    fn take_cut_at(&mut self, at: usize) -> Option<Cut> {
        let text = self.text;
        let here = |cut: &Cut| text.get(at..cut.at).is_some_and(|blanks| blanks.bytes().all(|byte| byte == b' '));
        let (cut, taken) = self.cuts.iter_mut().find(|(cut, taken)| !taken && here(cut))?;
        *taken = true;
        Some(*cut)
    }

    /// The text as a slice of the file where it stands there as it is.
    fn share(&self, text: &str, style: Style, span: Span) -> Str {
        let verbatim = match style {
            Style::SingleQuoted | Style::DoubleQuoted if span.len() >= 2 => {
                Span { start: span.start + 1, end: span.end - 1 }
            }
            _ => span,
        };
        if self.source.slice(verbatim) == text {
            Str::slice(self.source.shared_text(), verbatim)
        } else {
            Str::from(text)
        }
    }

    /// Reports a tag; whether there was one.
    fn tagged(&mut self, tag: Option<Span>) -> bool {
        let Some(span) = tag else { return false };
        self.report(report::tag(self.source.slice(span), span));
        true
    }
}
