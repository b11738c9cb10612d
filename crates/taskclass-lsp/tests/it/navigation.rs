//! Definitions, references, renames, the outline.

use serde_json::{Value, json};

use crate::base::{CLASS, FILES, PARTIAL, PROMPT};
use crate::editor::{Editor, cursor, edited, slice, uri};

const CLASS_FILE: &str = "task-classes/bump.yaml";
const PROMPT_FILE: &str = "task-classes/prompts/bump.md";
const PARTIAL_FILE: &str = "task-classes/prompts/partials/small.md";
/// A second class that shares the partial, and has an input of the same name.
const OTHER: &str = "name: other\ninputs:\n  package: {type: string, max_length: 5}\nprompt:\n  template: |\n    {% include \"partials/small.md\" %}\n";

fn text_of(path: &str) -> &'static str {
    FILES.iter().find(|(known, _)| *known == path).map(|(_, text)| *text).unwrap_or(OTHER)
}

/// Locations as `path: the text there`; a place at a file's beginning as `path`.
fn places(locations: &Value, opened: (&str, &str)) -> Vec<String> {
    let all = locations.as_array().unwrap().iter();
    all.map(|location| {
        let path = location["uri"].as_str().unwrap().strip_prefix("file:///r/").unwrap();
        let text = if path == opened.0 { opened.1 } else { text_of(path) };
        let there = slice(text, &location["range"]);
        if there.is_empty() { path.to_owned() } else { format!("{path}: {there}") }
    })
    .collect()
}

#[track_caller]
fn definition(path: &str, fixture: &str, expected: &[&str]) {
    let found = Editor::new(&FILES).at("textDocument/definition", path, fixture);
    let opened = cursor(fixture).0;
    assert_eq!(places(&found, (path, &opened)), expected, "{fixture}");
}

/// With a cursor before `text`.
fn at(whole: &str, text: &str) -> String {
    assert!(whole.contains(text), "{text}");
    whole.replacen(text, &format!("$0{text}"), 1)
}

#[test]
fn from_a_use_to_the_declaration() {
    definition(PROMPT_FILE, &at(PROMPT, "package"), &["task-classes/bump.yaml: package"]);
    definition(PARTIAL_FILE, &at(PARTIAL, "package"), &["task-classes/bump.yaml: package"]);
    definition(CLASS_FILE, &at(CLASS, "package: serde"), &["task-classes/bump.yaml: package"]);
    let inline = "inputs:\n  a: {type: string}\nprompt:\n  template: |\n    😀 {{ inputs.a$0 }}\n";
    definition(CLASS_FILE, inline, &["task-classes/bump.yaml: a"]);
    let looped = "inputs:\n  as: {type: list, of: {type: boolean}}\nprompt: {template: \"{% for a in inputs.as %}{{ $0a }}{% endfor %}\"}\n";
    definition(CLASS_FILE, looped, &["task-classes/bump.yaml: as"]);
}

#[test]
fn to_files_stages_repositories_and_the_catalogue() {
    definition(CLASS_FILE, &at(CLASS, "prompts/bump.md"), &[PROMPT_FILE]);
    definition(PROMPT_FILE, &at(PROMPT, "partials/small.md"), &[PARTIAL_FILE]);
    definition(CLASS_FILE, "prompt: {file: prompts/missi$0ng.md}\n", &[]);
    definition(CLASS_FILE, "prompt: {file: ../../et$0c/passwd}\n", &[]);
    let rollout = "rollout:\n  stages: [{name: proof}]\n  gates: {min_samples: {pro$0of: 3}}\n";
    definition(CLASS_FILE, rollout, &["task-classes/bump.yaml: proof"]);
    definition(CLASS_FILE, "examples: [{repository: acme/do$0cs}]\n", &["inventory.txt: acme/docs"]);
    definition(CLASS_FILE, "model: {default: gpt-5.3$0-codex}\n", &[]);
    let models =
        "schema: models/v1\nas_of: \"2026-11-01\"\nmodels:\n  - {id: gpt-5.3-codex, display: x, status: available}\n";
    let mut editor = Editor::new(&[("policy.yaml", ""), ("models.yaml", models)]);
    let found = editor.at("textDocument/definition", CLASS_FILE, "model: {default: gpt-5.3$0-codex}\n");
    assert_eq!(slice(models, &found[0]["range"]), "gpt-5.3-codex");
}

#[track_caller]
fn references(editor: &mut Editor, path: &str, fixture: &str, declaration: bool) -> Vec<String> {
    let (text, place) = cursor(fixture);
    editor.open(path, &text);
    let params = json!({
        "textDocument": { "uri": uri(path) }, "position": place, "context": { "includeDeclaration": declaration },
    });
    places(&editor.ask("textDocument/references", params), (path, &text))
}

#[test]
fn every_use_of_an_input_and_of_a_file() {
    let mut editor = Editor::new(&FILES);
    let uses = [
        "task-classes/bump.yaml: package",
        "task-classes/bump.yaml: package",
        "task-classes/prompts/bump.md: package",
        "task-classes/prompts/partials/small.md: package",
    ];
    assert_eq!(references(&mut editor, CLASS_FILE, &at(CLASS, "package: {type"), true), uses);
    assert_eq!(references(&mut editor, PARTIAL_FILE, &at(PARTIAL, "package"), false), uses[1..]);
    let partial = references(&mut editor, PROMPT_FILE, &at(PROMPT, "partials/small.md"), true);
    assert_eq!(partial, ["task-classes/prompts/bump.md: partials/small.md"]);
    let prompt = references(&mut editor, CLASS_FILE, &at(CLASS, "prompts/bump.md"), true);
    assert_eq!(prompt, ["task-classes/bump.yaml: prompts/bump.md"]);
    assert!(references(&mut editor, CLASS_FILE, "risk: l$0ow\n", true).is_empty());
}

fn rename(editor: &mut Editor, path: &str, fixture: &str, new: &str) -> Value {
    let (text, place) = cursor(fixture);
    editor.open(path, &text);
    let document = json!({ "uri": uri(path) });
    editor.response("textDocument/rename", json!({ "textDocument": document, "position": place, "newName": new }))
}

#[test]
fn renaming_an_input_reaches_all_of_them() {
    let mut editor = Editor::new(&FILES);
    let edit = rename(&mut editor, CLASS_FILE, &at(CLASS, "package: {type"), "crate_name")["result"].take();
    let changes = edit["documentChanges"].as_array().unwrap();
    for change in changes {
        let path = change["textDocument"]["uri"].as_str().unwrap().strip_prefix("file:///r/").unwrap();
        let edits = change["edits"].as_array().unwrap();
        let text = edited(text_of(path), edits);
        editor.open(path, &text);
        // An open document's edit is for its version; of another there is none.
        assert_eq!(change["textDocument"]["version"].as_i64(), (path == CLASS_FILE).then_some(1));
    }
    assert_eq!(changes.len(), 3);
    assert!(editor.shown.values().all(Vec::is_empty), "{:?}", editor.shown);
    let prepared = editor.at("textDocument/prepareRename", CLASS_FILE, &at(CLASS, "package: serde"));
    assert_eq!(prepared["placeholder"], "package");
    assert!(editor.at("textDocument/prepareRename", CLASS_FILE, "ris$0k: low\n").is_null());
}

#[test]
fn a_rename_that_would_change_another_class_or_make_no_sense_is_refused() {
    let mut files = FILES.to_vec();
    files.push(("task-classes/other.yaml", OTHER));
    let mut editor = Editor::new(&files);
    let mut refused = |path: &str, fixture: &str, new: &str, words: &str| {
        let response = rename(&mut editor, path, fixture, new);
        let message = response["error"]["message"].as_str().unwrap_or_else(|| panic!("{response}")).to_owned();
        assert!(message.contains(words), "{message}");
    };
    refused(
        CLASS_FILE,
        &at(CLASS, "package: {type"),
        "crate_name",
        "`task-classes/other.yaml`, which share a template",
    );
    refused(PARTIAL_FILE, &at(PARTIAL, "package"), "crate_name", "which share a template");
    refused(CLASS_FILE, &at(CLASS, "package: {type"), "Not a name", "is no name for an input");
    refused(CLASS_FILE, "inputs: {a$0: {type: boolean}, b: {type: boolean}}\n", "b", "has an input `b` already");
    refused(CLASS_FILE, "ris$0k: low\n", "x", "no input here");
}

#[test]
fn the_outline_has_sections_and_named_things() {
    let mut editor = Editor::new(&FILES);
    editor.open(CLASS_FILE, CLASS);
    let symbols = editor.ask("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri(CLASS_FILE) } }));
    let names: Vec<_> = symbols.as_array().unwrap().iter().map(|symbol| symbol["name"].as_str().unwrap()).collect();
    assert_eq!(names[..4], ["schema", "name", "version", "title"]);
    let examples = symbols.as_array().unwrap().iter().find(|symbol| symbol["name"] == "examples").unwrap();
    assert_eq!(examples["children"][0]["name"], "minor");
    assert_eq!(slice(CLASS, &examples["children"][0]["selectionRange"]), "minor");
}
