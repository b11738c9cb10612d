//! A field as text for a terminal.

use taskclass_source::text::{display_width, wrap};
use taskclass_spec::fields::Field;
use taskclass_spec::{SchemaKind, fields};

use super::rules_about;

/// A field, each of its forms, what is in it and the rules about it, for a terminal of `width` columns.
pub fn field(forms: &[&Field], width: usize) -> String {
    let Some(first) = forms.first() else { return String::new() };
    let mut text = format!("{} ({})\n", first.path, first.document.id());
    for form in forms {
        if forms.len() > 1 {
            text.push_str(&format!("\nwith {}\n", form.only_with.join(", ")));
        }
        text.push('\n');
        for paragraph in &form.about {
            text.push_str(&format!("{}\n", wrap(paragraph, width).join("\n")));
        }
        text.push('\n');
        rows(&mut text, &facts(form, forms.len() == 1), width);
        if !form.values.is_empty() {
            text.push_str("\nValues\n");
            let meaning = |value: &fields::FieldValue| value.meaning.clone().unwrap_or_default();
            let values: Vec<_> = form.values.iter().map(|value| (value.value.clone(), meaning(value))).collect();
            rows(&mut text, &values, width);
        }
    }
    let inner: Vec<_> = first.inner().map(brief).collect();
    if !inner.is_empty() {
        text.push_str("\nFields\n");
        rows(&mut text, &inner, width);
    }
    let rules: Vec<_> =
        rules_about(first).iter().map(|rule| (rule.name.to_owned(), rule.summary().to_owned())).collect();
    if !rules.is_empty() {
        text.push_str("\nRules\n");
        rows(&mut text, &rules, width);
    }
    text
}

/// The fields of a format, one a line, for a terminal of `width` columns.
pub fn format_fields(kind: SchemaKind, width: usize) -> String {
    let about = kind.json().get("description").and_then(|about| about.as_str()).unwrap_or_default();
    let mut text = format!("{}\n\n{}\n\nFields\n", kind.id(), wrap(about, width).join("\n"));
    let mut seen: Vec<&str> = Vec::new();
    let mut list = Vec::new();
    for field in fields::all(kind) {
        if !seen.contains(&field.path.as_str()) {
            seen.push(&field.path);
            let (_, about) = brief(field);
            list.push((field.path.clone(), about));
        }
    }
    rows(&mut text, &list, width);
    text
}

fn brief(field: &Field) -> (String, String) {
    let about = field.about.first().map(String::as_str).unwrap_or_default();
    let end = about.find(". ").map_or(about.len(), |end| end + 1);
    (field.name().to_owned(), about.get(..end).unwrap_or(about).to_owned())
}

fn facts(field: &Field, with_condition: bool) -> Vec<(String, String)> {
    let mut facts = vec![("type".to_owned(), field.form.clone())];
    let mut add = |name: &str, value: String| facts.push((name.to_owned(), value));
    if !field.limits.is_empty() {
        add("limits", field.limits.join("; "));
    }
    if with_condition && !field.only_with.is_empty() {
        add("only with", field.only_with.join(", "));
    }
    add("required", if field.required { "yes" } else { "no" }.to_owned());
    if let Some(default) = &field.default {
        add("default", default.clone());
    }
    if let Some(example) = &field.example {
        add("example", format!("{}: {example}", field.name().trim_end_matches("[]")));
    }
    facts
}

/// Names and what is said of them, in two columns.
fn rows(text: &mut String, rows: &[(String, String)], width: usize) {
    let widest = rows.iter().map(|(name, _)| display_width(name)).max().unwrap_or_default();
    let room = width.saturating_sub(widest + 4).max(30);
    for (name, said) in rows {
        let pad = " ".repeat(widest - display_width(name));
        for (index, line) in wrap(said, room).iter().enumerate() {
            let lead = if index == 0 { format!("  {name}{pad}  ") } else { " ".repeat(widest + 4) };
            text.push_str(format!("{lead}{line}").trim_end());
            text.push('\n');
        }
    }
}
