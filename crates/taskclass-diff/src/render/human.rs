//! The format for a person at a terminal: a headline, a section for each document, the gravest first, and what to do next.

mod changes;
mod meaning;
mod page;

use taskclass_source::text::without_commands;

use self::page::{Ink, Page};
use super::{
    examples::Seen,
    next::{Step, steps},
    words,
};
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
    next(diff, &mut page);
    without_commands(&page.finish())
}

fn next(diff: &Diff, page: &mut Page) {
    let steps = steps(diff);
    if !steps.is_empty() {
        page.blank();
    }
    let several = steps.len() > 1;
    if several {
        page.pieces(0, &[(Ink::Strong, "Next:")]);
    }
    for Step { said, command } in steps {
        let (indent, lead) = if several { (2, (Ink::Faint, "- ")) } else { (0, (Ink::Strong, "Next: ")) };
        let colon = if command.is_some() { ":" } else { "" };
        page.led(indent, lead, Ink::Plain, &format!("{said}{colon}"));
        if let Some(command) = command {
            page.wrapped(indent + 2, Ink::Plain, &command);
        }
    }
}

/// The diff for a person who is asked what to do right behind it.
pub fn review(diff: &Diff, how: Human) -> String {
    let mut page = Page::new(how);
    sections(diff, &mut page);
    without_commands(&page.finish())
}

fn sections(diff: &Diff, page: &mut Page) {
    page.wrapped(0, Ink::Plain, &words::headline(diff, &diff.base.to_string(), &diff.head.to_string()));
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
    changes::unreadable(&document.unreadable_before, "was unreadable before: what it allowed is not known", page);
    changes::unreadable(&document.unreadable, "cannot be read, so it may do anything", page);
    changes::changes(document, seen, differences, page);
    meaning::meaning(document, inventory, seen, differences, page);
}
