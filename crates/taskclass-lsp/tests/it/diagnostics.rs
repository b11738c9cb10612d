//! Diagnostics: what the linter finds, in the editor's words, over text that nobody saved.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::base::{CLASS, FILES, POLICY, PROMPT};
use crate::editor::{Editor, able, files, slice, uri};

const CLASS_FILE: &str = "task-classes/bump.yaml";
const PROMPT_FILE: &str = "task-classes/prompts/bump.md";

fn find<'a>(editor: &'a Editor, path: &str, rule: &str) -> &'a Value {
    let shown = editor.shown.get(&uri(path)).unwrap_or_else(|| panic!("nothing of {path}: {:?}", editor.shown));
    shown.iter().find(|d| d["code"] == rule).unwrap_or_else(|| panic!("no {rule}: {shown:?}"))
}

#[test]
fn they_come_as_one_types_and_go_when_the_fault_goes() {
    let mut editor = Editor::new(&FILES);
    editor.open(CLASS_FILE, CLASS);
    assert!(editor.shown.values().all(Vec::is_empty), "{:?}", editor.shown);
    let broken = CLASS.replace("risk: low\n", "# 😀\nriks: low\n");
    editor.change(CLASS_FILE, 2, &broken);
    let found = find(&editor, CLASS_FILE, "unknown-field");
    assert_eq!(slice(&broken, &found["range"]), "riks");
    assert_eq!((found["severity"].as_i64(), &found["source"]), (Some(1), &json!("taskclass")));
    assert!(found["message"].as_str().unwrap().contains("did you mean `risk`?"), "{found}");
    assert_eq!(found["data"]["fix"]["safety"], "safe");
    editor.change(CLASS_FILE, 3, CLASS);
    assert_eq!(editor.rules(CLASS_FILE), [""; 0]);
    // What stood only in the editor goes with the document.
    editor.change(CLASS_FILE, 4, &broken);
    assert_eq!(editor.rules(CLASS_FILE), ["unknown-field"]);
    editor.tell("textDocument/didClose", json!({ "textDocument": { "uri": uri(CLASS_FILE) } }));
    assert_eq!(editor.rules(CLASS_FILE), [""; 0]);
}

#[test]
fn a_fault_in_one_file_shows_in_each_that_it_concerns() {
    let mut editor = Editor::new(&FILES);
    editor.open(PROMPT_FILE, &PROMPT.replace("package", "packge"));
    let found = find(&editor, PROMPT_FILE, "undefined-variable");
    let related = &found["relatedInformation"][0];
    assert_eq!(related["location"]["uri"], uri(CLASS_FILE));
    assert_eq!(slice(CLASS, &related["location"]["range"]), "package");
    editor.open("policy.yaml", &POLICY.replace("gpt-5.3-codex, ", ""));
    assert!(editor.rules(CLASS_FILE).contains(&"model-against-policy".to_owned()), "{:?}", editor.shown);
    editor.change("policy.yaml", 2, POLICY);
    assert_eq!(editor.rules(CLASS_FILE), [""; 0]);
    // An inventory has findings too, though there is nothing to complete in it.
    editor.open("inventory.txt", "not a repository\n");
    assert_eq!(editor.rules("inventory.txt"), ["invalid-inventory"]);
    assert!(editor.at("textDocument/completion", "inventory.txt", "acme/$0").as_array().unwrap().is_empty());
}

#[test]
fn an_editor_that_shows_no_other_places_is_told_in_words() {
    let mut capabilities = able();
    capabilities["textDocument"]["publishDiagnostics"] = json!({});
    let mut editor = Editor::with([("/r", files(&FILES))].into(), capabilities);
    editor.open(PROMPT_FILE, &PROMPT.replace("package", "packge"));
    let found = find(&editor, PROMPT_FILE, "undefined-variable");
    assert!(found.get("relatedInformation").is_none());
    assert!(found["message"].as_str().unwrap().contains("task-classes/bump.yaml:15: "), "{found}");
}

#[test]
fn what_could_be_left_out_is_marked_so() {
    let mut editor = Editor::new(&FILES);
    editor.open(PROMPT_FILE, "Raise something in {{ run.repository }}. Done when the build passes.\n");
    assert_eq!(find(&editor, CLASS_FILE, "unused-input")["tags"], json!([1]));
}

#[test]
fn a_burst_of_changes_is_linted_once_and_requests_in_it_see_the_text_of_their_moment() {
    let mut editor = Editor::new(&FILES);
    editor.open(CLASS_FILE, CLASS);
    let before = editor.told;
    let broken = CLASS.replace("risk: low", "riks: low");
    let change = |version: i32, text: &str| {
        json!({ "method": "textDocument/didChange", "params": {
            "textDocument": { "uri": uri(CLASS_FILE), "version": version }, "contentChanges": [{ "text": text }],
        } })
    };
    let mut hover = editor.request(
        "textDocument/hover",
        json!({
            "textDocument": { "uri": uri(CLASS_FILE) }, "position": { "line": 0, "character": 1 },
        }),
    );
    hover["id"] = json!("mine");
    let answers = editor.turn(vec![change(2, "risk: low\n"), hover, change(3, "rik: low\n"), change(4, &broken)]);
    assert!(answers[0]["result"]["contents"]["value"].as_str().unwrap().contains("`risk`"), "{answers:?}");
    assert_eq!(editor.told, before + 1);
    assert!(editor.rules(CLASS_FILE).contains(&"unknown-field".to_owned()));
}

#[test]
fn each_registry_has_its_own_and_a_file_of_none_has_nothing() {
    let other = POLICY.replace("gpt-5.3-codex, ", "");
    let strict =
        files(&[("policy.yaml", &other), (CLASS_FILE, CLASS), (PROMPT_FILE, FILES[3].1), (FILES[4].0, FILES[4].1)]);
    let registries: BTreeMap<_, _> = [("/r", files(&FILES)), ("/r/inner", strict)].into();
    let mut editor = Editor::with(registries, able());
    editor.open(CLASS_FILE, CLASS);
    assert_eq!(editor.rules("/r/inner/task-classes/bump.yaml"), [""; 0]);
    editor.open("/r/inner/task-classes/bump.yaml", CLASS);
    assert!(editor.rules("/r/inner/task-classes/bump.yaml").contains(&"model-against-policy".to_owned()));
    assert_eq!(editor.rules(CLASS_FILE), [""; 0]);
    let shown = editor.shown.len();
    editor.open("/elsewhere/task-classes/x.yaml", "nonsense: [");
    editor.open("/elsewhere/notes.md", "{{ inputs.$0");
    assert_eq!(editor.shown.len(), shown);
    for path in ["/elsewhere/task-classes/x.yaml", "untitled:Untitled-1"] {
        let uri = if path.starts_with('/') { uri(path) } else { path.to_owned() };
        let params = json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 1 } });
        assert!(editor.ask("textDocument/hover", params.clone()).is_null());
        assert!(editor.ask("textDocument/completion", params).is_null());
    }
    // The last document of a registry takes its findings along.
    let document = json!({ "textDocument": { "uri": uri("/r/inner/task-classes/bump.yaml") } });
    editor.tell("textDocument/didClose", document);
    assert_eq!(editor.rules("/r/inner/task-classes/bump.yaml"), [""; 0]);
}

#[test]
fn a_folder_that_is_a_registry_is_linted_as_soon_as_it_is_opened() {
    let broken = CLASS.replace("risk: low\n", "");
    let files = files(&[("policy.yaml", POLICY), (CLASS_FILE, &broken)]);
    let mut editor = Editor::with([("/r", files)].into(), able());
    assert!(editor.shown.is_empty());
    let folder = |added: Value, removed: Value| json!({ "event": { "added": added, "removed": removed } });
    let here = json!([{ "uri": "file:///r", "name": "r" }]);
    editor.tell("workspace/didChangeWorkspaceFolders", folder(here.clone(), json!([])));
    assert!(editor.rules(CLASS_FILE).contains(&"missing-field".to_owned()), "{:?}", editor.shown);
    editor.tell("workspace/didChangeWorkspaceFolders", folder(json!([]), here));
    assert_eq!(editor.rules(CLASS_FILE), [""; 0]);
}

#[test]
fn findings_in_unsaved_text_stand_at_utf16_columns() {
    let mut editor = Editor::new(&FILES);
    let text = "{# 😀語😀 #}{{ inputs.packge }} Done when the build passes.\n";
    editor.open(PROMPT_FILE, text);
    let found = find(&editor, PROMPT_FILE, "undefined-variable");
    assert_eq!(found["range"]["start"], json!({ "line": 0, "character": 21 }));
    assert_eq!(slice(text, &found["range"]), "packge");
}
