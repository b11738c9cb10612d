//! GitHub's OpenAPI description as a judge: `openapi-subset.json`, made into JSON Schemas.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};
use taskclass_sim::Response;

const TEXT: &str = include_str!("../openapi-subset.json");

pub(crate) static CONTRACT: LazyLock<Contract> = LazyLock::new(Contract::read);

pub(crate) struct Contract {
    /// The whole description, its schemas made into JSON Schema.
    document: Value,
    /// Operation id → method, path template.
    pub(crate) operations: BTreeMap<String, (String, String)>,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

impl Contract {
    fn read() -> Self {
        let mut document: Value = serde_json::from_str(TEXT).unwrap();
        assert!(document["openapi"].as_str().unwrap().starts_with("3.0."), "the conversion below knows 3.0 only");
        convert(&mut document);
        let mut operations = BTreeMap::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let id = operation["operationId"].as_str().unwrap().to_owned();
                operations.insert(id, (method.to_ascii_uppercase(), path.clone()));
            }
        }
        Self { document, operations, validators: Mutex::default() }
    }

    fn operation(&self, id: &str) -> &Value {
        let (method, path) = &self.operations[id];
        &self.document["paths"][path][method.to_ascii_lowercase()]
    }

    /// Holds a response to what is said of its operation and status. An error that GitHub does not list for the operation is
    /// held to GitHub's general form of errors; a good answer that it does not list is wrong.
    pub(crate) fn judge(&self, id: &str, response: &Response) {
        let status = response.status.to_string();
        let listed = self.follow(&self.operation(id)["responses"][&status]);
        let content = &listed["content"]["application/json"]["schema"];
        if listed.is_null() && response.status < 300 {
            panic!("{id}: {status} is not among its answers");
        }
        for header in listed["headers"].as_object().into_iter().flat_map(Map::keys) {
            assert!(response.header(header).is_some(), "{id} {status}: no {header} header");
        }
        if response.status == 304 {
            assert!(response.body.is_empty(), "{id}: a 304 has no body");
            return;
        }
        let body = response.json().unwrap_or_else(|| panic!("{id} {status}: not JSON"));
        let schema = match content {
            Value::Null => json!({"$ref": "#/components/schemas/basic-error"}),
            schema => schema.clone(),
        };
        self.check(&format!("{id} {status}"), schema, &body);
        if response.status >= 400 {
            assert!(body["message"].is_string() && body["documentation_url"].is_string(), "{id} {status}: {body}");
        }
    }

    /// Holds a request's body to what is said of its operation, where anything is.
    pub(crate) fn judge_request(&self, id: &str, body: &Value) {
        let schema = &self.operation(id)["requestBody"]["content"]["application/json"]["schema"];
        if !schema.is_null() {
            self.check(&format!("{id} request"), schema.clone(), body);
        }
    }

    fn check(&self, what: &str, schema: Value, body: &Value) {
        let validator = {
            let mut validators = self.validators.lock().unwrap();
            let made = validators.entry(what.to_owned()).or_insert_with(|| {
                let root = json!({"components": self.document["components"], "allOf": [schema]});
                let made =
                    jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true).build(&root);
                Arc::new(made.unwrap_or_else(|error| panic!("{what}: {error}")))
            });
            Arc::clone(made)
        };
        let errors: Vec<String> =
            validator.iter_errors(body).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{what}:\n{}", errors.join("\n"));
    }

    fn follow<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(reference) => self.document.pointer(reference.trim_start_matches('#')).unwrap(),
            None => value,
        }
    }
}

/// OpenAPI 3.0's schemas as JSON Schema: `nullable` becomes a type or a branch, whatever stands beside `$ref` counts for nothing.
fn convert(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(convert),
        Value::Object(object) => {
            if object.get("$ref").is_some_and(Value::is_string) {
                object.retain(|name, _| name == "$ref");
                return;
            }
            object.values_mut().for_each(convert);
            if object.get("nullable") == Some(&Value::Bool(true)) {
                object.remove("nullable");
                allow_null(object);
            }
        }
        _ => {}
    }
}

fn allow_null(object: &mut Map<String, Value>) {
    let bare = !object.contains_key("oneOf") && !object.contains_key("anyOf") && !object.contains_key("allOf");
    match object.get("type").and_then(Value::as_str).map(str::to_owned) {
        Some(kind) if bare => {
            object.insert("type".to_owned(), json!([kind, "null"]));
            if let Some(Value::Array(values)) = object.get_mut("enum") {
                values.push(Value::Null);
            }
        }
        _ => {
            let inner = std::mem::take(object);
            object.insert("anyOf".to_owned(), json!([inner, {"type": "null"}]));
        }
    }
}

/// The judge itself: it must find what is wrong.
#[test]
fn the_judge_is_strict() {
    let response = |status: u16, body: Value| Response {
        status,
        headers: vec![("link".to_owned(), "x".to_owned())],
        body: body.to_string().into_bytes(),
    };
    let judged = |id: &str, status: u16, body: Value| {
        std::panic::catch_unwind(|| CONTRACT.judge(id, &response(status, body))).is_ok()
    };
    let good =
        json!({"tasks": [{"id": "a", "state": "queued", "created_at": "2026-01-01T00:00:00Z", "archived_at": null}]});
    assert!(judged("agent-tasks/list-tasks", 200, good.clone()));
    for (pointer, wrong) in [
        ("/tasks/0/state", json!("asleep")),
        ("/tasks/0/created_at", json!("yesterday")),
        ("/tasks/0/id", json!(5)),
        ("/tasks", json!({})),
        ("/tasks/0/id", Value::Null),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = wrong;
        assert!(!judged("agent-tasks/list-tasks", 200, bad), "{pointer}");
    }
    assert!(!judged("agent-tasks/list-tasks", 204, json!({})), "a status that is not listed");
    assert!(!judged("agent-tasks/list-tasks", 403, json!({"message": "no link"})));
    assert!(!judged("repos/get", 200, json!({})));
}
