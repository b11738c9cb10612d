//! What the schemas say of a field: which fields a section can have, which values a field; in the manual's words.

use serde_json::Value;
use taskclass_spec::fields::{self as manual, FieldValue};
use taskclass_spec::schema::{self, SchemaKind};

use crate::markdown::code;

/// A field that a section can have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field<'s> {
    pub(crate) name: &'s str,
    pub(crate) schema: &'s Value,
    pub(crate) required: bool,
}

/// The fields of the section at `pointer` of `document`, in the order of the documentation. Of a section with variants of
/// which none is chosen yet, those of all.
pub(crate) fn of_section<'s>(kind: SchemaKind, document: &Value, pointer: &[String]) -> Vec<Field<'s>> {
    let root = kind.json();
    let Some(section) = schema::at(root, document, pointer) else { return Vec::new() };
    let mut fields = Vec::new();
    let branches = section.get("oneOf").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let branches = branches.iter().filter_map(|branch| schema::resolve(root, branch));
    for part in std::iter::once(section).chain(branches) {
        collect(root, part, &mut fields);
    }
    fields
}

fn collect<'s>(root: &'s Value, section: &'s Value, fields: &mut Vec<Field<'s>>) {
    let required = |name: &str| {
        let list = section.get("required").and_then(Value::as_array);
        list.is_some_and(|list| list.iter().any(|required| required == name))
    };
    for (name, own) in section.get("properties").and_then(Value::as_object).into_iter().flatten() {
        if fields.iter().all(|field| field.name != name) {
            fields.push(Field { name, schema: schema::resolve(root, own).unwrap_or(own), required: required(name) });
        }
    }
}

/// The schema of the value at `pointer`.
pub(crate) fn value_at<'s>(kind: SchemaKind, document: &Value, pointer: &[String]) -> Option<&'s Value> {
    schema::at(kind.json(), document, pointer)
}

/// The values that the field called `name` of the section at `pointer` chooses a variant by.
pub(crate) fn variants(kind: SchemaKind, document: &Value, pointer: &[String], name: &str) -> Vec<FieldValue> {
    // With the field that is being typed the document chooses none; without it the section tells all.
    let variants = value_at(kind, document, pointer).and_then(|section| schema::discriminator(kind.json(), section));
    let values = variants.filter(|(tag, _)| *tag == name).map(|(_, values)| values).unwrap_or_default();
    values.into_iter().map(|value| FieldValue { value: value.to_owned(), meaning: None }).collect()
}

/// The manual's words on the field at `pointer`, as Markdown; `None` if there is no such field.
pub(crate) fn documentation(kind: SchemaKind, document: &Value, pointer: &[String]) -> Option<String> {
    let steps: Vec<&str> = pointer.iter().map(String::as_str).filter(|step| step.parse::<usize>().is_err()).collect();
    let all: Vec<_> = manual::all(kind).iter().filter(|field| leads_to(&field.path, &steps)).collect();
    // Of a field that several variants have in different forms, the one of this variant.
    let section = pointer.split_last().and_then(|(_, section)| {
        let pointer: String =
            section.iter().map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect();
        document.pointer(&pointer)
    });
    let chosen = |condition: &String| {
        let text = condition.trim_matches('`');
        text.split_once(": ")
            .is_some_and(|(tag, value)| section.and_then(|s| s.get(tag)).is_some_and(|own| own == value))
    };
    let field = all.iter().find(|field| field.only_with.iter().any(chosen)).or_else(|| all.first())?;
    let mut text = field.about.join("\n\n");
    for value in field.values.iter().filter(|value| value.meaning.is_some()) {
        text.push_str(&format!("\n- {}: {}", code(&value.value), value.meaning.as_deref().unwrap_or_default()));
    }
    // The words are listed already, and that a section is one is plain to see.
    let form = Some(&field.form).filter(|form| !form.ends_with("words below") && *form != "a section");
    let form: Vec<&str> = form.into_iter().chain(&field.limits).map(String::as_str).collect();
    if !form.is_empty() {
        text.push_str(&format!("\n\nForm: {}", form.join("; ")));
    }
    if let Some(default) = &field.default {
        text.push_str(&format!("\n\nLeft out, it is {}.", code(default)));
    } else if field.required {
        text.push_str("\n\nIt must be there.");
    }
    if let Some(example) = field.example.as_ref().filter(|example| !example.contains('\n')) {
        text.push_str(&format!("\n\nExample: {}", code(&format!("{}: {example}", field.name()))));
    }
    Some(text)
}

/// Whether a field's path in the manual is that of `steps`; a list's entries count as the list.
fn leads_to(path: &str, steps: &[&str]) -> bool {
    let mut steps = steps.iter();
    let mut parts = path.split('.').map(|part| part.split('[').next().unwrap_or_default());
    parts.all(|part| steps.next().is_some_and(|step| part == *step || part == manual::ANY_NAME))
        && steps.next().is_none()
}

impl Field<'_> {
    /// One line: its type, and whether it must be there.
    pub(crate) fn detail(&self) -> String {
        let kind = match kind(self.schema) {
            Some("boolean") => "true or false",
            _ if !choices(self.schema).is_empty() => "one of a few words",
            Some("string") => "text",
            Some("integer") => "a whole number",
            Some("array") => "a list",
            Some("object") | None => "a section",
            Some(_) => "a value",
        };
        if self.required { format!("{kind}, required") } else { kind.to_owned() }
    }
}

/// The schema's type, if it is one.
pub(crate) fn kind(schema: &Value) -> Option<&str> {
    match schema.get("type") {
        Some(Value::String(kind)) => Some(kind),
        Some(_) => Some("several"),
        None => None,
    }
}

/// An example of the value, if the schema has one.
pub(crate) fn example(schema: &Value) -> Option<&str> {
    schema.get("examples")?.get(0)?.as_str()
}

/// The only values that a scalar can have, where they can be listed.
pub(crate) fn choices(schema: &Value) -> Vec<FieldValue> {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let choice = |schema: &Value| {
        let value = plain(schema.get("const").filter(|value| !value.is_object())?);
        Some(FieldValue { value, meaning: schema.get("description").and_then(Value::as_str).map(str::to_owned) })
    };
    if kind(schema) == Some("boolean") {
        return ["true", "false"].map(|value| FieldValue { value: value.to_owned(), meaning: None }).into();
    }
    let listed = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
    let mut all: Vec<FieldValue> = listed.map(|value| FieldValue { value: plain(value), meaning: None }).collect();
    all.extend(schema.get("oneOf").and_then(Value::as_array).into_iter().flatten().filter_map(choice));
    all.extend(choice(schema));
    all
}
