//! `lint-baseline/v1`: findings that a registry had when it was adopted. They are counted and not shown; new ones are.
//!
//! A baseline changes what a run of the linter shows and how it ends, and nothing else: approvals and the executor never see
//! it. What neither a policy nor a comment can silence (security rules, and rules that find what the executor refuses), a
//! baseline cannot hold back either: such findings are not recorded, and are not looked for in it.

use std::collections::BTreeSet;
use std::fmt;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};
use taskclass_source::Finding;
use taskclass_source::text::visible;

use crate::fingerprint::Fingerprint;
use crate::report::{Report, number};
use crate::rule::Hold;
use crate::rules;
use crate::scope::Scope;

/// The most bytes that a baseline may have.
pub const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Findings that are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Baseline {
    entries: BTreeSet<Entry>,
}

/// The document as it stands in the file.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "lint-baseline/v1")]
struct Written {
    /// The document's format and version: `lint-baseline/v1`.
    schema: Version,
    /// The findings: by path, rule, message and fingerprint.
    findings: Vec<Entry>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
enum Version {
    #[serde(rename = "lint-baseline/v1")]
    V1,
}

/// A finding that is known. What identifies it is the fingerprint; the rest is for whoever reviews the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// The file, relative to the registry, with forward slashes.
    path: String,
    /// The rule's name.
    rule: String,
    /// What was said when it was recorded.
    message: String,
    /// What it is known by: 32 hexadecimal digits.
    #[schemars(with = "String", regex(pattern = r"^[0-9a-f]{32}$"))]
    fingerprint: Fingerprint,
}

/// A text is no baseline.
#[derive(Debug, thiserror::Error)]
#[error("not a lint-baseline/v1 document: {0}")]
pub struct NotABaseline(String);

/// How a report and a baseline stand to each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// How many findings are known and not shown.
    pub hidden: usize,
    /// How many recorded findings are gone.
    pub gone: usize,
}

impl fmt::Display for Known {
    /// A line for each that is not 0.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.hidden > 0 {
            let verb = if self.hidden == 1 { "is" } else { "are" };
            let findings = number(self.hidden, "known finding", "known findings");
            writeln!(f, "{findings} of the baseline {verb} not shown")?;
        }
        if self.gone > 0 {
            let (verb, what) = if self.gone == 1 { ("is", "it") } else { ("are", "them") };
            let findings = number(self.gone, "recorded finding", "recorded findings");
            writeln!(f, "{findings} {verb} gone; --update-baseline takes {what} out")?;
        }
        Ok(())
    }
}

/// What an update did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Updated {
    /// How many findings were put in.
    pub added: usize,
    /// How many were taken out.
    pub removed: usize,
    /// How many findings of the report cannot be recorded.
    pub refused: usize,
}

/// Whether a baseline may hold a rule's findings back: those that a policy may lower, and no others.
fn recordable(finding: &Finding) -> bool {
    rules::find(&finding.rule).is_some_and(|rule| rule.hold == Hold::Free)
}

impl Baseline {
    /// A baseline that knows nothing.
    pub fn empty() -> Self {
        Self { entries: BTreeSet::new() }
    }

    /// Reads a document.
    ///
    /// # Errors
    /// If it is not of the form of [`schema`]; with line and column.
    pub fn parse(bytes: &[u8]) -> Result<Self, NotABaseline> {
        let written: Written =
            serde_json::from_slice(bytes).map_err(|error| NotABaseline(visible(&error.to_string()).into_owned()))?;
        Ok(Self { entries: written.findings.into_iter().collect() })
    }

    /// The document, sorted so that two branches that record different findings merge; it ends with a line break.
    pub fn write(&self) -> String {
        let written = Written { schema: Version::V1, findings: self.entries.iter().cloned().collect() };
        // A plain tree of texts always has a JSON form.
        let mut text = serde_json::to_string_pretty(&written).unwrap_or_default();
        text.push('\n');
        text
    }

    /// How many findings it knows.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How it stands to a report, and of each finding whether it is to be shown. What lies outside
    /// `scope` was not looked for and is not gone.
    pub(crate) fn known(
        &self,
        findings: &[Finding],
        fingerprints: &[Fingerprint],
        scope: &Scope,
    ) -> (Known, Vec<bool>) {
        let recorded: BTreeSet<Fingerprint> = self.entries.iter().map(|entry| entry.fingerprint).collect();
        let mut found = BTreeSet::new();
        let shown = |(finding, fingerprint): (&Finding, &Fingerprint)| {
            let known = recorded.contains(fingerprint) && recordable(finding);
            if known {
                found.insert(*fingerprint);
            }
            !known
        };
        let keep: Vec<bool> = findings.iter().zip(fingerprints).map(shown).collect();
        let gone = |entry: &&Entry| scope.covers(&entry.path) && !found.contains(&entry.fingerprint);
        let known = Known {
            hidden: keep.iter().filter(|keep| !**keep).count(),
            gone: self.entries.iter().filter(gone).count(),
        };
        (known, keep)
    }

    /// Makes it know exactly the findings of `report` that can be recorded, within `scope`; what it knows of other files
    /// stays.
    pub fn update(&mut self, report: &Report, scope: &Scope) -> Updated {
        let before: BTreeSet<Fingerprint> = self.entries.iter().map(|entry| entry.fingerprint).collect();
        let entry = |(finding, fingerprint): (&Finding, Fingerprint)| Entry {
            path: finding.primary.source.path().to_owned(),
            rule: finding.rule.to_string(),
            message: visible(&finding.message).into_owned(),
            fingerprint,
        };
        let all = report.findings.iter().zip(crate::fingerprint::fingerprints(&report.findings));
        let (free, held): (Vec<_>, Vec<_>) = all.partition(|(finding, _)| recordable(finding));
        // What is known of a file that a class draws in may be of another class: it stays, and in the words of today.
        let now: BTreeSet<Fingerprint> = free.iter().map(|(_, fingerprint)| *fingerprint).collect();
        self.entries.retain(|entry| !scope.covers(&entry.path) && !now.contains(&entry.fingerprint));
        self.entries.extend(free.into_iter().map(entry));
        let after: BTreeSet<Fingerprint> = self.entries.iter().map(|entry| entry.fingerprint).collect();
        Updated {
            added: after.difference(&before).count(),
            removed: before.difference(&after).count(),
            refused: held.len(),
        }
    }
}

/// The JSON Schema (draft 2020-12) of a baseline.
pub fn schema() -> serde_json::Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Written>().to_value()
}
