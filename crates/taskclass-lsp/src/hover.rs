//! What is told of the thing under the cursor.

mod resolved;
mod template;
mod value;

use taskclass_lint::{explain, rules};
use taskclass_source::yaml::{Comment, Key};
use taskclass_source::{Path, Span};

use crate::domains::{self, Domain};
use crate::example;
use crate::fields;
use crate::inputs;
use crate::markdown::{code, escaped, fenced};
use crate::prompt_text::PromptText;
use crate::spot::{self, Spot};
use crate::view::{FileKind, View};

/// Markdown about a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hover {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// What there is to tell of the place at `offset`.
pub(crate) fn at(view: &View<'_>, offset: usize) -> Option<Hover> {
    if let Some((prompt, place)) = PromptText::at(view, offset) {
        return template::at(view, &prompt, place);
    }
    view.kind.schema()?;
    let parsed = view.parsed();
    match spot::at(parsed.root.as_ref(), &parsed.comments, offset)? {
        Spot::Comment(comment) => comment_rule(comment, offset),
        Spot::Key(path, key) => Some(Hover { text: of_key(view, &path, key)?, span: key.span }),
        Spot::Scalar(path, node) => Some(Hover { text: value::of(view, &path, node)?, span: node.span }),
    }
}

/// The page of the rule that a suppression names, if the cursor is on its name.
fn comment_rule(comment: &Comment, offset: usize) -> Option<Hover> {
    rule_named(&comment.text, comment.span.start as usize + 1, offset)
}

/// The page of the rule whose name stands at `offset` in the suppression `text`, which begins at `start`.
fn rule_named(text: &str, start: usize, offset: usize) -> Option<Hover> {
    let open = text.trim_start().strip_prefix("taskclass:")?;
    let open = text.len() - open.len() + open.find("allow(")? + "allow(".len();
    let name = text.get(open..)?.split(')').next()?;
    let span = Span::new(start + open, start + open + name.len());
    let rule = rules::find(name.trim()).filter(|_| spot::touches(span, offset))?;
    Some(Hover { text: explain::page(rule), span })
}

/// A field's documentation, and what its value comes to.
fn of_key(view: &View<'_>, path: &Path, key: &Key) -> Option<String> {
    if let Some(text) = of_name(view, path, &key.text) {
        return Some(text);
    }
    let kind = view.kind.schema()?;
    let documentation = fields::documentation(kind, view.json(), &domains::pointer(path))?;
    let mut text = format!("{}\n\n{documentation}", code(&path.to_string()));
    if let Some(more) = resolved::of(view, path) {
        text.push_str(&format!("\n\n---\n{more}"));
    }
    Some(text)
}

/// Of a key that is no field but a name.
fn of_name(view: &View<'_>, path: &Path, name: &str) -> Option<String> {
    let section = path.parent()?;
    match domains::of_keys(view.kind, &section) {
        Some(Domain::Input) => Some(inputs::describe(view, name, &view.input(name)?)),
        Some(Domain::Rule) => rules::find(name).map(explain::page),
        _ if view.kind == FileKind::Class && section.to_string() == "inputs" => {
            Some(inputs::describe(view, name, &view.input(name)?))
        }
        _ => None,
    }
}

/// The prompt of an example, or why there is none.
pub(crate) fn example_prompt(view: &View<'_>, name: &str) -> String {
    match example::prompt(view, name) {
        Ok(prompt) => format!("**The prompt of** {}\n\n{}", code(name), fenced(&prompt, "markdown")),
        Err(reason) => format!("**No prompt of** {}: {}", code(name), escaped(&reason)),
    }
}
