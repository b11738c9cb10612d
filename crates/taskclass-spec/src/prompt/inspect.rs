//! Reads a template and every partial that it draws in, each once: what they do, and all that is wrong with them.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use minijinja::machinery::{ast, parse};
use taskclass_source::{Files, RegistryPath};

use super::check::Checker;
use super::facts::{Facts, IncludeUse};
use super::place::{FileFault, Place, PromptSource};
use super::problem::{ProblemKind, PromptProblem, Related};
use super::scan::{Found, scan, syntax};
use super::template::Template;
use super::{MAX_INCLUDE_DEPTH, MAX_PARTIALS, MAX_TEMPLATE_CHARS, trailer, words};
use crate::InputName;
use crate::inputs::is_forbidden;
use crate::registry::paths;
use crate::written::Input;

/// The most characters of one kind of fault that are named one by one.
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
    let facts = Facts { complete: true, ..Facts::default() };
    let mut walk = Walk { declared, files, facts, problems: Vec::new(), stack: Vec::new(), heights: HashMap::new() };
    walk.document(source);
    let Walk { facts, mut problems, .. } = walk;
    let facts = Arc::new(facts);
    let mut template = None;
    if problems.is_empty() {
        match Template::build(source, &facts) {
            Ok(built) => template = Some(built),
            Err(error) => {
                let kind = syntax(&error, source.text()).kind;
                problems.push(PromptProblem { kind, place: source.whole(), related: Vec::new() });
            }
        }
    }
    Inspected { facts, problems, template }
}

/// The way through the files.
pub(super) struct Walk<'d> {
    pub(super) declared: &'d BTreeMap<InputName, Input>,
    files: &'d dyn Files,
    pub(super) facts: Facts,
    problems: Vec<PromptProblem>,
    /// The partials that are open, outermost first, and where each is included.
    stack: Vec<(String, Place)>,
    /// How many partials lie within each one that is done, itself counted.
    heights: HashMap<String, usize>,
}

impl Walk<'_> {
    pub(super) fn problem(&mut self, kind: ProblemKind, place: Place) {
        self.problem_with(kind, place, Vec::new());
    }

    pub(super) fn problem_with(&mut self, kind: ProblemKind, place: Place, mut related: Vec<Related>) {
        if let Some((_, include)) = self.stack.last() {
            related.push(Related { place: include.clone(), text: "included here".to_owned() });
        }
        self.problems.push(PromptProblem { kind, place, related });
    }

    /// Where the open partials are included, outermost first.
    pub(super) fn through(&self) -> Vec<Place> {
        self.stack.iter().map(|(_, place)| place.clone()).collect()
    }

    /// Inspects one text; gives the height of the partials within it.
    fn document(&mut self, source: &PromptSource) -> usize {
        let text = source.text();
        if !self.check_text(source) {
            self.facts.complete = false;
            return 0;
        }
        let found = scan(text);
        if !found.is_empty() {
            self.facts.complete = false;
            found.into_iter().for_each(|found| self.found(found, source));
            return 0;
        }
        match parse(text, "", Default::default()) {
            Ok(ast::Stmt::Template(template)) => Checker::new(self, source).statements(&template.children),
            Ok(_) => 0,
            Err(error) => {
                self.facts.complete = false;
                self.found(syntax(&error, text), source);
                0
            }
        }
    }

    fn found(&mut self, found: Found, source: &PromptSource) {
        let related = found.other.map(|(range, text)| Related { place: source.place(range), text: text.to_owned() });
        self.problem_with(found.kind, source.place(found.range), related.into_iter().collect());
    }

    /// What is wrong with the text as text; whether it can be read as a template all the same.
    fn check_text(&mut self, source: &PromptSource) -> bool {
        let text = source.text();
        if let Some(offset) = source.not_utf8() {
            self.problem(ProblemKind::NotUtf8, source.place(offset..offset + 1));
            return false;
        }
        let chars = text.chars().count();
        if chars > MAX_TEMPLATE_CHARS {
            let start = text.char_indices().nth(MAX_TEMPLATE_CHARS).map_or(0, |(offset, _)| offset);
            self.problem(ProblemKind::TooLong { chars }, source.place(start..start + 1));
            return false;
        }
        if source.is_file() && text.starts_with('\u{feff}') {
            self.problem(ProblemKind::ByteOrderMark, source.place(0..'\u{feff}'.len_utf8()));
        }
        let returns = text.matches('\r').count();
        if let Some(first) = text.find('\r') {
            self.problem(ProblemKind::LineEndings { count: returns }, source.place(first..first + 1));
        }
        let hidden = text.char_indices().filter(|(offset, c)| {
            is_forbidden(*c) && *c != '\r' && !(source.is_file() && *offset == 0 && *c == '\u{feff}')
        });
        for (offset, c) in hidden.take(MAX_NAMED) {
            self.problem(ProblemKind::HiddenCharacter(c), source.place(offset..offset + c.len_utf8()));
        }
        true
    }

    /// Text that comes out as it is.
    pub(super) fn literal(&mut self, source: &PromptSource, range: Range<usize>) {
        let text = source.text().get(range.clone()).unwrap_or_default();
        if let Some(imitation) = trailer::imitation(text) {
            let name = text.get(imitation.clone()).unwrap_or_default().to_owned();
            let place = source.place(range.start + imitation.start..range.start + imitation.end);
            self.problem(ProblemKind::ReservedTrailer { name }, place);
        }
        self.facts.texts.push(super::TextPiece { source: source.clone(), range });
    }

    /// An include of the partial `name`; gives its height.
    pub(super) fn include(&mut self, name: &str, place: Place) -> usize {
        let bad = |reason| ProblemKind::BadInclude { name: name.to_owned(), reason };
        let path = match paths::at(paths::PROMPTS).join(name) {
            Ok(path) => path,
            Err(error) => {
                self.problem(bad(error.reason), place);
                return 0;
            }
        };
        if !name.starts_with("partials/") {
            self.problem(bad("it is not under `partials/`"), place);
            return 0;
        }
        let through = self.through();
        self.facts.includes.push(IncludeUse { path: path.clone(), place: place.clone(), through });
        if let Some(first) = self.stack.iter().position(|(open, _)| open == name) {
            let names = self.stack.iter().skip(first).map(|(open, _)| open.as_str());
            let chain = names.chain([name]).map(str::to_owned).collect();
            self.problem(ProblemKind::IncludeCycle { chain }, place);
            return 0;
        }
        let depth = self.stack.len();
        if let Some(height) = self.heights.get(name).copied() {
            if depth + height > MAX_INCLUDE_DEPTH {
                self.problem(ProblemKind::IncludeTooDeep, place);
            }
            return height;
        }
        if depth == MAX_INCLUDE_DEPTH || self.facts.partials.len() == MAX_PARTIALS {
            let kind =
                if depth == MAX_INCLUDE_DEPTH { ProblemKind::IncludeTooDeep } else { ProblemKind::TooManyPartials };
            self.facts.complete = false;
            self.problem(kind, place);
            return 0;
        }
        match PromptSource::file(&path, self.files) {
            Ok(source) => {
                self.facts.partials.insert(path, source.clone());
                self.stack.push((name.to_owned(), place));
                let height = 1 + self.document(&source);
                self.stack.pop();
                self.heights.insert(name.to_owned(), height);
                height
            }
            Err(fault) => {
                self.facts.complete = false;
                let kind = match fault {
                    FileFault::Missing { path } => {
                        let suggestion = self.nearest_partial(name);
                        ProblemKind::MissingPartial { path, suggestion }
                    }
                    FileFault::Unreadable(error) => ProblemKind::UnreadablePartial { path, reason: error.to_string() },
                };
                self.problem(kind, place);
                0
            }
        }
    }

    fn nearest_partial(&self, name: &str) -> Option<String> {
        let prompts = paths::at(paths::PROMPTS);
        let there = self.files.list(&prompts.join("partials").ok()?).ok()?;
        let below =
            |path: &RegistryPath| Some(path.as_str().strip_prefix(prompts.as_str())?.strip_prefix('/')?.to_owned());
        let there: Vec<String> = there.iter().filter_map(below).collect();
        words::near(name, there.iter().map(String::as_str)).map(str::to_owned)
    }
}
