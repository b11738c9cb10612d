//! Fixes to a fixpoint: applied, linted again, and so on until there is nothing left to do.
//!
//! A fix can make room for another one: two that touch each other, or a fault that only shows once the one before it is
//! gone. All of it happens in memory; whoever called decides what becomes of the texts.

use std::collections::{BTreeMap, BTreeSet};

use taskclass_source::{Files, Finding, ReadError, RegistryPath, Safety, SourceFile};

use crate::fix::{Fixed, apply};
use crate::linter::Linter;
use crate::report::Report;
use crate::scope::Scope;

/// More rounds than any chain of fixes is long. Fixes that undo each other would go on for ever.
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
    /// What is left to say of the changed files.
    pub report: Report,
    /// Whether another round would change nothing. If not, two fixes undo each other.
    pub settled: bool,
}

/// Files of which some have another text.
struct Over<'a> {
    below: &'a dyn Files,
    texts: BTreeMap<RegistryPath, String>,
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
    let mut over = Over { below: files, texts: BTreeMap::new() };
    let mut changes: BTreeMap<RegistryPath, Change> = BTreeMap::new();
    let mut seen = BTreeSet::from([over.texts.clone()]);
    let mut report = linter.lint(&over, scope)?;
    let mut settled = false;
    for _ in 0..MAX_ROUNDS {
        let fixed = apply(&mendable(&over, &report.findings), safety);
        if fixed.is_empty() {
            settled = true;
            break;
        }
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
            over.texts.insert(path, text);
        }
        report = linter.lint(&over, scope)?;
        if !seen.insert(over.texts.clone()) {
            break;
        }
    }
    let changes = changes.into_values().filter(|change| change.before != change.after).collect();
    Ok(Settled { changes, report, settled })
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
