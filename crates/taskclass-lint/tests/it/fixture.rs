//! Registries in memory for tests. An example is laid over a sound base: its top-level keys take the place of the base's.
//!
//! Lines of `# name: value` before the text say where it goes: `# file: PATH` begins another file (the first is the class),
//! `# without: KEY` takes a key out of the base, `# encoding: latin-1|crlf` says how the text is written, `# also: RULE`
//! names another rule that the example must break. A line of carets marks the place above it.
//!
//! Records are laid over a sound one as well, and written as they are signed; `<digest>` is that of the example's class,
//! `AAAA…alice` the key of Alice, `# without: signature` leaves the signature out. A file `PATH@main` is the one that a change
//! starts from. `# webhooks: NAMES` and `# spent: 12 tasks, 55 credits` say what an executor knows.

use jiff::civil::date;
use serde_json::Value;
use taskclass_lint::{ExecutorFacts, Linter, Report, Scope, Spent};
use taskclass_source::{InMemory, RegistryPath};
use taskclass_spec::{Credits, Digest, Registry, model::TaskClass};

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
    /// What differs where the change starts from.
    base: Option<Vec<(String, Vec<u8>)>>,
    /// What an executor knows.
    facts: Option<ExecutorFacts>,
}

/// The keys of people, which examples abbreviate.
const KEYS: [(&str, &str); 3] = [
    ("AAAA…alice", "AAAAC3NzaC1lZDI1NTE5AAAAIOIwa6x9hRpNl1pKIEOxaSU1deIU+5XVYtSifIp7v8M4"),
    ("AAAA…bob", "AAAAC3NzaC1lZDI1NTE5AAAAIB8YjhMD/alhOOnN3ZNoeHicj6ivCL6JqnxfRIECD8IC"),
    ("AAAA…carol", "AAAAC3NzaC1lZDI1NTE5AAAAIBaEv85Q4KIt5Ap7/UzjgK7paAz9W/b18syLoZ9Bd9kG"),
];

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
        } else if let Some(names) = line.strip_prefix("# webhooks: ") {
            let webhooks = names.split(", ").map(str::to_owned).collect();
            fixture.facts.get_or_insert_default().webhooks = webhooks;
        } else if let Some(spent) = line.strip_prefix("# spent: ") {
            let numbers: Vec<u32> = spent.split(' ').filter_map(|word| word.parse().ok()).collect();
            let spent = Spent { tasks: numbers[0], p90: Credits(numbers[1]) };
            fixture.facts.get_or_insert_default().spent = [("example".parse().unwrap(), spent)].into();
        } else if let Some(name) = line.strip_prefix("# encoding: ") {
            part.encoding = Some(name);
        } else if let Some(key) = line.strip_prefix("# without: ") {
            part.without.push(key);
        } else {
            part.lines.push(line);
        }
    }
    let (records, parts): (Vec<_>, Vec<_>) = parts.into_iter().partition(|part| is_record(&part.path));
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
                    marked = Some((above.to_owned(), chars.chars().map(shown).collect::<String>()));
                }
                None => {
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
        let base = match path.trim_end_matches("@main") {
            "policy.yaml" => Some(include_str!("base/policy.yaml").to_owned()),
            path if path.starts_with("task-classes/") && path.ends_with(".yaml") => Some(class_named(path)),
            _ => None,
        };
        let whole = base.map_or(text.clone(), |base| overlay(&base, &text, &without));
        if let Some((line, chars)) = marked {
            let number = whole.lines().position(|l| l == line).expect("the marked line is in the file") + 1;
            fixture.mark = Some((path.clone(), number, with_keys(&chars)));
        }
        let whole = with_keys(&whole);
        let bytes = match encoding {
            Some("latin-1") => whole.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect(),
            Some("crlf") => whole.replace('\n', "\r\n").into_bytes(),
            Some(other) => panic!("no such encoding: {other}"),
            None => whole.into_bytes(),
        };
        if let Some(path) = path.strip_suffix("@main") {
            fixture.base.get_or_insert_default().push((path.to_owned(), bytes));
            continue;
        }
        fixture.files.retain(|(other, _)| *other != path);
        fixture.files.push((path, bytes));
    }
    let digest = digest(&files(&fixture));
    for part in records {
        record(&part, &digest, &mut fixture);
    }
    fixture
}

fn with_keys(line: &str) -> String {
    KEYS.iter().fold(line.to_owned(), |line, (short, key)| line.replace(short, key))
}

fn is_record(path: &str) -> bool {
    path.starts_with("approvals/") || path.starts_with("revocations/")
}

/// The digest of the example's class; some other one if it has none.
fn digest(files: &InMemory) -> Digest {
    let registry = Registry::load(files).unwrap();
    let class = registry.class(&"example".parse().unwrap());
    let built = class.zip(registry.surroundings.written_policy());
    let built = built.and_then(|(class, policy)| TaskClass::build(class, &policy, files).ok());
    built.map_or(Digest::of(b""), |class| class.digest().digest)
}

/// Lays a record over the sound one of its kind, and a signature beside it.
fn record(part: &Part<'_>, digest: &Digest, fixture: &mut Fixture) {
    let path = part.path.replace("<digest>", &digest.short());
    let base = match path.starts_with("approvals/") {
        true => include_str!("base/approval.json"),
        false => include_str!("base/revocation.json"),
    };
    let mut record: Value = serde_json::from_str(&base.replace("<digest>", &digest.to_string())).unwrap();
    let (mut text, mut mark) = (String::new(), None);
    for line in &part.lines {
        match carets(line) {
            Some(range) => {
                mark = Some(text.lines().last().unwrap().chars().skip(range.start).take(range.len()).collect())
            }
            None => text += &format!("{line}\n"),
        }
    }
    let principal = path.trim_end_matches(".json").split('.').skip(1).collect::<Vec<_>>().join(".");
    record["principal"] = principal.into();
    // What is no JSON stands as it is.
    let bytes = match serde_json::from_str::<Value>(&text) {
        Ok(Value::Object(own)) => {
            record.as_object_mut().unwrap().extend(own);
            record.as_object_mut().unwrap().retain(|key, _| !part.without.contains(&key.as_str()));
            serde_json_canonicalizer::to_vec(&record).unwrap()
        }
        _ => text.into_bytes(),
    };
    if let Some(mark) = mark {
        fixture.mark = Some((path.clone(), 1, mark));
    }
    if !part.without.contains(&"signature") {
        fixture.files.push((format!("{path}.sig"), b"not looked at".to_vec()));
    }
    fixture.files.push((path, bytes));
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
        .with(path("trust/allowed_signers"), with_keys(include_str!("base/allowed_signers")))
        .with(path(CLASS), include_str!("base/example.yaml"));
    for (name, bytes) in &fixture.files {
        files = files.with(path(name), bytes.clone());
    }
    files
}

/// Lints a registry on the day of the tests.
pub(crate) fn lint(files: &InMemory) -> Report {
    linter().lint(files, &Scope::All).unwrap()
}

fn linter() -> Linter<'static> {
    Linter::new(date(2026, 11, 21))
}

/// Lints what an example amounts to.
pub(crate) fn lint_fixture(fixture: &Fixture) -> Report {
    let own = files(fixture);
    let mut base = own.clone();
    for (name, bytes) in fixture.base.iter().flatten() {
        base.insert(path(name), bytes.clone());
    }
    let mut linter = linter();
    if fixture.base.is_some() {
        linter = linter.with_base(&base, "main");
    }
    if let Some(facts) = &fixture.facts {
        linter = linter.with_executor(facts.clone());
    }
    linter.lint(&own, &Scope::All).unwrap()
}

/// Lints an example.
pub(crate) fn lint_example(example: &str) -> Report {
    lint_fixture(&read(example))
}

pub(crate) fn path(text: &str) -> RegistryPath {
    RegistryPath::new(text).unwrap()
}
