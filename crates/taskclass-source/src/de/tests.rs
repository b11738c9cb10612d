use std::collections::BTreeMap;

use serde::Deserialize;

use super::*;
use crate::{SourceFile, yaml};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only reading it matters")]
struct Class {
    name: String,
    version: u8,
    limits: Option<Limits>,
    #[serde(default)]
    inputs: BTreeMap<String, Input>,
    #[serde(default)]
    on: Vec<Event>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only reading it matters")]
struct Limits {
    run: Duration,
    stages: Vec<Limits>,
}

#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
struct Duration;

impl TryFrom<String> for Duration {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.ends_with('m') { Ok(Self) } else { Err(format!("`{text}` is no duration")) }
    }
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[expect(dead_code, reason = "only reading it matters")]
enum Input {
    String { pattern: String },
    Integer,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "only reading it matters")]
enum Event {
    Failed,
    After(u8),
}

/// The error, and the text that it labels.
fn error(text: &str) -> (String, String) {
    let source = SourceFile::new("t.yaml", text);
    let parsed = yaml::parse(&source);
    assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
    let error = from_node::<Class>(&parsed.root.unwrap()).unwrap_err();
    (error.to_string(), source.slice(error.span).to_owned())
}

fn check(text: &str, message: &str, label: &str) {
    assert_eq!(error(text), (message.to_owned(), label.to_owned()), "for\n{text}");
}

#[test]
fn an_unknown_field_is_placed_at_its_key() {
    check(
        "name: a\nversion: 1\nlimits: {runs: 3m}\n",
        "limits.runs: `runs` is not a field here; the fields are `run`, `stages`",
        "runs",
    );
}

#[test]
fn a_missing_field_is_placed_at_the_key_of_what_lacks_it() {
    check("name: a\nversion: 1\nlimits:\n  run: 3m\n", "limits: the field `stages` is missing", "limits");
    check("version: 1\n", "the field `name` is missing", "version");
    check(
        "name: a\nversion: 1\nlimits:\n  run: 3m\n  stages:\n    - run: 3m\n      stages: []\n    - run: 2m\n",
        "limits.stages[1]: the field `stages` is missing",
        "run",
    );
}

#[test]
fn a_wrong_value_is_placed_at_the_value() {
    check("name: 1\nversion: 1\n", "name: expected a string, found the number 1", "1");
    check("name: a\nversion: 300\n", "version: expected u8, found the number 300", "300");
    check("name: a\nversion: -1\n", "version: expected u8, found the number -1", "-1");
    check("name: a\nversion:\n", "version: expected u8, found nothing (null)", "");
    check("name: a\nversion: [1]\n", "version: expected u8, found a list", "[1]");
    check("name: a\nversion: 1\nlimits:\n  run: 3h\n  stages: []\n", "limits.run: `3h` is no duration", "3h");
    check("name: a\nversion: 1\non: [failed, oops]\n", "on[1]: `oops` is not one of `failed`, `after`", "oops");
    check("name: a\nversion: 1\non: [{after: 999}]\n", "on[0].after: expected u8, found the number 999", "999");
    check("name: a\nversion: 1\non: [{failed: 1}]\n", "on[0].failed: `failed` takes no value", "1");
    check("name: a\nversion: 1\non: [3]\n", "on[0]: expected one of `failed`, `after`, found a whole number", "3");
}

#[test]
fn what_serde_buffers_is_placed_at_the_whole_value() {
    check(
        "name: a\nversion: 1\ninputs:\n  x: {type: string, patern: a}\n",
        "inputs.x: `patern` is not a field here; the fields are `pattern`",
        "{type: string, patern: a}",
    );
    check("name: a\nversion: 1\ninputs:\n  x: {type: string}\n", "inputs.x: the field `pattern` is missing", "x");
    check("name: a\nversion: 1\ninputs:\n  x: {}\n", "inputs.x: the field `type` is missing", "x");
}

#[test]
fn kinds_can_be_told_apart() {
    let source = SourceFile::new("t.yaml", "name: a\nversion: 1\nnam: 1\n");
    let root = yaml::parse(&source).root.unwrap();
    let error = from_node::<Class>(&root).unwrap_err();
    let expected: &'static [&'static str] = &["name", "version", "limits", "inputs", "on"];
    assert_eq!(error.kind, DeErrorKind::UnknownField { field: "nam".to_owned(), expected });
    assert_eq!(error.path.to_string(), "nam");
}

#[test]
fn text_is_borrowed_from_the_file() {
    let source = SourceFile::new("t.yaml", "a: plain\nb: 'quoted'\n");
    let root = yaml::parse(&source).root.unwrap();
    let map: BTreeMap<&str, &str> = from_node(&root).unwrap();
    assert!(map.values().all(|text| source.text().as_bytes().as_ptr_range().contains(&text.as_ptr())));
}
