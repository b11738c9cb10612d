//! Fixes to a fixpoint: applied, linted again, and so on until there is nothing left to do.
//!
//! A fix can make room for another one: two that touch each other, or a fault that only shows once the one before it is
//! gone. All of it happens in memory; whoever called decides what becomes of the texts.

use std::collections::{BTreeMap, BTreeSet};

use taskclass_source::{Files, Finding, ReadError, RegistryPath, Safety, SourceFile};

use taskclass_spec::Digest;

use crate::fix::{Fixed, apply};
use crate::linter::Linter;
use crate::report::Report;
use crate::scope::Scope;

/// More rounds without getting further in a text than any chain of fixes is long. Fixes that call for others at the same place
/// would go on for ever.
const MAX_ROUNDS: usize = 25;

/// A file that fixes change, from the text that was read to the text with all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The file.
    pub path: RegistryPath,
    /// What was read.
    pub before: String,
    /// What is to be written.
    pub after: String,
    /// How many fixes went into it.
    pub applied: usize,
}

/// What comes of fixing until there is nothing left to fix.
#[derive(Clone, Debug)]
pub struct Settled {
    /// The files that change, by path.
    pub changes: Vec<Change>,
    /// What is left to say of the files as they then are.
    pub report: Report,
    /// Files in which fixes undo each other or call for more without end. They are no part of `changes`.
    pub restless: BTreeSet<RegistryPath>,
}

/// The texts of changed files after some rounds.
type Texts = BTreeMap<RegistryPath, String>;

/// What tells such texts from others; the texts themselves would be too much to keep of each round.
type State = BTreeMap<RegistryPath, Digest>;

/// How far the fixes of a file have come. A round mends only as many faults as a run names; to end, rounds must make the text
/// shorter than it ever was, or leave less than ever behind the first place that they change.
struct Reached {
    length: usize,
    behind: usize,
}

impl Reached {
    /// Takes note of a round that made `after` of `before`; whether it got further.
    fn advance(&mut self, before: &str, after: &str) -> bool {
        let same = before.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
        let (length, behind) = (after.len(), before.len() - same);
        let further = length < self.length || behind < self.behind;
        *self = Self { length: length.min(self.length), behind: behind.min(self.behind) };
        further
    }
}

/// Files of which some have another text.
struct Over<'a> {
    below: &'a dyn Files,
    texts: Texts,
}

impl Files for Over<'_> {
    fn read(&self, path: &RegistryPath) -> Result<Option<Vec<u8>>, ReadError> {
        match self.texts.get(path) {
            Some(text) => Ok(Some(text.clone().into_bytes())),
            None => self.below.read(path),
        }
    }

    fn list(&self, dir: &RegistryPath) -> Result<Vec<RegistryPath>, ReadError> {
        self.below.list(dir)
    }
}

/// Lints `files` and applies fixes at least as safe as `safety`, again and again until none is left. Nothing is written.
///
/// A file that is no UTF-8 is left alone: its text is not what stands in it.
///
/// # Errors
/// As [`Linter::lint`].
pub fn settle(linter: &Linter<'_>, files: &dyn Files, scope: &Scope, safety: Safety) -> Result<Settled, ReadError> {
    settle_by(|files| linter.lint(files, scope), files, safety)
}

fn settle_by(
    lint: impl Fn(&dyn Files) -> Result<Report, ReadError>,
    files: &dyn Files,
    safety: Safety,
) -> Result<Settled, ReadError> {
    let mut over = Over { below: files, texts: Texts::new() };
    let mut changes: BTreeMap<RegistryPath, Change> = BTreeMap::new();
    let mut reached: BTreeMap<RegistryPath, Reached> = BTreeMap::new();
    let (mut states, mut idle) = (vec![State::new()], 0);
    let mut report = lint(&over)?;
    let restless = loop {
        let fixed = apply(&mendable(&over, &report.findings), safety);
        if fixed.is_empty() {
            break BTreeSet::new();
        }
        let mut state = states.last().cloned().unwrap_or_default();
        idle += 1;
        for Fixed { path, source, text, applied } in fixed {
            let Ok(path) = RegistryPath::new(path) else { continue };
            let change = changes.entry(path.clone()).or_insert_with(|| Change {
                path: path.clone(),
                before: source.text().to_owned(),
                after: String::new(),
                applied: 0,
            });
            change.after.clone_from(&text);
            change.applied += applied;
            let first = Reached { length: source.text().len(), behind: usize::MAX };
            if reached.entry(path.clone()).or_insert(first).advance(source.text(), &text) {
                idle = 0;
            }
            state.insert(path.clone(), Digest::of(text.as_bytes()));
            over.texts.insert(path, text);
        }
        report = lint(&over)?;
        let before = states.iter().position(|earlier| *earlier == state);
        states.push(state);
        match before {
            Some(at) => break moved(&states[at..]),
            None if idle > MAX_ROUNDS => break moved(&states[states.len() - MAX_ROUNDS / 2..]),
            None => {}
        }
    };
    if !restless.is_empty() {
        over.texts.retain(|path, _| !restless.contains(path));
        changes.retain(|path, _| !restless.contains(path));
        report = lint(&over)?;
    }
    let changes = changes.into_values().filter(|change| change.before != change.after).collect();
    Ok(Settled { changes, report, restless })
}

/// The files whose texts are not the same in all of these states.
fn moved(states: &[State]) -> BTreeSet<RegistryPath> {
    let steps = states.iter().zip(states.iter().skip(1));
    let changed = |(from, to): (&State, &State)| {
        let others = to.iter().filter(|(path, text)| from.get(*path) != Some(*text));
        others.map(|(path, _)| path.clone()).collect::<Vec<_>>()
    };
    steps.flat_map(changed).collect()
}

/// The findings whose fixes are made for what stands in the files, byte for byte.
fn mendable(files: &dyn Files, findings: &[Finding]) -> Vec<Finding> {
    let mut whole: BTreeMap<&str, bool> = BTreeMap::new();
    let is_whole = |source: &SourceFile| {
        let read = || files.read(&RegistryPath::new(source.path()).ok()?).ok()?;
        read().is_some_and(|bytes| bytes == source.text().as_bytes())
    };
    let mut found = Vec::new();
    for finding in findings {
        let Some(fix) = &finding.fix else { continue };
        let all =
            fix.edits.iter().all(|edit| *whole.entry(edit.source.path()).or_insert_with(|| is_whole(&edit.source)));
        if all {
            found.push(finding.clone());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use taskclass_source::{Edit, Fix, InMemory, Label, Span};

    use super::*;

    /// Lints `a` with a fix that puts `text` in the place of what it holds, and `b` with one that is done once.
    fn report(files: &dyn Files, text: &str) -> Report {
        let finding = |name: &str, text: &str| {
            let held = files.read(&RegistryPath::new(name).unwrap()).unwrap().unwrap();
            let source = SourceFile::new(name, String::from_utf8(held).unwrap());
            let edit = Edit::new(&source, source.whole(), text);
            Finding::error("r", "m", Label::mark(&source, Span::new(0, 1))).with_fix(Fix::safe("t", vec![edit]))
        };
        Report { findings: vec![finding("a", text), finding("b", "mended")], ..Report::default() }
    }

    #[test]
    fn a_file_whose_fixes_never_end_stays_as_it_is_and_the_others_are_mended() {
        let path = |name: &str| RegistryPath::new(name).unwrap();
        let files = InMemory::new().with(path("a"), "first").with(path("b"), "broken");
        let held = |files: &dyn Files| String::from_utf8(files.read(&path("a")).unwrap().unwrap()).unwrap();
        let to_and_fro = |files: &dyn Files| Ok(report(files, if held(files) == "first" { "second" } else { "first" }));
        let on_and_on = |files: &dyn Files| Ok(report(files, &format!("{}!", held(files))));
        for settled in [settle_by(to_and_fro, &files, Safety::Safe), settle_by(on_and_on, &files, Safety::Safe)] {
            let Settled { changes, report, restless } = settled.unwrap();
            assert_eq!(restless, BTreeSet::from([path("a")]));
            let changed: Vec<_> = changes.iter().map(|change| (change.path.as_str(), &*change.after)).collect();
            assert_eq!(changed, [("b", "mended")]);
            assert_eq!(report.findings[0].primary.source.text(), "first", "the report is of what is left");
        }
    }

    #[test]
    fn many_faults_are_mended_a_few_at_a_time() {
        let files = InMemory::new().with(RegistryPath::new("a").unwrap(), "x\n".repeat(3 * MAX_ROUNDS));
        let first_of = |files: &dyn Files, text: &str| {
            let held = files.read(&RegistryPath::new("a").unwrap()).unwrap().unwrap();
            let source = SourceFile::new("a", String::from_utf8(held).unwrap());
            let fault = source.text().find('x').map(|at| Span::new(at, at + 1));
            let finding = |at| {
                let fix = Fix::safe("t", vec![Edit::new(&source, at, text)]);
                Finding::error("r", "m", Label::mark(&source, at)).with_fix(fix)
            };
            Ok(Report { findings: fault.map(finding).into_iter().collect(), ..Report::default() })
        };
        for text in ["", "y", "a longer one"] {
            let settled = settle_by(|files| first_of(files, text), &files, Safety::Safe).unwrap();
            assert!(settled.restless.is_empty() && settled.report.findings.is_empty(), "{text}");
            assert_eq!(settled.changes[0].after, format!("{text}\n").repeat(3 * MAX_ROUNDS));
        }
    }
}
