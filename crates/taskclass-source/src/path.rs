//! The name of a place in a document: `repositories.allow[2]`, `inputs["a.b"].pattern`.
//!
//! Rules and messages name places by path, never by offset; the tree turns a path into spans.

use std::fmt;
use std::str::FromStr;

/// One step into a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// Into a mapping, by key.
    Key(Box<str>),
    /// Into a list, counted from 0.
    Index(usize),
}

/// The way from the root of a document to one of its values; the empty path is the root.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Vec<Segment>);

/// Why a text is no path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a path at byte {offset}: {reason}")]
pub struct PathError {
    /// Where in the text.
    pub offset: usize,
    /// What is wrong there.
    pub reason: &'static str,
}

impl Path {
    /// The root.
    pub fn root() -> Self {
        Self::default()
    }

    /// The steps from the root.
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// Whether it is the root.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// This path and one step further into a mapping.
    #[must_use]
    pub fn key(&self, key: impl Into<Box<str>>) -> Self {
        let mut path = self.clone();
        path.push_key(key);
        path
    }

    /// This path and one step further into a list.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        let mut path = self.clone();
        path.push_index(index);
        path
    }

    /// Goes one step further into a mapping.
    pub fn push_key(&mut self, key: impl Into<Box<str>>) {
        self.0.push(Segment::Key(key.into()));
    }

    /// Goes one step further into a list.
    pub fn push_index(&mut self, index: usize) {
        self.0.push(Segment::Index(index));
    }

    /// Goes one step back; the root stays the root.
    pub fn pop(&mut self) -> Option<Segment> {
        self.0.pop()
    }

    /// The path one step back; `None` at the root.
    pub fn parent(&self) -> Option<Self> {
        self.0.split_last().map(|(_, rest)| Self(rest.to_vec()))
    }

    /// The last step; `None` at the root.
    pub fn last(&self) -> Option<&Segment> {
        self.0.last()
    }

    /// Reads a JSON pointer (RFC 6901), as a schema validator reports places. A token of digits is taken as an index;
    /// following the path into a mapping takes it as the key again, so nothing is lost. `None` where the text is no
    /// pointer.
    pub fn from_json_pointer(pointer: &str) -> Option<Self> {
        if pointer.is_empty() {
            return Some(Self::root());
        }
        let tokens = pointer.strip_prefix('/')?.split('/').map(|token| {
            let is_index = !token.is_empty()
                && token.bytes().all(|b| b.is_ascii_digit())
                && (token == "0" || !token.starts_with('0'));
            match token.parse() {
                Ok(index) if is_index => Segment::Index(index),
                _ => Segment::Key(token.replace("~1", "/").replace("~0", "~").into()),
            }
        });
        Some(Self(tokens.collect()))
    }

    /// Writes it as a JSON pointer.
    pub fn to_json_pointer(&self) -> String {
        let mut pointer = String::new();
        for segment in &self.0 {
            pointer.push('/');
            match segment {
                Segment::Key(key) => pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
                Segment::Index(index) => pointer.push_str(&index.to_string()),
            }
        }
        pointer
    }
}

impl FromIterator<Segment> for Path {
    fn from_iter<T: IntoIterator<Item = Segment>>(segments: T) -> Self {
        Self(segments.into_iter().collect())
    }
}

/// Whether a key stands in a path without quotes.
fn is_word(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Key(key) if is_word(key) => write!(f, "{}{key}", if position == 0 { "" } else { "." })?,
                Segment::Key(key) => write!(f, "[{}]", serde_json::Value::from(&**key))?,
                Segment::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

impl FromStr for Path {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let mut path = Self::root();
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            let fail = |reason| Err(PathError { offset: at, reason });
            if let Some(inner) = rest.strip_prefix('[') {
                if inner.starts_with('"') {
                    let mut values = serde_json::Deserializer::from_str(inner).into_iter::<String>();
                    let Some(Ok(key)) = values.next() else { return fail("the quoted key is not closed or not JSON") };
                    let length = values.byte_offset();
                    if !inner[length..].starts_with(']') {
                        return fail("`]` is missing");
                    }
                    path.push_key(key);
                    at += 1 + length + 1;
                } else {
                    let Some(length) = inner.find(']') else { return fail("`]` is missing") };
                    let digits = &inner[..length];
                    let Some(index) = digits.parse().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit())) else {
                        return fail("an index is a whole number, a key in brackets is quoted");
                    };
                    path.push_index(index);
                    at += 1 + length + 1;
                }
            } else {
                let word = match rest.strip_prefix('.') {
                    Some(word) if at > 0 => word,
                    None if at == 0 => rest,
                    _ => return fail("`.` or `[` is expected between steps, and none before the first"),
                };
                let length = word.find(['.', '[']).unwrap_or(word.len());
                if !is_word(&word[..length]) {
                    return fail("a key of other characters than letters, digits, `_` and `-` is written [\"…\"]");
                }
                path.push_key(&word[..length]);
                at += (rest.len() - word.len()) + length;
            }
        }
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_stand_plain_and_the_rest_is_quoted() {
        let path = Path::root().key("inputs").key("a.b").index(2).key("pattern");
        assert_eq!(path.to_string(), r#"inputs["a.b"][2].pattern"#);
        assert_eq!(path.to_json_pointer(), "/inputs/a.b/2/pattern");
        assert_eq!(Path::root().index(0).key("a").to_string(), "[0].a");
        assert_eq!(Path::root().to_string(), "");
    }

    #[test]
    fn what_is_no_path_is_refused_with_the_place() {
        for (text, offset) in
            [("a..b", 1), (".a", 0), ("a[x]", 1), ("a[1", 1), ("a[\"b]", 1), ("a[1]b", 4), ("a b", 0), ("a[+1]", 1)]
        {
            assert_eq!(text.parse::<Path>().unwrap_err().offset, offset, "{text}");
        }
    }

    #[test]
    fn a_pointer_is_unescaped_and_a_leading_zero_is_a_key() {
        let path = Path::from_json_pointer("/a~1b/0/01/~01").unwrap();
        assert_eq!(path, Path::root().key("a/b").index(0).key("01").key("~1"));
        assert_eq!(Path::from_json_pointer("a"), None);
        assert_eq!(Path::from_json_pointer(""), Some(Path::root()));
    }

    fn any_path() -> impl Strategy<Value = Path> {
        let segment = prop_oneof![
            ".*".prop_map(|key| Segment::Key(key.into())),
            "[a-z_-]{1,8}".prop_map(|key| Segment::Key(key.into())),
            (0..1000usize).prop_map(Segment::Index),
        ];
        prop::collection::vec(segment, 0..5).prop_map(|segments| segments.into_iter().collect())
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(path in any_path()) {
            prop_assert_eq!(path.to_string().parse::<Path>().unwrap(), path);
        }

        #[test]
        fn a_pointer_names_the_same_place_when_read_back(path in any_path()) {
            let pointer = path.to_json_pointer();
            prop_assert_eq!(Path::from_json_pointer(&pointer).unwrap().to_json_pointer(), pointer);
        }

        #[test]
        fn no_text_breaks_the_reader(text in ".*") {
            let _ = text.parse::<Path>();
            let _ = Path::from_json_pointer(&text);
        }
    }
}
