//! Reads a template and every partial that it draws in, each once: what they do, and all that is wrong with them.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::machinery::parse;
use taskclass_source::Files;
use taskclass_source::text::{hidden_runs, is_hidden};

use super::MAX_TEMPLATE_CHARS;
use super::check::Checker;
use super::facts::Facts;
use super::partials::Partials;
use super::place::PromptSource;
use super::problem::{ProblemKind, PromptProblem, Related};
use super::recover::readable;
use super::scan::{Found, scan, syntax};
use super::template::Template;
use super::walk::Walk;
use crate::InputName;
use crate::inputs::is_noncharacter;
use crate::written::Input;

/// The most places of one kind of fault that are named one by one.
const MAX_NAMED: usize = 20;

/// What there is to know about a template.
#[derive(Clone, Debug)]
pub struct Inspected {
    /// What it does, as far as it could be read.
    pub facts: Arc<Facts>,
    /// Everything that is wrong with it, in the order of the text, a partial's where it is first included.
    pub problems: Vec<PromptProblem>,
    /// The template, if nothing is wrong.
    pub template: Option<Template>,
}

/// Inspects the template in `source` against the `declared` inputs; partials come from `files`.
pub fn inspect(source: &PromptSource, declared: &BTreeMap<InputName, Input>, files: &dyn Files) -> Inspected {
    inspect_sharing(source, declared, files, &Partials::new())
}

/// As [`inspect`], for one of many prompts over the same `files`: what `partials` holds is not read and compiled again.
pub fn inspect_sharing(
    source: &PromptSource,
    declared: &BTreeMap<InputName, Input>,
    files: &dyn Files,
    partials: &Partials,
) -> Inspected {
    let mut walk = Walk::new(declared, files, partials, document);
    document(&mut walk, source);
    let Walk { facts, mut problems, .. } = walk;
    let facts = Arc::new(facts);
    let mut template = None;
    if problems.is_empty() {
        match Template::build(source, &facts, partials) {
            Ok(built) => template = Some(built),
            Err(error) => {
                let kind = syntax(&error, source.text()).kind;
                problems.push(PromptProblem { kind, place: source.whole(), related: Vec::new() });
            }
        }
    }
    Inspected { facts, problems, template }
}

impl Template {
    /// Compiles the template in `source` against the `declared` inputs; partials come from `files`.
    ///
    /// # Errors
    /// Everything that is wrong with it and with its partials.
    pub fn compile(
        source: &PromptSource,
        declared: &BTreeMap<InputName, Input>,
        files: &dyn Files,
    ) -> Result<Self, Vec<PromptProblem>> {
        Self::compile_sharing(source, declared, files, &Partials::new())
    }

    /// The same for one of many prompts over the same `files`: what `partials` holds is not read and compiled again.
    ///
    /// # Errors
    /// As [`Template::compile`].
    pub fn compile_sharing(
        source: &PromptSource,
        declared: &BTreeMap<InputName, Input>,
        files: &dyn Files,
        partials: &Partials,
    ) -> Result<Self, Vec<PromptProblem>> {
        let inspected = inspect_sharing(source, declared, files, partials);
        inspected.template.ok_or(inspected.problems)
    }
}

/// Inspects one text; gives the height of the partials within it.
fn document(walk: &mut Walk<'_>, source: &PromptSource) -> usize {
    let text = source.text();
    if !check_text(walk, source) {
        walk.facts.complete = false;
        return 0;
    }
    let sound = scan(text).is_empty().then(|| parse(text, "", Default::default()).ok()).flatten();
    match sound {
        Some(template) => Checker::new(walk, source).statements(&[template]),
        None => as_far_as_readable(walk, source),
    }
}

/// Reports the tags that cannot be read, and inspects the others.
fn as_far_as_readable(walk: &mut Walk<'_>, source: &PromptSource) -> usize {
    walk.facts.complete = false;
    let read = readable(source.text());
    let before = walk.problems.len();
    for fault in read.found {
        found(walk, fault, source);
    }
    let own = walk.problems.len();
    let Some(rest) = read.text.and_then(|text| source.with_text(text)) else { return 0 };
    let Ok(template) = parse(rest.text(), "", Default::default()) else { return 0 };
    let height = Checker::new(walk, &rest).statements(&[template]);
    let gone: Vec<_> = read.gone.into_iter().map(|range| source.place(range)).collect();
    let problems = walk.problems.split_off(own);
    let is_ours = |problem: &PromptProblem| {
        let place = &problem.place;
        let stand_in = gone.iter().any(|tag| tag.source == place.source && tag.span.contains(place.span));
        let loops_variable = read.without_blocks && matches!(problem.kind, ProblemKind::UnknownName { .. });
        !(loops_variable || (place.exact && stand_in))
    };
    walk.problems.extend(problems.into_iter().filter(is_ours));
    if let Some(here) = walk.problems.get_mut(before..) {
        here.sort_by_key(|problem| (problem.place.source.path() != source.source().path(), problem.place.span));
    }
    height
}

fn found(walk: &mut Walk<'_>, fault: Found, source: &PromptSource) {
    let related = fault.other.map(|(range, text)| Related { place: source.place(range), text: text.to_owned() });
    walk.problem_with(fault.kind, source.place(fault.range), related.into_iter().collect());
}

/// Whether the text has nothing but printable ASCII, line feeds and tabs.
fn is_plain(text: &str) -> bool {
    // Without a way out in the middle of a chunk the compiler looks at many bytes at once.
    text.as_bytes()
        .chunks(128)
        .all(|chunk| chunk.iter().fold(true, |all, byte| all & matches!(byte, b' '..=b'~' | b'\n' | b'\t')))
}

/// What is wrong with the text as text; whether it can be read as a template all the same.
fn check_text(walk: &mut Walk<'_>, source: &PromptSource) -> bool {
    let text = source.text();
    if let Some(offset) = source.not_utf8() {
        walk.problem(ProblemKind::NotUtf8, source.place(offset..offset + 1));
        return false;
    }
    // One look at the bytes tells of nearly every text that there is nothing to say.
    if text.len() <= MAX_TEMPLATE_CHARS && is_plain(text) {
        return true;
    }
    let chars = text.chars().count();
    if chars > MAX_TEMPLATE_CHARS {
        let start = text.char_indices().nth(MAX_TEMPLATE_CHARS).map_or(0, |(offset, _)| offset);
        walk.problem(ProblemKind::TooLong { chars }, source.place(start..start + 1));
        return false;
    }
    if source.is_file() && text.starts_with('\u{feff}') {
        walk.problem(ProblemKind::ByteOrderMark, source.place(0..'\u{feff}'.len_utf8()));
    }
    let returns = text.matches('\r').count();
    if let Some(first) = text.find('\r') {
        walk.problem(ProblemKind::LineEndings { count: returns }, source.place(first..first + 1));
    }
    hidden_characters(walk, source);
    true
}

/// Reports characters that hide, those that stand side by side as one, and those that the renderer has for its own use.
fn hidden_characters(walk: &mut Walk<'_>, source: &PromptSource) {
    let text = source.text();
    let mark = |at: usize, c: char| source.is_file() && at == 0 && c == '\u{feff}';
    let mut runs = hidden_runs(text, |at, c| matches!(c, '\n' | '\t' | '\r') || mark(at, c));
    let kept = text.char_indices().filter(|(_, c)| is_noncharacter(*c) && !is_hidden(*c));
    runs.extend(kept.map(|(at, c)| at..at + c.len_utf8()));
    runs.sort_by_key(|run| run.start);
    let more = runs.len().saturating_sub(MAX_NAMED);
    for (index, run) in runs.into_iter().take(MAX_NAMED).enumerate() {
        let more = if index + 1 == MAX_NAMED { more } else { 0 };
        let characters = text.get(run.clone()).unwrap_or_default().to_owned();
        walk.problem(ProblemKind::HiddenCharacters { characters, more }, source.place(run));
    }
}
