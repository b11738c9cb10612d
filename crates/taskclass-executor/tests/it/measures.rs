//! The measures' page: whatever field it names is one that the log has, and whatever a gate can name is defined there.

use std::collections::BTreeSet;

use serde_json::Value;
use taskclass_executor::event::Event;

const PAGE: &str = include_str!("../../../../docs/src/measures.md");
const GATES: &str = include_str!("../../../taskclass-lint/src/metrics.rs");

/// What stands between backticks on a line.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// The rows of tables that define measures.
fn rows() -> impl Iterator<Item = Vec<&'static str>> {
    PAGE.lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
}

/// Every field that the page names.
fn fields() -> BTreeSet<&'static str> {
    let of_rows = rows().filter_map(|row| row.last().copied()).flat_map(quoted);
    let slices = PAGE.lines().flat_map(quoted).filter(|text| text.starts_with("event."));
    of_rows.chain(slices).collect()
}

/// Every part of a schema that a value may be held to: through references, choices and what may be absent.
fn parts<'s>(root: &'s Value, schema: &'s Value) -> Vec<&'s Value> {
    let mut found = vec![schema];
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let target = root.pointer(reference.trim_start_matches('#')).expect("a reference leads somewhere");
        found.extend(parts(root, target));
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        for part in schema.get(choice).and_then(Value::as_array).into_iter().flatten() {
            found.extend(parts(root, part));
        }
    }
    found
}

fn members<'s>(root: &'s Value, schema: &'s Value, name: &str) -> Vec<&'s Value> {
    parts(root, schema).into_iter().filter_map(|part| part.get("properties")?.get(name)).collect()
}

/// Whether the log has this field.
fn is_there(root: &Value, field: &str) -> bool {
    let mut steps = field.split('.');
    let kind = steps.next().unwrap_or_default();
    let mut places = if kind == "event" {
        vec![root]
    } else {
        let of_kind = |part: &&Value| part.pointer("/properties/kind/const").and_then(Value::as_str) == Some(kind);
        let variants: Vec<_> = parts(root, root).into_iter().filter(of_kind).collect();
        if field == kind {
            return !variants.is_empty();
        }
        variants.into_iter().flat_map(|variant| members(root, variant, "data")).collect()
    };
    for step in steps {
        places = places.into_iter().flat_map(|place| members(root, place, step)).collect();
    }
    !places.is_empty()
}

#[test]
fn every_field_that_a_measure_names_is_in_the_log() {
    let schema = serde_json::to_value(schemars::schema_for!(Event)).unwrap();
    let fields = fields();
    assert!(fields.len() > 40, "the page's tables are read: {fields:?}");
    let missing: Vec<_> = fields.into_iter().filter(|field| !is_there(&schema, field)).collect();
    assert!(missing.is_empty(), "the log has no {missing:?}");
    for no_field in ["event.nothing", "evidence_read.nothing", "merged.handling.nothing", "nothing"] {
        assert!(!is_there(&schema, no_field), "{no_field}");
    }
}

#[test]
fn every_measure_that_a_gate_can_name_is_defined_once() {
    let defined: Vec<_> = rows().map(|row| row[0].trim_matches(['`', ' ', '|'])).collect();
    let once: BTreeSet<_> = defined.iter().collect();
    assert_eq!(once.len(), defined.len(), "{defined:?}");
    let names = GATES.lines().filter_map(|line| line.trim().strip_prefix("(\"")?.split_once("\", Measure::"));
    let undefined: Vec<_> = names.map(|(name, _)| name).filter(|name| !once.contains(name)).collect();
    assert!(undefined.is_empty(), "without a definition: {undefined:?}");
    assert!(once.len() >= 20);
}

#[test]
fn every_measure_says_all_that_makes_it_one() {
    for row in rows() {
        assert!(row.len() >= 3 && row.iter().all(|cell| !cell.trim_matches(['|', ' ']).is_empty()), "{row:?}");
    }
}
