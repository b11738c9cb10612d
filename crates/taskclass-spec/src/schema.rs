//! The JSON Schemas (draft 2020-12), generated from the types in [`crate::written`].

use std::sync::OnceLock;

use schemars::{JsonSchema, Schema, generate::SchemaSettings, transform::Transform};
use serde_json::{Value, json};

use crate::written;

/// Each kind of document that has a schema here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SchemaKind {
    /// `task-class/v1`
    TaskClass,
    /// `policy/v1`
    Policy,
    /// `approval/v1`
    Approval,
    /// `revocation/v1`
    Revocation,
    /// `executor/v1`
    Executor,
    /// `models/v1`
    Models,
}

impl SchemaKind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::TaskClass, Self::Policy, Self::Approval, Self::Revocation, Self::Executor, Self::Models];

    /// The name before the version: `task-class`.
    pub fn name(self) -> &'static str {
        match self {
            Self::TaskClass => "task-class",
            Self::Policy => "policy",
            Self::Approval => "approval",
            Self::Revocation => "revocation",
            Self::Executor => "executor",
            Self::Models => "models",
        }
    }

    /// What a document's `schema` field says: `task-class/v1`.
    pub fn id(self) -> String {
        format!("{}/v1", self.name())
    }

    /// The schema.
    pub fn json(self) -> &'static Value {
        static CELLS: [OnceLock<Value>; 6] = [const { OnceLock::new() }; 6];
        CELLS[self as usize].get_or_init(|| match self {
            Self::TaskClass => generate::<written::TaskClass>(&self.id()),
            Self::Policy => generate::<written::Policy>(&self.id()),
            Self::Approval => generate::<written::ApprovalRecord>(&self.id()),
            Self::Revocation => generate::<written::RevocationRecord>(&self.id()),
            Self::Executor => generate::<written::ExecutorConfig>(&self.id()),
            Self::Models => generate::<written::Catalogue>(&self.id()),
        })
    }
}

/// The draft 2020-12 schema of `T`, titled `title`. A field that may be left out may not be null instead: in these
/// documents "nothing" is written by writing nothing.
pub fn generate<T: JsonSchema>(title: &str) -> Value {
    let generator = SchemaSettings::draft2020_12().with_transform(NoNull).into_generator();
    let mut schema = generator.into_root_schema_for::<T>().to_value();
    if let Some(object) = schema.as_object_mut() {
        object.insert("title".to_owned(), json!(title));
    }
    schema
}

/// Takes `null` out of every type and alternative.
#[derive(Debug, Clone)]
struct NoNull;

impl Transform for NoNull {
    fn transform(&mut self, schema: &mut Schema) {
        if let Some(object) = schema.as_object_mut() {
            if let Some(Value::Array(types)) = object.get_mut("type") {
                types.retain(|name| name != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    object.insert("type".to_owned(), only);
                }
            }
            if let Some(Value::Array(branches)) = object.get_mut("anyOf") {
                branches.retain(|branch| branch.get("type") != Some(&json!("null")));
                if let [Value::Object(only)] = branches.as_slice() {
                    let only = only.clone();
                    object.remove("anyOf");
                    for (key, value) in only {
                        object.entry(key).or_insert(value);
                    }
                }
            }
            if object.get("default") == Some(&Value::Null) {
                object.remove("default");
            }
        }
        schemars::transform::transform_subschemas(self, schema);
    }
}

/// The part of a schema that speaks of the value at `pointer` (JSON pointer into the document), following references and,
/// in a tagged alternative, the branch that the document chose.
pub fn at<'s>(root: &'s Value, document: &Value, pointer: &[String]) -> Option<&'s Value> {
    let mut schema = resolve(root, root)?;
    let mut value = document;
    schema = branch(root, schema, value);
    for step in pointer {
        schema = match value {
            Value::Object(_) => schema
                .get("properties")
                .and_then(|properties| properties.get(step))
                .or_else(|| schema.get("additionalProperties").filter(|s| s.is_object()))
                .or_else(|| schema.get("patternProperties")?.as_object()?.values().next())?,
            Value::Array(_) => schema.get("items")?,
            _ => return None,
        };
        schema = resolve(root, schema)?;
        value = match value {
            Value::Object(map) => map.get(step).unwrap_or(&Value::Null),
            Value::Array(items) => step.parse().ok().and_then(|i: usize| items.get(i)).unwrap_or(&Value::Null),
            _ => &Value::Null,
        };
        schema = branch(root, schema, value);
    }
    Some(schema)
}

/// The schema itself, or what its reference leads to.
pub fn resolve<'s>(root: &'s Value, schema: &'s Value) -> Option<&'s Value> {
    match schema.get("$ref").and_then(Value::as_str) {
        Some(reference) => root.pointer(reference.strip_prefix('#')?),
        None => Some(schema),
    }
}

/// Of a `oneOf` with a discriminator, the branch whose `const` equals the document's; otherwise the schema itself.
fn branch<'s>(root: &'s Value, schema: &'s Value, value: &Value) -> &'s Value {
    let chosen = schema.get("oneOf").and_then(Value::as_array).and_then(|branches| {
        branches.iter().filter_map(|branch| resolve(root, branch)).find(|branch| {
            branch.get("properties").and_then(Value::as_object).is_some_and(|properties| {
                properties.iter().any(|(name, property)| {
                    property.get("const").is_some_and(|expected| value.get(name) == Some(expected))
                })
            })
        })
    });
    chosen.unwrap_or(schema)
}

/// The discriminator's name and its values, if `schema` is a tagged alternative.
pub fn discriminator<'s>(root: &'s Value, schema: &'s Value) -> Option<(&'s str, Vec<&'s str>)> {
    let branches = schema.get("oneOf")?.as_array()?;
    let mut name = None;
    let mut values = Vec::new();
    for branch in branches {
        let properties = resolve(root, branch)?.get("properties")?.as_object()?;
        let (tag, value) = properties.iter().find_map(|(tag, p)| Some((tag, p.get("const")?.as_str()?)))?;
        name = Some(tag.as_str());
        values.push(value);
    }
    Some((name?, values))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_schema_admits_null_anywhere() {
        for kind in SchemaKind::ALL {
            assert!(!kind.json().to_string().contains("\"null\""), "{kind:?}");
        }
    }

    #[test]
    fn every_field_of_every_schema_is_described() {
        fn walk(path: &str, schema: &Value) {
            if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
                for (name, property) in properties {
                    let described = property.get("description").is_some() || property.get("const").is_some();
                    assert!(described, "{path}.{name} has no description");
                    walk(&format!("{path}.{name}"), property);
                }
            }
            for key in ["$defs"] {
                for (name, definition) in schema.get(key).and_then(Value::as_object).into_iter().flatten() {
                    walk(name, definition);
                }
            }
        }
        for kind in SchemaKind::ALL {
            walk(kind.name(), kind.json());
        }
    }

    #[test]
    fn follows_references_and_the_chosen_branch() {
        let document = json!({"inputs": {"package": {"type": "string", "pattern": "x"}}});
        let steps = ["inputs", "package", "pattern"].map(str::to_owned);
        let found = at(SchemaKind::TaskClass.json(), &document, &steps).unwrap();
        assert!(found["description"].as_str().unwrap().contains("regular expression"), "{found}");
    }
}
