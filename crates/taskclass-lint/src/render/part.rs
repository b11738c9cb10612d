//! One registry's share of a run, as the formats show it.

use std::collections::BTreeSet;

use taskclass_source::{Finding, Label, RegistryPath};
use taskclass_spec::registry::{is_class, paths};

use crate::baseline::{Baseline, Known};
use crate::fingerprint::{Fingerprint, fingerprints};
use crate::report::{Checked, Report};
use crate::scope::Scope;

/// What is told of one registry, and where the registry lies.
#[derive(Clone, Debug)]
pub struct Part {
    folder: String,
    report: Report,
    fingerprints: Vec<Fingerprint>,
    known: Option<Known>,
}

impl Part {
    /// The report of the registry in `folder`: the way to it with forward slashes, from where the format is read. That is
    /// the top of the repository for SARIF, GitHub and Markdown, and wherever a person stands for the others. Empty where
    /// it is the same place.
    pub fn new(folder: impl Into<String>, report: Report) -> Self {
        let fingerprints = fingerprints(&report.findings);
        Self { folder: folder.into(), report, fingerprints, known: None }
    }

    /// Without the findings that `baseline` knows; the report is about `scope`.
    #[must_use]
    pub fn without(mut self, baseline: &Baseline, scope: &Scope) -> Self {
        let (known, keep) = baseline.known(&self.report.findings, &self.fingerprints, scope);
        let mut kept = keep.iter();
        self.report.findings.retain(|_| kept.next().copied().unwrap_or(true));
        let mut kept = keep.iter();
        self.fingerprints.retain(|_| kept.next().copied().unwrap_or(true));
        if known.hidden > 0 {
            self.report.affected = self.affected();
        }
        self.known = Some(known);
        self
    }

    /// How much the findings that are left tell of: of a finding in a prompt nobody knows any more which class brought it up.
    fn affected(&self) -> Checked {
        let paths: BTreeSet<&str> = self.report.findings.iter().map(|finding| finding.primary.source.path()).collect();
        let classes = paths.iter().filter(|path| RegistryPath::new(path).is_ok_and(|path| is_class(&path))).count();
        let policies = usize::from(paths.contains(paths::POLICY));
        let all = self.report.affected;
        let elsewhere = paths.len() > classes + policies;
        Checked {
            classes: if elsewhere { all.classes } else { all.classes.min(classes) },
            policies: all.policies.min(policies),
        }
    }

    /// The report, without what a baseline knows.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Where the registry lies; empty where it is the same place.
    pub fn folder(&self) -> &str {
        &self.folder
    }

    /// What a baseline knew, if one was asked.
    pub fn known(&self) -> Option<Known> {
        self.known
    }

    /// The findings that are left, each with its fingerprint.
    pub fn findings(&self) -> impl Iterator<Item = (&Finding, Fingerprint)> {
        self.report.findings.iter().zip(self.fingerprints.iter().copied())
    }

    /// The way to a file of the registry.
    pub(super) fn path_to(&self, path: &str) -> String {
        if self.folder.is_empty() { path.to_owned() } else { format!("{}/{path}", self.folder) }
    }

    /// `path:line:column` of a place, in columns as editors count them: by characters.
    pub(super) fn position(&self, label: &Label) -> String {
        let at = label.source.position(label.span.start);
        format!("{}:{}:{}", self.path_to(label.source.path()), at.line, at.char_column)
    }

    /// The lines that close the part: what was found, and what a baseline held back.
    pub(super) fn closing(&self) -> String {
        let known = self.known.map(|known| known.to_string()).unwrap_or_default();
        format!("{}\n{known}", self.report.summary())
    }
}
