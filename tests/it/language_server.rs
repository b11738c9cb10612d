//! `taskclass lsp` as an editor uses it: a process, two pipes, messages with headers.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use serde_json::{Value, json};

use crate::harness::{CLASS_FILE, DEADLINE, Ended, Registry, Running, taskclass};

/// An editor at the other end of the pipes.
struct Editor {
    child: Child,
    stdin: ChildStdin,
    messages: Receiver<Value>,
    root: PathBuf,
    last: i64,
    /// The diagnostics that it shows, by path.
    shown: BTreeMap<String, Vec<Value>>,
}

impl Editor {
    /// Starts the program in `folder` and says hello.
    fn start(folder: &Path, home: &Path, root: &Path) -> Self {
        let mut command = taskclass(folder, home, &["lsp", "--stdio"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the program starts");
        let stdin = child.stdin.take().expect("stdin is piped");
        let stdout = child.stdout.take().expect("stdout is piped");
        let (sender, messages) = channel();
        thread::spawn(move || {
            let mut pipe = BufReader::new(stdout);
            // Whatever is not a message breaks this off, and the test waits in vain.
            while let Some(message) = read(&mut pipe) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let root = root.canonicalize().expect("the registry is there");
        let mut editor = Self { child, stdin, messages, root, last: 0, shown: BTreeMap::new() };
        let capabilities = json!({
            "textDocument": { "publishDiagnostics": { "relatedInformation": true } },
            "workspace": { "workspaceEdit": { "documentChanges": true } },
        });
        let hello =
            editor.ask("initialize", json!({ "processId": null, "rootUri": null, "capabilities": capabilities }));
        assert_eq!(hello["capabilities"]["positionEncoding"], "utf-16");
        editor.tell("initialized", &json!({}));
        editor
    }

    fn uri(&self, path: &str) -> String {
        format!("file://{}", self.root.join(path).to_str().expect("a path of text"))
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.stdin, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("the program reads");
        self.stdin.flush().expect("the program reads");
    }

    fn tell(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// The next message; diagnostics are remembered as well.
    fn next(&mut self) -> Value {
        let message = self.messages.recv_timeout(DEADLINE).expect("the server answers");
        assert_eq!(message["jsonrpc"], "2.0");
        if message["method"] == "textDocument/publishDiagnostics" {
            let uri = message["params"]["uri"].as_str().expect("a URI");
            let path = uri.strip_prefix(&format!("file://{}/", self.root.display())).unwrap_or(uri).to_owned();
            let list = message["params"]["diagnostics"].as_array().expect("a list").clone();
            self.shown.insert(path, list);
        }
        message
    }

    /// The answer to a request.
    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.last += 1;
        let id = self.last;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let mut message = self.next();
            if message["id"] == id {
                assert!(message.get("error").is_none(), "{method}: {message}");
                return message["result"].take();
            }
        }
    }

    /// Waits until the rules of what is shown of a file are these.
    fn until_rules(&mut self, path: &str, rules: &[&str]) {
        loop {
            let shown = self.shown.get(path).map(Vec::as_slice).unwrap_or_default();
            if self.shown.contains_key(path)
                && shown.iter().map(|d| d["code"].as_str().unwrap()).eq(rules.iter().copied())
            {
                return;
            }
            self.next();
        }
    }

    fn end(mut self, polite: bool) -> Option<i32> {
        if polite {
            self.ask("shutdown", Value::Null);
        }
        self.tell("exit", &Value::Null);
        drop(self.stdin);
        self.child.wait().expect("it ends").code()
    }
}

/// One message: headers, an empty line, a body of the length that they say.
fn read(pipe: &mut impl BufRead) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if pipe.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some(("Content-Length", value)) => length = value.parse::<usize>().ok(),
            Some(_) => {}
            None if line == "\r\n" => break,
            None => return None,
        }
    }
    let mut body = vec![0; length?];
    pipe.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

/// Every file below a folder, with its bytes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            all.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    all
}

#[test]
fn a_session_from_hello_to_exit_over_unsaved_text() {
    let folder = tempfile::tempdir().unwrap();
    let registry = Registry::make(folder.path());
    let before = files(registry.root());
    let mut editor = Editor::start(folder.path(), registry.home(), registry.root());
    let saved = registry.read(CLASS_FILE);
    let broken = saved.replacen("risk: low", "# 😀\nriks: low", 1).replacen("inputs.package", "inputs.packge", 1);
    let uri = editor.uri(CLASS_FILE);
    let item = json!({ "uri": uri, "languageId": "yaml", "version": 1, "text": broken });
    editor.tell("textDocument/didOpen", &json!({ "textDocument": item }));
    editor.until_rules(CLASS_FILE, &["unknown-field", "undefined-variable"]);
    // One is put right by typing, the other by the fix that the server offers.
    let line = broken.lines().position(|line| line.contains("inputs.packge")).unwrap();
    let column = broken.lines().nth(line).unwrap().find("packge").unwrap();
    let at = |character: usize| json!({ "line": line, "character": character });
    let change = json!({ "range": { "start": at(column + 4), "end": at(column + 4) }, "text": "a" });
    let document = json!({ "uri": uri, "version": 2 });
    editor.tell("textDocument/didChange", &json!({ "textDocument": document, "contentChanges": [change] }));
    editor.until_rules(CLASS_FILE, &["unknown-field"]);
    let range = editor.shown[CLASS_FILE][0]["range"].clone();
    let context = json!({ "diagnostics": editor.shown[CLASS_FILE], "only": ["quickfix"] });
    let actions = editor
        .ask("textDocument/codeAction", json!({ "textDocument": { "uri": uri }, "range": range, "context": context }));
    let edit = &actions[0]["edit"]["documentChanges"][0];
    assert_eq!((&edit["textDocument"]["version"], &edit["edits"][0]["newText"]), (&json!(2), &json!("risk")));
    let change = json!({ "range": edit["edits"][0]["range"], "text": "risk" });
    let document = json!({ "uri": uri, "version": 3 });
    editor.tell("textDocument/didChange", &json!({ "textDocument": document, "contentChanges": [change] }));
    editor.until_rules(CLASS_FILE, &[]);
    let place = json!({ "textDocument": { "uri": uri }, "position": at(column + 2) });
    let hover = editor.ask("textDocument/hover", place.clone());
    assert!(hover["contents"]["value"].as_str().unwrap().contains("**input** `package`"), "{hover}");
    let offered = editor.ask("textDocument/completion", place.clone());
    assert!(offered.as_array().unwrap().iter().any(|item| item["label"] == "package"), "{offered}");
    let definition = editor.ask("textDocument/definition", place);
    assert_eq!(definition[0]["uri"], uri);
    assert_eq!(editor.end(true), Some(0));
    assert!(files(registry.root()) == before, "the server wrote a file");
}

#[test]
fn a_file_of_no_registry_is_let_be_and_a_link_out_of_one_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let registry = Registry::make(folder.path());
    let other = folder.path().join("elsewhere");
    fs::create_dir_all(&other).unwrap();
    // Another program's policy is not ours.
    fs::write(other.join("policy.yaml"), "rules: []\n").unwrap();
    let mut editor = Editor::start(folder.path(), registry.home(), registry.root());
    let uri = format!("file://{}", other.canonicalize().unwrap().join("policy.yaml").display());
    let item = json!({ "uri": uri, "languageId": "yaml", "version": 1, "text": "rules: [" });
    editor.tell("textDocument/didOpen", &json!({ "textDocument": item }));
    let place = json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 1 } });
    assert!(editor.ask("textDocument/hover", place).is_null());
    assert!(editor.shown.is_empty(), "{:?}", editor.shown);
    #[cfg(unix)]
    {
        let prompt = "task-classes/prompts/out.md";
        std::os::unix::fs::symlink("/etc/hostname", registry.root().join(prompt)).unwrap();
        let text = "prompt: {file: prompts/out.md}\n";
        let uri = editor.uri("task-classes/out.yaml");
        let item = json!({ "uri": uri, "languageId": "yaml", "version": 1, "text": text });
        editor.tell("textDocument/didOpen", &json!({ "textDocument": item }));
        let place = json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 20 } });
        let hover = editor.ask("textDocument/hover", place.clone());
        assert!(hover["contents"]["value"].as_str().unwrap().contains("There is no such file"), "{hover}");
        assert_eq!(editor.ask("textDocument/definition", place), json!([]));
    }
    assert_eq!(editor.end(false), Some(1), "gone without a goodbye");
}

#[test]
fn what_is_no_message_ends_the_conversation_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = taskclass(folder.path(), folder.path(), &["lsp"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"hello\r\n").unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let ended = Ended {
        shown: "taskclass lsp".to_owned(),
        code: output.status.code(),
        stdout: text(&output.stdout),
        stderr: text(&output.stderr),
    };
    assert_eq!(ended.stdout, "");
    ended.fails_clearly(2, &["broke off", "header is malformed"]);
    // Nothing on stdin at all: the editor is gone.
    Running::start(taskclass(folder.path(), folder.path(), &["lsp"])).wait().exits(1);
}
