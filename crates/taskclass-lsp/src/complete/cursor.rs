//! Where in a YAML document the cursor is, also while the line is half written.
//!
//! A word that nothing else is called is put in the place of the one that is being typed, and the text is parsed as if it had
//! been written out: the tree then tells the section and what else is in it. What the line still lacks (a `:`, a quote, a
//! bracket) is tried until the word is found.

use taskclass_source::yaml::{self, Value};
use taskclass_source::{Node, Path, SourceFile, Span};

/// Stands for the word at the cursor.
const WORD: &str = "zqwordatcursorqz";

/// What is being typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A field's name.
    Key,
    /// A value.
    Value,
}

/// The cursor in a document that was made whole around it.
#[derive(Debug)]
pub(crate) struct Cursor {
    pub(crate) what: What,
    /// Of a key the section that it is in, of a value the value's own path.
    pub(crate) path: Path,
    /// The document with the word in it.
    pub(crate) root: Node,
    /// The word that is there, to be replaced.
    pub(crate) replace: Span,
    /// The quote that it is in.
    pub(crate) quote: Option<char>,
    /// Whether it is within `{…}` or `[…]`.
    pub(crate) flow: bool,
    /// Whether a `:` follows already.
    pub(crate) has_colon: bool,
    /// Whether a blank must come first, since the cursor is just behind a `:`.
    pub(crate) needs_blank: bool,
}

impl Cursor {
    /// The keys that the section has already.
    pub(crate) fn siblings(&self) -> Vec<&str> {
        let map = self.root.at(&self.path).and_then(|found| found.value.as_map());
        let keys = map.map(|map| map.entries()).unwrap_or_default().iter().map(|entry| entry.key.text.as_str());
        keys.filter(|key| *key != WORD).collect()
    }

    /// The other values of the list that the value is in.
    pub(crate) fn other_items(&self) -> Vec<&str> {
        let list = self.path.parent().and_then(|list| self.root.at(&list)).and_then(|found| found.value.as_seq());
        list.unwrap_or_default().iter().filter_map(Node::as_str).filter(|item| *item != WORD).collect()
    }
}

/// What stands on the cursor's line around the word.
struct Line<'t> {
    text: &'t str,
    end: usize,
    word: Span,
    /// From the line's beginning to the word.
    before: &'t str,
    /// From the word to the line's end.
    after: &'t str,
    open: Vec<char>,
    quote: Option<char>,
    needs_blank: bool,
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '[' | ']' | '{' | '}' | ',' | '"' | '\'')
}

impl<'t> Line<'t> {
    fn of(text: &'t str, offset: usize) -> Option<Self> {
        let start = text.get(..offset)?.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let end = text.get(offset..)?.find(['\n', '\r']).map_or(text.len(), |at| offset + at);
        let head = text.get(start..offset)?;
        let tail = text.get(offset..end)?;
        let mut word_start = head.rfind(ends_word).map_or(start, |at| {
            start + at + head.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
        });
        let mut word_end = offset + tail.find(|c| ends_word(c) || c == '#').unwrap_or(tail.len());
        let mut needs_blank = false;
        let typed = text.get(word_start..offset)?;
        let (open, quoted) = state(text.get(start..word_start)?);
        if let Some((quote, at)) = quoted {
            // Within quotes all that is in them is the word, if they are closed.
            word_start = start + at + quote.len_utf8();
            word_end = tail.find(quote).map_or(offset, |at| offset + at);
        } else if typed.len() > 1 && typed.ends_with(':') {
            // `create:` and no blank yet: what comes is the value.
            needs_blank = true;
            word_start = offset;
        } else if text.get(word_start..word_end)?.ends_with(':') {
            word_end -= 1;
        }
        let quote = quoted.map(|(quote, _)| quote);
        let word_end = word_end.max(offset).max(word_start);
        let (before, after) = (text.get(start..word_start)?, text.get(word_end..end)?);
        Some(Self { text, end, word: Span::new(word_start, word_end), before, after, open, quote, needs_blank })
    }

    /// The text with `word` in the place of the one at the cursor, and `rest` in the place of what follows on the line.
    fn with(&self, word: &str, rest: &str) -> Option<String> {
        let head = self.text.get(..self.word.start as usize)?;
        let blank = if self.needs_blank { " " } else { "" };
        Some([head, blank, word, rest, self.text.get(self.end..)?].concat())
    }

    /// What closes the brackets that the line has open.
    fn closers(&self) -> String {
        self.open.iter().rev().map(|open| if *open == '{' { '}' } else { ']' }).collect()
    }

    /// The cursor, if a key or value can stand here.
    fn read_as(&self, what: What) -> Option<Cursor> {
        let closers = self.closers();
        [self.after, closers.as_str()].into_iter().find_map(|rest| {
            let close = self.quote.map(String::from).filter(|quote| !rest.starts_with(quote.as_str()));
            // A mapping's key needs its colon; what follows on further lines is then its value.
            let has_colon = rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':');
            let colon = match what {
                What::Value => "",
                What::Key if has_colon => "",
                What::Key if self.quote.is_some() && close.is_none() => return None,
                What::Key if self.open.is_empty() => ":",
                What::Key => ": null",
            };
            let word = format!("{WORD}{}{colon}", close.unwrap_or_default());
            let (path, root) = find(&self.with(&word, rest)?, what)?;
            Some(Cursor {
                what,
                path,
                root,
                replace: self.word,
                quote: self.quote,
                flow: !self.open.is_empty(),
                has_colon,
                needs_blank: self.needs_blank,
            })
        })
    }

    /// Whether a key is more likely here than a value.
    fn likely(&self) -> What {
        let before = self.before.trim_end();
        let last = before.trim_end_matches(['"', '\'']).trim_end().chars().last();
        let follows_colon = self.after.trim_start().starts_with(':');
        match (last, self.open.last()) {
            _ if follows_colon => What::Key,
            (Some(':'), _) => What::Value,
            (Some('{' | ','), Some('{')) => What::Key,
            (Some('[' | ','), Some('[')) => What::Value,
            (None | Some('-'), None) => What::Key,
            _ => What::Value,
        }
    }
}

/// The brackets that are open behind `text`, and the quote with its place.
fn state(text: &str) -> (Vec<char>, Option<(char, usize)>) {
    let mut open = Vec::new();
    let mut quote = None;
    let mut previous = ' ';
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match (quote, c) {
            (Some(('"', _)), '\\') => drop(chars.next()),
            (Some((q, _)), c) if q == c => quote = None,
            (Some(_), _) => {}
            // A quote begins a scalar only where one can begin.
            (None, '"' | '\'') if matches!(previous, ' ' | '[' | '{' | ',' | ':') => quote = Some((c, at)),
            (None, '[' | '{') if matches!(previous, ' ' | '[' | '{' | ',' | ':') => open.push(c),
            (None, ']' | '}') => drop(open.pop()),
            _ => {}
        }
        previous = c;
    }
    (open, quote)
}

/// Where the cursor at `offset` of `text` is, the likelier reading first; nothing where nothing can be typed that has a name.
pub(crate) fn readings(text: &str, offset: usize) -> impl Iterator<Item = Cursor> {
    let line = Line::of(text, offset);
    let readings = match line.as_ref().map(Line::likely) {
        // Behind a `:` no key can begin.
        Some(What::Value) if line.as_ref().is_some_and(|line| line.before.trim_end().ends_with(':')) => {
            vec![What::Value]
        }
        Some(What::Value) => vec![What::Value, What::Key],
        Some(What::Key) => vec![What::Key, What::Value],
        None => Vec::new(),
    };
    readings.into_iter().filter_map(move |what| line.as_ref()?.read_as(what))
}

/// Parses `text` and looks for the word.
fn find(text: &str, what: What) -> Option<(Path, Node)> {
    let parsed = yaml::parse(&SourceFile::new("", text));
    let root = parsed.root?;
    let mut path = Path::root();
    search(&root, what, &mut path).then_some((path, root))
}

fn search(node: &Node, what: What, path: &mut Path) -> bool {
    match &node.value {
        Value::Str(text) => what == What::Value && text == WORD,
        Value::Seq(items) => items.iter().enumerate().any(|(index, item)| {
            path.push_index(index);
            let found = search(item, what, path);
            if !found {
                path.pop();
            }
            found
        }),
        Value::Map(map) => {
            if what == What::Key && map.entry(WORD).is_some() {
                return true;
            }
            map.iter().any(|entry| {
                path.push_key(entry.key.text.as_str());
                let found = search(&entry.value, what, path);
                if !found {
                    path.pop();
                }
                found
            })
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `$0` is the cursor; gives `key` or `value`, the path, the other keys, and what is replaced.
    #[track_caller]
    fn check(fixture: &str, expected: &str) {
        let offset = fixture.find("$0").unwrap();
        let text = fixture.replace("$0", "");
        let told = match readings(&text, offset).next() {
            None => "nothing".to_owned(),
            Some(cursor) => {
                let what = if cursor.what == What::Key { "key" } else { "value" };
                let replaced = &text[cursor.replace.range()];
                format!("{what} {} {:?} {replaced:?}", cursor.path, cursor.siblings())
            }
        };
        assert_eq!(told, expected, "{fixture}");
    }

    #[test]
    fn keys_being_typed() {
        check("a: 1\nb$0", r#"key  ["a"] "b""#);
        check("$0", r#"key  [] """#);
        check("a: 1\n$0\nc: 2\n", r#"key  ["a", "c"] """#);
        check("limits:\n  timeouts: {run: 1m}\n  $0\nbudget: {per_task: 1}\n", r#"key limits ["timeouts"] """#);
        check("limits:\n  $0", r#"key limits [] """#);
        check("limits:\n  in_fl$0:\n    total: 3\n", r#"key limits [] "in_fl""#);
        check("limits:\n  in_fl$0\n    total: 3\n", r#"key limits [] "in_fl""#);
        check("a: {b: 1, $0}\n", r#"key a ["b"] """#);
        check("a: {b: 1, c$0\nd: 2\n", r#"key a ["b"] "c""#);
        check("stages:\n  - {name: x, so$0}\n  - {name: y}\n", r#"key stages[0] ["name"] "so""#);
        check("stages:\n  - name: x\n    $0\n", r#"key stages[0] ["name"] """#);
        check("stages:\n  - n$0\n", r#"key stages[0] [] "n""#);
    }

    #[test]
    fn values_being_typed() {
        check("a:\n  b: x$0y\n", r#"value a.b [] "xy""#);
        check("a: {b: $0}\n", r#"value a.b [] """#);
        check("a: {b: [x, y$0\nc: 1\n", r#"value a.b[1] [] "y""#);
        check("a: [\"x$0\nc: 1\n", r#"value a[0] [] "x""#);
        check("a: [\"x$0\", z]\n", r#"value a[0] [] "x""#);
        check("create:$0\n", r#"value create [] """#);
        check("a: github:team/x$0\n", r#"value a [] "github:team/x""#);
    }

    #[test]
    fn a_broken_line_elsewhere_does_not_matter() {
        check("a: [1,\n  b: }\npull_request:\n  cre$0\n", r#"key pull_request [] "cre""#);
        check("x: \"\\q\"\na: {b: $0", r#"value a.b [] """#);
    }
}
