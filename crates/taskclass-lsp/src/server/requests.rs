//! The editor's questions.

use gen_lsp_types as lsp;
use lsp_server::{ErrorCode, Message, Request, RequestId};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use taskclass_lint::{Scope, settle};
use taskclass_source::text::quoted;
use taskclass_source::{Edit, Finding, Safety, Span};

use super::{Refused, Server, notify};
use crate::actions::{self, Action};
use crate::client::{FIX_ALL, SCHEME, SHOW_PROMPT};
use crate::complete;
use crate::example;
use crate::hover;
use crate::machine::Machine;
use crate::navigate;
use crate::outline;
use crate::positions::Lines;
use crate::registries::{self, Registry, locate};
use crate::rename;
use crate::view::View;
use crate::wire::{Wire, markdown};

/// The most characters of a prompt in a message.
const MAX_MESSAGE: usize = 4000;

/// What a question is answered from.
struct Asked<'a> {
    view: &'a View<'a>,
    wire: &'a Wire<'a>,
    registry: &'a Registry,
    machine: &'a dyn Machine,
}

impl Asked<'_> {
    fn lines(&self) -> Lines<'_> {
        Lines::new(self.view.source.text(), self.wire.client.encoding)
    }

    fn offset(&self, place: lsp::Position) -> usize {
        self.lines().offset(place)
    }

    fn range(&self, span: Span) -> lsp::Range {
        self.lines().range(span)
    }
}

impl<M: Machine> Server<M> {
    /// The answer to a request of a running conversation; `None` for one that is not known here.
    pub(super) fn answer(&mut self, request: &Request, answers: &mut Vec<Message>) -> Result<Option<Value>, Refused> {
        Ok(Some(match request.method.as_str() {
            "textDocument/hover" => {
                let params: lsp::HoverParams = params(request)?;
                let at = params.text_document_position_params;
                self.ask(&at.text_document.uri, |asked| hovered(asked, at.position))?
            }
            "textDocument/completion" => {
                let params: lsp::CompletionParams = params(request)?;
                let at = params.text_document_position_params;
                self.ask(&at.text_document.uri, |asked| {
                    let items = complete::items(asked.view, asked.offset(at.position));
                    Ok(json!(asked.wire.completions(&asked.view.source, items)))
                })?
            }
            "textDocument/definition" => {
                let params: lsp::DefinitionParams = params(request)?;
                let at = params.text_document_position_params;
                self.ask(&at.text_document.uri, |asked| {
                    let targets = navigate::definition(asked.view, asked.offset(at.position));
                    Ok(json!(targets.iter().filter_map(|target| asked.wire.location(target)).collect::<Vec<_>>()))
                })?
            }
            "textDocument/references" => {
                let params: lsp::ReferenceParams = params(request)?;
                let (at, declaration) = (params.text_document_position_params, params.context.include_declaration);
                self.ask(&at.text_document.uri, |asked| {
                    let targets = navigate::references(asked.view, asked.offset(at.position), declaration);
                    Ok(json!(targets.iter().filter_map(|target| asked.wire.location(target)).collect::<Vec<_>>()))
                })?
            }
            "textDocument/prepareRename" => {
                let params: lsp::PrepareRenameParams = params(request)?;
                let at = params.text_document_position_params;
                self.ask(&at.text_document.uri, |asked| {
                    let found = rename::prepare(asked.view, asked.offset(at.position));
                    Ok(json!(
                        found.map(
                            |(placeholder, span)| json!({ "range": asked.range(span), "placeholder": placeholder })
                        )
                    ))
                })?
            }
            "textDocument/rename" => {
                let params: lsp::RenameParams = params(request)?;
                let at = params.text_document_position_params;
                self.ask(&at.text_document.uri, |asked| {
                    let edits = rename::edits(asked.view, asked.offset(at.position), &params.new_name)
                        .map_err(|reason| Refused::new(ErrorCode::RequestFailed, reason))?;
                    Ok(json!(asked.wire.workspace_edit(&edits, None)))
                })?
            }
            "textDocument/documentSymbol" => {
                let params: lsp::DocumentSymbolParams = params(request)?;
                self.ask(&params.text_document.uri, |asked| {
                    let (source, symbols) = (&asked.view.source, outline::of(asked.view));
                    Ok(if asked.wire.client.nested_symbols {
                        json!(asked.wire.symbols(source, symbols))
                    } else {
                        json!(asked.wire.flat_symbols(source, symbols))
                    })
                })?
            }
            "textDocument/codeLens" => {
                let params: lsp::CodeLensParams = params(request)?;
                let uri = params.text_document.uri;
                self.ask(&uri, |asked| Ok(json!(lenses(asked, &uri))))?
            }
            "textDocument/codeAction" => {
                let params: lsp::CodeActionParams = params(request)?;
                // Fixes are for the text as it stands now.
                self.settle(answers);
                self.ask(&params.text_document.uri, |asked| Ok(json!(code_actions(asked, &params))))?
            }
            "workspace/executeCommand" => {
                let params: lsp::ExecuteCommandParams = params(request)?;
                self.command(&params, answers)?
            }
            "workspace/textDocumentContent" => {
                let params: lsp::TextDocumentContentParams = params(request)?;
                let (uri, name) = of_virtual(&params.uri)
                    .ok_or_else(|| Refused::new(ErrorCode::InvalidParams, "this is no prompt of an example"))?;
                json!({ "text": self.prompt(&uri, &name)? })
            }
            _ => return Ok(None),
        }))
    }

    /// Answers a question about a document; null if it is in no registry.
    fn ask(
        &self,
        uri: &lsp::Uri,
        question: impl FnOnce(&Asked<'_>) -> Result<Value, Refused>,
    ) -> Result<Value, Refused> {
        let Some(document) = self.documents.get(uri) else { return Ok(Value::Null) };
        let Some((root, path)) = document.path.as_ref().and_then(|path| locate(&self.machine, path)) else {
            return Ok(Value::Null);
        };
        let Some(registry) = self.registries.get(&root) else { return Ok(Value::Null) };
        let files = registry.files(&root, &self.documents);
        let view = View::new(&files, path, document.text.clone(), self.machine.today());
        let wire = Wire { client: self.client, documents: &self.documents, root: &root };
        question(&Asked { view: &view, wire: &wire, registry, machine: &self.machine })
    }

    fn prompt(&self, uri: &lsp::Uri, name: &str) -> Result<String, Refused> {
        let prompt = self.ask(uri, |asked| {
            let prompt =
                example::prompt(asked.view, name).map_err(|reason| Refused::new(ErrorCode::RequestFailed, reason))?;
            Ok(Value::String(prompt))
        })?;
        let nothing = || Refused::new(ErrorCode::RequestFailed, "the document is not open, or in no registry");
        prompt.as_str().map(str::to_owned).ok_or_else(nothing)
    }

    /// Shows an example's prompt: as a document where the editor can, else as a message. The result has it in any case.
    fn command(&self, params: &lsp::ExecuteCommandParams, answers: &mut Vec<Message>) -> Result<Value, Refused> {
        if params.command != SHOW_PROMPT {
            let message = format!("{} is not a command here", quoted(&params.command));
            return Err(Refused::new(ErrorCode::InvalidParams, message));
        }
        let arguments = params.arguments.as_deref().unwrap_or_default();
        let [Value::String(uri), Value::String(name)] = arguments else {
            return Err(Refused::new(ErrorCode::InvalidParams, "a document's URI and an example's name are expected"));
        };
        let uri = lsp::Uri(uri.clone());
        let prompt = self.prompt(&uri, name)?;
        if self.client.virtual_documents && self.client.show_document {
            let show = json!({ "uri": virtual_uri(&uri, name), "takeFocus": true });
            let id = RequestId::from(format!("show {name}"));
            answers.push(Request { id, method: "window/showDocument".to_owned(), params: show }.into());
        } else {
            let cut = prompt.char_indices().nth(MAX_MESSAGE).map_or(prompt.len(), |(at, _)| at);
            let rest = if cut < prompt.len() { "\n… (cut here)" } else { "" };
            let message = format!("{}{rest}", prompt.get(..cut).unwrap_or_default());
            let message = taskclass_source::text::visible_lines(&message).into_owned();
            answers.push(notify("window/showMessage", json!({ "type": 3, "message": message })));
        }
        Ok(json!({ "example": name, "prompt": prompt }))
    }
}

fn params<P: DeserializeOwned>(request: &Request) -> Result<P, Refused> {
    serde_json::from_value(request.params.clone())
        .map_err(|error| Refused::new(ErrorCode::InvalidParams, error.to_string()))
}

fn hovered(asked: &Asked<'_>, place: lsp::Position) -> Result<Value, Refused> {
    let found = hover::at(asked.view, asked.offset(place));
    Ok(json!(found.map(|hover| {
        let range = Some(asked.range(hover.span));
        lsp::Hover { contents: markdown(hover.text).into(), range }
    })))
}

/// One above each example: its prompt.
fn lenses(asked: &Asked<'_>, uri: &lsp::Uri) -> Vec<lsp::CodeLens> {
    let lens = |example: example::Example<'_>| {
        let command = lsp::Command {
            title: format!("Show the prompt of {}", taskclass_source::text::visible(example.name)),
            tooltip: None,
            command: SHOW_PROMPT.to_owned(),
            arguments: Some(vec![json!(uri.0), json!(example.name)]),
        };
        lsp::CodeLens { range: asked.range(example.span), command: Some(command), data: None }
    };
    example::all(asked.view).into_iter().map(lens).collect()
}

/// What can be done about the findings that the range touches, and about all of the file.
fn code_actions(asked: &Asked<'_>, params: &lsp::CodeActionParams) -> Vec<lsp::CodeAction> {
    let wanted = |kind: &str| {
        let only = params.context.only.as_deref();
        only.is_none_or(|only| {
            only.iter().any(|only| kind == only.as_str() || kind.starts_with(&format!("{}.", only.as_str())))
        })
    };
    let range = asked.lines().span(params.range);
    let touches = |span: Span| span.start <= range.end && range.start <= span.end;
    let here = |finding: &&Finding| finding.primary.source == asked.view.source;
    let own: Vec<&Finding> = asked.registry.findings.iter().filter(here).collect();
    let mut actions = Vec::new();
    if wanted("quickfix") {
        let mut suppressions = Vec::new();
        for finding in own.iter().filter(|finding| touches(finding.primary.span)) {
            let diagnostic = asked.wire.diagnostic(finding, asked.range(finding.primary.span));
            let word =
                |action: Action| asked.wire.action(&action, lsp::CodeActionKind::QuickFix, Some(diagnostic.clone()));
            actions.extend(actions::fix(finding).and_then(word));
            suppressions.extend(actions::suppress(asked.view, finding).and_then(word));
        }
        actions.extend(suppressions);
    }
    if wanted(FIX_ALL)
        && own.iter().any(|finding| finding.fix.as_ref().is_some_and(|fix| fix.safety == Safety::Safe))
        && let Some(action) = fix_all(asked)
    {
        actions.extend(asked.wire.action(&action, lsp::CodeActionKind::new(FIX_ALL), None));
    }
    actions
}

/// All safe fixes of the file, until none is left. One that reaches into another file brings that along.
fn fix_all(asked: &Asked<'_>) -> Option<Action> {
    let scope = Scope::File(asked.view.path.clone());
    let settled = settle(&registries::linter(asked.machine), asked.view.files, &scope, Safety::Safe).ok()?;
    let edits: Vec<Edit> = settled.changes.iter().filter_map(actions::difference).collect();
    let title = "Apply all safe fixes of taskclass".to_owned();
    (!edits.is_empty()).then_some(Action { title, preferred: false, edits, snippet: None })
}

/// The name of the document that is an example's prompt.
fn virtual_uri(uri: &lsp::Uri, name: &str) -> String {
    let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("class", &uri.0).finish();
    format!("{SCHEME}:/{name}.md?{query}")
}

/// The document and the example that such a name is of.
fn of_virtual(uri: &lsp::Uri) -> Option<(lsp::Uri, String)> {
    let url = url::Url::parse(&uri.0).ok().filter(|url| url.scheme() == SCHEME)?;
    let name = url.path().strip_prefix('/')?.strip_suffix(".md")?.to_owned();
    let (_, class) = url.query_pairs().find(|(key, _)| key == "class")?;
    Some((lsp::Uri(class.into_owned()), name))
}
