//! The bytes are a class open in an editor, where they are typed into, asked about at many places and edited again.

use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use serde_json::{Value, json};
use taskclass_lsp::{Machine, Message, Server};
use taskclass_source::{Files, InMemory, ReadError};

use crate::mutate::Random;
use crate::surroundings;

pub(super) const WORDS: &[&str] = super::yaml_lint::WORDS;

const ROOT: &str = "/registry";
/// The longest text that is opened: every edit lints the registry.
const LONGEST: usize = 8 * 1024;

struct Memory(Arc<InMemory>);

impl Machine for Memory {
    fn today(&self) -> Date {
        surroundings::TODAY
    }

    fn is_registry(&self, folder: &Path) -> bool {
        folder.to_str() == Some(ROOT)
    }

    fn files(&self, _: &Path) -> Result<Box<dyn Files>, ReadError> {
        Ok(Box::new(Arc::clone(&self.0)))
    }
}

/// A conversation with the file open.
struct Editor {
    server: Server<Memory>,
    uri: String,
    asked: i32,
    /// The last diagnostics of the file.
    diagnostics: Value,
}

impl Editor {
    fn open(text: &str) -> Self {
        let server = Server::new(Memory(Arc::new(surroundings::files())));
        let uri = format!("file://{ROOT}/{}", surroundings::CLASS);
        let mut editor = Self { server, uri, asked: 0, diagnostics: Value::Null };
        editor.ask("initialize", json!({"capabilities": {}, "rootUri": format!("file://{ROOT}")}));
        editor.say("initialized", json!({}));
        let document = json!({"uri": editor.uri, "languageId": "yaml", "version": 1, "text": text});
        editor.say("textDocument/didOpen", json!({"textDocument": document}));
        editor
    }

    fn turn(&mut self, message: Value) -> Vec<Value> {
        let Ok(message) = serde_json::from_value::<Message>(message) else { unreachable!("a message of ours") };
        let answers = self.server.turn(vec![message]);
        let answers: Vec<Value> = answers.iter().filter_map(|answer| serde_json::to_value(answer).ok()).collect();
        for answer in &answers {
            if answer["method"] == "textDocument/publishDiagnostics" && answer["params"]["uri"] == self.uri.as_str() {
                self.diagnostics = answer["params"]["diagnostics"].clone();
            }
        }
        answers
    }

    fn say(&mut self, method: &str, params: Value) {
        self.turn(json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// A request has one answer, and it is no excuse.
    fn ask(&mut self, method: &str, params: Value) {
        self.asked += 1;
        let id = self.asked;
        let answers = self.turn(json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        let own: Vec<&Value> = answers.iter().filter(|answer| answer["id"] == id).collect();
        assert_eq!(own.len(), 1, "{method} has {} answers", own.len());
        let code = own.first().and_then(|answer| answer["error"]["code"].as_i64()).unwrap_or_default();
        assert!(code != -32603, "{method} failed inside: {own:?}");
    }

    fn ask_about(&mut self, at: &Value, to: &Value) {
        let document = json!({"uri": self.uri});
        for method in ["hover", "completion", "definition", "prepareRename"] {
            self.ask(&format!("textDocument/{method}"), json!({"textDocument": document, "position": at}));
        }
        let context = json!({"includeDeclaration": true});
        self.ask("textDocument/references", json!({"textDocument": document, "position": at, "context": context}));
        self.ask("textDocument/rename", json!({"textDocument": document, "position": at, "newName": "renamed"}));
        let range = json!({"start": at, "end": to});
        self.ask(
            "textDocument/codeAction",
            json!({"textDocument": document, "range": range, "context": {"diagnostics": []}}),
        );
        self.ask("textDocument/documentSymbol", json!({"textDocument": document}));
        self.ask("textDocument/codeLens", json!({"textDocument": document}));
    }
}

/// The line and the UTF-16 column of `offset`, from 0, as an editor counts them.
fn position(text: &str, offset: usize) -> Value {
    let before = text.get(..offset).unwrap_or_default();
    let line = before.matches('\n').count();
    let column = before.rsplit('\n').next().unwrap_or_default().encode_utf16().count();
    json!({"line": line, "character": column})
}

fn boundary(text: &str, mut offset: usize) -> usize {
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

pub(super) fn check(bytes: &[u8]) {
    // An editor holds text whose lines end with line feeds, or it says where they do not in its own way.
    let text = String::from_utf8_lossy(bytes).replace('\r', " ");
    if text.len() > LONGEST {
        return;
    }
    let seed = bytes.iter().fold(7, |seed: u64, byte| seed.wrapping_mul(31).wrapping_add(u64::from(*byte)));
    let mut random = Random::new(seed);
    let mut editor = Editor::open(&text);
    let mut expected = text;
    for version in 2..5 {
        let at = boundary(&expected, random.below(expected.len() + 1));
        let end = boundary(&expected, (at + random.below(20)).min(expected.len())).max(at);
        let (from, to) = (position(&expected, at), position(&expected, end));
        editor.ask_about(&from, &to);
        let typed = random.pick(WORDS).map_or(String::new(), |word| word.replace('\r', " "));
        let change = json!({"range": {"start": from, "end": to}, "text": typed});
        let document = json!({"uri": editor.uri, "version": version});
        editor.say("textDocument/didChange", json!({"textDocument": document, "contentChanges": [change]}));
        expected.replace_range(at..end, &typed);
    }
    // Places that there are not.
    let nowhere = json!({"line": 1_000_000, "character": 7});
    editor.ask_about(&nowhere, &nowhere);
    let fresh = Editor::open(&expected);
    assert_eq!(editor.diagnostics, fresh.diagnostics, "the text typed is not the text opened: {expected:?}");
}
