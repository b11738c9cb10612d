//! The format for a person: what is wrong, the lines that it is about with every place marked, the way out.
//!
//! The layout is our own. miette's handlers draw the labels of one source, under the line and beside a box; a finding here
//! has places in several files in the order that tells its story, with what is said standing behind the mark. What is
//! taken from miette is its theme: which part of a report bears which style, with colours and without.
//!
//! Everything from outside (source lines, messages that quote values) is made visible before it is printed, and columns
//! are counted on what is printed.

use miette::ThemeStyles;
use taskclass_source::text::{visible, without_commands, wrap};
use taskclass_source::{Finding, Fix, Level, Safety};

use super::part::Part;
use super::snippet;
use crate::context::position;

/// How to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Human {
    /// With ANSI colours.
    pub colour: bool,
    /// How many columns the terminal has. Source lines that are longer are cut around what is marked, notes are broken.
    pub width: usize,
}

impl Default for Human {
    fn default() -> Self {
        Self { colour: false, width: 120 }
    }
}

/// The parts for a person: the findings, and what sums up. Of several each begins with its folder.
pub(super) fn human(parts: &[Part], how: Human) -> String {
    let mut text = String::new();
    for part in parts {
        if parts.len() > 1 {
            let folder = if part.folder().is_empty() { "." } else { part.folder() };
            text.push_str(&format!("{}:\n", without_commands(&visible(folder))));
        }
        for (one, _) in part.findings() {
            text.push_str(&finding(one, how));
            text.push('\n');
        }
        text.push_str(&part.closing());
    }
    text
}

/// What a part of the text is, for its style.
#[derive(Clone, Copy)]
pub(super) enum Ink {
    /// The finding's word and its own place.
    Level(Level),
    /// The other places.
    Secondary,
    /// Line numbers and frames.
    Faint,
}

/// The text in its style; of the styles without colour the text itself.
pub(super) fn paint(styles: &ThemeStyles, ink: Ink, text: &str) -> String {
    let style = match ink {
        Ink::Level(Level::Error) => &styles.error,
        Ink::Level(Level::Warning) => &styles.warning,
        Ink::Level(Level::Note) => &styles.advice,
        Ink::Secondary => &styles.help,
        Ink::Faint => &styles.linum,
    };
    style.style(text).to_string()
}

/// One finding, ending with a line break.
pub fn finding(finding: &Finding, how: Human) -> String {
    let styles = if how.colour { ThemeStyles::ansi() } else { ThemeStyles::none() };
    let head = format!("{}[{}]", finding.level.name(), finding.rule);
    let mut text = format!("{}: {}\n", paint(&styles, Ink::Level(finding.level), &head), visible(&finding.message));
    let gutter = snippet::gutter(finding);
    snippet::draw(finding, gutter, how.width, &styles, &mut text);
    let mut close = |word: &str, said: &str| {
        let lead = format!("{:gutter$} = {word}: ", "");
        let mut rest = String::new();
        for (index, line) in wrap(&visible(said), how.width.saturating_sub(lead.len()).max(20)).iter().enumerate() {
            if index > 0 {
                rest.push_str(&" ".repeat(lead.len()));
            }
            rest.push_str(line);
            rest.push('\n');
        }
        text.push_str(&paint(&styles, Ink::Faint, &format!("{:gutter$} =", "")));
        text.push_str(&format!(" {word}: {rest}"));
    };
    for help in &finding.help {
        close("help", help);
    }
    if let Some(fix) = &finding.fix {
        close("help", &offer(fix));
    }
    for note in &finding.notes {
        close("note", note);
    }
    without_commands(&text)
}

/// How a fix is offered.
pub(super) fn offer(fix: &Fix) -> String {
    let (word, flag) = match fix.safety {
        Safety::Safe => ("safe", "--fix"),
        Safety::Unsafe => ("unsafe", "--unsafe-fixes"),
    };
    // "write `x`" says no more than "`x`" where a fix is announced.
    let title = fix.title.strip_prefix("write ").filter(|rest| rest.starts_with('`')).unwrap_or(&fix.title);
    format!("{word} fix: {title} ({flag})")
}

/// `path:line:column` of the finding, made visible.
pub(super) fn header(finding: &taskclass_source::Label) -> String {
    visible(&position(&finding.source, finding.span)).into_owned()
}
