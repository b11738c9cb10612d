//! Workflow commands: GitHub shows each as an annotation at its line.
//!
//! A command is one line, `::error file=…,line=…::message`. What stands in it is escaped as the runner unescapes it, so no
//! text of the registry can end a command or begin another one.

use taskclass_source::text::visible;
use taskclass_source::{Finding, Level};

use super::part::Part;
use crate::report::number;

/// How many annotations of each level GitHub shows of a step; the rest it drops without a word.
const SHOWN: usize = 10;

/// The parts as workflow commands and a summary of each. No more than what GitHub shows is annotated, and what is left out
/// is said.
pub(super) fn github(parts: &[Part]) -> String {
    let mut text = String::new();
    let mut left_out = 0;
    for level in [Level::Error, Level::Warning, Level::Note] {
        let all = parts.iter().flat_map(|part| part.findings().map(move |(finding, _)| (part, finding)));
        let of_level: Vec<_> = all.filter(|(_, finding)| finding.level == level).collect();
        for (part, finding) in of_level.iter().take(SHOWN) {
            text.push_str(&command(part, finding));
            text.push('\n');
        }
        left_out += of_level.len().saturating_sub(SHOWN);
    }
    for part in parts {
        text.push_str(&part.closing());
    }
    if left_out > 0 {
        let verb = if left_out == 1 { "is" } else { "are" };
        text.push_str(&format!(
            "{} {verb} not annotated: GitHub shows {SHOWN} of each level a step. --format concise lists them all.\n",
            number(left_out, "finding", "findings")
        ));
    }
    text
}

fn command(part: &Part, finding: &Finding) -> String {
    let word = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let source = &finding.primary.source;
    let (start, end) = (source.position(finding.primary.span.start), source.position(finding.primary.span.end));
    let mut properties = vec![("file", part.path_to(source.path())), ("line", start.line.to_string())];
    // GitHub takes columns only of a place within one line.
    if start.line == end.line {
        properties.push(("col", start.char_column.to_string()));
        properties.push(("endColumn", end.char_column.to_string()));
    } else {
        properties.push(("endLine", end.line.to_string()));
    }
    properties.push(("title", finding.rule.to_string()));
    let properties: Vec<_> = properties.iter().map(|(name, value)| format!("{name}={}", property(value))).collect();
    let mut message = visible(&finding.message).into_owned();
    for help in &finding.help {
        message.push_str(&format!("\nhelp: {}", visible(help)));
    }
    if let Some(fix) = &finding.fix {
        message.push_str(&format!("\nhelp: {}", visible(&super::human::offer(fix))));
    }
    for note in &finding.notes {
        message.push_str(&format!("\nnote: {}", visible(note)));
    }
    format!("::{word} {}::{}", properties.join(","), data(&message))
}

/// A command's message, as the runner unescapes it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property's value: a `:` would end the properties, a `,` the value.
fn property(text: &str) -> String {
    data(&visible(text)).replace(':', "%3A").replace(',', "%2C")
}
