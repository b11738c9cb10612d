//! `findings/v1`: the report for programs.
//!
//! Every place is given in bytes and in lines and columns; the columns name their unit. In a file that is no UTF-8 the bytes
//! are those of the text with U+FFFD in the place of what is none. A program should ignore fields that
//! it does not know: within `v1` fields are added, never removed or changed.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use taskclass_source::{self as source, Safety};
use taskclass_spec::Region;

use super::part::Part;
use crate::fingerprint::Fingerprint;
use crate::report::{Checked, Counts, Report};
use crate::rule::Family;
use crate::rules;

/// The report of one run of the linter.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "findings/v1")]
struct Findings<'a> {
    /// The document's format and version: `findings/v1`.
    schema: Version,
    /// How much was looked at.
    checked: Checked,
    /// How much of it a finding tells of.
    affected: Checked,
    /// How many findings there are of each level.
    counts: Counts,
    /// How many findings `--fix` can remove.
    fixable: usize,
    /// How many findings a comment with a reason suppressed.
    suppressed: usize,
    /// What a baseline knew, if one was asked.
    baseline: Option<Known>,
    /// The registries that were looked at.
    registries: Vec<Registry<'a>>,
    /// The findings: by registry, file, place and rule.
    findings: Vec<Finding<'a>>,
}

/// How findings and a baseline stand to each other.
#[derive(Serialize, JsonSchema)]
struct Known {
    /// How many findings are known, and so not among `findings`.
    hidden: usize,
    /// How many recorded findings are gone.
    gone: usize,
}

/// A registry that was looked at.
#[derive(Serialize, JsonSchema)]
struct Registry<'a> {
    /// The way to it from the top of the repository, with forward slashes; empty where it is the top.
    folder: &'a str,
    /// How much of it was looked at.
    checked: Checked,
    /// How many findings there are of each level.
    counts: Counts,
}

#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
enum Version {
    #[serde(rename = "findings/v1")]
    V1,
}

/// How much a finding weighs.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum Level {
    Note,
    Warning,
    Error,
}

/// One thing that is wrong.
#[derive(Serialize, JsonSchema)]
struct Finding<'a> {
    /// What the finding is known by from run to run: 32 hexadecimal digits, the same as long as its own lines are.
    fingerprint: String,
    /// The folder of its registry, one of `registries`.
    registry: &'a str,
    /// The rule's name; `taskclass explain` takes it.
    rule: &'a str,
    /// What the rule is about.
    family: Option<Family>,
    /// How much it weighs.
    level: Level,
    /// What is wrong, in one line.
    message: &'a str,
    /// The place that has to change.
    primary: Place<'a>,
    /// The other places involved.
    related: Vec<Place<'a>>,
    /// What to write instead, most useful first.
    help: &'a [String],
    /// Why, or what else is possible.
    notes: &'a [String],
    /// Edits that remove the cause.
    fix: Option<Fix<'a>>,
}

/// A region of a file and what is said there.
#[derive(Serialize, JsonSchema)]
struct Place<'a> {
    /// The file, relative to the registry, with forward slashes.
    path: &'a str,
    /// Where.
    #[serde(flatten)]
    region: Region,
    /// What is said there; empty where the place says it all.
    label: &'a str,
}

/// Edits that go together.
#[derive(Serialize, JsonSchema)]
struct Fix<'a> {
    /// What they do, as an imperative.
    title: &'a str,
    /// `safe`: may be applied unasked (`--fix`). `unsafe`: may change what is meant (`--unsafe-fixes`).
    safety: FixSafety,
    /// The edits; they do not overlap.
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum FixSafety {
    Safe,
    Unsafe,
}

/// Replaces a region; an empty region inserts, an empty replacement deletes.
#[derive(Serialize, JsonSchema)]
struct Edit<'a> {
    /// The file.
    path: &'a str,
    /// What is replaced.
    #[serde(flatten)]
    region: Region,
    /// By what.
    replacement: &'a str,
}

fn place(label: &source::Label) -> Place<'_> {
    Place { path: label.source.path(), region: Region::of(&label.source, label.span), label: &label.text }
}

fn fix(fix: &source::Fix) -> Fix<'_> {
    let edit = |edit: &'_ source::Edit| Region::of(&edit.source, edit.span);
    Fix {
        title: &fix.title,
        safety: match fix.safety {
            Safety::Safe => FixSafety::Safe,
            Safety::Unsafe => FixSafety::Unsafe,
        },
        edits: fix
            .edits
            .iter()
            .map(|one| Edit { path: one.source.path(), region: edit(one), replacement: &one.replacement })
            .collect(),
    }
}

fn finding<'a>(part: &'a Part, finding: &'a source::Finding, fingerprint: Fingerprint) -> Finding<'a> {
    Finding {
        fingerprint: fingerprint.to_string(),
        registry: part.folder(),
        rule: &finding.rule,
        family: rules::find(&finding.rule).map(|rule| rule.family),
        level: match finding.level {
            source::Level::Note => Level::Note,
            source::Level::Warning => Level::Warning,
            source::Level::Error => Level::Error,
        },
        message: &finding.message,
        primary: place(&finding.primary),
        related: finding.secondary.iter().map(place).collect(),
        help: &finding.help,
        notes: &finding.notes,
        fix: finding.fix.as_ref().map(fix),
    }
}

/// The parts as one `findings/v1`, ending with a line break.
pub(super) fn json(parts: &[Part]) -> String {
    let sum = |of: fn(&Report) -> usize| parts.iter().map(|part| of(part.report())).sum();
    let known: Vec<_> = parts.iter().filter_map(Part::known).collect();
    let document = Findings {
        schema: Version::V1,
        checked: Checked {
            classes: sum(|report| report.checked.classes),
            policies: sum(|report| report.checked.policies),
        },
        affected: Checked {
            classes: sum(|report| report.affected.classes),
            policies: sum(|report| report.affected.policies),
        },
        counts: Counts {
            errors: sum(|report| report.counts().errors),
            warnings: sum(|report| report.counts().warnings),
            notes: sum(|report| report.counts().notes),
        },
        fixable: sum(Report::fixable),
        suppressed: sum(|report| report.suppressed),
        baseline: (!known.is_empty()).then(|| Known {
            hidden: known.iter().map(|known| known.hidden).sum(),
            gone: known.iter().map(|known| known.gone).sum(),
        }),
        registries: parts
            .iter()
            .map(|part| Registry {
                folder: part.folder(),
                checked: part.report().checked,
                counts: part.report().counts(),
            })
            .collect(),
        findings: parts
            .iter()
            .flat_map(|part| part.findings().map(move |(one, fingerprint)| finding(part, one, fingerprint)))
            .collect(),
    };
    // A plain tree of text and numbers always has a JSON form.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

/// The JSON Schema (draft 2020-12) of `lint --format json`.
pub fn findings_schema() -> serde_json::Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Findings<'static>>().to_value()
}
