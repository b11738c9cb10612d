//! Input made to keep the linter busy: each ends in a finding that says what is wrong, in less than a second.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use taskclass_lint::{Linter, Scope};
use taskclass_source::{InMemory, Level, RegistryPath, yaml::MAX_FILE_BYTES};

use super::{
    corpus,
    run::{grouped, shown},
    table::Table,
    threads,
};

/// As large as a class may be: what is larger is refused unread.
const FULL: usize = MAX_FILE_BYTES - 4096;
const MEGABYTE: usize = 1024 * 1024 - 64;
const PARTIAL: &str = "task-classes/prompts/partials/a.md";

/// Files of a hostile registry, beside those of the corpus.
type Files = Vec<(String, String)>;

/// Lints each and tells how long it took and what was said.
pub(super) fn run(_: &Path, _: usize) -> Result<Table, String> {
    let mut table = Table::new("Hostile input", &["input", "KB", "time", "findings", "rule", "goal"]);
    for (name, files) in inputs() {
        let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
        let registry = registry(files)?;
        let today = "2026-11-21".parse().map_err(|_| "the date".to_owned())?;
        let linter = Linter::new(today).with_threads(threads());
        let mut least = Duration::MAX;
        let mut report = None;
        for _ in 0..3 {
            let start = Instant::now();
            report = Some(linter.lint(&registry, &Scope::All).map_err(|error| error.to_string())?);
            least = least.min(start.elapsed());
        }
        let findings = report.map(|report| report.findings).unwrap_or_default();
        let worst = findings.iter().find(|one| one.level == Level::Error).or(findings.first());
        let worst = worst.ok_or_else(|| format!("nothing is said about: {name}"))?;
        table.row([
            name.to_owned(),
            grouped(bytes / 1024),
            shown(least),
            grouped(findings.len()),
            worst.rule.to_string(),
            "< 1 s".to_owned(),
        ]);
    }
    Ok(table)
}

fn registry(files: Files) -> Result<InMemory, String> {
    let mut registry = InMemory::new();
    for (path, text) in corpus::files().map(|(path, text)| (path.to_owned(), text.to_owned())).chain(files) {
        registry.insert(RegistryPath::new(path).map_err(|error| error.to_string())?, text.into_bytes());
    }
    Ok(registry)
}

/// A class file that holds `text` alone.
fn alone(text: String) -> Files {
    vec![("task-classes/hostile.yaml".to_owned(), text)]
}

/// A sound class with `template` as its prompt.
fn prompted(template: &str, partial: &str) -> Files {
    let class = corpus::class_of("scaffold").replace("prompts/job.md", "prompts/hostile.md");
    let class = class.replace("prompts/job-short.md", "prompts/hostile.md");
    vec![
        ("task-classes/scaffold-0.yaml".to_owned(), class),
        ("task-classes/prompts/hostile.md".to_owned(), template.to_owned()),
        (PARTIAL.to_owned(), partial.to_owned()),
    ]
}

/// A sound class with `text` behind it.
fn with(text: String) -> Files {
    vec![("task-classes/bump-0.yaml".to_owned(), corpus::class_of("bump") + &text)]
}

fn filled(line: impl Fn(usize) -> String) -> String {
    let mut text = String::with_capacity(FULL);
    for number in 0.. {
        let line = line(number);
        if text.len() + line.len() > FULL {
            break;
        }
        text.push_str(&line);
    }
    text
}

fn inputs() -> Vec<(&'static str, Files)> {
    let bomb = (0..9).map(|n| format!("a{}: &a{} [{}]\n", n + 1, n + 1, vec![format!("*a{n}"); 9].join(", ")));
    let loops = "{% for a in inputs.calls %}".repeat(60) + "x" + &"{% endfor %}".repeat(60);
    vec![
        ("a class of 1 MB", with("# filled\n".repeat(MEGABYTE / 9))),
        ("aliases of aliases, nine deep", alone(format!("a0: &a0 [x]\n{}", bomb.collect::<String>()))),
        ("flow lists within each other", alone("[".repeat(FULL))),
        ("flow mappings within each other", alone("{a: ".repeat(FULL / 4))),
        ("block lists within each other", alone("- ".repeat(FULL / 2))),
        ("block mappings within each other", alone((0..1400).map(|n| format!("{}a:\n", " ".repeat(n))).collect())),
        ("closing brackets alone", alone("]".repeat(FULL))),
        ("one plain scalar", alone("a".repeat(FULL))),
        ("one scalar of escapes", alone(format!("a: \"{}\"", "\\u202e".repeat(FULL / 6 - 2)))),
        ("unknown fields", with(filled(|n| format!("field{n}: {n}\n")))),
        ("one key again and again", with(filled(|_| "title: x\n".to_owned()))),
        ("merge keys and tags", alone(filled(|n| format!("k{n}: !!x {{<<: *a{n}}}\n")))),
        ("a broken line again and again", alone(filled(|n| format!("k{n}: [\"\n")))),
        ("comments to the linter", with(filled(|_| "# taskclass: allow(no-reviewer): x\n".to_owned()))),
        ("documents", alone(filled(|_| "---\na: b\n".to_owned()))),
        ("a line of hidden characters", alone(format!("a: {}", "\u{202e}".repeat(FULL / 3 - 2)))),
        ("a template of loops within each other", prompted(&loops, "")),
        ("loops side by side in a partial, drawn in often", {
            let inner = "{% for a in inputs.calls %}{% for b in inputs.calls %}{% for c in inputs.calls %}{{ inputs.purpose | fence }}{% endfor %}{% endfor %}{% endfor %}\n";
            prompted(&"{% include \"partials/a.md\" %}\n".repeat(1500), &inner.repeat(300))
        }),
        (
            "a partial that draws itself in",
            prompted("{% include \"partials/a.md\" %}", "{% include \"partials/a.md\" %}"),
        ),
        ("a template of 60,000 opening braces", prompted(&"{{".repeat(30_000), "")),
        ("a template of 1 MB", prompted(&"x ".repeat(MEGABYTE / 2), "")),
        (
            "an expression of 20,000 brackets",
            prompted(&format!("{{{{ {}1{} }}}}", "(".repeat(20_000), ")".repeat(20_000)), ""),
        ),
    ]
}
