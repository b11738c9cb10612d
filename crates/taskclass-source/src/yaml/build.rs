//! From the parser's events to the tree, collecting problems on the way.

use std::collections::HashMap;
use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, StructureStyle};

use super::node::{Entry, Key, Map, Node, Style, Value};
use super::problem::{Problem, ProblemKind};
use super::{Comment, MAX_DEPTH, MAX_NODES, MAX_PROBLEMS, Parsed, report};
use crate::path::Path;
use crate::{SourceFile, Span, Str};

/// From so many entries on a mapping looks its keys up instead of comparing each with each.
const INDEXED_FROM: usize = 24;

/// Reads the whole of `source` into `parsed`.
pub(super) fn build(source: &Arc<SourceFile>, parsed: &mut Parsed) {
    let options = granit_parser::options! {
        strict_indentation: true,
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        // One more than we allow, so that it is we who say so.
        flow_nesting_limit: MAX_DEPTH + 2,
        block_nesting_limit: MAX_DEPTH + 2,
        max_buffered_comment_events: 10_000,
    };
    let mut builder = Builder::new(source, parsed);
    for event in Parser::new_from_str_with_options(source.text(), options) {
        let step = match event {
            Ok((event, span)) => builder.event(event, &span),
            Err(error) => builder.syntax_error(&error),
        };
        match step {
            Step::On => {}
            Step::Stop => return builder.finish(false),
        }
    }
    builder.finish(true);
}

/// Whether to read on.
enum Step {
    On,
    Stop,
}

/// A list or mapping that is not closed yet.
struct Frame {
    start: usize,
    style: Style,
    flagged: bool,
    /// It stands where a key is expected, which is refused when it ends.
    as_key: bool,
    content: Content,
}

enum Content {
    Seq(Vec<Node>),
    Map(Entries),
}

#[derive(Default)]
struct Entries {
    entries: Vec<Entry>,
    /// Position of every key, once there are many.
    index: Option<HashMap<Str, usize>>,
    pending: Pending,
}

/// What a mapping expects next.
#[derive(Default)]
enum Pending {
    #[default]
    Key,
    Value(Key),
    /// The key is there already, at this position.
    Again(Key, usize),
    /// The key was refused; its value is read and dropped.
    Dropped,
}

impl Entries {
    fn position(&mut self, key: &Str) -> Option<usize> {
        if self.entries.len() < INDEXED_FROM {
            return self.entries.iter().position(|entry| entry.key.text == *key);
        }
        let entries = &self.entries;
        let index = self.index.get_or_insert_with(|| {
            entries.iter().enumerate().map(|(position, entry)| (entry.key.text.clone(), position)).collect()
        });
        index.get(key).copied()
    }

    fn push(&mut self, entry: Entry) {
        if let Some(index) = &mut self.index {
            index.insert(entry.key.text.clone(), self.entries.len());
        }
        self.entries.push(entry);
    }
}

struct Builder<'a> {
    source: &'a Arc<SourceFile>,
    parsed: &'a mut Parsed,
    stack: Vec<Frame>,
    root: Option<Node>,
    /// The first document's start, once it has begun.
    document: Option<Span>,
    /// Anchors by the parser's number: place, name, and whether an alias uses it.
    anchors: HashMap<usize, (Span, String, bool)>,
    /// End of the last key, value or indicator that an event told of.
    last_end: usize,
    nodes: usize,
}

impl<'a> Builder<'a> {
    fn new(source: &'a Arc<SourceFile>, parsed: &'a mut Parsed) -> Self {
        let (stack, anchors) = (Vec::new(), HashMap::new());
        Self { source, parsed, stack, root: None, document: None, anchors, last_end: 0, nodes: 0 }
    }

    /// Adds a problem, or says that there are too many.
    fn report(&mut self, problem: Problem) {
        let problems = &mut self.parsed.problems;
        match problems.len() {
            count if count < MAX_PROBLEMS => problems.push(problem),
            MAX_PROBLEMS => {
                let message = format!("more than {MAX_PROBLEMS} problems in this file; the others are not listed");
                problems.push(Problem::new(ProblemKind::TooManyProblems, problem.span, message));
            }
            _ => {}
        }
    }

    fn event(&mut self, event: Event<'_>, span: &granit_parser::Span) -> Step {
        let Some(range) = span.byte_range() else { return Step::On };
        let tag = span.tag_span().and_then(|tag| tag.byte_range()).map(Span::from);
        let place = Span::from(range);
        match event {
            Event::Comment(..) => {
                let text = Str::slice(self.source.shared_text(), Span { start: place.start + 1, end: place.end });
                self.parsed.comments.push(Comment { span: place, text });
            }
            Event::DocumentStart(explicit, _) => {
                if let Some(first) = self.document {
                    self.report(report::second_document(place, first, explicit));
                    return Step::Stop;
                }
                self.document = Some(place);
            }
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

    /// Counts a value or key; says so once there are too many.
    fn count(&mut self, place: Span) -> Step {
        self.nodes += 1;
        if self.nodes <= MAX_NODES {
            return Step::On;
        }
        let message = format!("the file has more than {MAX_NODES} keys and values");
        self.report(Problem::new(ProblemKind::TooManyNodes, place, message).label("nothing from here on was read"));
        Step::Stop
    }

    fn expects_key(&self) -> bool {
        matches!(self.stack.last(), Some(Frame { content: Content::Map(Entries { pending: Pending::Key, .. }), .. }))
    }

    fn open(&mut self, place: Span, style: StructureStyle, tag: Option<Span>, content: Content) -> Step {
        if self.stack.len() >= MAX_DEPTH {
            self.report(report::too_deep(self.source, place.start as usize));
            return Step::Stop;
        }
        let flagged = self.tagged(tag);
        let as_key = self.expects_key();
        let style = if style == StructureStyle::Flow { Style::Flow } else { Style::Block };
        // Of a list that stands below a key the parser tells where its first item begins; the list begins at its `-`.
        let below_key = matches!(self.stack.last(), Some(Frame { content: Content::Map(_), .. }));
        let start = match (&content, style) {
            (Content::Seq(_), Style::Block) if below_key => self.next(place.start as usize, |byte| byte == b'-'),
            _ => place.start as usize,
        };
        self.stack.push(Frame { start, style, flagged, as_key, content });
        self.last_end = place.end as usize;
        self.count(place)
    }

    fn close(&mut self, place: Span) {
        let Some(frame) = self.stack.pop() else { return };
        let last = match &frame.content {
            Content::Seq(items) => items.last().map(|item| item.span.end),
            Content::Map(map) => map.entries.last().map(|entry| entry.value.span.end.max(entry.key.span.end)),
        };
        // A block ends where its last part does; what the parser gives is the next thing's beginning.
        let end = match frame.style {
            Style::Flow => place.end as usize,
            _ => last.map_or(frame.start, |end| end as usize).max(self.last_end.min(place.start as usize)),
        };
        self.last_end = self.last_end.max(end);
        let span = Span::new(frame.start, end.max(frame.start));
        if frame.as_key {
            self.report(report::key_is_no_text(span, "a list or a mapping"));
            self.expect(Pending::Dropped);
            return;
        }
        let value = match frame.content {
            Content::Seq(items) => Value::Seq(items),
            Content::Map(map) => Value::Map(Map::new(map.entries)),
        };
        self.attach(Node { span, value, style: frame.style, flagged: frame.flagged });
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, place: Span, tag: Option<Span>) -> Step {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::SingleQuoted,
            ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
        };
        let span = match style {
            Style::Literal | Style::Folded => self.block_scalar_span(place, text),
            _ if place.is_empty() => self.absent_span(place),
            _ => place,
        };
        // The parser writes an absent value as `~`.
        let text = if place.is_empty() && style == Style::Plain { "" } else { text };
        let flagged = self.tagged(tag);
        let shared = self.share(text, style, span);
        if self.expects_key() {
            self.key(shared, style, span);
        } else {
            let (value, ambiguous) = report::value(self.source, shared, style, span);
            let flagged = flagged || ambiguous.is_some();
            if let Some(problem) = ambiguous {
                self.report(problem);
            }
            self.attach(Node { span, value, style, flagged });
        }
        self.last_end = span.end as usize;
        self.count(span)
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

    /// A block scalar's span with its header, which the parser leaves out, and without what is only line breaks at its end.
    fn block_scalar_span(&self, content: Span, text: &str) -> Span {
        let end = content.end as usize;
        let start = self.next(end, |byte| matches!(byte, b'|' | b'>'));
        let whole = self.source.slice(Span::new(start, end));
        let blanks_count = text.trim_end_matches('\n').ends_with([' ', '\t']);
        let trimmed = if blanks_count {
            whole.trim_end_matches(['\n', '\r'])
        } else {
            whole.trim_end_matches(['\n', '\r', ' ', '\t'])
        };
        Span::new(start, start + trimmed.len().max(1))
    }

    /// An absent value's place: right behind the `:` of its key or the `-` of its item, where there is one.
    fn absent_span(&self, place: Span) -> Span {
        let start = place.start as usize;
        let rest = self.source.text().get(start..).unwrap_or_default();
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if !self.expects_key() && rest[blanks..].starts_with(':') {
            return Span::at(start + blanks + 1);
        }
        let before = self.source.text().get(..start).unwrap_or_default();
        Span::at(before.trim_end_matches([' ', '\t']).len())
    }

    /// Where the next indicator stands behind what was read last, passing over comments, tags and anchors; `limit` if there
    /// is none before it.
    fn next(&self, limit: usize, indicator: fn(u8) -> bool) -> usize {
        let text = self.source.text();
        let mut at = self.last_end;
        while let Some(byte) = text.as_bytes().get(at).filter(|_| at < limit) {
            at += match byte {
                b'#' => text[at..].find('\n').unwrap_or(text.len() - at),
                b'!' | b'&' => text[at..].find([' ', '\t', '\n']).unwrap_or(text.len() - at),
                byte if indicator(*byte) => return at,
                _ => 1,
            };
        }
        limit
    }

    /// Reports a tag; whether there was one.
    fn tagged(&mut self, tag: Option<Span>) -> bool {
        let Some(span) = tag else { return false };
        self.report(report::tag(self.source.slice(span), span));
        true
    }

    fn key(&mut self, text: Str, style: Style, span: Span) {
        if let Some(problem) = report::key(self.source, &text, style, span) {
            self.report(problem);
            return self.expect(Pending::Dropped);
        }
        let key = Key { text, span, style };
        let Some(Frame { content: Content::Map(map), .. }) = self.stack.last_mut() else { return };
        map.pending = match map.position(&key.text) {
            Some(position) => Pending::Again(key, position),
            None => Pending::Value(key),
        };
    }

    fn expect(&mut self, pending: Pending) {
        if let Some(Frame { content: Content::Map(map), .. }) = self.stack.last_mut() {
            map.pending = pending;
        }
    }

    /// Puts a finished value where it belongs.
    fn attach(&mut self, node: Node) {
        let Some(frame) = self.stack.last_mut() else {
            self.root = Some(node);
            return;
        };
        let map = match &mut frame.content {
            Content::Seq(items) => return items.push(node),
            Content::Map(map) => map,
        };
        match std::mem::take(&mut map.pending) {
            Pending::Value(key) => map.push(Entry { key, value: node }),
            Pending::Again(key, position) => {
                let Some(first) = map.entries.get(position) else { return };
                let second = Entry { key, value: node };
                let whole_lines = frame.style == Style::Block;
                let problem = report::duplicate(self.source, first, &second, whole_lines);
                let path = self.path();
                self.report(problem(path));
            }
            Pending::Key | Pending::Dropped => {}
        }
    }

    /// The path of the innermost open list or mapping.
    fn path(&self) -> Path {
        let mut path = Path::root();
        let depth = self.stack.len().saturating_sub(1);
        for frame in self.stack.iter().take(depth) {
            match &frame.content {
                Content::Seq(items) => path.push_index(items.len()),
                Content::Map(Entries { pending: Pending::Value(key) | Pending::Again(key, _), .. }) => {
                    path.push_key(&*key.text)
                }
                Content::Map(_) => path.push_key("?"),
            }
        }
        path
    }

    fn alias(&mut self, place: Span, anchor: Option<Span>) -> Step {
        self.report(report::alias(self.source.slice(place), place, anchor));
        self.last_end = place.end as usize;
        if self.expects_key() {
            self.expect(Pending::Dropped);
        } else {
            self.attach(Node { span: place, value: Value::Null, style: Style::Plain, flagged: true });
        }
        self.count(place)
    }

    fn syntax_error(&mut self, error: &ScanError) -> Step {
        let problem = report::syntax(self.source, error);
        self.report(problem);
        Step::Stop
    }

    /// Closes what is open and hands over the tree.
    fn finish(mut self, complete: bool) {
        while !self.stack.is_empty() {
            let end = self.last_end;
            self.close(Span::at(end));
        }
        let mut unused: Vec<_> = self.anchors.drain().map(|(_, anchor)| anchor).filter(|(.., used)| !used).collect();
        unused.sort_by_key(|(span, ..)| *span);
        for (span, name, _) in unused {
            self.report(report::anchor(&name, span));
        }
        self.parsed.root = self.root.take();
        self.parsed.complete = complete;
    }
}
