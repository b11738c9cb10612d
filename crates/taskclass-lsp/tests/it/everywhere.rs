//! Every question at every place: no panic, whatever the cursor is on and wherever the text ends.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::base::{CLASS, FILES};
use crate::editor::{Editor, uri};

const QUESTIONS: [&str; 5] = [
    "textDocument/hover",
    "textDocument/completion",
    "textDocument/definition",
    "textDocument/references",
    "textDocument/prepareRename",
];

/// Asks everything at every UTF-16 position of an open document, and beyond its lines' ends.
fn ask_everywhere(editor: &mut Editor, path: &str, text: &str, every: usize) {
    for (line, content) in text.split('\n').enumerate() {
        for character in (0..=content.encode_utf16().count() + 1).step_by(every) {
            for method in QUESTIONS {
                let place = json!({ "line": line, "character": character });
                let params = json!({
                    "textDocument": { "uri": uri(path) }, "position": place, "context": { "includeDeclaration": true },
                });
                editor.ask(method, params);
            }
        }
    }
}

fn shipped() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let mut open: Vec<PathBuf> = ["policy.yaml", "inventory.txt", "task-classes"].map(|name| root.join(name)).into();
    let mut files = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            files.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
    files.sort();
    files
}

#[test]
fn at_every_place_of_a_class_and_its_prompts() {
    let mut editor = Editor::new(&FILES);
    for (path, text) in FILES {
        editor.open(path, text);
        ask_everywhere(&mut editor, path, text, 1);
    }
}

#[test]
fn throughout_the_shipped_classes() {
    let files = shipped();
    let named: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let mut editor = Editor::new(&named);
    for (path, text) in &files {
        editor.open(path, text);
        ask_everywhere(&mut editor, path, text, 11);
        for method in ["textDocument/documentSymbol", "textDocument/codeLens"] {
            let answer: Value = editor.ask(method, json!({ "textDocument": { "uri": uri(path) } }));
            assert!(answer.is_array(), "{path}");
        }
    }
}

#[test]
fn at_the_end_of_every_beginning_of_a_class() {
    let mut editor = Editor::new(&FILES);
    let inline = "prompt:\n  template: |\n    😀 {% if inputs.package == \"語\" %}{{ inputs.package | fence }}{# taskclass: allow(x): y #}\n";
    let text = CLASS.replace("prompt: {file: prompts/bump.md}\n", inline);
    let path = "task-classes/bump.yaml";
    editor.open(path, "");
    for (version, (at, _)) in text.char_indices().enumerate().step_by(3) {
        let beginning = &text[..at];
        editor.change(path, i32::try_from(version).unwrap() + 2, beginning);
        let line = beginning.matches('\n').count();
        let character = beginning.rsplit('\n').next().unwrap().encode_utf16().count();
        for method in QUESTIONS {
            let place = json!({ "line": line, "character": character });
            let params = json!({
                "textDocument": { "uri": uri(path) }, "position": place, "context": { "includeDeclaration": true },
            });
            editor.ask(method, params);
        }
    }
}
