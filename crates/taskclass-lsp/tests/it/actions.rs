//! What can be done about findings.

use serde_json::{Value, json};

use crate::base::{CLASS, FILES, PROMPT};
use crate::editor::{Editor, able, edited, files, uri};

const CLASS_FILE: &str = "task-classes/bump.yaml";
const PROMPT_FILE: &str = "task-classes/prompts/bump.md";

fn actions(editor: &mut Editor, path: &str, text: &str, only: &[&str]) -> Vec<Value> {
    editor.open(path, text);
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9999, "character": 0 } });
    let mut context = json!({ "diagnostics": [] });
    if !only.is_empty() {
        context["only"] = json!(only);
    }
    let params = json!({ "textDocument": { "uri": uri(path) }, "range": range, "context": context });
    editor.ask("textDocument/codeAction", params).as_array().unwrap().clone()
}

fn applied(text: &str, action: &Value) -> String {
    let changes = &action["edit"]["documentChanges"][0];
    assert_eq!(changes["textDocument"]["version"], 1, "{action}");
    edited(text, changes["edits"].as_array().unwrap())
}

fn titled<'a>(actions: &'a [Value], start: &str) -> &'a Value {
    let found = actions.iter().find(|action| action["title"].as_str().unwrap().starts_with(start));
    found.unwrap_or_else(|| panic!("no `{start}` in {:?}", actions.iter().map(|a| &a["title"]).collect::<Vec<_>>()))
}

#[test]
fn a_safe_fix_is_the_preferred_way_out() {
    let mut editor = Editor::new(&FILES);
    let broken = CLASS.replace("risk: low", "riks: low");
    let all = actions(&mut editor, CLASS_FILE, &broken, &["quickfix"]);
    let fix = &all[0];
    assert_eq!((&fix["kind"], &fix["isPreferred"]), (&json!("quickfix"), &json!(true)));
    assert_eq!(fix["diagnostics"][0]["code"], "unknown-field");
    assert_eq!(applied(&broken, fix), CLASS);
    // Only what the range touches.
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } });
    let params = json!({ "textDocument": { "uri": uri(CLASS_FILE) }, "range": range, "context": { "diagnostics": [], "only": ["quickfix"] } });
    assert_eq!(editor.ask("textDocument/codeAction", params), json!([]));
}

#[test]
fn all_safe_fixes_at_once_leave_nothing_to_fix() {
    let mut editor = Editor::new(&FILES);
    let broken = CLASS.replace("risk: low", "riks: low").replace("intent: change", "intnt: change").replace("😀", "");
    let all = actions(&mut editor, CLASS_FILE, &broken, &["source.fixAll"]);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0]["kind"], "source.fixAll.taskclass");
    assert_eq!(applied(&broken, &all[0]), CLASS);
    assert_eq!(actions(&mut editor, CLASS_FILE, CLASS, &["source.fixAll.taskclass"]), Vec::<Value>::new());
}

#[test]
fn a_suppression_goes_above_the_line_and_covers_the_finding() {
    let mut editor = Editor::new(&FILES);
    let thin = CLASS.replace("description: Raise one dependency to a given version, adapt the calls that it breaks, and leave build and tests green.", "description: Thin.");
    let all = actions(&mut editor, CLASS_FILE, &thin, &["quickfix"]);
    let suppress = titled(&all, "Suppress thin-description");
    let text = applied(&thin, suppress);
    assert!(
        text.contains("\n# taskclass: allow(thin-description): ${1:why it is fine here}\ndescription: Thin.\n"),
        "{text}"
    );
    let reasoned = text.replace("${1:why it is fine here}", "a test");
    editor.change(CLASS_FILE, 2, &reasoned);
    assert_eq!(editor.rules(CLASS_FILE), [""; 0]);
    // An editor without stops gets none, and the linter asks for the reason.
    let mut capabilities = able();
    capabilities["workspace"]["workspaceEdit"]["snippetEditSupport"] = json!(false);
    let mut plain = Editor::with([("/r", files(&FILES))].into(), capabilities);
    let all = actions(&mut plain, CLASS_FILE, &thin, &["quickfix"]);
    let text = applied(&thin, titled(&all, "Suppress thin-description"));
    assert!(text.contains("\n# taskclass: allow(thin-description): \ndescription"), "{text}");
    plain.change(CLASS_FILE, 2, &text);
    assert!(plain.rules(CLASS_FILE).contains(&"suppression-without-reason".to_owned()));
}

#[test]
fn in_a_template_a_suppression_is_a_template_comment_or_stands_above_the_text() {
    let mut editor = Editor::new(&FILES);
    let endless = format!("{PROMPT}Improve the codebase and anything else.\n");
    let all = actions(&mut editor, PROMPT_FILE, &endless, &["quickfix"]);
    let text = applied(&endless, titled(&all, "Suppress open-ended-instruction"));
    assert!(
        text.contains("\n{# taskclass: allow(open-ended-instruction): ${1:why it is fine here} #}\nImprove"),
        "{text}"
    );
    let inline = CLASS.replace(
        "prompt: {file: prompts/bump.md}\n",
        "prompt:\n  template: |\n    Raise {{ inputs.package }}. Done when the build passes.\n    Improve the codebase.\n",
    );
    let all = actions(&mut editor, CLASS_FILE, &inline, &["quickfix"]);
    let text = applied(&inline, titled(&all, "Suppress open-ended-instruction"));
    let text = text.replace("${1:why it is fine here}", "a test");
    assert!(text.contains("prompt:\n  # taskclass: allow(open-ended-instruction): a test\n  template: |\n"), "{text}");
    editor.change(CLASS_FILE, 2, &text);
    assert!(!editor.rules(CLASS_FILE).contains(&"open-ended-instruction".to_owned()), "{:?}", editor.rules(CLASS_FILE));
}

#[test]
fn what_cannot_be_suppressed_is_not_offered() {
    let mut editor = Editor::new(&FILES);
    let broken = CLASS.replace("risk: low", "risk: tiny");
    let all = actions(&mut editor, CLASS_FILE, &broken, &[]);
    assert!(all.iter().all(|action| !action["title"].as_str().unwrap().starts_with("Suppress")), "{all:?}");
}

#[test]
fn an_editor_without_versions_gets_plain_changes() {
    let mut editor = Editor::with([("/r", files(&FILES))].into(), json!({}));
    let broken = CLASS.replace("risk: low", "riks: low");
    let all = actions(&mut editor, CLASS_FILE, &broken, &["quickfix"]);
    let edits = all[0]["edit"]["changes"][uri(CLASS_FILE)].as_array().unwrap();
    assert_eq!(edited(&broken, edits), CLASS);
}

#[test]
fn every_line_end_is_mended_by_one_fix_and_by_all_at_once() {
    let mut editor = Editor::new(&FILES);
    let broken = CLASS.replace('\n', "\r\n");
    let all = actions(&mut editor, CLASS_FILE, &broken, &["quickfix"]);
    assert_eq!(applied(&broken, titled(&all, "End every line")), CLASS);
    let all = actions(&mut editor, CLASS_FILE, &broken, &["source.fixAll"]);
    assert_eq!(applied(&broken, &all[0]), CLASS);
    // One by itself ended a line, too.
    let broken = PROMPT.replace('\n', "\r");
    let all = actions(&mut editor, PROMPT_FILE, &broken, &["quickfix"]);
    assert_eq!(applied(&broken, titled(&all, "End every line")), PROMPT);
}
