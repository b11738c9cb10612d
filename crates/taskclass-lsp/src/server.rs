//! The conversation: messages in, messages out. No clock, no pipe; what it needs of the machine it asks of [`Machine`].

mod requests;

use std::collections::HashSet;
use std::fmt;

use gen_lsp_types as lsp;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::client::{self, Client};
use crate::documents::Documents;
use crate::machine::Machine;
use crate::registries::{Registries, locate};
use crate::uri;

/// How far the conversation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nothing but `initialize` is answered.
    Fresh,
    Running,
    /// Nothing but `exit` is expected.
    ShutDown,
    /// It is over, and whether it ended as it should.
    Ended {
        well: bool,
    },
}

/// One conversation with an editor.
pub struct Server<M> {
    machine: M,
    phase: Phase,
    client: Client,
    documents: Documents,
    registries: Registries,
}

impl<M> fmt::Debug for Server<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("phase", &self.phase).finish_non_exhaustive()
    }
}

impl<M: Machine> Server<M> {
    /// Before the first message.
    pub fn new(machine: M) -> Self {
        Self {
            machine,
            phase: Phase::Fresh,
            client: Client::default(),
            documents: Documents::default(),
            registries: Registries::default(),
        }
    }

    /// Whether the conversation is over, and if so, whether it ended as it should: with `shutdown` before `exit`.
    pub fn ended(&self) -> Option<bool> {
        match self.phase {
            Phase::Ended { well } => Some(well),
            _ => None,
        }
    }

    /// Takes all messages that are there and gives the answers. Whatever came in between, each file is linted at most once,
    /// at the end: so a burst of typing costs one run. Of requests that were cancelled before their turn nothing is done.
    pub fn turn(&mut self, messages: Vec<Message>) -> Vec<Message> {
        let cancelled: HashSet<RequestId> = messages.iter().filter_map(cancelled).collect();
        let mut answers = Vec::new();
        for message in messages {
            match message {
                Message::Request(request) if cancelled.contains(&request.id) => {
                    answers.push(error(request.id, ErrorCode::RequestCanceled, "cancelled"));
                }
                Message::Request(request) => self.request(request, &mut answers),
                Message::Notification(notification) => self.notification(notification, &mut answers),
                // The editor's word on what we asked of it: there is nothing to do if it would not.
                Message::Response(_) => {}
            }
            if self.ended().is_some() {
                return answers;
            }
        }
        self.settle(&mut answers);
        answers
    }

    /// Lints what changed and tells the editor.
    fn settle(&mut self, answers: &mut Vec<Message>) {
        if self.phase != Phase::Running {
            return;
        }
        let told = self.registries.settle(&self.machine, &self.documents, self.client);
        answers.extend(told.into_iter().map(|params| notify("textDocument/publishDiagnostics", params)));
    }

    fn request(&mut self, request: Request, answers: &mut Vec<Message>) {
        let id = request.id.clone();
        let answer = match (self.phase, request.method.as_str()) {
            (Phase::Fresh, "initialize") => {
                self.initialize(&request.params);
                result(id, client::answer(self.client))
            }
            (Phase::Fresh, _) => error(id, ErrorCode::ServerNotInitialized, "`initialize` comes first"),
            (Phase::Running, "initialize") => error(id, ErrorCode::InvalidRequest, "`initialize` came already"),
            (Phase::Running, "shutdown") => {
                self.phase = Phase::ShutDown;
                result(id, Value::Null)
            }
            (Phase::Running, _) => match self.answer(&request, answers) {
                Ok(Some(value)) => result(id, value),
                Ok(None) => error(id, ErrorCode::MethodNotFound, &format!("`{}` is not known here", request.method)),
                Err(refused) => error(id, refused.code, &refused.message),
            },
            _ => error(id, ErrorCode::InvalidRequest, "the conversation is over"),
        };
        answers.push(answer);
    }

    fn initialize(&mut self, params: &Value) {
        self.client = Client::of(params);
        for folder in client::folders(params) {
            if let Some(path) = uri::to_path(&folder) {
                self.registries.open_folder(path);
            }
        }
        self.phase = Phase::Running;
    }

    fn notification(&mut self, notification: Notification, answers: &mut Vec<Message>) {
        let Notification { method, params } = notification;
        match (self.phase, method.as_str()) {
            (phase, "exit") => self.phase = Phase::Ended { well: phase == Phase::ShutDown },
            (Phase::Running, "initialized") if self.client.watch => answers.push(watch()),
            (Phase::Running, "textDocument/didOpen") => {
                let Some(params) = read::<lsp::DidOpenTextDocumentParams>(params) else { return };
                self.touched(&params.text_document.uri);
                // A question may stand behind it in the same turn.
                let root = uri::to_path(&params.text_document.uri).and_then(|path| locate(&self.machine, &path));
                if let Some((root, _)) = root {
                    self.registries.know(&self.machine, &root);
                }
                self.documents.open(params.text_document);
            }
            (Phase::Running, "textDocument/didChange") => {
                let Some(params) = read::<lsp::DidChangeTextDocumentParams>(params) else { return };
                self.touched(&params.text_document.text_document_identifier.uri);
                self.documents.change(params, self.client.encoding);
            }
            (Phase::Running, "textDocument/didClose") => {
                let Some(params) = read::<lsp::DidCloseTextDocumentParams>(params) else { return };
                self.touched(&params.text_document.uri);
                self.documents.close(&params.text_document.uri);
            }
            (Phase::Running, "textDocument/didSave") => {
                let Some(params) = read::<lsp::DidSaveTextDocumentParams>(params) else { return };
                self.touched(&params.text_document.uri);
            }
            (Phase::Running, "workspace/didChangeWatchedFiles") => self.registries.all_stale(),
            (Phase::Running, "workspace/didChangeWorkspaceFolders") => {
                let Some(params) = read::<lsp::DidChangeWorkspaceFoldersParams>(params) else { return };
                for folder in params.event.removed {
                    uri::to_path(&folder.uri).into_iter().for_each(|path| self.registries.close_folder(&path));
                }
                for folder in params.event.added {
                    uri::to_path(&folder.uri).into_iter().for_each(|path| self.registries.open_folder(path));
                }
            }
            // Others may be ignored, says the protocol.
            _ => {}
        }
    }

    /// Something became of the document's text, here or on disk.
    fn touched(&mut self, uri: &lsp::Uri) {
        if let Some(path) = uri::to_path(uri) {
            self.registries.stale(&path);
        }
    }
}

/// Why a request is not answered with a result.
struct Refused {
    code: ErrorCode,
    message: String,
}

impl Refused {
    fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// The request that a message cancels.
fn cancelled(message: &Message) -> Option<RequestId> {
    match message {
        Message::Notification(notification) if notification.method == "$/cancelRequest" => {
            serde_json::from_value(notification.params.get("id")?.clone()).ok()
        }
        _ => None,
    }
}

/// The parameters of a notification; of one that is malformed nothing can be said, for nobody waits for an answer.
fn read<P: DeserializeOwned>(params: Value) -> Option<P> {
    serde_json::from_value(params).ok()
}

fn result(id: RequestId, value: impl serde::Serialize) -> Message {
    match serde_json::to_value(value) {
        Ok(value) => Response { id, response_result: Ok(value) }.into(),
        Err(reason) => error(id, ErrorCode::InternalError, &reason.to_string()),
    }
}

fn error(id: RequestId, code: ErrorCode, message: &str) -> Message {
    Response::new_err(id, code as i32, message.to_owned()).into()
}

fn notify(method: &str, params: impl serde::Serialize) -> Message {
    let params = serde_json::to_value(params).unwrap_or_default();
    Notification { method: method.to_owned(), params }.into()
}

/// Asks the editor to tell of files that change under it.
fn watch() -> Message {
    let patterns = [
        "policy.yaml",
        "models.yaml",
        "inventory.txt",
        "task-classes/**",
        "trust/**",
        "approvals/**",
        "revocations/**",
    ];
    let watchers: Vec<Value> =
        patterns.iter().map(|pattern| json!({ "globPattern": format!("**/{pattern}") })).collect();
    let registration = json!({
        "id": "files",
        "method": "workspace/didChangeWatchedFiles",
        "registerOptions": { "watchers": watchers },
    });
    let id = RequestId::from("watch".to_owned());
    Request { id, method: "client/registerCapability".to_owned(), params: json!({ "registrations": [registration] }) }
        .into()
}
