//! The lens above an example, and the prompt behind it.

use serde_json::{Value, json};

use crate::base::{CLASS, FILES};
use crate::editor::{Editor, able, files, slice, uri};

const CLASS_FILE: &str = "task-classes/bump.yaml";

fn lens(editor: &mut Editor) -> Value {
    editor.open(CLASS_FILE, CLASS);
    let lenses = editor.ask("textDocument/codeLens", json!({ "textDocument": { "uri": uri(CLASS_FILE) } }));
    assert_eq!(lenses.as_array().unwrap().len(), 1);
    lenses[0].clone()
}

fn run(editor: &mut Editor, command: &Value) -> Value {
    let params = json!({ "command": command["command"], "arguments": command["arguments"] });
    editor.response("workspace/executeCommand", params)
}

#[test]
fn each_example_has_a_lens_that_shows_its_prompt() {
    let mut editor = Editor::new(&FILES);
    let lens = lens(&mut editor);
    assert_eq!(slice(CLASS, &lens["range"]), "minor");
    assert_eq!(lens["command"]["title"], "Show the prompt of minor");
    let result = run(&mut editor, &lens["command"])["result"].take();
    assert!(result["prompt"].as_str().unwrap().starts_with("Raise `serde` in acme/svc-orders."), "{result}");
    let said = editor.said.last().unwrap();
    assert_eq!(said["method"], "window/showMessage");
    assert!(said["params"]["message"].as_str().unwrap().contains("Task-Class: bump"));
    // As it stands in the editor, not on disk.
    editor.change(CLASS_FILE, 2, &CLASS.replace("{package: serde}", "{package: hyper}").replace("[serde]", "[hyper]"));
    let result = run(&mut editor, &lens["command"])["result"].take();
    assert!(result["prompt"].as_str().unwrap().starts_with("Raise `hyper`"), "{result}");
}

#[test]
fn an_editor_with_documents_that_are_no_files_gets_one() {
    let mut capabilities = able();
    capabilities["workspace"]["textDocumentContent"] = json!({});
    capabilities["window"] = json!({ "showDocument": { "support": true } });
    let mut editor = Editor::with([("/r", files(&FILES))].into(), capabilities);
    let lens = lens(&mut editor);
    run(&mut editor, &lens["command"]);
    let shown = editor.said.last().unwrap().clone();
    assert_eq!(shown["method"], "window/showDocument");
    let text = editor.ask("workspace/textDocumentContent", json!({ "uri": shown["params"]["uri"] }));
    assert!(text["text"].as_str().unwrap().starts_with("Raise `serde`"), "{text}");
    let other = editor.response("workspace/textDocumentContent", json!({ "uri": "file:///etc/passwd" }));
    assert_eq!(other["error"]["code"], -32602);
}

#[test]
fn a_prompt_that_cannot_be_had_is_refused_with_the_reason() {
    let mut editor = Editor::new(&FILES);
    let lens = lens(&mut editor);
    editor.change(CLASS_FILE, 2, &CLASS.replace("risk: low\n", ""));
    let response = run(&mut editor, &lens["command"]);
    assert_eq!(response["error"]["code"], -32803);
    assert!(response["error"]["message"].as_str().unwrap().contains("`risk`"), "{response}");
    for command in [
        json!({ "command": "rm", "arguments": ["-rf", "/"] }),
        json!({ "command": "taskclass.showPrompt", "arguments": [] }),
        json!({ "command": "taskclass.showPrompt", "arguments": ["file:///etc/passwd", "x"] }),
    ] {
        assert!(run(&mut editor, &command)["error"]["code"].is_i64(), "{command}");
    }
}
