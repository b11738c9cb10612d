//! The corpus: registries of varied classes, each of about a hundred lines and written as people write them, clean under
//! all rules. A class comes from one of several texts, with its own words and numbers and its sections in another order.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The texts that classes are made from; `<word>` stands for what differs.
const TEXTS: [(&str, &str); 4] = [
    ("bump", include_str!("corpus/bump.yaml")),
    ("notes", include_str!("corpus/notes.yaml")),
    ("scaffold", include_str!("corpus/scaffold.yaml")),
    ("widen", include_str!("corpus/widen.yaml")),
];

/// What else is in the registry.
const FILES: [(&str, &str); 8] = [
    ("policy.yaml", include_str!("corpus/policy.yaml")),
    ("inventory.txt", include_str!("corpus/inventory.txt")),
    ("task-classes/prompts/job.md", include_str!("corpus/prompts/job.md")),
    ("task-classes/prompts/job-short.md", include_str!("corpus/prompts/job-short.md")),
    ("task-classes/prompts/partials/no-secrets.md", include_str!("corpus/partials/no-secrets.md")),
    ("task-classes/prompts/partials/small-diff.md", include_str!("corpus/partials/small-diff.md")),
    ("task-classes/prompts/partials/untrusted-text.md", include_str!("corpus/partials/untrusted-text.md")),
    ("task-classes/prompts/partials/when-stuck.md", include_str!("corpus/partials/when-stuck.md")),
];

const AREAS: [&str; 12] = [
    "orders",
    "billing",
    "catalog",
    "inventory",
    "shipping",
    "search",
    "media",
    "mail",
    "tax",
    "returns",
    "stock",
    "pricing",
];
const WEBS: [&str; 5] = ["shop", "portal", "admin", "help", "docs"];
const TEAMS: [&str; 6] = ["platform", "checkout", "warehouse", "growth", "tooling", "data-eng"];
const REVIEWERS: [&str; 3] = ["platform-review", "release", "service-owners"];
const MODELS: [&str; 2] = ["gpt-5.3-codex", "claude-sonnet-4.6"];
const PARTIALS: [&str; 3] = ["small-diff", "when-stuck", "no-secrets"];
const PROMPTS: [&str; 2] = ["job", "job-short"];
const KINDS: [&str; 4] = ["runtime", "build", "dev", "test"];
const PACKAGES: [&str; 10] = ["serde", "hyper", "tokio", "regex", "axum", "tracing", "sqlx", "redis", "jiff", "insta"];

/// A generated registry on disk.
pub(super) struct Corpus {
    pub(super) folder: tempfile::TempDir,
    pub(super) classes: Vec<PathBuf>,
    pub(super) bytes: usize,
}

impl Corpus {
    pub(super) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// A registry of `size` clean classes.
    pub(super) fn clean(size: usize) -> Result<Self, String> {
        Self::write(size, |_, text| text).map_err(|error| format!("the corpus: {error}"))
    }

    /// The same with every twentieth class broken, each time in another of several ways.
    pub(super) fn broken(size: usize) -> Result<Self, String> {
        let broken = |number: usize, text: String| if number % 20 == 7 { broken(number / 20, &text) } else { text };
        Self::write(size, broken).map_err(|error| format!("the corpus: {error}"))
    }

    fn write(size: usize, change: impl Fn(usize, String) -> String) -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        for (path, text) in FILES {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap_or(folder.path()))?;
            fs::write(path, text)?;
        }
        let (mut classes, mut bytes) = (Vec::with_capacity(size), 0);
        for number in 0..size {
            let (name, text) = class(number);
            let text = change(number, text);
            bytes += text.len();
            let path = folder.path().join(format!("task-classes/{name}.yaml"));
            fs::write(&path, text)?;
            classes.push(path);
        }
        Ok(Self { folder, classes, bytes })
    }
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % sides
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.roll(words.len())]
    }

    fn between(&mut self, least: usize, most: usize) -> String {
        (least + self.roll(most - least + 1)).to_string()
    }
}

/// What is in the registry beside the classes.
pub(super) fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.into_iter()
}

/// The first class made from the text `topic`, under the name `TOPIC-0`.
pub(super) fn class_of(topic: &str) -> String {
    let made = (0..).map(class).find(|(name, _)| name.starts_with(topic));
    made.map_or(String::new(), |(name, text)| text.replace(&name, &format!("{topic}-0")))
}

/// The name and the text of class `number`.
fn class(number: usize) -> (String, String) {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15 ^ (number as u64 + 1).wrapping_mul(0xbf58_476d_1ce4_e5b9));
    let (topic, text) = TEXTS[dice.roll(TEXTS.len())];
    let name = format!("{topic}-{number}");
    let words = [
        ("name", name.clone()),
        ("version", dice.between(1, 30)),
        ("area", dice.of(&AREAS).to_owned()),
        ("web", dice.of(&WEBS).to_owned()),
        ("team", dice.of(&TEAMS).to_owned()),
        ("reviewers", dice.of(&REVIEWERS).to_owned()),
        ("model", dice.of(&MODELS).to_owned()),
        ("partial", dice.of(&PARTIALS).to_owned()),
        ("scaffold", dice.of(&PROMPTS).to_owned()),
        ("kind", dice.of(&KINDS).to_owned()),
        ("package", dice.of(&PACKAGES).to_owned()),
        ("minor", dice.between(0, 99)),
        ("length", dice.between(40, 400)),
        ("files", dice.between(4, 30)),
        ("lines", dice.between(10, 40)),
        ("days", dice.between(2, 7)),
        ("flight", dice.between(1, 9)),
        ("credits", dice.between(20, 80)),
    ];
    let mut text = text.to_owned();
    for (word, value) in words {
        text = text.replace(&format!("<{word}>"), &value);
    }
    (name, turned(&text, dice.roll(12)))
}

/// The sections behind the first four in another order: those of the end first.
fn turned(text: &str, by: usize) -> String {
    let mut sections: Vec<String> = vec![String::new()];
    let mut above = String::new();
    for line in text.split_inclusive('\n') {
        if line.starts_with(|c: char| c.is_ascii_alphabetic()) {
            sections.push(std::mem::take(&mut above) + line);
        } else if line.starts_with('#') || line == "\n" {
            above.push_str(line);
        } else if let Some(last) = sections.last_mut() {
            last.push_str(&std::mem::take(&mut above));
            last.push_str(line);
        }
    }
    let (head, rest) = sections.split_at_mut(5);
    let by = by.min(rest.len());
    rest.rotate_right(by);
    head.iter().chain(rest.iter()).map(String::as_str).collect()
}

/// One of the ways in which people get a class wrong.
fn broken(way: usize, text: &str) -> String {
    let (from, to) = match way % 8 {
        0 => ("budget:", "budgett:"),
        1 => ("risk:", "risk: [low\nrisks:"),
        2 => ("  per_day:", "  per_day: 1\n  per_day:"),
        3 => ("intent:", "version: 3\nintent:"),
        4 => ("{{ inputs.", "{{ inputs.x"),
        5 => ("max_files:", "max_files: many #"),
        6 => ("deadline:", "deadlines:"),
        _ => ("- \"@acme/", "- \"acme/"),
    };
    let changed = text.replacen(from, to, 1);
    // A text without that place gets another fault.
    if changed == text { format!("{text}unknown: true\n") } else { changed }
}
