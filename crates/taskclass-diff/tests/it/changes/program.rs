//! What a program reads.

use serde_json::Value;
use taskclass_diff::render::{json, schema};

use super::cases::cases;

#[test]
fn every_change_is_what_the_schema_says() {
    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    for case in cases() {
        let diff = case.diff();
        let value: Value = serde_json::from_str(&json(&diff)).unwrap();
        let errors: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", case.name);
        assert_eq!(value["documents"].as_array().unwrap().len(), diff.documents.len());
        let counts: u64 = value["counts"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
        assert_eq!(counts as usize, diff.documents.len());
    }
}

/// The schema that knows no other fields than those it names: what a program is told in the schema is all that is written.
fn closed(mut schema: Value) -> Value {
    fn close(value: &mut Value) {
        if let Some(fields) = value.as_object_mut() {
            if fields.contains_key("properties") {
                fields.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            fields.values_mut().for_each(close);
        }
    }
    close(&mut schema);
    schema
}

#[test]
fn all_that_is_written_is_in_the_schema() {
    let validator = jsonschema::draft202012::new(&closed(schema())).unwrap();
    let mut without_schema = 0;
    for case in cases() {
        let mut value: Value = serde_json::from_str(&json(&case.diff())).unwrap();
        assert!(validator.is_valid(&value), "{}", case.name);
        assert_eq!(value["schema"], "diff/v1");
        value["unknown"] = Value::Null;
        without_schema += usize::from(validator.is_valid(&value));
    }
    assert_eq!(without_schema, 0);
}

#[test]
fn nothing_is_cut() {
    for case in cases() {
        let diff = case.diff();
        let value: Value = serde_json::from_str(&json(&diff)).unwrap();
        for (document, written) in diff.documents.iter().zip(value["documents"].as_array().unwrap()) {
            assert_eq!(written["changes"].as_array().unwrap().len(), document.changes.len(), "{}", case.name);
            let added = document.reach.as_ref().map_or(0, |reach| reach.added.named.len());
            assert_eq!(written["reach"]["added"].as_array().map_or(0, Vec::len), added, "{}", case.name);
            for (change, written) in document.changes.iter().zip(written["changes"].as_array().unwrap()) {
                let after = change.after.as_ref();
                assert_eq!(written["after"]["value"], after.map_or(Value::Null, |after| after.value.clone()));
                let place = after.map(|after| after.place.source.position(after.place.span.start).line);
                assert_eq!(written["after"]["place"]["start"]["line"].as_u64(), place.map(u64::from));
            }
        }
    }
}
