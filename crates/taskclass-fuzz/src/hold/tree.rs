//! What must hold of a YAML tree.

use std::sync::Arc;

use taskclass_source::text::visible;
use taskclass_source::yaml::{self, MAX_DEPTH, MAX_NODES, MAX_PROBLEMS, Parsed, Style, Value};
use taskclass_source::{Node, SourceFile, Span};
use taskclass_spec::digest::DocumentDigest;

use super::inside;

/// The most bytes that the other parser is asked about.
const COMPARED: usize = 16 * 1024;

/// Reads `bytes` as YAML and holds the tree against its text, and against another parser's.
pub(crate) fn tree(bytes: &[u8]) {
    let (source, parsed) = yaml::parse_bytes("t.yaml", bytes.to_vec());
    assert!(parsed.complete || !parsed.problems.is_empty(), "incomplete without a word");
    assert!(parsed.problems.len() <= MAX_PROBLEMS + 4, "{} problems", parsed.problems.len());
    for problem in &parsed.problems {
        inside(&source, problem.span, "a problem");
        assert!(!problem.message.contains('\n') && !problem.message.is_empty(), "{:?}", problem.message);
    }
    for comment in &parsed.comments {
        inside(&source, comment.span, "a comment");
        let written = source.slice(comment.span);
        assert_eq!(written.strip_prefix('#'), Some(comment.text.as_str()), "a comment is what stands there");
        assert!(!written.contains('\n'), "a comment of several lines");
    }
    if let Some(root) = &parsed.root {
        let mut walk = Walk { source: &source, complete: parsed.complete, nodes: 0 };
        walk.node(root, 0);
        assert!(root.same_value(root) || has_nan(root), "a value is itself");
        let _ = root.to_json();
    }
    if parsed.problems.is_empty() {
        sound(&source, &parsed);
    }
}

/// What holds of a document without a problem: it has a digest, and other readers read the same.
fn sound(source: &SourceFile, parsed: &Parsed) {
    let ours = parsed.root.as_ref().map_or(serde_json::Value::Null, Node::to_json);
    let digest = DocumentDigest::of(&ours, Default::default());
    assert!(digest.is_ok(), "no problem, and no digest: {digest:?}");
    if source.text().len() > COMPARED {
        return;
    }
    // It knows less of YAML 1.2; what it refuses it does not read otherwise.
    if let Ok(theirs) = serde_yaml::from_str::<serde_json::Value>(source.text()) {
        assert_eq!(ours, theirs, "the other parser reads another document");
    }
}

fn has_nan(node: &Node) -> bool {
    match &node.value {
        Value::Float(number) => number.is_nan(),
        Value::Seq(items) => items.iter().any(has_nan),
        Value::Map(map) => map.iter().any(|entry| has_nan(&entry.value)),
        _ => false,
    }
}

struct Walk<'a> {
    source: &'a Arc<SourceFile>,
    complete: bool,
    nodes: usize,
}

impl Walk<'_> {
    fn node(&mut self, node: &Node, depth: usize) {
        self.nodes += 1;
        assert!(depth <= MAX_DEPTH, "deeper than {MAX_DEPTH}");
        assert!(self.nodes <= MAX_NODES, "more than {MAX_NODES} values");
        inside(self.source, node.span, "a value");
        match &node.value {
            Value::Seq(items) => items.iter().for_each(|item| {
                self.within(item.span, node.span);
                self.node(item, depth + 1);
            }),
            Value::Map(map) => {
                let mut keys = std::collections::HashSet::new();
                for entry in map {
                    assert!(keys.insert(entry.key.text.as_str()), "a key twice: {:?}", entry.key.text);
                    inside(self.source, entry.key.span, "a key");
                    self.within(entry.key.span, node.span);
                    self.within(entry.value.span, node.span);
                    let written = self.source.slice(entry.key.span);
                    // A character that no parser takes is read as `_`, and is a problem.
                    if entry.key.style == Style::Plain && visible(written) == written && !written.contains('\u{ffff}') {
                        assert_eq!(written, &*entry.key.text, "a plain key is what stands there");
                    }
                    self.node(&entry.value, depth + 1);
                }
            }
            Value::Str(text) => self.scalar(node, text),
            _ => {}
        }
    }

    /// A part lies in the whole, unless what was between was taken out.
    fn within(&self, part: Span, whole: Span) {
        assert!(!self.complete || whole.contains(part), "{part:?} is not within {whole:?}");
    }

    /// Where the decoded text can be followed into the file, each character is found in its place.
    fn scalar(&self, node: &Node, text: &str) {
        let Some(map) = node.scalar_map(self.source) else { return };
        assert_eq!(map.decoded_len(), text.len(), "the map is of this text");
        let mut before = node.span.start;
        // Each character of a short text, some of a long one.
        let step = 1 + text.len() / 512;
        for (offset, c) in text.char_indices().step_by(step) {
            let span = map.span(offset..offset + c.len_utf8());
            inside(self.source, span, "a character of a text");
            assert!(node.span.contains(span) || c == '\n', "{c:?} at {span:?} lies outside of {:?}", node.span);
            assert!(before <= span.start, "the characters of a text stand in their order");
            before = span.start;
            let written = self.source.slice(span);
            let stands_for = written.starts_with(['\\', '\'', '\n', '\r', ' ', '\t']);
            assert!(written.starts_with(c) || stands_for, "{c:?} is written {written:?}");
        }
        inside(self.source, map.span(0..text.len()), "a whole text");
        inside(self.source, map.span(text.len()..text.len()), "a text's end");
    }
}
