//! A comment under a pull request.

use taskclass_source::markdown::{MAX_BYTES, code, fenced, sentence, shortened};
use taskclass_source::{Finding, Level};

use super::human::{self, Human};
use super::part::Part;
use crate::report::number;

/// How much of the comment is given to findings with their source lines; those that come later are one line each.
const MAX_DETAILED: usize = 48_000;
/// What is kept free for the last words.
const LAST_WORDS: usize = 400;
/// The most that one finding's source lines take, in bytes.
const MAX_EXCERPT: usize = 4_000;
/// The most registries whose summaries are given.
const MAX_PARTS: usize = 50;
/// By which a workflow finds the comment again, to update it.
const MARK: &str = "<!-- taskclass-lint -->\n";

/// The parts as one comment: a summary, then the findings, worst first, each to be unfolded.
pub(super) fn markdown(parts: &[Part]) -> String {
    let mut text = MARK.to_owned();
    heading(parts, &mut text);
    let mut all: Vec<_> =
        parts.iter().flat_map(|part| part.findings().map(move |(finding, _)| (part, finding))).collect();
    all.sort_by_key(|(_, finding)| std::cmp::Reverse(finding.level));
    let mut detailed = true;
    for (index, (part, finding)) in all.iter().enumerate() {
        let line = one_line(part, finding);
        if detailed {
            let folded =
                format!("\n<details><summary>{line}</summary>\n\n{}\n</details>\n", fenced("text", &excerpt(finding)));
            detailed = text.len() + folded.len() <= MAX_DETAILED;
            if detailed {
                text.push_str(&folded);
                continue;
            }
        }
        let line = format!("\n<p>{line}</p>\n");
        if text.len() + line.len() > MAX_BYTES - LAST_WORDS {
            let left: Vec<&Finding> = all.iter().skip(index).map(|(_, finding)| *finding).collect();
            text.push_str(&last_words(&left));
            break;
        }
        text.push_str(&line);
    }
    text
}

fn heading(parts: &[Part], text: &mut String) {
    let closing = |part: &Part| part.closing().trim_end().replace('\n', "<br>");
    match parts {
        [part] => text.push_str(&format!("<h3>taskclass lint</h3>\n<p>{}</p>\n", closing(part))),
        parts => {
            text.push_str("<h3>taskclass lint</h3>\n");
            for part in parts.iter().take(MAX_PARTS) {
                let folder = if part.folder().is_empty() { "." } else { part.folder() };
                text.push_str(&format!("<p>{}: {}</p>\n", code(&shortened(folder)), closing(part)));
            }
            if let Some(more) = parts.len().checked_sub(MAX_PARTS).filter(|more| *more > 0) {
                text.push_str(&format!("<p>and {} more</p>\n", number(more, "registry", "registries")));
            }
        }
    }
}

/// What is wrong and where, on one line of HTML.
fn one_line(part: &Part, finding: &Finding) -> String {
    let at = finding.primary.source.position(finding.primary.span.start);
    let path = shortened(&part.path_to(finding.primary.source.path()));
    let place = code(&format!("{path}:{}:{}", at.line, at.char_column));
    format!("<b>{}</b> {place} {} ({})", finding.level.name(), sentence(&finding.message), code(&finding.rule))
}

/// The finding as a person at a terminal sees it, but for its first line, which the summary repeats.
fn excerpt(finding: &Finding) -> String {
    let whole = human::finding(finding, Human { colour: false, width: 100 });
    let lines = whole.split_once('\n').map_or("", |(_, rest)| rest);
    if lines.len() <= MAX_EXCERPT {
        return lines.to_owned();
    }
    let cut = lines.char_indices().map(|(at, _)| at).take_while(|at| *at <= MAX_EXCERPT).last().unwrap_or(0);
    format!("{}…\n", lines.get(..cut).unwrap_or_default())
}

fn last_words(left: &[&Finding]) -> String {
    let levels =
        [(Level::Error, "error", "errors"), (Level::Warning, "warning", "warnings"), (Level::Note, "note", "notes")];
    let counts: Vec<_> = levels
        .iter()
        .map(|(level, one, many)| (left.iter().filter(|finding| finding.level == *level).count(), one, many))
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| number(count, one, many))
        .collect();
    let verb = if left.len() == 1 { "is" } else { "are" };
    format!("\n<p>{} more {verb} not shown here; <code>taskclass lint</code> shows all.</p>\n", counts.join(", "))
}
