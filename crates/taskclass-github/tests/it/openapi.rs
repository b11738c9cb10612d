//! GitHub's own description: finds the operation that a request is, holds the request against it, and makes answers from its schemas.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};
use taskclass_github::Request;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../openapi-subset.json")).unwrap());

/// How an answer is made from a schema.
#[derive(Clone, Copy)]
pub(crate) struct Recipe {
    /// Optional members too.
    pub(crate) full: bool,
    /// Null wherever it is allowed.
    pub(crate) nulls: bool,
    /// Members that no schema has.
    pub(crate) unknown: bool,
    /// Which branch of a choice, counted around.
    pub(crate) branch: usize,
}

pub(crate) struct Operation {
    pub(crate) id: String,
    template: String,
    method: String,
    item: &'static Value,
}

/// Every operation of the description.
pub(crate) fn operations() -> Vec<Operation> {
    let mut all = Vec::new();
    for (template, item) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, item) in item.as_object().unwrap() {
            let id = item["operationId"].as_str().unwrap().to_owned();
            all.push(Operation { id, template: template.clone(), method: method.to_uppercase(), item });
        }
    }
    all
}

/// Follows references.
fn resolve(mut value: &'static Value) -> &'static Value {
    while let Some(reference) = value.get("$ref").and_then(Value::as_str) {
        value = DOCUMENT.pointer(reference.trim_start_matches('#')).unwrap();
    }
    value
}

impl Operation {
    /// Holds a request against the description.
    pub(crate) fn check(&self, request: &Request) {
        let id = &self.id;
        assert_eq!(request.method.as_str(), self.method, "{id}");
        let (path, query) = request.path_and_query.split_once('?').unwrap_or((&request.path_and_query, ""));
        assert!(matches(&self.template, path), "{id}: {path} is not {}", self.template);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap();
            self.check_parameter(name, value);
        }
        match (&request.body, self.item.get("requestBody")) {
            (None, None) => {}
            (Some(body), Some(described)) => self.check_body(body, resolve(described)),
            (Some(_), None) => panic!("{id} takes no body"),
            (None, Some(_)) => panic!("{id} takes a body"),
        }
    }

    fn check_parameter(&self, name: &str, value: &str) {
        let parameters = self.item["parameters"].as_array().unwrap();
        let described = parameters.iter().map(resolve).find(|p| p["name"] == name && p["in"] == "query");
        let described = described.unwrap_or_else(|| panic!("{}: no parameter {name}", self.id));
        let schema = resolve(&described["schema"]);
        let schema = if schema["type"] == "array" { resolve(&schema["items"]) } else { schema };
        let value = match schema["type"].as_str().unwrap() {
            "integer" => json!(value.parse::<i64>().unwrap()),
            "boolean" => json!(value.parse::<bool>().unwrap()),
            _ => json!(value),
        };
        assert!(jsonschema::is_valid(&plain(schema), &value), "{}: {name}={value}", self.id);
    }

    fn check_body(&self, body: &[u8], described: &'static Value) {
        let body: Value = serde_json::from_slice(body).unwrap();
        let schema = plain(&described["content"]["application/json"]["schema"]);
        if let Err(error) = jsonschema::validate(&schema, &body) {
            panic!("{}: {error} in {body}", self.id);
        }
        // The description allows unknown members silently; this client must not send any.
        let choices = schema.get("oneOf").and_then(Value::as_array).cloned().unwrap_or_else(|| vec![schema]);
        for name in body.as_object().unwrap().keys() {
            assert!(
                choices.iter().any(|choice| choice["properties"].get(name).is_some()),
                "{}: no member {name}",
                self.id
            );
        }
    }

    /// The JSON that a success carries, made by a recipe; nothing if it carries none.
    pub(crate) fn answer(&self, recipe: Recipe) -> (u16, String) {
        let responses = self.item["responses"].as_object().unwrap();
        let (status, response) = responses.iter().find(|(status, _)| status.starts_with('2')).unwrap();
        let schema = resolve(response).pointer("/content/application~1json/schema");
        let body = schema.map(|schema| make(schema, recipe, 0).to_string()).unwrap_or_default();
        (status.parse().unwrap(), body)
    }
}

/// One placeholder stands for one segment; contents and refs may take several.
fn matches(template: &str, path: &str) -> bool {
    let (template, path): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    let several = matches!(template.last(), Some(&"{path}" | &"{ref}")) && path.len() >= template.len();
    (several || template.len() == path.len())
        && template
            .iter()
            .zip(&path)
            .all(|(t, p)| if t.starts_with('{') { !p.is_empty() && !p.contains('{') } else { t == p })
}

/// The schema in today's JSON Schema: references replaced, `nullable` written as a type.
fn plain(schema: &'static Value) -> Value {
    match resolve(schema) {
        Value::Object(members) => {
            let mut out: Map<String, Value> =
                members.iter().map(|(name, value)| (name.clone(), plain(value))).collect();
            if members.get("nullable") == Some(&Value::Bool(true)) {
                let base = Value::Object(out);
                return json!({ "anyOf": [base, { "type": "null" }] });
            }
            out.remove("nullable");
            Value::Object(out)
        }
        Value::Array(entries) => entries.iter().map(plain).collect(),
        other => other.clone(),
    }
}

/// A value that a schema allows.
fn make(schema: &'static Value, recipe: Recipe, depth: usize) -> Value {
    let schema = resolve(schema);
    if recipe.nulls && schema.get("nullable") == Some(&Value::Bool(true)) {
        return Value::Null;
    }
    if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
        let mut whole = Map::new();
        for part in parts {
            if let Value::Object(members) = make(part, recipe, depth) {
                whole.extend(members);
            }
        }
        return Value::Object(whole);
    }
    if let Some(choices) = schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array) {
        return make(&choices[recipe.branch % choices.len()], recipe, depth);
    }
    if let Some(first) = schema.get("enum").and_then(Value::as_array).and_then(|values| values.first()) {
        return first.clone();
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("array") => json!([make(&schema["items"], recipe, depth + 1)]),
        Some("integer") => json!(1),
        Some("number") => json!(0.5),
        Some("boolean") => json!(true),
        Some("string") => match schema.get("format").and_then(Value::as_str) {
            Some("date-time") => json!("2026-11-21T12:00:00Z"),
            _ => json!("text"),
        },
        _ => object(schema, recipe, depth),
    }
}

fn object(schema: &'static Value, recipe: Recipe, depth: usize) -> Value {
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let mut out = Map::new();
    // Issues and comments describe each other: deep down, only what must be there.
    let full = recipe.full && depth < 5;
    for (name, member) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        if full || required.contains(&name.as_str()) {
            out.insert(name.clone(), make(member, recipe, depth + 1));
        }
    }
    if recipe.unknown {
        out.insert("zz_new".to_owned(), json!({ "a": [1, null, "x"] }));
    }
    Value::Object(out)
}

/// Operation ids, each with how often something claims it.
pub(crate) fn tally<'a>(claimed: impl IntoIterator<Item = &'a str>) -> BTreeMap<String, usize> {
    let mut tally: BTreeMap<String, usize> = operations().into_iter().map(|operation| (operation.id, 0)).collect();
    for id in claimed {
        *tally.entry(id.to_owned()).or_default() += 1;
    }
    tally
}
