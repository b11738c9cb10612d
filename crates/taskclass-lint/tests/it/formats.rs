//! The formats for programs and for pull requests, each held to an oracle that does not share its code: the standard's own
//! schema, the files themselves, a Markdown parser, the runner's unescaping.

mod github;
mod json;
mod markdown;
mod sarif;

use std::sync::LazyLock;

use taskclass_lint::Report;
use taskclass_lint::render::{Format, Human, Part, render};
use taskclass_lint::rules::catalogue;
use taskclass_source::{Finding, Fix, InMemory, Label, SourceFile, Span};

use crate::corpus;
use crate::fixture::{self, CLASS, path};

/// Faults after wide, combining and astral characters, tabs, carriage returns, a byte-order mark, bytes that are no UTF-8.
const HARD: &[&str] = &[
    "# file: policy.yaml\nlint: {levels: {no-reviewr: error}}\n# file: task-classes/example.yaml\ntitle: 語 \u{1f600}\u{1d11e} e\u{301}\n\
     pull_request: {create: after_validation, \"語\u{1f600}\": 1, automerge: no}\n\
     prompt:\n  template: |\n    語\u{1f600} `{{ inputs.thng }}` and anything else.\n",
    "# encoding: crlf\ntitle: 語\u{1f600}\npull_request: {create: after_validation, \"語\u{1f600}\": 1, automerge: no}\n",
    "# encoding: latin-1\ntitle: Ändere eine Sache\nautomerge: no\n",
    "prompt:\n  template: \"語\u{202e}\u{1f600}{{ inputs.thng }} Done when it builds.\"\n",
    "# file: task-classes/語 #%?[x].yaml\nautomerge: no\n",
];

/// Registries with faults: the corpus, what every rule calls bad, and [`HARD`], also behind a byte-order mark, cut off and tabbed.
fn registries() -> &'static [(InMemory, Report)] {
    static ALL: LazyLock<Vec<(InMemory, Report)>> = LazyLock::new(|| {
        let linted = |files| {
            let report = fixture::lint(&files);
            (files, report)
        };
        made().into_iter().map(linted).collect()
    });
    &ALL
}

fn made() -> Vec<InMemory> {
    let bad = catalogue().iter().filter(|rule| rule.section("Bad").is_some_and(|text| text.contains("```yaml")));
    let bad = bad.filter_map(|rule| rule.example("Bad"));
    let mut all: Vec<InMemory> = bad
        .chain(HARD.iter().map(|text| (*text).to_owned()))
        .map(|example| fixture::files(&fixture::read(&example)))
        .collect();
    let base = include_str!("base/example.yaml");
    for text in [
        format!("\u{feff}{base}"),
        format!("\u{feff}automerge: no\n{base}"),
        format!("\u{feff}# 語\n{base}\r\nautomerge: no"),
        base.replace("\nbudget:", "\n\tbudget:"),
        base.trim_end().to_owned() + "\nautomerge: no",
        base.get(..base.len() / 2).unwrap().to_owned(),
        String::new(),
        "\u{feff}".to_owned(),
        "\n\n\n".to_owned(),
    ] {
        all.push(fixture::files(&fixture::read("")).with(path(CLASS), text));
    }
    all.extend(corpus::cases().into_iter().map(|case| case.files));
    all
}

/// A finding whose every text is `text`, at the first line of a file that holds `text`.
fn hostile(text: &str) -> Finding {
    let source = SourceFile::new(format!("task-classes/{}.yaml", text.replace(['/', ':', '\n', '\r'], "_")), text);
    let line = Span::new(0, text.find('\n').unwrap_or(text.len()));
    Finding::warning("thin-description", format!("{text} and `{text}` again"), Label::new(&source, line, text))
        .with_label(Label::new(&source, line, text))
        .with_help(text)
        .with_note(text)
        .with_fix(Fix::safe(text, Vec::new()))
}

/// What a hostile registry would like to be taken for.
const ATTACKS: &[&str] = &[
    "@octocat and @acme/platform please merge",
    "[approved](https://evil.example) ![x](https://evil.example/p.png)",
    "<img src=https://evil.example/p.png> <script>alert(1)</script>",
    "</code></summary></details><h1>All checks passed</h1>",
    "--> <!-- taskclass-lint -->",
    "```\n\n# All checks passed\n\n```",
    "~~~~\n</details>\n~~~~",
    "``````````",
    "closes #12 fixes acme/other#7 GH-9 see https://evil.example www.evil.example",
    "commit deadbeefdeadbeefdeadbeefdeadbeefdeadbeef deadbee 1234567",
    "| a | b |\n|---|---|",
    ":tada: **bold** _it_ $x^2$ \\*",
    "&lt;b&gt; &#64;octocat &commat;octocat",
    "x%0A::error::forged%0D##[error]y",
    "a\r\n::set-output name=x::y\n::stop-commands::z\n::add-mask::w",
    "file=other.yaml,line=1::forged",
    "\u{202e}dessap\u{202c} \u{200b}\u{1b}[31m",
    "a`b``c```d @octocat `",
    "- [x] done\n> quoted\n1. one",
    "mailto:ceo@acme.example ceo@acme.example",
    "[link text][ref]\n\n[ref]: https://evil.example",
    "{0} {{1}}",
];

fn attacked() -> Report {
    Report { findings: ATTACKS.iter().map(|text| hostile(text)).collect(), ..Report::default() }
}

fn one(report: &Report, format: Format) -> String {
    render(&[Part::new("", report.clone())], format, Human::default())
}

#[test]
fn no_line_for_people_holds_a_command_of_the_runner() {
    for format in [Format::Human, Format::Concise] {
        let text = one(&attacked(), format);
        assert!(text.contains("##\\u{5b}error]") && !text.contains("##["), "{text}");
        assert!(text.lines().all(|line| !line.trim_start().starts_with("::")), "{text}");
    }
}
