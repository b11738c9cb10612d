//! Text that means harm or means nothing: no panic, no hang, and nothing accepted that another parser reads otherwise.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use taskclass_source::SourceFile;
use taskclass_source::yaml::{self, MAX_FILE_BYTES, MAX_PROBLEMS, Parsed, ProblemKind};

use crate::tree::independent;

/// Parses, and sees to it that whatever is reported can be shown.
fn parse(text: &str) -> Parsed {
    let source = SourceFile::new("t.yaml", text);
    let parsed = yaml::parse(&source);
    for problem in &parsed.problems {
        assert!(source.text().get(problem.span.range()).is_some(), "{problem:?}");
        let finding = problem.to_finding(&source);
        assert!(finding.secondary.iter().all(|label| source.text().get(label.span.range()).is_some()), "{problem:?}");
        for edit in finding.fix.iter().flat_map(|fix| &fix.edits) {
            assert!(source.text().get(edit.span.range()).is_some(), "{problem:?}");
        }
    }
    if let Some(root) = &parsed.root {
        let _ = root.to_json();
    }
    assert!(parsed.complete || !parsed.problems.is_empty(), "incomplete without a word: {text:?}");
    parsed
}

/// Accepted text means the same to the other parser, or is no document to either.
fn agrees(text: &str) {
    let parsed = parse(text);
    if !parsed.problems.is_empty() {
        return;
    }
    let ours = parsed.root.map_or(serde_json::Value::Null, |root| root.to_json());
    // libyaml knows less of YAML 1.2; what it refuses it does not read otherwise.
    if let Ok(theirs) = independent(text) {
        assert_eq!(ours, theirs, "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_break_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let (_, parsed) = yaml::parse_bytes("t.yaml", bytes);
        prop_assert!(parsed.complete || !parsed.problems.is_empty());
    }

    #[test]
    fn no_soup_of_indicators_breaks_the_reader_or_is_read_otherwise(text in "[-:?,\\[\\]{}#&*!|>'\"%@` \n\t a-c0-2~<é.]{0,60}") {
        agrees(&text);
    }

    #[test]
    fn no_soup_of_lines_breaks_the_reader_or_is_read_otherwise(
        text in "(( {0,4})(- |a: |b:|'c': |\"d\": |- - |\\? |\\{a: |\\[|)(x|1|\\|[-+]?|>[-+]?|'q|\"q|q'|q\"|\\]|\\}|# c|, y|: z|&a|@a||)( [yz#]| #)?\n){0,8}"
    ) {
        agrees(&text);
    }
}

/// A document as people write it.
const DOCUMENT: &str = r#"# how it is done
schema: task-class/v1
owners: ["@acme/deps", 'it''s']   # who answers
model: {default: gpt-5, allowed: [a, b], overrides: [{repositories: ["acme/x"], default: c}]}
inputs:
  package: {type: string, pattern: "^[A-Za-z0-9_.@/-]+\\.x$", max_length: 100, description: The package's name}

  reason:
    type: string
    description: >-
      Free text
      of two lines

prompt:
  template: |
    Raise `{{ inputs.package }}`: now.

      # not a comment
    Done when "all" passes.
examples:
  - name: minor
    inputs: {package: serde, to: "1.0.230",
      reason: several lines}
  -   name: with-reason
      expect:
        contains:
        - serde
        - 12
plain: text that goes
  on here # why
"#;

fn edited() -> impl Strategy<Value = String> {
    let sign = prop::sample::select(" :-\n\"'#,[]{}|>a?&*!".chars().collect::<Vec<_>>());
    let edit = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), sign, 0..4u8);
    prop::collection::vec(edit, 0..5).prop_map(|edits| {
        let mut text: Vec<char> = DOCUMENT.chars().collect();
        for (here, there, sign, kind) in edits {
            let (here, there) = (here.index(text.len()), there.index(text.len()));
            match kind {
                0 => drop(text.remove(here)),
                1 => text.insert(here, sign),
                2 => text[here] = sign,
                _ => text.swap(here, there),
            }
        }
        text.into_iter().collect()
    })
}

/// Lines that are no YAML where a key is expected, or that have a value that is none.
fn broken_line() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "x: @a",
        "x: \"open",
        "x: 'open",
        "x: [1, 2",
        "x: {a: 1",
        "x: a: b",
        "x: - b",
        "x",
        "x:1",
        "- x",
        "? x",
        ": x",
        "x: |z",
        "x: ]",
        "x: \"\\q\"",
        "x: \"a\" b",
        "x: [a b: c]",
        "x: {a: b c: d}",
        "x: 1\n  y: 2",
        "x:\n   y: 1\n  z: 2",
        "\"x\"",
        "[x]",
        "x: [\n",
        "x: {a: [\n",
        "@x: 1",
        "'x",
        "*x",
        "x: [1,,2]",
        "x: [1]]",
        "%x",
        "x: \t- a",
        "&x",
        "!x",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_document_with_a_slip_is_refused_or_read_as_others_read_it(text in edited()) {
        agrees(&text);
    }

    #[test]
    fn a_broken_line_hides_no_other(before in 1..4usize, lines in prop::collection::vec(broken_line(), 1..3), after in 1..4usize) {
        for (head, indent) in [("", ""), ("top:\n", "  "), ("top:\n  - z: 1\n", "    ")] {
            let good = |from: usize, count: usize| (from..from + count).map(|n| format!("{indent}k{n}: no\n")).collect::<String>();
            let broken: String = lines.iter().map(|line| format!("{indent}{}\n", line.replace('\n', &format!("\n{indent}")))).collect();
            let text = format!("{head}{}{broken}{}end: no\n", good(0, before), good(before, after));
            let parsed = parse(&text);
            let seen = parsed.problems.iter().filter(|problem| problem.kind == ProblemKind::AmbiguousScalar).count();
            prop_assert_eq!(seen, before + after + 1, "{}\n{:#?}", text, parsed.problems);
            let others = parsed.problems.len() - seen;
            prop_assert!((1..=2 * lines.len()).contains(&others), "{}\n{:#?}", text, parsed.problems);
            let root = parsed.root.expect("a document");
            prop_assert!(root.get("end").is_some(), "{}", text);
        }
    }
}

#[test]
fn the_document_is_read_without_a_problem() {
    let parsed = parse(DOCUMENT);
    assert_eq!(parsed.problems, []);
    assert_eq!(parsed.comments.len(), 3);
    assert_eq!(parsed.root.map(|root| root.to_json()), independent(DOCUMENT).ok());
}

/// Ends with a problem of the kind, quickly. The bound is far above what it takes, and far below a hang.
fn refused(text: &str, kind: fn(&ProblemKind) -> bool) {
    let start = Instant::now();
    let parsed = parse(text);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert!(parsed.problems.iter().any(|problem| kind(&problem.kind)), "{:?}", parsed.problems.first());
    assert!(parsed.problems.len() <= MAX_PROBLEMS + 1);
}

#[test]
fn depth_is_bounded_in_every_form() {
    for text in ["[".repeat(100_000), "{a: ".repeat(50_000), "- ".repeat(100_000), "{".repeat(100_000)] {
        refused(&text, |kind| matches!(kind, ProblemKind::TooDeep));
    }
    let stairs: String = (0..300).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    refused(&stairs, |kind| matches!(kind, ProblemKind::TooDeep));
}

#[test]
fn size_is_bounded() {
    refused(
        &"a".repeat(1024 * 1024),
        |kind| matches!(kind, ProblemKind::FileTooLarge { bytes } if *bytes == 1024 * 1024),
    );
    refused(&"- a\n".repeat(MAX_FILE_BYTES / 4), |kind| matches!(kind, ProblemKind::TooManyNodes));
    let keys: String = (0..25_000).map(|key| format!("k{key}:\n")).collect();
    refused(&keys, |kind| matches!(kind, ProblemKind::TooManyNodes));
    let (source, parsed) = yaml::parse_bytes("t.yaml", vec![b'a'; 2 << 20]);
    assert!(source.text().len() < 1000 && parsed.problems.len() == 1);
}

#[test]
fn bombs_are_refused_without_being_lit() {
    let bomb: String = std::iter::once("a0: &a0 [x, x]\n".to_owned())
        .chain((1..9).map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", "))))
        .collect();
    refused(&bomb, |kind| matches!(kind, ProblemKind::Alias { .. }));
    refused(&format!("a: &x 1\nb: [{}]\n", "*x, ".repeat(10_000)), |kind| matches!(kind, ProblemKind::TooManyProblems));
    refused(&"a: &a\n".repeat(5_000), |kind| matches!(kind, ProblemKind::TooManyProblems));
}

#[test]
fn long_lines_and_many_comments_are_read_in_linear_time() {
    let start = Instant::now();
    for text in [
        format!("a: {}\n", "x ".repeat(100_000)),
        format!("a: \"{}\"\n", "\\u00e9".repeat(40_000)),
        format!("a: '{}'\n", "''".repeat(100_000)),
        format!("a: |\n{}", " x\n".repeat(80_000)),
        format!("a: >\n{}", " x\n".repeat(80_000)),
        format!("a: 1\n{}b: 2\n", "#\n".repeat(100_000)),
        format!("a:\n{}", " \n".repeat(100_000)),
        format!("# {}\n", "é".repeat(100_000)),
        format!("{}: 1\n", "k".repeat(1000)),
        "a: b\n".repeat(50_000),
    ] {
        let parsed = parse(&text);
        if let Some(root) = parsed.root {
            let source = SourceFile::new("t.yaml", text.as_str());
            let _ = root.get("a").and_then(|node| node.scalar_map(&source));
        }
    }
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn a_file_that_is_broken_everywhere_is_given_up_quickly() {
    for line in [
        "x: @a\n",
        "x: [\n",
        "x: {a: [\n",
        "\"\n",
        "x: \"\\q\n",
        "x: |z\n",
        "k:\n\tx: y: z\n",
        "- - \t- x: y: z\n",
        "x: 1\n- x\n",
        "]",
    ] {
        let text = line.repeat(MAX_FILE_BYTES / line.len());
        for text in [text.clone(), format!("k: 1\n{text}"), format!("k:\n- {text}")] {
            let text = &text[..text.len().min(MAX_FILE_BYTES)];
            let start = Instant::now();
            let parsed = parse(text);
            assert!(start.elapsed() < Duration::from_secs(10), "{line:?}: {:?}", start.elapsed());
            assert!(!parsed.complete && parsed.problems.len() <= MAX_PROBLEMS + 1, "{line:?}");
        }
    }
}
