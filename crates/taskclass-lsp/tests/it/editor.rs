//! An editor that speaks with the server, without a pipe: documents are opened, questions asked, diagnostics remembered.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::{Date, date};
use serde_json::{Value, json};
use taskclass_lsp::{Machine, Message, Server};
use taskclass_source::{Files, InMemory, ReadError, RegistryPath};

/// Registries in memory, each below a folder of the root.
pub(crate) struct Memory(BTreeMap<&'static str, Arc<InMemory>>);

impl Machine for Memory {
    fn today(&self) -> Date {
        date(2026, 11, 21)
    }

    fn is_registry(&self, folder: &Path) -> bool {
        folder.to_str().is_some_and(|folder| self.0.contains_key(folder))
    }

    fn files(&self, root: &Path) -> Result<Box<dyn Files>, ReadError> {
        Ok(Box::new(Arc::clone(&self.0[root.to_str().unwrap()])))
    }
}

/// What VS Code can do, as far as we ask.
pub(crate) fn able() -> Value {
    json!({
        "workspace": { "workspaceEdit": { "documentChanges": true, "snippetEditSupport": true },
            "didChangeWatchedFiles": { "dynamicRegistration": true } },
        "textDocument": {
            "publishDiagnostics": { "relatedInformation": true },
            "completion": { "completionItem": { "snippetSupport": true } },
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
        },
    })
}

/// An editor and the server it speaks with.
pub(crate) struct Editor {
    server: Server<Memory>,
    last: i32,
    /// The diagnostics that it shows, by URI.
    pub(crate) shown: BTreeMap<String, Vec<Value>>,
    /// All that the server said unasked, but for diagnostics.
    pub(crate) said: Vec<Value>,
    /// How often it was told of diagnostics.
    pub(crate) told: usize,
}

/// A registry of these files.
pub(crate) fn files(all: &[(&str, &str)]) -> Arc<InMemory> {
    let mut files = InMemory::new();
    for (path, text) in all {
        files.insert(RegistryPath::new(path).unwrap(), *text);
    }
    Arc::new(files)
}

impl Editor {
    /// With one registry in `/r`, and an editor that can much.
    pub(crate) fn new(all: &[(&str, &str)]) -> Self {
        Self::with([("/r", files(all))].into(), able())
    }

    pub(crate) fn with(registries: BTreeMap<&'static str, Arc<InMemory>>, capabilities: Value) -> Self {
        let server = Server::new(Memory(registries));
        let mut editor = Self { server, last: 0, shown: BTreeMap::new(), said: Vec::new(), told: 0 };
        editor.ask("initialize", json!({ "processId": null, "rootUri": null, "capabilities": capabilities }));
        editor.tell("initialized", json!({}));
        editor
    }

    /// Messages as they come over the wire, in one turn; gives the responses.
    pub(crate) fn turn(&mut self, messages: Vec<Value>) -> Vec<Value> {
        let messages: Vec<Message> =
            messages.into_iter().map(|message| serde_json::from_value(message).unwrap()).collect();
        let mut responses = Vec::new();
        for answer in self.server.turn(messages) {
            let answer = serde_json::to_value(answer).unwrap();
            match answer["method"].as_str() {
                Some("textDocument/publishDiagnostics") => {
                    let params = &answer["params"];
                    let list = params["diagnostics"].as_array().unwrap().clone();
                    self.shown.insert(params["uri"].as_str().unwrap().to_owned(), list);
                    self.told += 1;
                }
                Some(_) => self.said.push(answer),
                None => responses.push(answer),
            }
        }
        responses
    }

    pub(crate) fn request(&mut self, method: &str, params: Value) -> Value {
        self.last += 1;
        json!({ "jsonrpc": "2.0", "id": self.last, "method": method, "params": params })
    }

    /// The whole response.
    pub(crate) fn response(&mut self, method: &str, params: Value) -> Value {
        let request = self.request(method, params);
        let mut responses = self.turn(vec![request]);
        assert_eq!(responses.len(), 1, "{method}: {responses:?}");
        responses.remove(0)
    }

    /// The result of a request that must succeed.
    #[track_caller]
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Value {
        let mut response = self.response(method, params);
        assert!(response.get("error").is_none(), "{method}: {response}");
        response["result"].take()
    }

    pub(crate) fn tell(&mut self, method: &str, params: Value) {
        let answers = self.turn(vec![json!({ "jsonrpc": "2.0", "method": method, "params": params })]);
        assert!(answers.is_empty(), "{method}: {answers:?}");
    }

    pub(crate) fn open(&mut self, path: &str, text: &str) {
        let item = json!({ "uri": uri(path), "languageId": "yaml", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": item }));
    }

    pub(crate) fn change(&mut self, path: &str, version: i32, text: &str) {
        let document = json!({ "uri": uri(path), "version": version });
        let changes = json!([{ "text": text }]);
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    /// Asks about the place of `$0` in the fixture, which is opened as `path`.
    #[track_caller]
    pub(crate) fn at(&mut self, method: &str, path: &str, fixture: &str) -> Value {
        let (text, place) = cursor(fixture);
        self.open(path, &text);
        self.ask(method, json!({ "textDocument": { "uri": uri(path) }, "position": place }))
    }

    /// The rules of the diagnostics shown of a file.
    pub(crate) fn rules(&self, path: &str) -> Vec<String> {
        let shown = self.shown.get(&uri(path)).cloned().unwrap_or_default();
        shown.iter().map(|diagnostic| diagnostic["code"].as_str().unwrap().to_owned()).collect()
    }

    pub(crate) fn ended(&self) -> Option<bool> {
        self.server.ended()
    }
}

pub(crate) fn uri(path: &str) -> String {
    if path.starts_with('/') { format!("file://{path}") } else { format!("file:///r/{path}") }
}

/// The text of a fixture and the place of its `$0`, in UTF-16.
#[track_caller]
pub(crate) fn cursor(fixture: &str) -> (String, Value) {
    let at = fixture.find("$0").expect("a cursor");
    (fixture.replacen("$0", "", 1), place(fixture, at))
}

/// The place of an offset, counted here without the server's help.
pub(crate) fn place(text: &str, at: usize) -> Value {
    let before = &text[..at];
    let line = before.matches('\n').count();
    let column = before.rsplit('\n').next().unwrap().encode_utf16().count();
    json!({ "line": line, "character": column })
}

/// The text of a range.
pub(crate) fn slice(text: &str, range: &Value) -> String {
    let offset = |place: &Value| {
        let line = place["line"].as_u64().unwrap() as usize;
        // Lines end at `\n`, `\r\n` and `\r`.
        let ends = text.char_indices().filter(|(at, c)| match c {
            '\r' => !text[at + 1..].starts_with('\n'),
            c => *c == '\n',
        });
        let starts: Vec<usize> = [0].into_iter().chain(ends.map(|(at, _)| at + 1)).collect();
        let start = starts.get(line).copied().unwrap_or(text.len());
        let mut left = place["character"].as_u64().unwrap() as usize;
        let mut at = start;
        for c in text[start..].chars() {
            if left == 0 {
                break;
            }
            left -= c.len_utf16();
            at += c.len_utf8();
        }
        at
    };
    text[offset(&range["start"])..offset(&range["end"])].to_owned()
}

/// The text with the edits of one file applied.
pub(crate) fn edited(text: &str, edits: &[Value]) -> String {
    let mut edits: Vec<(usize, usize, String)> = edits
        .iter()
        .map(|edit| {
            let end =
                slice(text, &json!({ "start": { "line": 0, "character": 0 }, "end": edit["range"]["end"] })).len();
            let length = slice(text, &edit["range"]).len();
            let new = edit["newText"].as_str().or(edit["snippet"]["value"].as_str()).unwrap().to_owned();
            (end - length, end, new)
        })
        .collect();
    edits.sort();
    let mut text = text.to_owned();
    for (start, end, new) in edits.into_iter().rev() {
        text.replace_range(start..end, &new);
    }
    text
}
