//! Of what stands in a template: inputs, facts of the run, filters, partials, suppressed rules.

use taskclass_spec::prompt::{FILTERS, RUN_FIELDS};

use super::{Hover, rule_named};
use crate::classes;
use crate::inputs;
use crate::markdown::{code, fenced};
use crate::prompt_text::{PromptText, partial};
use crate::template::{self, TagKind, TokenKind};
use crate::view::View;

/// The most classes whose declarations of an input are told.
const MAX_CLASSES: usize = 5;

/// What there is to tell of the place `offset` of the template's text.
pub(super) fn at(view: &View<'_>, prompt: &PromptText, offset: usize) -> Option<Hover> {
    let text = prompt.text();
    let tag = template::tags(text).into_iter().find(|tag| tag.inner.start <= offset && offset <= tag.inner.end)?;
    if tag.kind == TagKind::Comment {
        let inner = text.get(tag.inner.clone())?;
        let trimmed = inner.trim_start_matches(['-', '+']);
        let hover = rule_named(trimmed, tag.inner.start + (inner.len() - trimmed.len()), offset)?;
        return Some(Hover { span: prompt.span(hover.span.range()), ..hover });
    }
    let tokens = template::tokens(text, tag.inner.clone());
    let index = tokens.iter().position(|token| token.range.start <= offset && offset < token.range.end);
    // Just behind a word the word is meant, unless another begins there.
    let index = index.or_else(|| tokens.iter().position(|token| token.range.end == offset))?;
    let token = tokens.get(index)?;
    let before = |back: usize| index.checked_sub(back).and_then(|at| tokens.get(at));
    let is_dot = |back| before(back).is_some_and(|token| token.kind == TokenKind::Dot);
    let word = token.text(text);
    let hover = |told: String| Some(Hover { text: told, span: prompt.span(token.range.clone()) });
    match token.kind {
        TokenKind::Word if is_dot(1) => match before(2).map(|token| token.text(text)) {
            Some("inputs") if !is_dot(3) => hover(input(view, word)?),
            Some("run") if RUN_FIELDS.contains(&word) => {
                hover(format!("{}: {}", code(&format!("run.{word}")), inputs::run_field(word)))
            }
            _ => None,
        },
        TokenKind::Word if before(1).is_some_and(|token| token.kind == TokenKind::Pipe) => {
            let filter = FILTERS.iter().find(|filter| filter.name == word)?;
            hover(format!(
                "**filter** {}\n\n{}\n\nWritten {}",
                code(filter.name),
                filter.description,
                code(filter.usage)
            ))
        }
        TokenKind::Word => {
            let loops = template::loops(text, offset);
            let (_, looped) = loops.iter().rev().find(|(variable, _)| *variable == word)?;
            let told = input(view, (*looped)?)?;
            hover(format!("one value of a list\n\n{told}"))
        }
        TokenKind::Text { .. } => {
            let name = text.get(token.content())?;
            template::includes(text).iter().find(|(_, place)| *place == token.content())?;
            let path = partial(name)?;
            let shown = view.other(&path).map(|file| fenced(file.source.text(), "markdown"));
            hover(format!(
                "{}\n\n{}",
                code(path.as_str()),
                shown.unwrap_or_else(|| "There is no such file.".to_owned())
            ))
        }
        _ => None,
    }
}

/// What the class, or each class that draws the file in, declares.
fn input(view: &View<'_>, name: &str) -> Option<String> {
    let classes = classes::around(view);
    let declared = classes.iter().filter_map(|class| Some(inputs::describe(class, name, &class.input(name)?)));
    let told: Vec<String> = declared.take(MAX_CLASSES).collect();
    (!told.is_empty()).then(|| told.join("\n\n---\n\n"))
}
