//! The format for a person at a terminal: a headline, a section for each document, the gravest first, and what to do next.

mod changes;
mod meaning;
mod page;

use taskclass_source::text::without_commands;

use self::page::{Ink, Page};
use super::words;
use crate::{Diff, Document};

/// How to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Human {
    /// With ANSI colours.
    pub colour: bool,
    /// How many columns the terminal has.
    pub width: usize,
}

impl Default for Human {
    fn default() -> Self {
        Self { colour: false, width: 100 }
    }
}

/// The diff for a person.
pub fn human(diff: &Diff, how: Human) -> String {
    let mut page = Page::new(how);
    page.wrapped(0, Ink::Plain, &words::headline(diff));
    for document in &diff.documents {
        page.blank();
        section(document, &mut page);
    }
    let steps = words::next(diff);
    if !steps.is_empty() {
        page.blank();
    }
    for (said, commands) in steps {
        page.wrapped(0, Ink::Plain, &format!("Next: {said}{}", if commands.is_empty() { "" } else { ":" }));
        for command in commands {
            page.wrapped(2, Ink::Strong, &command);
        }
    }
    without_commands(&page.finish())
}

fn section(document: &Document, page: &mut Page) {
    let effect = document.effect();
    let mut facts = vec![words::kind(document.kind).to_owned()];
    facts.extend(words::status(document));
    facts.extend(words::risk(document).map(|risk| format!("risk {risk}")));
    facts.extend(words::version(document).map(|version| format!("version {version}")));
    page.title(&document.name, effect, &facts.join(" · "));
    for finding in &document.unreadable {
        changes::finding(finding, page);
    }
    changes::changes(document, page);
    meaning::meaning(document, page);
}
