//! Completion: what can be written at the cursor.

mod cursor;
mod item;
mod keys;
mod template;
mod values;

use std::ops::Range;

use taskclass_lint::{Hold, rules};
use taskclass_source::Span;

use crate::prompt_text::PromptText;
use crate::view::View;
use cursor::What;
pub(crate) use item::{Item, Kind};
pub(crate) use values::price;

/// What can be written at `offset`; also in a text that does not parse.
pub(crate) fn items(view: &View<'_>, offset: usize) -> Vec<Item> {
    if let Some((prompt, place)) = PromptText::at(view, offset) {
        return template::items(view, &prompt, place).unwrap_or_default();
    }
    if view.kind.schema().is_none() {
        return Vec::new();
    }
    let text = view.source.text();
    let line = text.get(..offset).and_then(|head| head.rfind('\n')).map_or(0, |at| at + 1);
    if let Some(comment) = comment(text.get(line..offset).unwrap_or_default()) {
        return rules_in_comment(text, line + comment, offset, Span::from);
    }
    // A list's item can begin with a key or be a value: what the schema has something for is meant.
    let items = cursor::readings(text, offset).map(|cursor| match cursor.what {
        What::Key => keys::items(view, &cursor, &cursor.path),
        What::Value => values::items(view, &cursor),
    });
    items.into_iter().find(|items| !items.is_empty()).unwrap_or_default()
}

/// Where a comment begins in `line`.
fn comment(line: &str) -> Option<usize> {
    let mut quote = None;
    let mut previous = ' ';
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '#') if previous.is_whitespace() => return Some(at),
            (None, '"' | '\'') if matches!(previous, ' ' | '[' | '{' | ',' | ':') => quote = Some(c),
            (Some(q), c) if q == c => quote = None,
            _ => {}
        }
        previous = c;
    }
    None
}

/// The rules that a comment from `start` on can suppress, if the cursor is where a rule's name stands; and the form of such
/// a comment, if it is only begun.
fn rules_in_comment(text: &str, start: usize, offset: usize, place: impl Fn(Range<usize>) -> Span) -> Vec<Item> {
    let Some(written) = text.get(start..offset) else { return Vec::new() };
    let word_start = start
        + written
            .rfind(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | ':')))
            .map_or(0, |at| at + written.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
    let rest = text.get(offset..).unwrap_or_default();
    let word_end = offset + rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(rest.len());
    let before = text.get(start..word_start).unwrap_or_default();
    let mut words = before.trim_start_matches(['#', '-', '+']).split_whitespace();
    match (words.next(), words.next(), words.next()) {
        (None, ..) => {
            let replace = place(word_start..word_end);
            let item = Item::new("taskclass: allow()", Kind::Keyword, replace)
                .text("taskclass: allow(): ")
                .detail("suppresses a rule on the next line, with a reason");
            vec![Item { snippet: Some("taskclass: allow(${1:rule}): ${2:reason}".to_owned()), ..item }]
        }
        (Some("taskclass:"), Some("allow("), None) => {
            let free = rules::catalogue().iter().filter(|rule| rule.hold == Hold::Free);
            let item = |rule: &&'static taskclass_lint::Rule| {
                Item::new(rule.name, Kind::Name, place(word_start..word_end))
                    .detail(rule.summary())
                    .documentation(rule.docs())
            };
            free.map(item).collect()
        }
        _ => Vec::new(),
    }
}
