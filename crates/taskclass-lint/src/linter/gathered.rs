//! What turns leave behind.

use std::collections::HashSet;
use std::collections::btree_map::{BTreeMap, Entry};

use taskclass_source::{Finding, ReadError, Span};

use crate::suppress::Suppression;

/// What the turns of one thread leave behind; of a clean class nothing but that it was there.
#[derive(Default)]
pub(super) struct Gathered {
    /// With the number of the class whose turn found it.
    found: Vec<(usize, Finding)>,
    /// The findings in files that several classes share, so that each is kept once.
    in_shared: HashSet<(String, Span, String, String)>,
    /// The suppressions in such files, by their places.
    suppressions: BTreeMap<(String, Span), Suppression>,
    /// Class files that could not be read, with their numbers.
    refused: Vec<(usize, ReadError)>,
    /// Classes that could not be had where the change starts from, in the same way.
    refused_at_base: Vec<(usize, ReadError)>,
    /// Both in the order of the classes, once all is merged.
    pub(super) unreadable: Vec<ReadError>,
    pub(super) unreadable_at_base: Vec<ReadError>,
    /// How many findings were suppressed.
    pub(super) suppressed: usize,
    /// How many classes were read.
    pub(super) classes: usize,
    /// How many of them something was found about.
    pub(super) affected: usize,
}

impl Gathered {
    /// Keeps the findings of turn `number`, which is about the file `own`.
    pub(super) fn keep(&mut self, number: usize, own: &str, findings: Vec<Finding>) {
        for finding in findings {
            let (path, span, rule, message) = finding.sort_key();
            if path == own || self.in_shared.insert((path.to_owned(), span, rule.to_owned(), message.to_owned())) {
                self.found.push((number, finding));
            }
        }
    }

    /// Keeps a suppression that stands in a file that several classes share: once, and what became of it in any of them.
    pub(super) fn keep_suppression(&mut self, suppression: Suppression) {
        let (path, span) = suppression.place();
        match self.suppressions.entry((path.to_owned(), span)) {
            Entry::Vacant(entry) => drop(entry.insert(suppression)),
            Entry::Occupied(mut entry) => entry.get_mut().absorb(suppression),
        }
    }

    /// Keeps why class `number` could not be read.
    pub(super) fn refuse(&mut self, number: usize, error: ReadError) {
        self.refused.push((number, error));
    }

    /// Keeps why class `number` could not be had where the change starts from.
    pub(super) fn refuse_at_base(&mut self, number: usize, error: ReadError) {
        self.refused_at_base.push((number, error));
    }

    /// What all threads left behind, in the order of the classes.
    pub(super) fn merge(shares: Vec<Self>) -> Self {
        let mut all = Self::default();
        for share in shares {
            all.found.extend(share.found);
            all.refused.extend(share.refused);
            all.refused_at_base.extend(share.refused_at_base);
            share.suppressions.into_values().for_each(|suppression| all.keep_suppression(suppression));
            all.suppressed += share.suppressed;
            all.classes += share.classes;
            all.affected += share.affected;
        }
        all.found.sort_by_key(|(number, _)| *number);
        all.unreadable = in_order(std::mem::take(&mut all.refused));
        all.unreadable_at_base = in_order(std::mem::take(&mut all.refused_at_base));
        all
    }

    /// Takes the suppressions in shared files out.
    pub(super) fn take_suppressions(&mut self) -> Vec<Suppression> {
        std::mem::take(&mut self.suppressions).into_values().collect()
    }

    /// Takes the findings out, those of earlier classes first.
    pub(super) fn take_findings(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.found).into_iter().map(|(_, finding)| finding).collect()
    }
}

fn in_order(mut refused: Vec<(usize, ReadError)>) -> Vec<ReadError> {
    refused.sort_by_key(|(number, _)| *number);
    refused.into_iter().map(|(_, error)| error).collect()
}
