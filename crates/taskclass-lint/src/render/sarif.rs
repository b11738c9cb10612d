//! SARIF 2.1.0: what code scanning and editors show findings of many tools from.
//!
//! Regions are given in lines and columns of code points, without a byte-order mark, as the standard asks; and in bytes
//! where the text is the file's own, byte for byte. File names are relative to the top of the repository, and where that is
//! stays unsaid: the log is the same on every machine.

mod log;
mod region;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use taskclass_source::{Edit, Finding, Fix, Label, Level, Safety, SourceFile};

use super::human::offer;
use super::part::Part;
use crate::fingerprint::Fingerprint;
use crate::rule::Rule;
use crate::rules::{self, catalogue};
use log::{
    ArtifactChange, ArtifactLocation, BaseIds, Content, Driver, Fingerprints, Help, Invocation, Levelled, Location,
    Log, Message, PhysicalLocation, Properties, RelatedLocation, Replacement, Result, RootDescription, RuleProperties,
    Run, Safe, Tool,
};

/// The longest region whose text is put into the log, in bytes.
const MAX_SNIPPET: usize = 2000;
/// What cannot stand in a URI's path as it is.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The parts as one run of one log, ending with a line break.
pub(super) fn sarif(parts: &[Part]) -> String {
    let results =
        parts.iter().flat_map(|part| part.findings().map(move |(finding, print)| result(part, finding, print)));
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "taskclass",
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    information_uri: env!("CARGO_PKG_REPOSITORY"),
                    rules: catalogue().iter().map(|rule| descriptor(rule)).collect(),
                },
            },
            invocations: [Invocation { execution_successful: parts.iter().all(|part| part.report().unreadable == 0) }],
            original_uri_base_ids: BaseIds {
                root: RootDescription {
                    description: Message::plain("The top of the repository that holds the registry."),
                },
            },
            column_kind: "unicodeCodePoints",
            results: results.collect(),
        }],
    };
    // A plain tree of text and numbers always has a JSON form.
    let mut text = serde_json::to_string_pretty(&log).unwrap_or_default();
    text.push('\n');
    text
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

fn descriptor(rule: &Rule) -> log::Rule {
    let words = |heading| rule.section(heading).unwrap_or_default().replace('\n', " ");
    let mut tags = vec![rule.family.name()];
    if rule.security() {
        tags.push("security");
    }
    log::Rule {
        id: rule.name,
        short_description: Message::plain(rule.summary()),
        full_description: Message::plain(words("What it does")),
        help_uri: format!("{}/blob/main/docs/src/rules/{}.md", env!("CARGO_PKG_REPOSITORY"), rule.name),
        help: Help { text: format!("{} {}", words("What it does"), words("Why it matters")), markdown: rule.docs() },
        default_configuration: Levelled { level: level(rule.level) },
        properties: RuleProperties { tags },
    }
}

fn result(part: &Part, finding: &Finding, fingerprint: Fingerprint) -> Result {
    let related = |(index, label): (usize, &Label)| RelatedLocation {
        id: index + 1,
        physical_location: place(part, label),
        message: (!label.text.is_empty()).then(|| Message::plain(&label.text)),
    };
    Result {
        rule_id: finding.rule.to_string(),
        rule_index: catalogue().iter().position(|rule| rule.name == finding.rule),
        level: level(finding.level),
        message: Message::plain(message(finding)),
        locations: [Location {
            physical_location: place(part, &finding.primary),
            message: (!finding.primary.text.is_empty()).then(|| Message::plain(&finding.primary.text)),
        }],
        related_locations: finding.secondary.iter().enumerate().map(related).collect(),
        partial_fingerprints: Fingerprints { finding: fingerprint.to_string() },
        fixes: finding.fix.iter().filter(|fix| !fix.edits.is_empty()).map(|one| fix(part, one)).collect(),
        properties: Properties { family: rules::find(&finding.rule).map(|rule| rule.family.name()) },
    }
}

/// What is wrong, what to write instead, and why: a viewer shows one message.
fn message(finding: &Finding) -> String {
    let mut text = finding.message.clone();
    let offered = finding.fix.as_ref().map(offer);
    for help in finding.help.iter().chain(&offered) {
        text.push_str(&format!("\nhelp: {help}"));
    }
    for note in &finding.notes {
        text.push_str(&format!("\nnote: {note}"));
    }
    text
}

fn artifact(part: &Part, source: &SourceFile) -> ArtifactLocation {
    let uri = utf8_percent_encode(&part.path_to(source.path()), PATH).to_string();
    ArtifactLocation { uri, uri_base_id: log::ROOT }
}

fn place(part: &Part, label: &Label) -> PhysicalLocation {
    let mut region = region::of(&label.source, label.span);
    if label.span.len() <= MAX_SNIPPET {
        region.snippet = Some(Content { text: region::text(&label.source, label.span).to_owned() });
    }
    PhysicalLocation { artifact_location: artifact(part, &label.source), region }
}

/// A fix, its edits file by file.
fn fix(part: &Part, fix: &Fix) -> log::Fix {
    let mut edits: Vec<&Edit> = fix.edits.iter().collect();
    edits.sort_by_key(|edit| (edit.source.path(), edit.span));
    let change = |edits: &[&Edit]| {
        let source = &edits.first()?.source;
        let replacement = |edit: &&Edit| Replacement {
            deleted_region: region::to_replace(source, edit.span),
            inserted_content: Content { text: edit.replacement.clone() },
        };
        Some(ArtifactChange {
            artifact_location: artifact(part, source),
            replacements: edits.iter().map(replacement).collect(),
        })
    };
    log::Fix {
        description: Message::plain(&fix.title),
        artifact_changes: edits.chunk_by(|a, b| a.source.path() == b.source.path()).filter_map(change).collect(),
        properties: Safe { safe: fix.safety == Safety::Safe },
    }
}
