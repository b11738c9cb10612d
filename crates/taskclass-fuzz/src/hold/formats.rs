//! What must hold of each format of a report.

use serde_json::Value;
use taskclass_lint::Report;
use taskclass_lint::render::{Format, Human, Part, render};

use super::shows_all;

/// The most characters of a line that a person reads, for a terminal of 120 columns. Messages are not broken.
const MAX_LINE: usize = 6000;
/// GitHub takes no longer comment.
const MAX_COMMENT: usize = 65_536;

/// Every format says all, and nothing in it takes over the terminal, the log or the reader.
pub(crate) fn formats(report: &Report) {
    let parts = [Part::new("", report.clone())];
    let how = |colour, width| Human { colour, width };
    for width in [120, 20] {
        let text = render(&parts, Format::Human, how(false, width));
        shows_all(&text, "the format for people");
        let longest = text.lines().map(|line| line.chars().count()).max().unwrap_or_default();
        assert!(longest <= MAX_LINE, "a line of {longest} characters for {width} columns");
    }
    shows_all(&without_colours(&render(&parts, Format::Human, how(true, 120))), "with colours");
    let concise = render(&parts, Format::Concise, how(false, 120));
    shows_all(&concise, "the concise format");
    assert_eq!(concise.lines().count(), report.findings.len() + 1, "one line a finding and one that sums up");
    github(&render(&parts, Format::Github, how(false, 120)));
    markdown(&render(&parts, Format::Markdown, how(false, 120)));
    json(&render(&parts, Format::Json, how(false, 120)), report);
    sarif(&render(&parts, Format::Sarif, how(false, 120)), report);
}

/// The text without the sequences that set colours, which begin with ESC, `[`, numbers and end with `m`.
pub(crate) fn without_colours(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        plain + rest.strip_prefix('m').unwrap_or(part)
    })
}

/// Only findings are commands, and each is one line.
fn github(text: &str) {
    shows_all(text, "the format for GitHub");
    for line in text.lines().filter(|line| line.trim_start().starts_with("::")) {
        let ours = ["::error file=", "::warning file=", "::notice file="].iter().any(|word| line.starts_with(word));
        assert!(ours, "another command: {line:?}");
    }
}

/// Short enough, and what was quoted is code: it names nobody and opens nothing.
fn markdown(text: &str) {
    assert!(text.len() <= MAX_COMMENT, "a comment of {} bytes", text.len());
    let mut fence: Option<&str> = None;
    for line in text.lines() {
        match fence {
            Some(open) if line == open => fence = None,
            Some(_) => shows_all(line, "source lines in a comment"),
            None => {
                let ticks = line.len() - line.trim_start_matches('`').len();
                fence = line.get(..ticks).filter(|ticks| ticks.len() >= 3);
                if fence.is_none() {
                    sentence(line);
                }
            }
        }
    }
    assert!(fence.is_none(), "a fence is left open");
}

fn sentence(line: &str) {
    shows_all(line, "a comment");
    let mut rest = line;
    while let Some((plain, code)) = rest.split_once("<code>") {
        plain_words(plain);
        let Some((inner, behind)) = code.split_once("</code>") else { unreachable!("code is left open: {line:?}") };
        assert!(!inner.contains('<'), "a tag within code: {line:?}");
        rest = behind;
    }
    plain_words(rest);
}

fn plain_words(text: &str) {
    let bad = text.find(['@', '`', '[', '*', '_', '~', '\\']);
    assert!(bad.is_none(), "Markdown outside of code: {text:?}");
}

fn json(text: &str, report: &Report) {
    let Ok(value) = serde_json::from_str::<Value>(text) else { unreachable!("the JSON does not parse: {text}") };
    let findings = value["findings"].as_array().map(Vec::as_slice).unwrap_or_default();
    assert_eq!(findings.len(), report.findings.len(), "every finding is in the JSON");
    for (shown, finding) in findings.iter().zip(&report.findings) {
        let place = &shown["primary"];
        assert_eq!(shown["rule"].as_str(), Some(&*finding.rule));
        assert_eq!(shown["message"].as_str(), Some(&*finding.message));
        assert_eq!(place["start"]["byte"].as_u64(), Some(finding.primary.span.start.into()));
        assert_eq!(place["end"]["byte"].as_u64(), Some(finding.primary.span.end.into()));
    }
}

fn sarif(text: &str, report: &Report) {
    let Ok(value) = serde_json::from_str::<Value>(text) else { unreachable!("the SARIF does not parse: {text}") };
    let results = value["runs"][0]["results"].as_array().map(Vec::as_slice).unwrap_or_default();
    assert_eq!(results.len(), report.findings.len(), "every finding is in the SARIF log");
    for result in results {
        let region = &result["locations"][0]["physicalLocation"]["region"];
        let at = |name: &str| region[name].as_u64().unwrap_or_default();
        assert!(at("startLine") >= 1 && at("startColumn") >= 1, "a region from nowhere: {region}");
        let end = if at("endLine") > 0 { at("endLine") } else { at("startLine") };
        assert!(
            (at("startLine"), at("startColumn")) <= (end, at("endColumn")),
            "a region that ends before it begins: {region}"
        );
    }
}
