//! The manual's pages of fields: one a section of each format, with a heading for each field in it.

use std::{collections::BTreeMap, path::Path};

use taskclass_lint::{Rule, explain};
use taskclass_spec::{
    SchemaKind,
    fields::{self, Field},
};

use super::example::Examples;

/// Where the pages are.
const FOLDER: &str = "docs/src/fields";

/// Adds the pages to `files`; the lines of the summary that lead to them.
pub(super) fn pages(root: &Path, files: &mut BTreeMap<String, String>) -> Result<String, String> {
    let examples = Examples::read(root)?;
    let mut chapters = String::from("- [Fields](fields/index.md)\n");
    let mut index = String::from(
        "# Fields\n\nEvery field of every format. `taskclass explain PATH` prints the same in a terminal, and editors show it while you type.\n\n\
         | format | |\n|---|---|\n",
    );
    for kind in SchemaKind::ALL {
        let name = kind.name();
        let about = kind.json().get("description").and_then(|about| about.as_str()).unwrap_or_default();
        index.push_str(&format!("| [{}]({name}/index.md) | {} |\n", kind.id(), cell(about)));
        chapters.push_str(&format!("  - [{}](fields/{name}/index.md)\n", kind.id()));
        files.insert(format!("{FOLDER}/{name}/index.md"), overview(kind, about));
        for top in fields::all(kind).iter().filter(|field| !field.path.contains('.')) {
            files.insert(format!("{FOLDER}/{name}/{}.md", top.path), page(top, &examples));
            chapters.push_str(&format!("    - [{0}](fields/{name}/{0}.md)\n", top.path));
        }
    }
    index.push_str(
        "\nIn a path, `[]` stands for each entry of a list and `NAME` for a name that you choose. Whatever the field, the rules\n\
         [unknown-field](../rules/unknown-field.md), [missing-field](../rules/missing-field.md), [wrong-type](../rules/wrong-type.md),\n\
         [invalid-value](../rules/invalid-value.md) and [out-of-range](../rules/out-of-range.md) hold it to its form.\n",
    );
    files.insert(format!("{FOLDER}/index.md"), index);
    Ok(chapters)
}

/// The part of a rule's page that leads to the fields that the rule is about.
pub(super) fn of_rule(rule: &Rule) -> String {
    let links: Vec<String> = explain::fields_of(rule).iter().map(|field| link(field, "../fields/")).collect();
    if links.is_empty() { String::new() } else { format!("\n## Fields\n{}\n", links.join(", ")) }
}

/// A link to a field; `up` leads to the folder of the pages.
fn link(field: &Field, up: &str) -> String {
    let shown = match field.document {
        SchemaKind::TaskClass => field.path.clone(),
        other => format!("{}: {}", other.name(), field.path),
    };
    format!("[`{shown}`]({up}{}/{})", field.document.name(), target(field))
}

/// The page of a field and the heading on it.
fn target(field: &Field) -> String {
    match field.path.contains('.') {
        true => format!("{}.md#{}", field.section(), anchor(&field.path)),
        false => format!("{}.md", field.section()),
    }
}

/// What a heading's text is in a link, for mdBook as for GitHub.
fn anchor(path: &str) -> String {
    path.chars().filter(|c| c.is_alphanumeric() || matches!(c, '_' | '-')).collect::<String>().to_lowercase()
}

/// Text in a table.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

fn first_sentence(field: &Field) -> String {
    let about = field.about.first().map(String::as_str).unwrap_or_default();
    let end = about.find(". ").map_or(about.len(), |end| end + 1);
    cell(about.get(..end).unwrap_or(about))
}

/// The forms of each field together, in the order of the documentation.
fn grouped(kind: SchemaKind) -> Vec<Vec<&'static Field>> {
    let mut groups: Vec<Vec<&Field>> = Vec::new();
    for field in fields::all(kind) {
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| first.path == field.path)) {
            Some(group) => group.push(field),
            None => groups.push(vec![field]),
        }
    }
    groups
}

/// All fields of a format in one table.
fn overview(kind: SchemaKind, about: &str) -> String {
    let guide = match kind {
        SchemaKind::Revocation => "../../formats/approval.md#revocationv1".to_owned(),
        SchemaKind::Models => "../../formats/registry.md".to_owned(),
        other => format!("../../formats/{}.md", other.name()),
    };
    let mut text = format!(
        "# {}\n\n{about} [What the sections are for, and how to choose]({guide}).\n\n| field | must be there | |\n|---|---|---|\n",
        kind.id()
    );
    for group in grouped(kind) {
        let Some(field) = group.first() else { continue };
        let required = if field.required { "yes" } else { "" };
        text.push_str(&format!("| [`{}`]({}) | {required} | {} |\n", field.path, target(field), first_sentence(field)));
    }
    text
}

/// A section of a format: what it is, an example from what ships, and the fields in it.
fn page(top: &Field, examples: &Examples) -> String {
    let groups = grouped(top.document);
    let within = |group: &&Vec<&'static Field>| group.first().is_some_and(|field| field.section() == top.section());
    let groups: Vec<&Vec<&Field>> = groups.iter().filter(within).collect();
    let paths: Vec<&str> = groups.iter().filter_map(|group| group.first()).map(|field| field.path.as_str()).collect();
    let mut text = format!("# {}\n\n*A field of [{}](index.md).*\n", top.path, top.document.id());
    let shown = examples.of_section(top.document, &top.path, &paths);
    for group in groups {
        let Some(first) = group.first() else { continue };
        let is_top = first.path == top.path;
        if !is_top {
            text.push_str(&format!("\n## `{}`\n", first.path));
        }
        for field in group {
            form(&mut text, field, group.len() > 1);
        }
        let held = shown.as_ref().is_some_and(|shown| shown.holds(&first.path));
        let found = match (&shown, is_top) {
            (Some(shown), true) => Some(shown.clone()),
            (Some(_), false) if held => None,
            _ => examples.of_field(top.document, &first.path),
        };
        if let Some(found) = found {
            text.push_str(&format!("\n```yaml\n# {}\n{}\n```\n", found.from, found.text.trim_end()));
        } else if let Some(value) = first.example.as_ref().filter(|_| !held) {
            text.push_str(&format!("\n```yaml\n{}: {value}\n```\n", first.name().trim_end_matches("[]")));
        }
        let rules = explain::rules_about(first);
        if !rules.is_empty() {
            text.push_str("\nRules:\n");
            for rule in rules {
                text.push_str(&format!("- [{0}](../../rules/{0}.md): {1}\n", rule.name, rule.summary()));
            }
        }
    }
    text
}

/// One form of a field: what it is for, its type, its bounds, its values.
fn form(text: &mut String, field: &Field, one_of_several: bool) {
    if one_of_several {
        text.push_str(&format!("\nWith {}:\n", field.only_with.join(", ")));
    }
    for paragraph in &field.about {
        text.push_str(&format!("\n{paragraph}\n"));
    }
    text.push_str(&format!("\n- Type: {}\n", field.form));
    if !field.limits.is_empty() {
        text.push_str(&format!("- Limits: {}\n", field.limits.join("; ")));
    }
    if !one_of_several && !field.only_with.is_empty() {
        text.push_str(&format!("- Only with: {}\n", field.only_with.join(", ")));
    }
    text.push_str(if field.required { "- Must be there\n" } else { "- May be left out\n" });
    if let Some(default) = &field.default {
        text.push_str(&format!("- Default: `{default}`\n"));
    }
    if !field.values.is_empty() {
        text.push_str("\n| value | |\n|---|---|\n");
        for value in &field.values {
            let meaning = value.meaning.as_deref().unwrap_or_default();
            text.push_str(&format!("| `{}` | {} |\n", value.value, cell(meaning)));
        }
    }
}
