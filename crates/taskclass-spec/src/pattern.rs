//! The three kinds of pattern that documents use, over one small matcher.
//!
//! `*` stops at `/`; `**` does not; `**/` at the beginning of a segment also matches nothing at all, as in
//! `.gitignore`. Nothing else is special, and the characters that other tools give a meaning are refused, so that a
//! pattern never means less than its reader thinks.

use std::{borrow::Cow, fmt, str::FromStr};

use crate::{
    Malformed, RepoName,
    newtype::{string_serde, word},
    repo::is_owner,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Byte(u8),
    /// `*`: any run without `/`.
    Star,
    /// `**`: any run.
    DoubleStar,
    /// `**/` at the start of a segment: any number of whole folders, or none.
    Folders,
}

fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while let Some(&byte) = bytes.get(i) {
        if byte != b'*' {
            out.push(Token::Byte(byte));
            i += 1;
        } else if bytes.get(i + 1) != Some(&b'*') {
            out.push(Token::Star);
            i += 1;
        } else if bytes.get(i + 2) == Some(&b'/') && (i == 0 || bytes.get(i - 1) == Some(&b'/')) {
            out.push(Token::Folders);
            i += 3;
        } else {
            out.push(Token::DoubleStar);
            i += 2;
        }
    }
    out
}

/// Whether `text` is in the language of `pattern`: a set of positions walked over the bytes, so no input is slow.
fn matches(pattern: &[Token], text: &[u8]) -> bool {
    let mut here = vec![false; pattern.len() + 1];
    here[0] = true;
    close(pattern, &mut here, true);
    let mut next = vec![false; pattern.len() + 1];
    for &byte in text {
        next.fill(false);
        for (i, token) in pattern.iter().enumerate().filter(|(i, _)| here[*i]) {
            match token {
                Token::Byte(b) => next[i + 1] |= *b == byte,
                Token::Star => next[i] |= byte != b'/',
                Token::DoubleStar | Token::Folders => next[i] = true,
            }
        }
        close(pattern, &mut next, byte == b'/');
        std::mem::swap(&mut here, &mut next);
    }
    here[pattern.len()]
}

/// Adds the positions that are reached without taking a byte. `Folders` ends only where a segment begins.
fn close(pattern: &[Token], set: &mut [bool], segment_begins: bool) {
    for (i, token) in pattern.iter().enumerate() {
        let free = match token {
            Token::Byte(_) => false,
            Token::Star | Token::DoubleStar => true,
            Token::Folders => segment_begins,
        };
        set[i + 1] |= set[i] && free;
    }
}

/// What `*` and `**` do not replace.
fn literal(c: char) -> bool {
    c.is_ascii_graphic() && !matches!(c, '?' | '[' | ']' | '{' | '}' | '!' | '\\' | '^' | '~' | ':')
}

macro_rules! pattern_type {
    ($(#[$doc:meta])* $name:ident, $expected:literal, $pattern:literal, [$($example:literal),+], $fold:expr, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $name {
            text: String,
            tokens: Vec<Token>,
        }

        impl $name {
            /// The pattern as written.
            pub fn as_str(&self) -> &str {
                &self.text
            }

            /// Whether it has no wildcard.
            pub fn is_literal(&self) -> bool {
                self.tokens.iter().all(|token| matches!(token, Token::Byte(_)))
            }
        }

        impl FromStr for $name {
            type Err = Malformed;
            fn from_str(text: &str) -> Result<Self, Malformed> {
                let check: fn(&str) -> bool = $check;
                if check(text) {
                    let fold: fn(&str) -> Cow<'_, str> = $fold;
                    Ok(Self { text: text.to_owned(), tokens: tokens(&fold(text)) })
                } else {
                    Err(Malformed { expected: $expected, found: text.to_owned() })
                }
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.text == other.text
            }
        }

        impl Eq for $name {}

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.text)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.text)
            }
        }

        string_serde!($name, $expected, $pattern, [$($example),+]);
    };
}

pattern_type!(
    /// `owner/name` with a literal owner and `*` in the name.
    RepoPattern, "a repository pattern as `owner/name`, with `*` only in the name",
    "^[A-Za-z0-9][A-Za-z0-9-]{0,38}/(?!\\.{1,2}$)(?!.*\\*\\*)[A-Za-z0-9._*-]{1,100}$", ["acme/svc-*"],
    |text| Cow::Owned(text.to_ascii_lowercase()),
    |text| {
        let each = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '*');
        text.split_once('/').is_some_and(|(owner, name)| {
            is_owner(owner) && word(name, 100, each, each) && name != "." && name != ".." && !name.contains("**")
        })
    }
);

pattern_type!(
    /// A branch name with `*` (within a segment) and `**` (across segments).
    RefPattern, "a branch pattern such as `main` or `release/*`",
    "^(?!refs/)(?!/)(?!.*//)(?!.*/$)[!-~]{1,200}$", ["main", "release/*"],
    |text| Cow::Borrowed(text),
    |text| word(text, 200, literal, literal) && !text.starts_with("refs/") && text.split('/').all(|part| !part.is_empty())
);

pattern_type!(
    /// A path in a repository with `*` (within a folder) and `**` (across folders), from the repository's root.
    PathPattern, "a path pattern from the repository's root, such as `src/**` or `**/Cargo.toml`",
    "^(?!/)(?!.*//)(?!.*/$)[ -~]{1,300}$", ["src/**", "**/Cargo.toml"],
    |text| Cow::Borrowed(text),
    |text| {
        let each = |c: char| literal(c) || c == ' ';
        word(text, 300, each, each) && text.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
    }
);

impl RepoPattern {
    /// Whether `repository` matches; ASCII case is ignored, as GitHub does.
    pub fn matches(&self, repository: &RepoName) -> bool {
        matches(&self.tokens, repository.folded())
    }

    /// The literal owner.
    pub fn owner(&self) -> &str {
        self.text.split_once('/').map_or("", |(owner, _)| owner)
    }
}

impl RefPattern {
    /// Whether the branch `name` matches.
    pub fn matches(&self, name: &str) -> bool {
        matches(&self.tokens, name.as_bytes())
    }
}

impl PathPattern {
    /// Whether `path`, relative to the repository's root, matches.
    pub fn matches(&self, path: &str) -> bool {
        matches(&self.tokens, path.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        let cases: [(&str, &[&str], &[&str]); 7] = [
            ("src/**", &["src/a", "src/a/b.rs"], &["src", "lib/src/a"]),
            ("**/Cargo.toml", &["Cargo.toml", "a/Cargo.toml", "a/b/Cargo.toml"], &["xCargo.toml", "a/xCargo.toml"]),
            ("*.md", &["a.md"], &["a/b.md", "a.mdx"]),
            ("a/**/b", &["a/b", "a/x/b", "a/x/y/b"], &["a/xb", "ab", "a/x/yb"]),
            (".github/**", &[".github/workflows/ci.yml"], &["github/x"]),
            ("**", &["a", "a/b"], &[]),
            ("a*c/d", &["ac/d", "abc/d"], &["a/c/d", "abc/e"]),
        ];
        for (pattern, yes, no) in cases {
            let compiled: PathPattern = pattern.parse().unwrap();
            for text in yes {
                assert!(compiled.matches(text), "{pattern} should match {text}");
            }
            for text in no {
                assert!(!compiled.matches(text), "{pattern} should not match {text}");
            }
        }
    }

    #[test]
    fn repositories_ignore_case() {
        let pattern: RepoPattern = "acme/svc-*-prod".parse().unwrap();
        assert!(pattern.matches(&"Acme/SVC-pay-PROD".parse().unwrap()));
        assert!(!pattern.matches(&"acme/svc-pay".parse().unwrap()));
    }

    #[test]
    fn refuses_other_tools_syntax() {
        for text in ["src/[ab]", "a?b", "{a,b}", "!x", "/abs", "a//b", "a/../b", "a/", "", "a\\b"] {
            assert!(text.parse::<PathPattern>().is_err(), "{text}");
        }
        for text in ["*/x", "acme/**", "acme", "acme/a/b"] {
            assert!(text.parse::<RepoPattern>().is_err(), "{text}");
        }
        assert!("refs/heads/main".parse::<RefPattern>().is_err());
    }
}
