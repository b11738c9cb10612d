//! A template as the editor needs it: its tags and words, also while it is being typed and compiles to nothing.
//!
//! What a template means is the spec's business; here only its words are told apart, so that a half-written one still has
//! hovers and completions.

use std::ops::Range;

/// What stands between the marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TagKind {
    /// `{{ … }}`
    Expression,
    /// `{% … %}`
    Statement,
    /// `{# … #}`
    Comment,
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tag {
    pub(crate) kind: TagKind,
    /// Between the marks. Of a tag that is not closed to the end of its line, or to where the next begins.
    pub(crate) inner: Range<usize>,
    pub(crate) closed: bool,
}

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Word,
    /// With its quotes, if it is closed.
    Text {
        closed: bool,
    },
    Dot,
    Pipe,
    /// `==` or `!=`
    Equality,
    Other,
}

/// A word or sign in a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) range: Range<usize>,
}

impl Token {
    pub(crate) fn text<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.range.clone()).unwrap_or_default()
    }

    /// Of a text in quotes what stands between them.
    pub(crate) fn content(&self) -> Range<usize> {
        let end = if self.kind == (TokenKind::Text { closed: true }) { self.range.end - 1 } else { self.range.end };
        (self.range.start + 1).min(end)..end
    }
}

fn opening(bytes: &[u8], at: usize) -> Option<TagKind> {
    if bytes.get(at) != Some(&b'{') {
        return None;
    }
    match bytes.get(at + 1)? {
        b'{' => Some(TagKind::Expression),
        b'%' => Some(TagKind::Statement),
        b'#' => Some(TagKind::Comment),
        _ => None,
    }
}

/// The tags of `text`, in its order.
pub(crate) fn tags(text: &str) -> Vec<Tag> {
    let bytes = text.as_bytes();
    let mut tags = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let Some(kind) = opening(bytes, at) else {
            at += 1;
            continue;
        };
        let tag = tag(text, kind, at + 2);
        at = if tag.closed { tag.inner.end + 2 } else { tag.inner.end };
        tags.push(tag);
    }
    tags
}

/// The tag whose inside begins at `start`.
fn tag(text: &str, kind: TagKind, start: usize) -> Tag {
    let bytes = text.as_bytes();
    let close = match kind {
        TagKind::Expression => b'}',
        TagKind::Statement => b'%',
        TagKind::Comment => b'#',
    };
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        if *byte == close && bytes.get(at + 1) == Some(&b'}') {
            return Tag { kind, inner: start..at, closed: true };
        }
        if kind != TagKind::Comment {
            if opening(bytes, at).is_some() {
                break;
            }
            if let (b'"' | b'\'', Some(end)) = (*byte, closing_quote(bytes, at)) {
                at = end;
            }
        }
        at += 1;
    }
    let rest = text.get(start..at.min(text.len())).unwrap_or_default();
    let end = rest.find('\n').map_or(at.min(text.len()), |line| start + line);
    Tag { kind, inner: start..end, closed: false }
}

/// The quote that closes the one at `open`, on the same line.
fn closing_quote(bytes: &[u8], open: usize) -> Option<usize> {
    let quote = bytes.get(open)?;
    let mut at = open + 1;
    loop {
        match bytes.get(at)? {
            b'\n' => return None,
            b'\\' => at += 2,
            byte if byte == quote => return Some(at),
            _ => at += 1,
        }
    }
}

/// The words and signs of `range` of `text`.
pub(crate) fn tokens(text: &str, range: Range<usize>) -> Vec<Token> {
    let bytes = text.as_bytes().get(..range.end).unwrap_or_default();
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii();
    let mut tokens = Vec::new();
    let mut at = range.start;
    while let Some(byte) = bytes.get(at) {
        let start = at;
        let kind = match byte {
            byte if byte.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            b'"' | b'\'' => {
                let end = closing_quote(bytes, at);
                at = end.map_or(bytes.len(), |end| end + 1);
                TokenKind::Text { closed: end.is_some() }
            }
            byte if is_word(byte) => {
                at += bytes.get(at..).unwrap_or_default().iter().take_while(|byte| is_word(byte)).count();
                TokenKind::Word
            }
            b'=' | b'!' if bytes.get(at + 1) == Some(&b'=') => {
                at += 2;
                TokenKind::Equality
            }
            byte => {
                at += 1;
                match byte {
                    b'.' => TokenKind::Dot,
                    b'|' => TokenKind::Pipe,
                    _ => TokenKind::Other,
                }
            }
        };
        tokens.push(Token { kind, range: start..at });
    }
    tokens
}

/// A name behind a root: `inputs.package`, `run.repository`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member<'t> {
    pub(crate) root: &'t str,
    pub(crate) name: &'t str,
    /// Where the name stands.
    pub(crate) range: Range<usize>,
}

/// The members that `tokens` name.
pub(crate) fn members<'t>(text: &'t str, tokens: &[Token]) -> Vec<Member<'t>> {
    let follows_dot =
        |index: usize| index.checked_sub(1).and_then(|i| tokens.get(i)).is_some_and(|t| t.kind == TokenKind::Dot);
    let mut members = Vec::new();
    for (index, window) in tokens.windows(3).enumerate() {
        let [root, dot, name] = window else { continue };
        let kinds = [root.kind, dot.kind, name.kind];
        if kinds == [TokenKind::Word, TokenKind::Dot, TokenKind::Word] && !follows_dot(index) {
            members.push(Member { root: root.text(text), name: name.text(text), range: name.range.clone() });
        }
    }
    members
}

/// Where `inputs.NAME` stands for any name: the name and its place, in the order of the text.
pub(crate) fn inputs(text: &str) -> Vec<(&str, Range<usize>)> {
    let mut found = Vec::new();
    for tag in tags(text).iter().filter(|tag| tag.kind != TagKind::Comment) {
        let tokens = tokens(text, tag.inner.clone());
        found.extend(members(text, &tokens).into_iter().filter(|m| m.root == "inputs").map(|m| (m.name, m.range)));
    }
    found
}

/// The partials that are included, as named, with the place between the quotes.
pub(crate) fn includes(text: &str) -> Vec<(&str, Range<usize>)> {
    let mut found = Vec::new();
    for tag in tags(text).iter().filter(|tag| tag.kind == TagKind::Statement) {
        let tokens = tokens(text, tag.inner.clone());
        if let [word, name, ..] = skip_dash(text, &tokens)
            && word.text(text) == "include"
            && matches!(name.kind, TokenKind::Text { .. })
        {
            let place = name.content();
            found.push((text.get(place.clone()).unwrap_or_default(), place));
        }
    }
    found
}

/// A statement's tokens without the sign that trims white space.
pub(crate) fn skip_dash<'t>(text: &str, tokens: &'t [Token]) -> &'t [Token] {
    match tokens {
        [first, rest @ ..] if matches!(first.text(text), "-" | "+") => rest,
        all => all,
    }
}

/// The loops that are open at `offset`, outermost first: variable and, if it is one, the input that it goes over.
pub(crate) fn loops(text: &str, offset: usize) -> Vec<(&str, Option<&str>)> {
    let mut open = Vec::new();
    for tag in tags(text).iter().filter(|tag| tag.kind == TagKind::Statement && tag.inner.end < offset) {
        let tokens = tokens(text, tag.inner.clone());
        match skip_dash(text, &tokens) {
            [word, variable, rest @ ..] if word.text(text) == "for" => {
                let input = members(text, rest).into_iter().find(|member| member.root == "inputs");
                open.push((variable.text(text), input.map(|member| member.name)));
            }
            [word, ..] if word.text(text) == "endfor" => drop(open.pop()),
            _ => {}
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_told_apart_also_where_one_is_not_closed() {
        let text = "a {{ b }} {% if c %}{# d }} #}{{ e | f(\"}}\") }} {{ g\n h {{ i }}";
        let all: Vec<_> = tags(text).into_iter().map(|tag| (&text[tag.inner], tag.closed)).collect();
        let expected = [
            (" b ", true),
            (" if c ", true),
            (" d }} ", true),
            (" e | f(\"}}\") ", true),
            (" g", false),
            (" i ", true),
        ];
        assert_eq!(all, expected);
    }

    #[test]
    fn names_of_inputs_are_found_and_nothing_that_only_looks_like_one() {
        let text = "{{ inputs.a | fence }}{% if not inputs.b and x.inputs.c == \"inputs.d\" %}inputs.e{# inputs.f #}{{ inputs.";
        let names: Vec<_> = inputs(text).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["a", "b"]);
    }

    #[test]
    fn loops_are_known_where_they_are_open() {
        let text = "{% for a in inputs.list -%}{% for b in x %}{% endfor %}{{ a }}{%- endfor %}{{ c }}";
        assert_eq!(loops(text, text.find("{{ a").unwrap() + 3), [("a", Some("list"))]);
        assert_eq!(loops(text, text.len()), []);
        assert_eq!(
            includes("{%- include \"partials/a.md\" %}{% include 'b"),
            [("partials/a.md", 13..26), ("b", 42..43)]
        );
    }
}
