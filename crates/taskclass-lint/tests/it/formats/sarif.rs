use std::collections::BTreeSet;

use serde_json::Value;
use taskclass_lint::Report;
use taskclass_lint::render::{Format, Human, Part, render};
use taskclass_lint::rules::catalogue;
use taskclass_source::{Files, Finding, InMemory, Label};

use super::{attacked, one, registries};
use crate::fixture::{self, path};

fn schema() -> jsonschema::Validator {
    // The pattern of `language` has a `]` of its own, which JavaScript takes as it is and others refuse. No log here names one.
    let stray = r#""pattern": "^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$""#;
    let text = include_str!("../../sarif/sarif-schema-2.1.0.json");
    assert!(text.contains(stray));
    let schema: Value = serde_json::from_str(&text.replace(stray, r#""pattern": "^[a-zA-Z]{2}""#)).unwrap();
    jsonschema::draft7::options().should_validate_formats(true).build(&schema).unwrap()
}

fn check(validator: &jsonschema::Validator, log: &Value) {
    let errors: Vec<_> = validator.iter_errors(log).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

fn checked(text: &str) -> Value {
    let log = serde_json::from_str(text).unwrap();
    check(&schema(), &log);
    log
}

/// What a region of a file holds, by the standard's words alone: lines end at `\r\n` or `\n`, columns are code points, a
/// byte-order mark does not count.
fn by_columns(text: &str, region: &Value) -> Option<String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let number = |name: &str| region.get(name).map(|value| usize::try_from(value.as_u64().unwrap()).unwrap());
    let lines: Vec<&str> = if text.is_empty() { vec![""] } else { text.split_inclusive('\n').collect() };
    let offset = |line: usize, column: usize| {
        assert!(line <= lines.len(), "line {line} of {}", lines.len());
        let before: usize = lines[..line - 1].iter().map(|line| line.chars().count()).sum();
        assert!(column <= lines[line - 1].chars().count() + 1, "column {column} of {:?}", lines[line - 1]);
        before + column - 1
    };
    let start = offset(number("startLine")?, number("startColumn")?);
    let end = offset(number("endLine")?, number("endColumn")?);
    Some(text.chars().skip(start).take(end - start).collect())
}

fn by_bytes(bytes: &[u8], region: &Value) -> Option<String> {
    let start = usize::try_from(region.get("byteOffset")?.as_u64().unwrap()).unwrap();
    let length = usize::try_from(region["byteLength"].as_u64().unwrap()).unwrap();
    Some(String::from_utf8(bytes[start..start + length].to_vec()).unwrap())
}

/// The file that a location names, by its URI.
fn file(files: &InMemory, location: &Value) -> (Vec<u8>, String) {
    let artifact = &location["artifactLocation"];
    assert_eq!(artifact["uriBaseId"], "%SRCROOT%");
    let uri = artifact["uri"].as_str().unwrap();
    assert!(uri.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}[]#?".contains(&byte)), "{uri}");
    let name = percent_encoding::percent_decode_str(uri).decode_utf8().unwrap();
    let bytes = files.read(&path(&name)).unwrap().unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    (bytes, text)
}

fn region_holds(files: &InMemory, location: &Value, label: &Label) {
    let (bytes, text) = file(files, location);
    let region = &location["region"];
    let marked = label.source.slice(label.span);
    // A byte-order mark has no column.
    let shown = if label.span.start == 0 { marked.strip_prefix('\u{feff}').unwrap_or(marked) } else { marked };
    assert_eq!(by_columns(&text, region).unwrap(), shown, "{region} in {text:?}");
    if let Some(exact) = by_bytes(&bytes, region) {
        assert_eq!(exact, marked);
    } else {
        assert!(text.contains('\u{fffd}') || text.starts_with('\u{feff}'));
    }
    match region.get("snippet") {
        Some(snippet) => assert_eq!(snippet["text"], shown),
        None => assert!(marked.len() > 2000),
    }
}

#[test]
fn every_log_is_valid_and_every_region_holds_what_is_marked() {
    let validator = schema();
    for (files, report) in registries() {
        let log: Value = serde_json::from_str(&one(report, Format::Sarif)).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap();
        assert_eq!(results.len(), report.findings.len());
        // The rules are the same in every log; once is enough, elsewhere.
        let mut without_rules = log.clone();
        without_rules["runs"][0]["tool"]["driver"].as_object_mut().unwrap().remove("rules");
        check(&validator, &without_rules);
        for (result, finding) in results.iter().zip(&report.findings) {
            region_holds(files, &result["locations"][0]["physicalLocation"], &finding.primary);
            let related = result.get("relatedLocations").and_then(Value::as_array).cloned().unwrap_or_default();
            assert_eq!(related.len(), finding.secondary.len());
            for (location, label) in related.iter().zip(&finding.secondary) {
                region_holds(files, &location["physicalLocation"], label);
            }
            rule_is_the_right_one(&log, result, finding);
        }
    }
}

fn rule_is_the_right_one(log: &Value, result: &Value, finding: &Finding) {
    let rules = &log["runs"][0]["tool"]["driver"]["rules"];
    assert_eq!(result["ruleId"], *finding.rule);
    assert_eq!(rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()]["id"], *finding.rule);
    assert_eq!(result["level"], finding.level.name());
    assert!(shown(&result["message"]["text"]).starts_with(&finding.message));
}

/// What a viewer shows of a message: no placeholder is left to fill in, and each brace stands there twice (3.11.5).
fn shown(message: &Value) -> String {
    let text = message.as_str().unwrap();
    let bare = text.replace("{{", "").replace("}}", "");
    assert!(!bare.contains(['{', '}']), "{text}");
    text.replace("{{", "{").replace("}}", "}")
}

/// Applies a log's fix to a file, by columns, or by bytes where there are no columns.
fn replaced(bytes: &[u8], replacements: &[Value]) -> String {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let mut edits: Vec<(usize, usize, &str)> = Vec::new();
    for one in replacements {
        let region = &one["deletedRegion"];
        let new = one["insertedContent"]["text"].as_str().unwrap();
        let (start, length) = match region.get("startLine") {
            None => (region["byteOffset"].as_u64().unwrap(), region["byteLength"].as_u64().unwrap()),
            Some(_) => {
                let upto = |line: &str, column: &str| {
                    let to = serde_json::json!({"startLine": 1, "startColumn": 1, "endLine": region[line], "endColumn": region[column]});
                    let mark = if text.starts_with('\u{feff}') { 3 } else { 0 };
                    (mark + by_columns(&text, &to).unwrap().len()) as u64
                };
                let (start, end) = (upto("startLine", "startColumn"), upto("endLine", "endColumn"));
                (start, end - start)
            }
        };
        edits.push((usize::try_from(start).unwrap(), usize::try_from(start + length).unwrap(), new));
    }
    let mut text = text;
    for (start, end, new) in edits.into_iter().rev() {
        text.replace_range(start..end, new);
    }
    text
}

#[test]
fn a_fix_taken_from_the_log_makes_the_file_that_the_linter_would_write() {
    let mut seen = 0;
    for (files, report) in registries() {
        let log: Value = serde_json::from_str(&one(report, Format::Sarif)).unwrap();
        for (result, finding) in log["runs"][0]["results"].as_array().unwrap().iter().zip(&report.findings) {
            assert_eq!(result.get("fixes").is_some(), finding.fix.is_some());
            let Some(fix) = result["fixes"].get(0) else { continue };
            for change in fix["artifactChanges"].as_array().unwrap() {
                let (bytes, text) = file(files, change);
                if text.contains('\u{fffd}') {
                    continue;
                }
                let alone = [finding.clone()];
                let expected = taskclass_lint::fix::apply(&alone, taskclass_source::Safety::Unsafe);
                let uri = change["artifactLocation"]["uri"].as_str().unwrap();
                let name = percent_encoding::percent_decode_str(uri).decode_utf8().unwrap();
                let expected = expected.iter().find(|one| one.path == name).unwrap();
                assert_eq!(replaced(&bytes, change["replacements"].as_array().unwrap()), expected.text);
                seen += 1;
            }
        }
    }
    assert!(seen > 20, "only {seen} fixes");
}

#[test]
fn all_rules_are_listed_with_what_there_is_to_know() {
    let log = checked(&one(&Report::default(), Format::Sarif));
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let names: Vec<_> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(names, catalogue().iter().map(|rule| rule.name).collect::<Vec<_>>());
    for (shown, rule) in rules.iter().zip(catalogue()) {
        assert_eq!(shown["help"]["markdown"], rule.docs());
        assert_eq!(shown["defaultConfiguration"]["level"], rule.level.name());
        let tags: Vec<_> = shown["properties"]["tags"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(tags.first(), Some(&rule.family.name()));
        assert_eq!(tags.contains(&"security"), rule.security());
        assert!(shown["shortDescription"]["text"].as_str().unwrap().len() < 255, "GitHub cuts what is longer");
        assert!(shown["fullDescription"]["text"].as_str().unwrap().len() < 1024, "{}", rule.name);
    }
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    let unreadable = Report { unreadable: 1, ..Report::default() };
    let log = checked(&one(&unreadable, Format::Sarif));
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], false);
}

#[test]
fn several_registries_are_one_run_with_paths_from_the_top() {
    let report = fixture::lint_example("automerge: true\n");
    let parts = [Part::new("", report.clone()), Part::new("teams/a b", report)];
    let log = checked(&render(&parts, Format::Sarif, Human::default()));
    let results = log["runs"][0]["results"].as_array().unwrap();
    let uris: Vec<_> =
        results.iter().map(|one| &one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]).collect();
    assert_eq!(uris, ["task-classes/example.yaml", "teams/a%20b/task-classes/example.yaml"]);
}

#[test]
fn fingerprints_are_all_different() {
    for (_, report) in registries() {
        let log: Value = serde_json::from_str(&one(report, Format::Sarif)).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap();
        let prints: BTreeSet<_> =
            results.iter().map(|one| one["partialFingerprints"]["taskclassFinding/v1"].as_str().unwrap()).collect();
        assert_eq!(prints.len(), results.len());
    }
}

#[test]
fn nothing_in_a_message_is_a_placeholder() {
    let log = checked(&one(&attacked(), Format::Sarif));
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert!(results.iter().any(|result| shown(&result["message"]["text"]).starts_with("{0} {{1}} and `{0} {{1}}`")));
    for result in results {
        let place = &result["locations"][0];
        let related = &result["relatedLocations"][0];
        let fix = result["fixes"].get(0).map(|fix| &fix["description"]["text"]);
        [&place["message"]["text"], &related["message"]["text"]].into_iter().chain(fix).for_each(|text| {
            shown(text);
        });
    }
}

#[test]
fn nothing_in_a_message_is_a_link() {
    let log = checked(&one(&attacked(), Format::Sarif));
    for result in log["runs"][0]["results"].as_array().unwrap() {
        let text = result["message"]["text"].as_str().unwrap();
        assert!(!text.replace("\\]", "").contains("]("), "{text}");
    }
}
