//! Which fields a rule is about, and which rules a field has. Nothing is listed by hand: a rule is about the field that its
//! bad example marks, and about those that its documentation names by their path.

use std::sync::OnceLock;

use taskclass_source::{Node, SourceFile, Span, yaml};
use taskclass_spec::SchemaKind;
use taskclass_spec::fields::{self, Field};

use crate::rule::{Family, Rule};
use crate::rules::catalogue;

/// The fields that `rule` is about, in the order of the documentation; none for a rule that is about every field.
pub fn fields_of(rule: &Rule) -> &'static [&'static Field] {
    all().iter().find(|(name, _)| *name == rule.name).map(|(_, fields)| fields.as_slice()).unwrap_or_default()
}

/// The rules that are about `field`.
pub fn rules_about(field: &Field) -> Vec<&'static Rule> {
    let about = |rule: &Rule| fields_of(rule).iter().any(|other| same(other, field));
    catalogue().iter().copied().filter(|rule| about(rule)).collect()
}

fn same(a: &Field, b: &Field) -> bool {
    a.document == b.document && a.path == b.path
}

fn all() -> &'static [(&'static str, Vec<&'static Field>)] {
    static ALL: OnceLock<Vec<(&'static str, Vec<&'static Field>)>> = OnceLock::new();
    ALL.get_or_init(|| catalogue().iter().map(|rule| (rule.name, derive(rule))).collect())
}

fn derive(rule: &Rule) -> Vec<&'static Field> {
    if matches!(rule.family, Family::Syntax | Family::Shape | Family::Suppressions) {
        return Vec::new();
    }
    let mut found: Vec<&'static Field> = Vec::new();
    let mut add = |fields: Vec<&'static Field>| {
        for field in fields {
            if !found.iter().any(|known| same(known, field)) {
                found.push(field);
            }
        }
    };
    if let Some(example) = rule.example("Bad") {
        add(marked(&example, rule.family));
    }
    for heading in ["What it does", "Why it matters"] {
        for path in quoted(&rule.section(heading).unwrap_or_default()).filter(|path| path.contains('.')) {
            add(fields::find(path));
        }
    }
    found.sort_by_key(|field| (field.document as usize, position(field)));
    found
}

fn position(field: &Field) -> usize {
    fields::all(field.document).iter().position(|other| same(other, field)).unwrap_or_default()
}

/// What stands in backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The field at the marked place of an example, and those that its records bring.
fn marked(example: &str, family: Family) -> Vec<&'static Field> {
    let mut found = Vec::new();
    let mut parts = vec![("task-classes/example.yaml", Vec::new())];
    for line in example.lines() {
        found.extend(
            line.strip_prefix("# without: ").map(|key| nearest(SchemaKind::TaskClass, key)).unwrap_or_default(),
        );
        match (line.strip_prefix("# file: "), parts.last_mut()) {
            (Some(path), _) => parts.push((path.trim_end_matches("@main"), Vec::new())),
            (None, Some((_, lines))) => lines.push(line),
            (None, None) => {}
        }
    }
    for (path, lines) in parts {
        if path.starts_with("task-classes/prompts/") {
            found.extend(fields::find("task-class.prompt"));
        }
        let Some(kind) = kind_of(path) else { continue };
        let (text, mark) = unmarked(&lines);
        let source = SourceFile::new(path, text);
        let Some(root) = yaml::parse(&source).root else { continue };
        let record = matches!(kind, SchemaKind::Approval | SchemaKind::Revocation);
        if record {
            let keys = root.as_map().into_iter().flatten().map(|entry| entry.key.text.to_string());
            found.extend(keys.flat_map(|key| fields::find(&format!("{}.{key}", kind.name()))));
        } else if let Some(place) = mark.and_then(|mark| place(&root, mark)).filter(|_| family != Family::Trust) {
            found.extend(nearest(kind, &place));
        }
    }
    found
}

/// The field at `path`, or the one around it where it has no words of its own.
fn nearest(kind: SchemaKind, path: &str) -> Vec<&'static Field> {
    let mut path = path;
    loop {
        let found = fields::find(&format!("{}.{path}", kind.name()));
        match path.rsplit_once('.') {
            Some((around, _)) if found.is_empty() => path = around,
            _ => return found,
        }
    }
}

fn kind_of(path: &str) -> Option<SchemaKind> {
    match path.split('/').next()? {
        "policy.yaml" => Some(SchemaKind::Policy),
        "models.yaml" => Some(SchemaKind::Models),
        "approvals" => Some(SchemaKind::Approval),
        "revocations" => Some(SchemaKind::Revocation),
        "task-classes" if path.ends_with(".yaml") => Some(SchemaKind::TaskClass),
        _ => None,
    }
}

/// An example's text without the lines of carets, and what they mark in it.
fn unmarked(lines: &[&str]) -> (String, Option<Span>) {
    let (mut text, mut mark, mut above) = (String::new(), None, 0);
    for line in lines {
        let carets = line.trim_start_matches(['#', ' ']).trim_end();
        if !carets.is_empty() && carets.bytes().all(|b| b == b'^') {
            let offset = |column: usize| {
                let line = text.get(above..).unwrap_or_default();
                above + line.char_indices().nth(column).map_or(line.trim_end().len(), |(at, _)| at)
            };
            let column = line.find('^').unwrap_or_default();
            mark = Some(Span::new(offset(column), offset(column + carets.len())));
        } else {
            above = text.len();
            text.push_str(line);
            text.push('\n');
        }
    }
    (text, mark)
}

/// The path of the innermost key or value that holds `mark`, entries of lists counting as the list.
fn place(node: &Node, mark: Span) -> Option<String> {
    let mut path: Vec<&str> = Vec::new();
    let mut node = node;
    loop {
        if let Some(map) = node.as_map() {
            let holds = |span: Span| span.contains(mark);
            let Some(entry) = map.iter().find(|entry| holds(entry.key.span) || holds(entry.value.span)) else { break };
            path.push(&entry.key.text);
            if holds(entry.key.span) {
                break;
            }
            node = &entry.value;
        } else if let Some(item) = node.as_seq().and_then(|items| items.iter().find(|item| item.span.contains(mark))) {
            node = item;
        } else {
            break;
        }
    }
    (!path.is_empty()).then(|| path.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(name: &str) -> Vec<String> {
        let rule = catalogue().iter().find(|rule| rule.name == name).unwrap();
        fields_of(rule).iter().map(|field| format!("{}: {}", field.document.name(), field.path)).collect()
    }

    #[test]
    fn a_rule_is_about_what_its_bad_example_marks_and_what_its_words_name() {
        assert!(paths("budget-against-policy").contains(&"task-class: budget.per_task".to_owned()));
        assert!(paths("unknown-metric").contains(&"task-class: rollout.gates.require[].metric".to_owned()));
        assert!(paths("approval-expiring").contains(&"policy: approvals.warn_before".to_owned()));
        assert_eq!(paths("unknown-field"), Vec::<String>::new());
    }

    /// A rule about no field at all would be missing from the manual's pages of fields.
    #[test]
    fn every_rule_about_a_document_has_a_field() {
        let exempt = |rule: &Rule| {
            matches!(rule.family, Family::Syntax | Family::Shape | Family::Suppressions | Family::Trust)
                || rule.example("Bad").is_some_and(|bad| !bad.contains("^^") && !bad.contains('^'))
        };
        let without: Vec<_> = catalogue()
            .iter()
            .filter(|rule| !exempt(rule) && fields_of(rule).is_empty())
            .map(|rule| rule.name)
            .collect();
        assert_eq!(without, ["invalid-inventory"], "not about a field of a document");
    }

    #[test]
    fn a_field_names_its_rules() {
        let field = fields::find("prompt.template")[0];
        let rules: Vec<_> = rules_about(field).iter().map(|rule| rule.name).collect();
        assert!(rules.contains(&"undefined-variable") && rules.contains(&"no-acceptance"), "{rules:?}");
    }
}
