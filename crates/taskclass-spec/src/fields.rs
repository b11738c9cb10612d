//! Every field of every format as a person reads about it: what it is for, its form, its bounds. Made from the JSON Schemas,
//! and so from the types; the manual's pages and `taskclass explain` are made from this.

mod form;

use std::sync::OnceLock;

use serde::Serialize;
use serde_json::Value;

use crate::schema::{SchemaKind, discriminator, resolve};

/// Stands in a path for a name that the writer chooses.
pub const ANY_NAME: &str = "NAME";

/// A field, or one form of it where that depends on another field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Field {
    /// The document's format.
    #[serde(serialize_with = "name")]
    pub document: SchemaKind,
    /// The way to it: `limits.timeouts.run`, `escalation.ladder[].after`, `inputs.NAME.pattern`.
    pub path: String,
    /// When it has this form, where that depends on another field: "`type: string`".
    pub only_with: Vec<String>,
    /// Whether its section must have it.
    pub required: bool,
    /// What kind of value it takes, in words.
    pub form: String,
    /// The bounds of the value, in words.
    pub limits: Vec<String>,
    /// What counts where it is left out, as YAML.
    pub default: Option<String>,
    /// The only values, where they can be listed.
    pub values: Vec<FieldValue>,
    /// What it is for: paragraphs of Markdown.
    pub about: Vec<String>,
    /// A value that it may have, as YAML.
    pub example: Option<String>,
}

/// A value that a field can have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldValue {
    /// As it is written.
    pub value: String,
    /// What it means.
    pub meaning: Option<String>,
}

fn name<S: serde::Serializer>(kind: &SchemaKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.name())
}

/// The fields of a format, each section before what is in it, in the order of the documentation.
pub fn all(kind: SchemaKind) -> &'static [Field] {
    static CELLS: [OnceLock<Vec<Field>>; 6] = [const { OnceLock::new() }; 6];
    CELLS[kind as usize].get_or_init(|| {
        let mut walk = Walk { kind, root: kind.json(), fields: Vec::new() };
        walk.section(kind.json(), "", &[]);
        walk.drop_idle_conditions();
        walk.fields
    })
}

/// The fields that `asked` names: `budget.per_task`, `escalation.ladder.after`, `inputs.package.pattern`, or with the
/// format before it, `policy.models.allow`.
pub fn find(asked: &str) -> Vec<&'static Field> {
    let of = |kind: SchemaKind, path: &str| {
        let path = steps(path);
        all(kind).iter().filter(move |field| leads_to(&steps(&field.path), &path)).collect::<Vec<_>>()
    };
    let everywhere = SchemaKind::ALL.into_iter().flat_map(|kind| of(kind, asked));
    let in_one = SchemaKind::ALL.into_iter().flat_map(|kind| {
        let rest = asked.strip_prefix(kind.name()).and_then(|rest| rest.strip_prefix(['.', '/']));
        rest.map(|rest| of(kind, rest)).unwrap_or_default()
    });
    everywhere.chain(in_one).collect()
}

/// The steps of a path; a list's entries all count as the list.
fn steps(path: &str) -> Vec<&str> {
    path.split('.').map(|step| step.split('[').next().unwrap_or_default()).collect()
}

fn leads_to(field: &[&str], asked: &[&str]) -> bool {
    field.len() == asked.len()
        && field.iter().zip(asked).all(|(field, asked)| field == asked || (*field == ANY_NAME && !asked.is_empty()))
}

impl Field {
    /// The last step of its path.
    pub fn name(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or_default()
    }

    /// The first step of its path: the section of the document that it is in, or itself.
    pub fn section(&self) -> &str {
        steps(&self.path).first().copied().unwrap_or_default()
    }

    /// The fields directly in it.
    pub fn inner(&self) -> impl Iterator<Item = &'static Field> {
        let own = steps(&self.path).into_iter().map(str::to_owned).collect::<Vec<_>>();
        all(self.document).iter().filter(move |field| {
            let path = steps(&field.path);
            path.len() == own.len() + 1 && path.iter().zip(&own).all(|(a, b)| a == b)
        })
    }
}

/// The names of which a section has exactly one, where it has alternatives.
fn alternatives(root: &Value, schema: &Value) -> Vec<String> {
    let branches = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    let only = |branch: &Value| {
        let branch = resolve(root, branch)?;
        let required = branch.get("required")?.as_array()?;
        (required.len() == 1).then(|| required.first()?.as_str().map(str::to_owned))?
    };
    branches.filter_map(only).collect()
}

struct Walk {
    kind: SchemaKind,
    root: &'static Value,
    fields: Vec<Field>,
}

impl Walk {
    /// The fields in a section at `path`, under the conditions that led there.
    fn section(&mut self, schema: &'static Value, path: &str, only_with: &[String]) {
        let schema = resolve(self.root, schema).unwrap_or(schema);
        if let Some(items) = schema.get("items") {
            return self.section(items, &format!("{path}[]"), only_with);
        }
        let of_names = schema.get("patternProperties").and_then(|by_pattern| by_pattern.as_object()?.values().next());
        if let Some(one) = of_names.or_else(|| schema.get("additionalProperties").filter(|one| one.is_object())) {
            let path = if path.is_empty() { ANY_NAME.to_owned() } else { format!("{path}.{ANY_NAME}") };
            // A value without words of its own is told of by the form of the mapping.
            return match resolve(self.root, one).and_then(|one| one.get("description")) {
                Some(_) => self.field(one, None, &path, false, only_with),
                None => self.section(one, &path, only_with),
            };
        }
        self.properties(schema, path, only_with);
        let branches = schema.get("oneOf").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let tag = discriminator(self.root, schema);
        for (index, branch) in branches.iter().enumerate() {
            let Some(branch) = resolve(self.root, branch) else { continue };
            match &tag {
                Some((name, values)) => {
                    // Within another alternative it is said whose discriminator is meant.
                    let whose = path.rsplit('.').next().filter(|_| !only_with.is_empty());
                    let whose = whose.map(|section| format!("{section}.")).unwrap_or_default();
                    let this = values.get(index).map(|value| format!("`{whose}{name}: {value}`"));
                    let conditions: Vec<String> = only_with.iter().cloned().chain(this).collect();
                    if index == 0 {
                        self.tag(schema, name, path, only_with);
                    }
                    self.properties(branch, path, &conditions);
                }
                None => self.alternative(schema, branch, path, only_with),
            }
        }
    }

    /// The field of one of several alternatives that are told apart by their only field.
    fn alternative(&mut self, schema: &'static Value, branch: &'static Value, path: &str, only_with: &[String]) {
        let at = self.fields.len();
        self.properties(branch, path, only_with);
        let names = alternatives(self.root, schema);
        for field in self.fields.iter_mut().skip(at).filter(|field| names.iter().any(|name| name == field.name())) {
            field.required = false;
            field.limits.push(format!("exactly one of `{}`", names.join("`, `")));
        }
    }

    /// A field that every alternative has is there without condition.
    fn drop_idle_conditions(&mut self) {
        let tags: Vec<(String, usize)> = self.fields.iter().map(|tag| (tag.path.clone(), tag.values.len())).collect();
        for field in self.fields.iter_mut().filter(|field| field.only_with.len() > 1) {
            let section = field.path.rsplit_once('.').map_or("", |(section, _)| section);
            let all = |tag: &str| tags.iter().any(|(path, count)| path == tag && *count == field.only_with.len());
            let one = field.only_with.first().and_then(|first| first.trim_matches('`').split(':').next());
            if one.is_some_and(|name| all(&format!("{section}.{name}"))) {
                field.only_with.clear();
            }
        }
    }

    fn properties(&mut self, schema: &'static Value, path: &str, only_with: &[String]) {
        let required: Vec<&str> =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let alternatives = alternatives(self.root, schema);
        // The one field of an alternative is described there.
        let alone = schema.get("properties").and_then(Value::as_object).is_some_and(|fields| fields.len() == 1);
        for (name, own) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            if own.get("const").is_some() && own.get("description").is_none() {
                continue;
            }
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            let described = own.get("description").is_none() && alone;
            let at = self.fields.len();
            self.field(own, described.then_some(schema), &path, required.contains(&name.as_str()), only_with);
            if let Some(field) = self.fields.get_mut(at).filter(|_| alternatives.contains(name)) {
                field.limits.push(format!("exactly one of `{}`", alternatives.join("`, `")));
            }
        }
    }

    /// The field that chooses between alternatives.
    fn tag(&mut self, schema: &'static Value, name: &str, path: &str, only_with: &[String]) {
        let branches = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
        let value = |branch: &Value| {
            let value = branch.get("properties")?.get(name)?.get("const")?.as_str()?.to_owned();
            Some(FieldValue { value, meaning: branch.get("description").and_then(Value::as_str).map(str::to_owned) })
        };
        let values: Vec<FieldValue> = branches.filter_map(|branch| value(resolve(self.root, branch)?)).collect();
        self.fields.push(Field {
            document: self.kind,
            path: format!("{path}.{name}"),
            only_with: only_with.to_vec(),
            required: true,
            form: "one of the words below".to_owned(),
            limits: Vec::new(),
            default: None,
            example: values.first().map(|first| first.value.clone()),
            values,
            about: vec!["Which kind it is; the other fields depend on it.".to_owned()],
        });
    }

    /// A field, whose words are its own, those of `around`, or those of its type, and what is in it.
    fn field(
        &mut self,
        own: &'static Value,
        around: Option<&'static Value>,
        path: &str,
        required: bool,
        only_with: &[String],
    ) {
        let schema = resolve(self.root, own).unwrap_or(own);
        let mut about: Vec<String> = Vec::new();
        let texts = [Some(own), around, Some(schema)].into_iter().flatten();
        for text in texts.filter_map(|part| part.get("description")?.as_str()) {
            // A type that only says again what it is called adds nothing to the field's own words.
            if !about.is_empty() && !text.contains(". ") {
                continue;
            }
            let text = text.to_owned();
            match about.iter_mut().find(|said| text.starts_with(said.as_str()) || said.contains(&text)) {
                Some(said) if said.len() < text.len() => *said = text,
                Some(_) => {}
                None => about.push(text),
            }
        }
        let field = Field {
            document: self.kind,
            path: path.to_owned(),
            only_with: only_with.to_vec(),
            required,
            form: form::form(self.root, schema),
            limits: form::limits(self.root, schema),
            default: own.get("default").or_else(|| schema.get("default")).and_then(form::default),
            values: form::values(self.root, schema),
            about,
            example: form::example(self.root, schema),
        };
        // The same in another alternative is one field.
        let same = |other: &Field| Field { only_with: field.only_with.clone(), ..other.clone() } == field;
        match self.fields.iter_mut().find(|other| other.path == field.path && same(other)) {
            Some(known) => known.only_with.extend(field.only_with),
            None => self.fields.push(field),
        }
        self.section(own, path, only_with);
    }
}

#[cfg(test)]
mod tests;
