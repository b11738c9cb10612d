//! A first look at a template's tokens: bounds that keep the parser from being driven too deep, and block statements that
//! do not pair up, which the parser would report at the end of the text instead of where they stand.

use std::ops::Range;

use minijinja::Error;
use minijinja::machinery::{Span, Token, tokenize};
use taskclass_source::text::quoted;

use super::problem::ProblemKind;

/// The most tags, `{{ … }}` and `{% … %}`, in one template.
const MAX_TAGS: usize = 2000;
/// The most tokens in one tag.
const MAX_TOKENS: usize = 200;
/// The most blocks within each other.
const MAX_NESTING: usize = 20;
/// The most `elif` of one `if`.
const MAX_ELIFS: usize = 50;

/// Something wrong, with its place in the text, and perhaps another with what is said there.
pub(super) struct Found {
    pub(super) kind: ProblemKind,
    pub(super) range: Range<usize>,
    pub(super) other: Option<(Range<usize>, &'static str)>,
}

/// A block that is open.
struct Open {
    statement: &'static str,
    end: &'static str,
    range: Range<usize>,
    elifs: usize,
    has_else: bool,
}

/// Everything wrong with the tokens of `text`. A template with anything here must not be given to the parser.
pub(super) fn scan(text: &str) -> Vec<Found> {
    let mut scanner = Scanner::default();
    for token in tokenize(text, false, Default::default()) {
        match token {
            Ok((token, span)) => scanner.token(&token, range(span)),
            Err(error) => {
                scanner.found.push(syntax(&error, text));
                return scanner.found;
            }
        }
        if scanner.stop {
            return scanner.found;
        }
    }
    // Statements that are refused anyway may take blocks whose ends are not followed here.
    if !scanner.refused {
        let unclosed = scanner.open.into_iter().map(|open| Found {
            kind: ProblemKind::Unclosed { statement: open.statement },
            range: open.range,
            other: None,
        });
        scanner.found.extend(unclosed);
    }
    scanner.found
}

pub(super) fn range(span: Span) -> Range<usize> {
    span.start_offset as usize..span.end_offset as usize
}

/// The engine's error with its place.
pub(super) fn syntax(error: &Error, text: &str) -> Found {
    let reason = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    let range = error.range().unwrap_or(0..text.len());
    let here = text.get(range.start..).unwrap_or_default();
    let reason = match (reason.as_str(), here.chars().next()) {
        ("unexpected character", Some(c)) => instead_of(here, c),
        ("unknown statement end", _) => "an end is one word: `endif` or `endfor`".to_owned(),
        _ => reason,
    };
    Found { kind: ProblemKind::Syntax { reason }, range, other: None }
}

/// What to write for a character that the engine does not know.
fn instead_of(here: &str, c: char) -> String {
    let shown = quoted(c.encode_utf8(&mut [0; 4]));
    match c {
        '&' if here.starts_with("&&") => "`&&` is written `and`".to_owned(),
        '|' if here.starts_with("||") => "`||` is written `or`".to_owned(),
        '!' => "`!` is written `not`".to_owned(),
        '“' | '”' | '„' | '‘' | '’' | '«' | '»' => format!("{shown} is a typographic quote; write `\"`"),
        '`' => "a backtick cannot stand between the braces".to_owned(),
        _ => format!("{shown} has no meaning here"),
    }
}

#[derive(Default)]
struct Scanner {
    found: Vec<Found>,
    open: Vec<Open>,
    tags: usize,
    tokens: usize,
    /// The next token is a statement's name.
    at_statement: bool,
    refused: bool,
    stop: bool,
}

impl Scanner {
    fn token(&mut self, token: &Token<'_>, range: Range<usize>) {
        match token {
            Token::TemplateData(_) => {}
            Token::VariableStart | Token::BlockStart => {
                self.tags += 1;
                self.tokens = 0;
                self.at_statement = matches!(token, Token::BlockStart);
                self.bound(self.tags, MAX_TAGS, "tags in this template", &range);
            }
            _ => {
                self.tokens += 1;
                self.bound(self.tokens, MAX_TOKENS, "words and signs in this tag", &range);
                if let (Token::Ident(name), true) = (token, self.at_statement) {
                    self.statement(name, range);
                }
                self.at_statement = false;
            }
        }
    }

    fn bound(&mut self, count: usize, limit: usize, what: &'static str, range: &Range<usize>) {
        if count > limit {
            self.problem(ProblemKind::TooComplex { what, limit }, range.clone());
            self.stop = true;
        }
    }

    fn problem(&mut self, kind: ProblemKind, range: Range<usize>) {
        self.found.push(Found { kind, range, other: None });
    }

    fn statement(&mut self, name: &str, range: Range<usize>) {
        match name {
            "if" => self.push("if", "endif", range),
            "for" => self.push("for", "endfor", range),
            "endif" | "endfor" => self.close(name, range),
            "else" => match self.open.last_mut() {
                Some(open) if !open.has_else => open.has_else = true,
                _ => self.misplaced(name, None, range),
            },
            "elif" => match self.open.last_mut() {
                Some(open) if open.statement == "if" && !open.has_else => {
                    open.elifs += 1;
                    let count = open.elifs;
                    self.bound(count, MAX_ELIFS, "`elif` in this `if`", &range);
                }
                _ => self.misplaced(name, None, range),
            },
            "include" => {}
            _ => self.refused = true,
        }
    }

    fn push(&mut self, statement: &'static str, end: &'static str, range: Range<usize>) {
        self.bound(self.open.len() + 1, MAX_NESTING, "blocks within each other here", &range);
        self.open.push(Open { statement, end, range, elifs: 0, has_else: false });
    }

    fn close(&mut self, name: &str, range: Range<usize>) {
        match self.open.pop() {
            Some(open) if open.end == name => {}
            Some(open) => {
                self.misplaced(name, Some(open.end), range);
                if let Some(found) = self.found.last_mut() {
                    found.other = Some((open.range, "this is open"));
                }
                // The rest is read as if it closed what it names, so that one slip is one finding.
                if self.open.iter().any(|outer| outer.end == name) {
                    while self.open.pop().is_some_and(|outer| outer.end != name) {}
                }
            }
            None => self.misplaced(name, None, range),
        }
    }

    fn misplaced(&mut self, found: &str, expected: Option<&'static str>, range: Range<usize>) {
        self.problem(ProblemKind::Misplaced { found: found.to_owned(), expected }, range);
    }
}
