//! The way through a template and its partials: what is open, what is done, what was found.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use taskclass_source::{Files, RegistryPath};

use super::facts::{Facts, IncludeUse, TextPiece};
use super::partials::{Partial, Partials};
use super::place::{FileFault, Place, PromptSource};
use super::problem::{ProblemKind, PromptProblem, Related};
use super::{MAX_INCLUDE_DEPTH, MAX_PARTIALS, MAX_TEMPLATE_CHARS, trailer, words};
use crate::InputName;
use crate::paths;
use crate::written::Input;

/// The way through the files.
pub(super) struct Walk<'d> {
    pub(super) declared: &'d BTreeMap<InputName, Input>,
    files: &'d dyn Files,
    partials: &'d Partials,
    /// Inspects one text; gives the height of the partials within it.
    document: fn(&mut Walk<'d>, &PromptSource) -> usize,
    pub(super) facts: Facts,
    pub(super) problems: Vec<PromptProblem>,
    /// The partials that are open, outermost first, and where each is included.
    stack: Vec<(String, Place)>,
    /// How many partials lie within each one that is done, itself counted.
    heights: HashMap<String, usize>,
    /// How many characters were read, the partials' included.
    chars: usize,
}

/// The most problems that are told of one prompt.
const MAX_PROBLEMS: usize = 200;
/// The most characters of a template together with all partials that it draws in: more than a rendering can have.
const MAX_CHARS: usize = 4 * MAX_TEMPLATE_CHARS;

impl<'d> Walk<'d> {
    /// At the start of a way on which each text is inspected by `document`.
    pub(super) fn new(
        declared: &'d BTreeMap<InputName, Input>,
        files: &'d dyn Files,
        partials: &'d Partials,
        document: fn(&mut Walk<'d>, &PromptSource) -> usize,
    ) -> Self {
        let facts = Facts { complete: true, ..Facts::default() };
        let (problems, stack, heights) = (Vec::new(), Vec::new(), HashMap::new());
        Self { declared, files, partials, document, facts, problems, stack, heights, chars: 0 }
    }

    /// Counts the characters of a text; whether it may still be read.
    pub(super) fn has_room(&mut self, chars: usize) -> bool {
        self.chars += chars;
        self.chars <= MAX_CHARS
    }

    /// Whether so much is wrong that nothing more is looked for.
    pub(super) fn is_over(&self) -> bool {
        self.problems.len() > MAX_PROBLEMS
    }

    pub(super) fn problem(&mut self, kind: ProblemKind, place: Place) {
        self.problem_with(kind, place, Vec::new());
    }

    pub(super) fn problem_with(&mut self, kind: ProblemKind, place: Place, mut related: Vec<Related>) {
        if let Some((_, include)) = self.stack.last() {
            related.push(Related { place: include.clone(), text: "included here".to_owned() });
        }
        match self.problems.len() {
            count if count < MAX_PROBLEMS => self.problems.push(PromptProblem { kind, place, related }),
            MAX_PROBLEMS => {
                self.facts.complete = false;
                let what = "problems in this prompt; the others are not listed";
                let kind = ProblemKind::TooComplex { what, limit: MAX_PROBLEMS };
                self.problems.push(PromptProblem { kind, place, related });
            }
            _ => {}
        }
    }

    /// Where the open partials are included, outermost first.
    pub(super) fn through(&self) -> Vec<Place> {
        self.stack.iter().map(|(_, place)| place.clone()).collect()
    }

    /// Text that comes out as it is.
    pub(super) fn literal(&mut self, source: &PromptSource, range: Range<usize>) {
        let text = source.text().get(range.clone()).unwrap_or_default();
        if let Some(imitation) = trailer::imitation(text) {
            let name = text.get(imitation.clone()).unwrap_or_default().to_owned();
            let place = source.place(range.start + imitation.start..range.start + imitation.end);
            self.problem(ProblemKind::ReservedTrailer { name }, place);
        }
        self.facts.texts.push(TextPiece { source: source.clone(), range });
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
        if self.is_over() || self.chars > MAX_CHARS {
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
        match self.partials.read(&path, self.files) {
            Ok(partial) if !self.has_room(partial.chars) => {
                self.facts.complete = false;
                let what = "characters in this template and the partials that it draws in";
                self.problem(ProblemKind::TooComplex { what, limit: MAX_CHARS }, place);
                0
            }
            Ok(partial) => {
                self.facts.partials.insert(path, partial.source.clone());
                let height = self.partial(&partial, name, place);
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

    /// Inspects a partial that is drawn in for the first time in this prompt; gives its height.
    fn partial(&mut self, partial: &Partial, name: &str, place: Place) -> usize {
        let source = &partial.source;
        if let Some(range) = partial.literal.get() {
            self.facts.texts.push(TextPiece { source: source.clone(), range: range.clone() });
            return 1;
        }
        let before = self.found();
        self.stack.push((name.to_owned(), place));
        let height = 1 + (self.document)(self, source);
        self.stack.pop();
        // The one thing found is a text.
        let is_literal = self.found() == before + 1 && self.facts.complete;
        if let Some(text) = self.facts.texts.last().filter(|text| is_literal && text.source.is(source)) {
            // Whoever was first says the same.
            let _ = partial.literal.set(text.range.clone());
        }
        height
    }

    /// How much has been found, good or bad.
    fn found(&self) -> usize {
        let Facts { inputs, run, includes, texts, partials, complete: _ } = &self.facts;
        inputs.len() + run.len() + includes.len() + texts.len() + partials.len() + self.problems.len()
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
