//! Registries in memory for tests. An example is laid over a sound base: its top-level keys take the place of the base's.
//!
//! Lines of `# name: value` before the text say where it goes: `# file: PATH` begins another file (the first is the class),
//! `# without: KEY` takes a key out of the base, `# encoding: latin-1|crlf` says how the text is written, `# also: RULE`
//! names another rule that the example must break. A line of carets marks the place above it.

use jiff::civil::date;
use taskclass_lint::{Linter, Report, Scope};
use taskclass_source::{InMemory, RegistryPath};

pub(crate) const CLASS: &str = "task-classes/example.yaml";

/// What an example says beside its files.
#[derive(Debug, Default)]
pub(crate) struct Fixture {
    /// Paths and texts, each whole.
    pub(crate) files: Vec<(String, Vec<u8>)>,
    /// The marked place: file, line from 1, the text that is marked.
    pub(crate) mark: Option<(String, usize, String)>,
    /// Other rules that it breaks.
    pub(crate) also: Vec<String>,
}

/// One file of an example.
struct Part<'a> {
    path: String,
    lines: Vec<&'a str>,
    encoding: Option<&'a str>,
    without: Vec<&'a str>,
}

impl Part<'_> {
    fn of(path: &str) -> Self {
        Self { path: path.to_owned(), lines: Vec::new(), encoding: None, without: Vec::new() }
    }
}

/// Reads an example.
pub(crate) fn read(example: &str) -> Fixture {
    let mut fixture = Fixture::default();
    let mut parts = vec![Part::of(CLASS)];
    for line in example.lines() {
        let part = parts.last_mut().unwrap();
        if let Some(path) = line.strip_prefix("# file: ") {
            parts.push(Part::of(path));
        } else if let Some(rule) = line.strip_prefix("# also: ") {
            fixture.also.push(rule.to_owned());
        } else if let Some(name) = line.strip_prefix("# encoding: ") {
            part.encoding = Some(name);
        } else if let Some(key) = line.strip_prefix("# without: ") {
            part.without.push(key);
        } else {
            part.lines.push(line);
        }
    }
    for Part { path, lines, encoding, without } in parts {
        let mut text = String::new();
        let mut marked = None;
        for line in lines {
            match carets(line) {
                Some(range) => {
                    let above = text.lines().last().unwrap_or_default();
                    let chars: String = above.chars().skip(range.start).take(range.len()).collect();
                    // What is no UTF-8 is shown as U+FFFD.
                    let shown = |c: char| if encoding == Some("latin-1") && !c.is_ascii() { '\u{fffd}' } else { c };
                    marked = Some((above.to_owned(), chars.chars().map(shown).collect()));
                }
                None => {
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
        let base = match path.as_str() {
            "policy.yaml" => Some(include_str!("base/policy.yaml").to_owned()),
            path if path.starts_with("task-classes/") && path.ends_with(".yaml") => Some(class_named(path)),
            _ => None,
        };
        let whole = base.map_or(text.clone(), |base| overlay(&base, &text, &without));
        if let Some((line, chars)) = marked {
            let number = whole.lines().position(|l| l == line).expect("the marked line is in the file") + 1;
            fixture.mark = Some((path.clone(), number, chars));
        }
        let bytes = match encoding {
            Some("latin-1") => whole.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect(),
            Some("crlf") => whole.replace('\n', "\r\n").into_bytes(),
            Some(other) => panic!("no such encoding: {other}"),
            None => whole.into_bytes(),
        };
        fixture.files.retain(|(other, _)| *other != path);
        fixture.files.push((path, bytes));
    }
    fixture
}

fn class_named(path: &str) -> String {
    let stem = path.trim_start_matches("task-classes/").trim_end_matches(".yaml");
    include_str!("base/example.yaml").replace("name: example", &format!("name: {stem}"))
}

/// The columns of a line that only marks: blanks, perhaps a `#`, carets.
fn carets(line: &str) -> Option<std::ops::Range<usize>> {
    let start = line.find('^')?;
    let rest = line[start..].trim_end();
    (rest.bytes().all(|b| b == b'^') && line[..start].bytes().all(|b| b == b' ' || b == b'#'))
        .then(|| start..start + rest.len())
}

/// Splits a document into its top-level entries, comments above a key being part of it.
fn entries(text: &str) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    let mut pending = String::new();
    for line in text.split_inclusive('\n') {
        let top = line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-');
        if top {
            let key = line.split(':').next().unwrap_or_default().trim().to_owned();
            all.push((key, std::mem::take(&mut pending) + line));
        } else if line.starts_with('#') {
            pending.push_str(line);
        } else if let Some((_, entry)) = all.last_mut() {
            entry.push_str(&std::mem::take(&mut pending));
            entry.push_str(line);
        }
    }
    if let Some((_, entry)) = all.last_mut() {
        entry.push_str(&pending);
    }
    all
}

fn overlay(base: &str, text: &str, without: &[&str]) -> String {
    let mut all = entries(base);
    all.retain(|(key, _)| !without.contains(&key.as_str()));
    for (key, entry) in entries(text) {
        match all.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => *known = entry,
            None => all.push((key, entry)),
        }
    }
    all.into_iter().map(|(_, entry)| entry).collect()
}

/// The registry's files: the example's, and the base for what it does not bring.
pub(crate) fn files(fixture: &Fixture) -> InMemory {
    let mut files = InMemory::new()
        .with(path("policy.yaml"), include_str!("base/policy.yaml"))
        .with(path("inventory.txt"), include_str!("base/inventory.txt"))
        .with(path(CLASS), include_str!("base/example.yaml"));
    for (name, bytes) in &fixture.files {
        files = files.with(path(name), bytes.clone());
    }
    files
}

/// Lints a registry on the day of the tests.
pub(crate) fn lint(files: &InMemory) -> Report {
    Linter::new(date(2026, 11, 21)).lint(files, &Scope::All).unwrap()
}

/// Lints an example.
pub(crate) fn lint_example(example: &str) -> Report {
    lint(&files(&read(example)))
}

pub(crate) fn path(text: &str) -> RegistryPath {
    RegistryPath::new(text).unwrap()
}
