//! Names, filters, statements and partials within a template's tags.

use taskclass_source::Span;
use taskclass_spec::paths;
use taskclass_spec::prompt::{FILTERS, LOOP_FIELDS, RUN_FIELDS};
use taskclass_spec::written::{Input, ItemType};

use super::item::{Item, Kind};
use crate::classes;
use crate::inputs;
use crate::prompt_text::PromptText;
use crate::template::{self, Tag, TagKind, Token, TokenKind};
use crate::view::View;

/// The statements that there are, and how each is written.
const STATEMENTS: [(&str, &str, &str); 7] = [
    ("if", "if ${1:inputs.name}", "what follows only if a condition holds"),
    ("elif", "elif ${1:inputs.name}", "else, if another condition holds"),
    ("else", "else", "otherwise"),
    ("endif", "endif", "ends an `if`"),
    ("for", "for ${1:item} in ${2:inputs.list}", "once for each value of a list input"),
    ("endfor", "endfor", "ends a `for`"),
    ("include", "include \"${1:partials/name.md}\"", "draws a partial in"),
];

/// What can be written at `offset` of the template `prompt`; `None` where that is no tag.
pub(super) fn items(view: &View<'_>, prompt: &PromptText, offset: usize) -> Option<Vec<Item>> {
    let text = prompt.text();
    let tag = template::tags(text).into_iter().find(|tag| tag.inner.start <= offset && offset <= tag.inner.end)?;
    if tag.kind == TagKind::Comment {
        return Some(super::rules_in_comment(text, tag.inner.start, offset, |range| prompt.span(range)));
    }
    let tokens = template::tokens(text, tag.inner.clone());
    let at = tokens.iter().position(|token| token.range.start < offset && offset <= token.range.end);
    let here = at.and_then(|at| tokens.get(at));
    let before = tokens.get(..at.unwrap_or_else(|| tokens.partition_point(|token| token.range.end <= offset)))?;
    let before = template::skip_dash(text, before);
    let cursor = Cursor { view, text, tag: &tag, before, offset };
    Some(match here {
        Some(token) if matches!(token.kind, TokenKind::Text { .. }) => {
            let inside = token.content();
            let closed = token.kind == TokenKind::Text { closed: true };
            if offset < inside.start || (closed && offset > inside.end) {
                return Some(Vec::new());
            }
            // What is not closed may have swallowed the rest of the tag: replace what was typed.
            let range = if closed { inside } else { inside.start..offset };
            cursor.in_quotes(prompt.span(range))
        }
        Some(token) if token.kind == TokenKind::Word => cursor.word(prompt.span(token.range.clone())),
        Some(Token { kind: TokenKind::Dot | TokenKind::Pipe, .. }) => {
            let before = template::skip_dash(text, tokens.get(..=at.unwrap_or_default())?);
            Cursor { before, ..cursor }.word(prompt.span(offset..offset))
        }
        _ => cursor.word(prompt.span(offset..offset)),
    })
}

struct Cursor<'c> {
    view: &'c View<'c>,
    text: &'c str,
    tag: &'c Tag,
    /// The words before the one at the cursor.
    before: &'c [Token],
    offset: usize,
}

impl Cursor<'_> {
    fn word(&self, replace: Span) -> Vec<Item> {
        match self.before {
            [.., root, Token { kind: TokenKind::Dot, .. }] => self.members(root.text(self.text), replace),
            [.., Token { kind: TokenKind::Pipe, .. }] => filters(replace),
            [] if self.tag.kind == TagKind::Statement => statements(replace),
            [word] if word.text(self.text) == "include" => self
                .partials(replace)
                .into_iter()
                .map(|item| Item { text: format!("\"{}\"", item.text), ..item })
                .collect(),
            [word, _] if word.text(self.text) == "for" => vec![Item::new("in", Kind::Keyword, replace)],
            [word] if word.text(self.text) == "for" => Vec::new(),
            _ => self.roots(replace),
        }
    }

    fn members(&self, root: &str, replace: Span) -> Vec<Item> {
        let field = |name: &str, detail: &str| Item::new(name, Kind::Field, replace).detail(detail);
        match root {
            "inputs" => self.inputs(replace),
            "run" => RUN_FIELDS.iter().map(|name| field(name, inputs::run_field(name))).collect(),
            "loop" => LOOP_FIELDS
                .iter()
                .map(|(name, number)| field(name, if *number { "a number" } else { "true or false" }))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The inputs of the class, or of the classes that draw this file in; those that all have come first.
    fn inputs(&self, replace: Span) -> Vec<Item> {
        let classes = classes::around(self.view);
        let mut items: Vec<Item> = Vec::new();
        for class in classes.iter() {
            for name in class.input_names() {
                if items.iter().any(|item| item.label == name) {
                    continue;
                }
                let everywhere = classes.iter().all(|other| other.input(name).is_some());
                let Some(declared) = class.input(name) else { continue };
                let item = Item::new(name, Kind::Field, replace)
                    .detail(declared.input.as_ref().map(inputs::kind).unwrap_or_default())
                    .documentation(inputs::describe(class, name, &declared))
                    .rank(if everywhere { 0 } else { 1 });
                items.push(item);
            }
        }
        items
    }

    fn roots(&self, replace: Span) -> Vec<Item> {
        let name = |name: &str, detail: &str| Item::new(name, Kind::Name, replace).detail(detail).rank(0);
        let mut items =
            vec![name("inputs", "what the caller gives"), name("run", "the run: repository, base branch, class")];
        let loops = template::loops(self.text, self.offset);
        items.extend(loops.iter().map(|(variable, _)| name(variable, "the loop's value")));
        if !loops.is_empty() {
            items.push(name("loop", "where the loop is"));
        }
        items.extend(
            ["not", "and", "or", "in", "true", "false"].map(|word| Item::new(word, Kind::Keyword, replace).rank(2)),
        );
        items
    }

    fn in_quotes(&self, replace: Span) -> Vec<Item> {
        match self.before {
            [word] if word.text(self.text) == "include" => self.partials(replace),
            [.., Token { kind: TokenKind::Equality, .. }] => self.compared(replace),
            _ => Vec::new(),
        }
    }

    /// The choices of the input that a text is compared with.
    fn compared(&self, replace: Span) -> Vec<Item> {
        let name = match self.before {
            [.., root, dot, name, _] if root.text(self.text) == "inputs" && dot.kind == TokenKind::Dot => {
                name.text(self.text)
            }
            [.., variable, _] => {
                let loops = template::loops(self.text, self.offset);
                let found = loops.iter().rev().find(|(name, _)| *name == variable.text(self.text));
                found.and_then(|(_, input)| *input).unwrap_or_default()
            }
            _ => return Vec::new(),
        };
        let mut values = Vec::new();
        for class in classes::around(self.view).iter() {
            if let Some(Input::Choice { values: own, .. } | Input::List { of: ItemType::Choice { values: own }, .. }) =
                class.input(name).and_then(|declared| declared.input)
            {
                values.extend(own);
            }
        }
        values.sort();
        values.dedup();
        values.into_iter().map(|value| Item::new(value, Kind::Value, replace)).collect()
    }

    /// The partials that there are, but for the file itself.
    fn partials(&self, replace: Span) -> Vec<Item> {
        let Ok(folder) = paths::at(paths::PROMPTS).join("partials") else { return Vec::new() };
        let files = self.view.files.list(&folder).unwrap_or_default();
        let others = files.iter().filter(|path| **path != self.view.path);
        let names = others.filter_map(|path| path.as_str().strip_prefix("task-classes/prompts/"));
        names.map(|name| Item::new(name, Kind::File, replace)).collect()
    }
}

fn filters(replace: Span) -> Vec<Item> {
    let item = |filter: &taskclass_spec::prompt::FilterDoc| {
        let item =
            Item::new(filter.name, Kind::Function, replace).detail(filter.usage).documentation(filter.description);
        let argument = filter.usage.rsplit_once('(').map(|(_, rest)| rest.trim_end_matches(')'));
        let snippet = argument.map(|argument| {
            let quoted = argument.trim_matches('"');
            let quote = if quoted == argument { "" } else { "\"" };
            format!("{}({quote}${{1:{quoted}}}{quote})", filter.name)
        });
        Item { snippet, ..item }
    };
    FILTERS.iter().map(item).collect()
}

fn statements(replace: Span) -> Vec<Item> {
    let item = |(name, snippet, detail): &(&str, &str, &str)| {
        let item = Item::new(*name, Kind::Keyword, replace).detail(*detail);
        Item { snippet: Some((*snippet).to_owned()).filter(|snippet| snippet != name), ..item }
    };
    STATEMENTS.iter().map(item).collect()
}
