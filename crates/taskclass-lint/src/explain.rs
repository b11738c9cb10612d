//! What is made from the rules' documentation: the text of `explain`, the manual's page, the schema of the levels.

mod field;
mod links;

use serde_json::{Value, json};
use taskclass_source::text::wrap;
use taskclass_spec::SchemaKind;
use taskclass_spec::fields::Field;

use crate::rule::{Hold, Rule};
use crate::rules::catalogue;

pub use field::{field, format_fields};
pub use links::{fields_of, rules_about};

/// The catalogue as text for a terminal of `width` columns: by family, one rule a line where there is room.
pub fn list(width: usize) -> String {
    let widest = catalogue().iter().map(|rule| rule.name.len()).max().unwrap_or_default();
    let lead = widest + 13;
    let mut text = String::new();
    let mut family = None;
    for rule in catalogue() {
        if family != Some(rule.family) {
            if family.is_some() {
                text.push('\n');
            }
            text.push_str(&format!("{}\n", rule.family));
            family = Some(rule.family);
        }
        let lock = if rule.security() { " (security)" } else { "" };
        let said = format!("{}{lock}", rule.summary());
        for (index, line) in wrap(&said, width.saturating_sub(lead).max(30)).iter().enumerate() {
            match index {
                0 => text.push_str(&format!("  {:widest$}  {:7}  {line}\n", rule.name, rule.level.name())),
                _ => text.push_str(&format!("{:lead$}{line}\n", "")),
            }
        }
    }
    text
}

/// The rule's page as text for a terminal of `width` columns.
pub fn explain(rule: &Rule, width: usize) -> String {
    let mut text = format!("{} ({}, {})\n{}\n\n", rule.name, rule.family, rule.level.name(), hold(rule));
    let mut fenced = false;
    let mut paragraph = String::new();
    for line in rule.docs().lines() {
        let is_fence = line.starts_with("```");
        let heading = line.strip_prefix("## ").filter(|_| !fenced);
        if !is_fence && !fenced && heading.is_none() && !line.is_empty() {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(line);
            continue;
        }
        if !paragraph.is_empty() {
            text.push_str(&wrap(&std::mem::take(&mut paragraph), width).join("\n"));
            text.push('\n');
        }
        if is_fence {
            fenced = !fenced;
        } else if fenced {
            text.push_str(&format!("    {line}\n"));
        } else {
            text.push_str(&format!("{}\n", heading.unwrap_or_default()));
        }
    }
    let fields: Vec<String> = fields_of(rule).iter().map(|field| shown(field)).collect();
    if !fields.is_empty() {
        text.push_str(&format!("\nFields\n{}\n", wrap(&fields.join(", "), width).join("\n")));
    }
    text
}

/// A field's path, with the format before it where that is not a class's.
fn shown(field: &Field) -> String {
    match field.document {
        SchemaKind::TaskClass => field.path.clone(),
        other => format!("{}.{}", other.name(), field.path),
    }
}

/// The rule's page as Markdown, for the manual.
pub fn page(rule: &Rule) -> String {
    format!("# {}\n\n*{} · {} · {}*\n\n{}", rule.name, rule.family.name(), rule.level.name(), hold(rule), rule.docs())
}

/// What a registry may decide about the rule.
fn hold(rule: &Rule) -> &'static str {
    match rule.hold {
        Hold::Free => "its level is set in the policy's lint.levels; a comment with a reason suppresses it",
        Hold::Format => "cannot be lowered or suppressed: the executor refuses such a file",
        Hold::Security => "a security rule: can be raised, never lowered or suppressed",
    }
}

/// The catalogue as JSON: what `rules --format json` prints.
pub fn catalogue_json() -> Value {
    let rule = |rule: &&Rule| {
        json!({
            "name": rule.name,
            "family": rule.family.name(),
            "level": rule.level.name(),
            "security": rule.security(),
            "can_be_lowered": rule.hold == Hold::Free,
            "summary": rule.summary(),
        })
    };
    json!({ "schema": "rules/v1", "rules": catalogue().iter().map(rule).collect::<Vec<_>>() })
}

/// The JSON Schema of `lint.levels` in a policy: a level for each rule, and for those that cannot be lowered only the
/// levels that do not.
pub fn levels_schema() -> Value {
    let levels = |rule: &Rule| match (rule.hold, rule.level) {
        (Hold::Free, _) => json!(["allow", "warning", "error"]),
        (_, taskclass_source::Level::Error) => json!(["error"]),
        _ => json!(["warning", "error"]),
    };
    let properties: serde_json::Map<String, Value> = catalogue()
        .iter()
        .map(|rule| (rule.name.to_owned(), json!({ "description": rule.summary(), "enum": levels(rule) })))
        .collect();
    json!({
        "description": "A level for a rule by its name. A security rule can be raised, never lowered.",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}
