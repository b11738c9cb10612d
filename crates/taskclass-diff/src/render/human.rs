//! The format for a person at a terminal: a headline, a section for each document, the gravest first, and what to do next.

mod changes;
mod meaning;
mod page;

use taskclass_source::text::without_commands;

use self::page::{Ink, Page};
use super::{examples::Seen, words};
use crate::{Diff, Document, prompts::Differences};

/// How to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Human {
    /// With ANSI colours.
    pub colour: bool,
    /// How many columns the terminal has.
    pub width: usize,
}

/// The diff for a person, and what to do next.
pub fn human(diff: &Diff, how: Human) -> String {
    let mut page = Page::new(how);
    sections(diff, &mut page);
    let steps = words::next(diff);
    if !steps.is_empty() {
        page.blank();
    }
    for (said, commands) in steps {
        let colon = if commands.is_empty() { "" } else { ":" };
        page.led(0, (Ink::Strong, "Next: "), Ink::Plain, &format!("{said}{colon}"));
        for command in commands {
            page.wrapped(2, Ink::Plain, &command);
        }
    }
    without_commands(&page.finish())
}

/// The diff for a person who is asked what to do right behind it.
pub fn review(diff: &Diff, how: Human) -> String {
    let mut page = Page::new(how);
    sections(diff, &mut page);
    without_commands(&page.finish())
}

fn sections(diff: &Diff, page: &mut Page) {
    page.wrapped(0, Ink::Plain, &words::headline(diff));
    let (mut seen, differences) = (Seen::default(), Differences::default());
    for document in &diff.documents {
        page.blank();
        section(document, diff.inventory, &mut seen, &differences, page);
    }
}

fn section<'a>(
    document: &'a Document,
    inventory: Option<usize>,
    seen: &mut Seen<'a>,
    differences: &Differences,
    page: &mut Page,
) {
    let effect = document.effect();
    let mut facts: Vec<String> = words::kind(document.kind).map(str::to_owned).into_iter().collect();
    facts.extend(words::status(document));
    facts.extend(words::risk(document).map(|risk| format!("risk {risk}")));
    facts.extend(words::version(document).map(|version| format!("version {version}")));
    page.title(&document.name, effect, &facts.join(" · "));
    changes::unreadable(&document.unreadable, page);
    changes::changes(document, differences, page);
    meaning::meaning(document, inventory, seen, page);
}
