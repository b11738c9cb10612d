//! A comment under a pull request.
//!
//! Whoever opens a pull request writes the names, values and lines that a finding quotes, and the comment speaks in the name
//! of the check. So nothing of it is read as Markdown: sentences stand in HTML, where every word that is not plainly a word
//! is code, and source lines stand in a fence that is longer than any in them. In code GitHub makes no mention, no link, no
//! reference to an issue or a commit and no picture.

use taskclass_source::text::visible;
use taskclass_source::{Finding, Level};

use super::human::{self, Human};
use super::part::Part;
use crate::report::number;

/// GitHub takes 65,536 characters; a character has at least one byte.
const MAX_BYTES: usize = 65_000;
/// How much of it is given to findings with their source lines; those that come later are one line each.
const MAX_DETAILED: usize = 48_000;
/// What is kept free for the last words.
const LAST_WORDS: usize = 400;
/// The most that one finding's source lines take, in bytes.
const MAX_EXCERPT: usize = 4_000;
/// The longest sentence and the longest path, in characters.
const MAX_SENTENCE: usize = 500;
const MAX_PATH: usize = 160;
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
            let folded = format!("\n<details><summary>{line}</summary>\n\n{}\n</details>\n", fenced(&excerpt(finding)));
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

/// The end of a path, on one line.
fn shortened(path: &str) -> String {
    let path = visible(path);
    match path.chars().count().checked_sub(MAX_PATH).filter(|more| *more > 0) {
        Some(more) => format!("…{}", path.chars().skip(more).collect::<String>()),
        None => path.into_owned(),
    }
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

/// The lines between fences that none of them can close.
fn fenced(lines: &str) -> String {
    let longest = lines.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let end = if lines.ends_with('\n') { "" } else { "\n" };
    format!("{fence}text\n{lines}{end}{fence}\n")
}

/// A sentence as HTML: words as they are, and all else, also what is quoted, as code.
fn sentence(text: &str) -> String {
    let text = visible(text);
    let cut = text.char_indices().nth(MAX_SENTENCE);
    let text = cut.map_or_else(|| text.to_string(), |(at, _)| format!("{}…", text.get(..at).unwrap_or_default()));
    // Where quotes do not pair, nothing is lost but the look: whatever is no plain word is code in any case.
    let paired = text.matches('`').count().is_multiple_of(2);
    let parts: Vec<&str> = if paired { text.split('`').collect() } else { vec![text.as_str()] };
    let mut html = String::new();
    for (index, part) in parts.iter().enumerate() {
        if index % 2 == 1 {
            html.push_str(&code(part));
            continue;
        }
        for word in part.split_inclusive(' ') {
            let bare = word.trim_end_matches(' ');
            match is_word(bare) {
                true => html.push_str(&escaped(bare)),
                false => html.push_str(&code(bare)),
            }
            html.push_str(word.get(bare.len()..).unwrap_or_default());
        }
    }
    html
}

/// Whether GitHub cannot take it for anything but a word: letters, perhaps with hyphens, or a short number, between
/// punctuation. Seven hexadecimal digits could name a commit.
fn is_word(text: &str) -> bool {
    let bare =
        text.trim_start_matches(['(', '"', '\'']).trim_end_matches([',', '.', ';', ':', '!', '?', ')', '"', '\'', '…']);
    let letters = bare.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-' || byte == b'\'');
    let number = bare.len() < 7 && bare.bytes().all(|byte| byte.is_ascii_digit());
    let commit = bare.len() >= 7 && bare.bytes().all(|byte| byte.is_ascii_hexdigit());
    (letters || number) && !commit
}

fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("<code>{}</code>", escaped(&visible(text))) }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
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
