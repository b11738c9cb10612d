//! The first line is a pattern, the others are values: patterns of inputs, repositories, refs, paths; names; inventories.

use std::collections::BTreeMap;
use std::str::FromStr;

use taskclass_source::SourceFile;
use taskclass_spec::inputs::{Inputs, check_declarations, parse_pairs};
use taskclass_spec::inventory::Inventory;
use taskclass_spec::written::{Input, InputValue};
use taskclass_spec::{
    Caller, ClassName, Duration, InputName, ModelId, Owner, PathPattern, Percent, Principal, RefName, RefPattern,
    RepoName, RepoPattern,
};

use crate::hold;

pub(super) const WORDS: &[&str] = &[
    "*",
    "**",
    "**/",
    "/",
    "//",
    "/../",
    "acme/",
    "acme/svc-",
    "release/*",
    "refs/heads/",
    "a*a*a*a*",
    "(",
    ")",
    "(?:",
    "(?i)",
    "(?P<n>",
    "[^a]",
    "[a-z]",
    "\\w",
    "\\pL",
    "\\b",
    "{1000}",
    "{0,}",
    "+?",
    "|",
    "^",
    "$",
    "\\A",
    "\\z",
    "(?=",
    "\\1",
    ".*",
    "(a+)+",
    "\\x{202e}",
    "\u{202e}",
    "@acme/team",
    "@octocat",
    "github:team/acme/x",
    "oidc:repo:acme/x:ref:refs/heads/main",
    "1h30m",
    "99d",
    "20%",
    "=",
    ",",
    "\n",
];

/// Longest text that the slow matcher is asked about.
const COMPARED: usize = 24;
/// A folder whose name makes every pattern a long one.
const LONG: &str = "a-folder-whose-name-is-as-long-as-any-pattern-that-is-walked-as-a-short-one/";

pub(super) fn check(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (pattern, values) = text.split_once('\n').unwrap_or((&text, ""));
    let values: Vec<&str> = values.lines().take(50).collect();
    inputs(pattern, &values);
    globs(pattern, &values);
    names(pattern);
    inventory(&text);
}

/// An input with this pattern: what fits it matches wholly, what does not is told without hiding anything.
fn inputs(pattern: &str, values: &[&str]) {
    let Ok(name) = InputName::from_str("a") else { return };
    let input = Input::String {
        description: None,
        pattern: Some(pattern.to_owned()),
        min_length: None,
        max_length: Some(400),
        default: None,
    };
    let declared = BTreeMap::from([(name.clone(), input)]);
    let problems = check_declarations(&declared);
    for problem in &problems {
        hold::shows_all(&problem.to_string(), "a declaration's problem");
        assert!(problem.to_string().chars().count() < 2000, "as long as the pattern");
    }
    for value in values {
        let given = BTreeMap::from([(name.clone(), InputValue::String((*value).to_owned()))]);
        match Inputs::check(&declared, &given) {
            Ok(inputs) => {
                assert!(problems.is_empty(), "a value fits what is no pattern");
                let whole = regex::Regex::new(&format!(r"\A(?:{pattern})\z"));
                assert!(whole.is_ok_and(|whole| whole.is_match(value)), "{value:?} does not match all of {pattern:?}");
                assert_eq!(inputs.to_json()["a"].as_str(), Some(*value));
                assert_eq!(Inputs::check(&declared, inputs.as_map()).as_ref(), Ok(&inputs), "checked twice is checked");
            }
            Err(errors) => errors.iter().for_each(|error| hold::shows_all(&error.to_string(), "an input's error")),
        }
        match parse_pairs(&declared, &[value]) {
            Ok(read) => assert!(read.len() == 1),
            Err(errors) => errors.iter().for_each(|error| hold::shows_all(&error.to_string(), "a pair's error")),
        }
    }
}

/// Patterns match what a slow and plain matcher says.
fn globs(pattern: &str, values: &[&str]) {
    if let Ok(parsed) = pattern.parse::<RepoPattern>() {
        assert_eq!(parsed.to_string(), pattern);
        for name in values.iter().filter_map(|value| value.parse::<RepoName>().ok()) {
            let (pattern, text) = (pattern.to_ascii_lowercase(), name.as_str().to_ascii_lowercase());
            agrees(parsed.matches(&name), &pattern, &text);
        }
    }
    if let Ok(parsed) = pattern.parse::<RefPattern>() {
        values.iter().for_each(|value| agrees(parsed.matches(value), pattern, value));
    }
    if let Ok(parsed) = pattern.parse::<PathPattern>() {
        // Long patterns are walked in another way, which has nothing else to be compared with.
        let folder = format!("{}{LONG}", "x".repeat(values.len()));
        let behind = format!("{folder}{pattern}").parse::<PathPattern>().ok();
        for value in values {
            agrees(parsed.matches(value), pattern, value);
            if let Some(behind) = &behind {
                let found = behind.matches(&format!("{folder}{value}"));
                assert_eq!(found, parsed.matches(value), "{pattern:?} and {value:?} in a folder");
            }
        }
        if parsed.is_literal() {
            assert!(parsed.matches(pattern), "{pattern:?} is not itself");
        }
    }
}

fn agrees(matched: bool, pattern: &str, text: &str) {
    if pattern.len() <= COMPARED && text.len() <= COMPARED {
        assert_eq!(matched, plainly(pattern.as_bytes(), text.as_bytes(), true, true), "{pattern:?} and {text:?}");
    }
}

/// The definition of a pattern, written down. `begins` and `segment`: whether pattern and text are at a segment's start.
fn plainly(pattern: &[u8], text: &[u8], begins: bool, segment: bool) -> bool {
    match pattern {
        [] => text.is_empty(),
        [b'*', b'*', b'/', rest @ ..] if begins => {
            // Nothing, or whole folders.
            (segment && plainly(rest, text, true, true))
                || (1..=text.len()).any(|n| text[n - 1] == b'/' && plainly(rest, &text[n..], true, true))
        }
        [b'*', b'*', rest @ ..] => (0..=text.len())
            .any(|n| plainly(rest, &text[n..], false, if n == 0 { segment } else { text[n - 1] == b'/' })),
        [b'*', rest @ ..] => {
            let run = text.iter().take_while(|byte| **byte != b'/').count();
            (0..=run).any(|n| plainly(rest, &text[n..], false, n == 0 && segment))
        }
        [byte, rest @ ..] => text.first() == Some(byte) && plainly(rest, &text[1..], *byte == b'/', *byte == b'/'),
    }
}

/// A name that is accepted is written as it was read; an error hides nothing and is not as long as what it is about.
fn names(text: &str) {
    fn one<T: FromStr + ToString>(text: &str, same: bool)
    where
        T::Err: std::fmt::Display,
    {
        match text.parse::<T>() {
            Ok(name) => {
                hold::shows_all(&name.to_string(), "a name");
                assert!(!same || name.to_string() == text, "{text:?} is written {:?}", name.to_string());
                assert!(name.to_string().parse::<T>().is_ok(), "{text:?} is read once and not again");
            }
            Err(error) => {
                hold::shows_all(&error.to_string(), "a name's error");
                assert!(error.to_string().chars().count() < 1000, "an error as long as the name");
            }
        }
    }
    one::<ClassName>(text, true);
    one::<InputName>(text, true);
    one::<ModelId>(text, true);
    one::<Principal>(text, true);
    one::<RefName>(text, true);
    one::<RepoName>(text, true);
    one::<Owner>(text, true);
    one::<Caller>(text, true);
    one::<RepoPattern>(text, true);
    one::<RefPattern>(text, true);
    one::<PathPattern>(text, true);
    one::<Percent>(text, false);
    one::<Duration>(text, false);
}

/// Every line is a repository or an error with its place.
fn inventory(text: &str) {
    let source = SourceFile::new("inventory.txt", text);
    match Inventory::parse(source.clone()) {
        Ok(inventory) => {
            for name in inventory.iter() {
                let place = inventory.place(name).unwrap_or_default();
                hold::inside(&source, place, "a repository");
                assert!(source.slice(place).eq_ignore_ascii_case(name.as_str()), "{name} stands elsewhere");
            }
        }
        Err(errors) => {
            for error in errors {
                hold::inside(&source, error.span, "a line of the inventory");
                hold::shows_all(&error.to_string(), "an inventory's error");
            }
        }
    }
}
