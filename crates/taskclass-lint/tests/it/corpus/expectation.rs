//! Findings as lines that a reviewer can read beside the class, and places read back from them.

use taskclass_lint::Report;
use taskclass_source::text::visible;
use taskclass_source::{Finding, Label, Safety};

/// What closes a text that goes on.
const MORE: &str = "…";
/// The longest text of a place that is written out, in characters.
const LONGEST: usize = 60;

/// A report as text: a finding begins at the margin with its level, rule and place; what belongs to it is indented.
pub(crate) fn write(report: &Report) -> String {
    let mut text: String = report.findings.iter().map(finding).collect::<Vec<_>>().join("\n");
    text.push('\n');
    text.push_str(&report.summary());
    text.push('\n');
    text
}

fn finding(finding: &Finding) -> String {
    let mut text = format!("{} {} @ {}\n", finding.level.name(), finding.rule, place(&finding.primary));
    let mut line = |what: &str| text.push_str(&format!("    {}\n", visible(what)));
    line(&finding.message);
    for label in &finding.secondary {
        line(&format!("at {}", place(label)));
    }
    for help in &finding.help {
        line(&format!("help: {help}"));
    }
    if let Some(fix) = &finding.fix {
        let word = if fix.safety == Safety::Safe { "safe" } else { "unsafe" };
        line(&format!("{word} fix: {}", fix.title));
    }
    for note in &finding.notes {
        line(&format!("note: {note}"));
    }
    text
}

/// `path 3:7-3:12 «text there» what is said`: line and column from 1, columns in code points, the end behind the last.
fn place(label: &Label) -> String {
    let (start, end) = (label.source.position(label.span.start), label.source.position(label.span.end));
    let text = label.source.slice(label.span);
    let shown = match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}{MORE}", &text[..cut]),
        None => text.to_owned(),
    };
    let said = if label.text.is_empty() { String::new() } else { format!(" {}", label.text) };
    format!(
        "{} {}:{}-{}:{} «{}»{said}",
        label.source.path(),
        start.line,
        start.char_column,
        end.line,
        end.char_column,
        visible(&shown)
    )
}

/// A place as an expectation names it.
pub(crate) struct Recorded {
    pub(crate) path: String,
    /// Line and column of the first character and of the one behind the last, from 1, in code points.
    pub(crate) from: (usize, usize),
    pub(crate) to: (usize, usize),
    /// The text there as it is shown, and whether it goes on.
    pub(crate) text: String,
    pub(crate) more: bool,
}

/// The places in an expectation.
pub(crate) fn places(expectation: &str) -> Vec<Recorded> {
    expectation.lines().filter_map(recorded).collect()
}

fn recorded(line: &str) -> Option<Recorded> {
    let rest = match line.strip_prefix("    at ") {
        Some(rest) => rest,
        None => line.split_once(" @ ").filter(|_| !line.starts_with(' '))?.1,
    };
    let (path, rest) = rest.split_once(' ')?;
    let (span, rest) = rest.split_once(" «")?;
    let (from, to) = span.split_once('-')?;
    let point = |text: &str| {
        let (line, column) = text.split_once(':')?;
        Some((line.parse().ok()?, column.parse().ok()?))
    };
    let (text, _) = rest.split_once('»')?;
    let (text, more) = match text.strip_suffix(MORE) {
        Some(text) => (text, true),
        None => (text, false),
    };
    Some(Recorded { path: path.to_owned(), from: point(from)?, to: point(to)?, text: text.to_owned(), more })
}

/// The lines that differ, with `-` what was expected and `+` what is found.
pub(crate) fn difference(expected: &str, found: &str) -> String {
    let (old, new): (Vec<_>, Vec<_>) = (expected.lines().collect(), found.lines().collect());
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let tail = old[same..].iter().rev().zip(new[same..].iter().rev()).take_while(|(a, b)| a == b).count();
    let gone = old[same..old.len() - tail].iter().map(|line| format!("- {line}\n"));
    let come = new[same..new.len() - tail].iter().map(|line| format!("+ {line}\n"));
    gone.chain(come).collect()
}
