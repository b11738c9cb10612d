//! The conversation itself: its beginning, its end, and messages that are none of ours.

use serde_json::json;

use crate::base::{CLASS, FILES};
use crate::editor::{Editor, able, files, uri};

#[test]
fn it_begins_with_what_we_can_and_asks_to_be_told_of_files() {
    let mut editor = Editor::new(&FILES);
    assert_eq!(editor.said[0]["method"], "client/registerCapability");
    let again = editor.response("initialize", json!({ "capabilities": {} }));
    assert_eq!(again["error"]["code"], -32600);
    let mut capabilities = able();
    capabilities["general"] = json!({ "positionEncodings": ["utf-8", "utf-16"] });
    let mut fresh = Editor::with([("/r", files(&FILES))].into(), capabilities);
    // Columns count bytes now: the cursor stands behind a character of four.
    fresh.open("task-classes/bump.yaml", "title: 😀\nrisk: low # 😀\nintent: change\n");
    let params =
        json!({ "textDocument": { "uri": uri("task-classes/bump.yaml") }, "position": { "line": 1, "character": 16 } });
    assert!(fresh.ask("textDocument/hover", params).is_null());
    fresh.open("task-classes/bump.yaml", "{title: 😀, risk: low}\n");
    let params =
        json!({ "textDocument": { "uri": uri("task-classes/bump.yaml") }, "position": { "line": 0, "character": 15 } });
    let hover = fresh.ask("textDocument/hover", params);
    assert_eq!(
        hover["range"],
        json!({ "start": { "line": 0, "character": 14 }, "end": { "line": 0, "character": 18 } })
    );
}

#[test]
fn what_is_not_known_or_malformed_or_cancelled_is_answered_so() {
    let mut editor = Editor::new(&FILES);
    editor.open("task-classes/bump.yaml", CLASS);
    assert_eq!(editor.response("textDocument/foldingRange", json!({}))["error"]["code"], -32601);
    assert_eq!(editor.response("textDocument/hover", json!({ "position": 3 }))["error"]["code"], -32602);
    for method in ["$/setTrace", "some/notification", "textDocument/didChange", "textDocument/didOpen"] {
        editor.tell(method, json!({ "nothing": "of ours" }));
    }
    let place =
        json!({ "textDocument": { "uri": uri("task-classes/bump.yaml") }, "position": { "line": 1, "character": 1 } });
    let hover = editor.request("textDocument/hover", place.clone());
    let cancel = json!({ "method": "$/cancelRequest", "params": { "id": hover["id"] } });
    let answers = editor.turn(vec![hover, cancel]);
    assert_eq!(answers.len(), 1);
    assert_eq!(answers[0]["error"]["code"], -32800);
    // A cancellation that comes too late cancels nothing.
    editor.tell("$/cancelRequest", json!({ "id": 99 }));
    assert!(editor.ask("textDocument/hover", place)["contents"]["value"].as_str().unwrap().contains("`name`"));
    // Our own requests may be refused.
    let refusal = json!({ "id": "watch", "error": { "code": -32601, "message": "no" } });
    assert!(editor.turn(vec![refusal]).is_empty());
}

#[test]
fn a_question_in_the_same_turn_as_the_document_is_answered() {
    let mut editor = Editor::new(&FILES);
    let uri = uri("task-classes/bump.yaml");
    let open = json!({ "method": "textDocument/didOpen", "params": {
        "textDocument": { "uri": uri, "languageId": "yaml", "version": 1, "text": CLASS },
    } });
    let place = json!({ "textDocument": { "uri": uri }, "position": { "line": 1, "character": 1 } });
    let hover = editor.request("textDocument/hover", place);
    let answers = editor.turn(vec![open, hover]);
    assert!(answers[0]["result"]["contents"]["value"].as_str().unwrap().contains("`name`"), "{answers:?}");
}

#[test]
fn it_ends_with_shutdown_and_exit() {
    let mut editor = Editor::new(&FILES);
    assert!(editor.ask("shutdown", json!(null)).is_null());
    assert_eq!(editor.response("textDocument/hover", json!({}))["error"]["code"], -32600);
    assert_eq!(editor.ended(), None);
    editor.tell("exit", json!(null));
    assert_eq!(editor.ended(), Some(true));
    let mut hasty = Editor::new(&FILES);
    hasty.tell("exit", json!(null));
    assert_eq!(hasty.ended(), Some(false));
}
