//! The three kinds of pattern that documents use, over one small matcher.
//!
//! `*` stops at `/`; `**` does not; `**/` at the beginning of a segment also matches nothing at all, as in
//! `.gitignore`. Nothing else is special, and the characters that other tools give a meaning are refused, so that a
//! pattern never means less than its reader thinks.

mod beyond;
mod relate;

use std::{fmt, str::FromStr};

pub use beyond::{Beyond, Covering, Effort};

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

fn tokens(pattern: &[u8]) -> impl Iterator<Item = Token> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (token, length) = match pattern.get(at..)? {
            [b'*', b'*', b'/', ..] if at == 0 || pattern.get(at - 1) == Some(&b'/') => (Token::Folders, 3),
            [b'*', b'*', ..] => (Token::DoubleStar, 2),
            [b'*', ..] => (Token::Star, 1),
            [byte, ..] => (Token::Byte(*byte), 1),
            [] => return None,
        };
        at += length;
        Some(token)
    })
}

/// Whether `text` is in the language of `pattern`. The positions that are reached are bits, all of which take a byte at once,
/// so that no pattern makes a text slow.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    if pattern.len() < 64 { walk::<1>(pattern, text) } else { walk::<WORDS>(pattern, text) }
}

/// Enough for the positions of the longest pattern that any of the types takes, 300 characters.
const WORDS: usize = 5;

/// Stands in a text for any run of bytes without a slash, and with any. No text that people write has these bytes.
const ANY_WITHIN: u8 = 0xfe;
const ANY: u8 = 0xff;

type Set<const N: usize> = [u64; N];

fn walk<const N: usize>(pattern: &[u8], text: &[u8]) -> bool {
    // Which positions take a byte and go on, by the byte; patterns are ASCII.
    let mut takes = [[0; N]; 128];
    // Which take a byte and stay: any but `/`, or any; which are left without one: always, or where a segment begins.
    let (mut star, mut any, mut free, mut folders) = ([0; N], [0; N], [0; N], [0; N]);
    let mut end = 0;
    for (at, token) in tokens(pattern).enumerate() {
        end = at + 1;
        let sets: [Option<&mut Set<N>>; 2] = match token {
            Token::Byte(byte) => [takes.get_mut(usize::from(byte)), None],
            Token::Star => [Some(&mut star), Some(&mut free)],
            Token::DoubleStar => [Some(&mut any), Some(&mut free)],
            Token::Folders => [Some(&mut any), Some(&mut folders)],
        };
        sets.into_iter().flatten().for_each(|set| put(set, at));
    }
    let mut here = [0; N];
    put(&mut here, 0);
    close(&mut here, &free, &folders, true);
    for &byte in text {
        let none = [0; N];
        let taken = takes.get(usize::from(byte)).unwrap_or(&none);
        let mut next = [0; N];
        let mut carry = 0;
        for word in 0..N {
            let gone = here[word] & taken[word];
            let stays = any[word] | if matches!(byte, b'/' | ANY) { 0 } else { star[word] };
            next[word] = (gone << 1) | carry | (here[word] & stays);
            carry = gone >> 63;
        }
        close(&mut next, &free, &folders, byte == b'/');
        if next == none {
            return false;
        }
        here = next;
    }
    here.get(end / 64).is_some_and(|word| (word >> (end % 64)) & 1 == 1)
}

fn put<const N: usize>(set: &mut Set<N>, at: usize) {
    if let Some(word) = set.get_mut(at / 64) {
        *word |= 1 << (at % 64);
    }
}

/// Adds the positions that are reached without taking a byte. `folders` are left only where a segment begins.
fn close<const N: usize>(set: &mut Set<N>, free: &Set<N>, folders: &Set<N>, segment_begins: bool) {
    loop {
        let before = *set;
        let mut carry = 0;
        for word in 0..N {
            let left = before[word] & (free[word] | if segment_begins { folders[word] } else { 0 });
            set[word] |= (left << 1) | carry;
            carry = left >> 63;
        }
        if *set == before {
            return;
        }
    }
}

/// Whether `name` is in the language of a pattern whose `*` meet no `/`, without regard to case: the pieces between the
/// wildcards are found one behind the other, each at the first place. Inventories are long, and most names do not even begin
/// like a pattern.
fn matches_name(pattern: &str, name: &[u8]) -> bool {
    let mut pieces = pattern.as_bytes().split(|byte| *byte == b'*');
    let same = |a: &[u8], b: &[u8]| a.eq_ignore_ascii_case(b);
    let begins =
        pieces.next().and_then(|first| name.split_at_checked(first.len()).filter(|(head, _)| same(head, first)));
    let Some((_, rest)) = begins else { return false };
    let Some(last) = pieces.next_back() else { return rest.is_empty() };
    let Some((mut rest, tail)) = rest.len().checked_sub(last.len()).and_then(|at| rest.split_at_checked(at)) else {
        return false;
    };
    same(tail, last)
        && pieces.filter(|piece| !piece.is_empty()).all(|piece| {
            let found = rest.windows(piece.len()).position(|window| same(window, piece));
            rest = found.and_then(|at| rest.get(at + piece.len()..)).unwrap_or_default();
            found.is_some()
        })
}

/// What `*` and `**` do not replace.
fn literal(c: char) -> bool {
    c.is_ascii_graphic() && !matches!(c, '?' | '[' | ']' | '{' | '}' | '!' | '\\' | '^' | '~' | ':')
}

macro_rules! pattern_type {
    ($(#[$doc:meta])* $name:ident, $expected:literal, $pattern:literal, [$($example:literal),+], $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name {
            text: String,
        }

        impl $name {
            /// The pattern as written.
            pub fn as_str(&self) -> &str {
                &self.text
            }

            /// Whether it has no wildcard.
            pub fn is_literal(&self) -> bool {
                !self.text.contains('*')
            }
        }

        impl FromStr for $name {
            type Err = Malformed;
            fn from_str(text: &str) -> Result<Self, Malformed> {
                let check: fn(&str) -> bool = $check;
                if check(text) {
                    Ok(Self { text: text.to_owned() })
                } else {
                    Err(Malformed { expected: $expected, found: text.to_owned() })
                }
            }
        }

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
    "^(?!refs/)(?!/)(?!.*//)(?!.*/$)[\"-9;->@-Z_-z|]{1,200}$", ["main", "release/*"],
    |text| word(text, 200, literal, literal) && !text.starts_with("refs/") && text.split('/').all(|part| !part.is_empty())
);

pattern_type!(
    /// A path in a repository with `*` (within a folder) and `**` (across folders), from the repository's root.
    PathPattern, "a path pattern from the repository's root, such as `src/**` or `**/Cargo.toml`",
    "^(?!/)(?!.*//)(?!.*/$)(?!(.*/)?\\.{1,2}(/|$))[ \"-9;->@-Z_-z|]{1,300}$", ["src/**", "**/Cargo.toml"],
    |text| {
        let each = |c: char| literal(c) || c == ' ';
        word(text, 300, each, each) && text.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
    }
);

impl RepoPattern {
    /// Whether `repository` matches; ASCII case is ignored, as GitHub does.
    pub fn matches(&self, repository: &RepoName) -> bool {
        matches_name(&self.text, repository.as_str().as_bytes())
    }

    /// The literal owner.
    pub fn owner(&self) -> &str {
        self.text.split_once('/').map_or("", |(owner, _)| owner)
    }
}

impl RefPattern {
    /// Whether the branch `name` matches.
    pub fn matches(&self, name: &str) -> bool {
        matches(self.text.as_bytes(), name.as_bytes())
    }
}

impl PathPattern {
    /// Whether `path`, relative to the repository's root, matches.
    pub fn matches(&self, path: &str) -> bool {
        matches(self.text.as_bytes(), path.as_bytes())
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
    fn many_wildcards_are_one_walk() {
        let pattern: PathPattern = format!("{}b", "**a".repeat(90)).parse().unwrap();
        assert!(!pattern.matches(&"a".repeat(290)) && pattern.matches(&format!("{}b", "a".repeat(90))));
        let pattern: PathPattern = format!("{}c", "**/".repeat(90)).parse().unwrap();
        assert!(pattern.matches("c") && pattern.matches("a/b/c") && !pattern.matches("a/bc"));
        let pattern: RepoPattern = format!("acme/{}b", "*a".repeat(45)).parse().unwrap();
        let name = |text: String| text.parse::<RepoName>().unwrap();
        assert!(!pattern.matches(&name(format!("acme/{}", "a".repeat(99)))));
        assert!(pattern.matches(&name(format!("acme/{}b", "a".repeat(45)))));
        assert!(!pattern.matches(&name(format!("acme/{}b", "a".repeat(44)))));
    }

    proptest::proptest! {
        /// A folder in front moves the positions into the next words, and changes nothing.
        #[test]
        fn a_long_pattern_is_walked_as_a_short_one(
            pattern in "(a|b|/|[*]|[*][*]|[*][*]/){0,20}", text in "[ab/]{0,200}", folder in 1..=200_usize
        ) {
            let short = walk::<1>(pattern.as_bytes(), text.as_bytes());
            let behind = |text: &str| format!("{}/{text}", "x".repeat(folder));
            proptest::prop_assert_eq!(walk::<WORDS>(pattern.as_bytes(), text.as_bytes()), short);
            proptest::prop_assert_eq!(walk::<WORDS>(behind(&pattern).as_bytes(), behind(&text).as_bytes()), short);
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
