//! What the editor can do, as far as our answers depend on it. What it does not say it cannot do.

use gen_lsp_types as lsp;
use serde_json::Value;

use crate::positions::Encoding;

/// What the editor can do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Client {
    pub(crate) encoding: Encoding,
    /// Shows other places of a diagnostic.
    pub(crate) related_information: bool,
    /// Takes edits together with the version that they are for.
    pub(crate) document_changes: bool,
    /// Knows stops in completions.
    pub(crate) snippets: bool,
    /// Knows stops in edits.
    pub(crate) snippet_edits: bool,
    /// Lets us ask to be told of changed files.
    pub(crate) watch: bool,
    /// Opens a document when asked.
    pub(crate) show_document: bool,
    /// Fetches the text of documents that are no files.
    pub(crate) virtual_documents: bool,
    /// Groups symbols.
    pub(crate) nested_symbols: bool,
}

impl Client {
    /// From the parameters of `initialize`. They are read field by field: one that we do not need may be of any form.
    pub(crate) fn of(params: &Value) -> Self {
        let at = |pointer: &str| params.pointer(&format!("/capabilities/{pointer}"));
        let can = |pointer: &str| at(pointer).and_then(Value::as_bool).unwrap_or_default();
        let encodings =
            at("general/positionEncodings").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        // UTF-16 unless the editor would rather count bytes: then nothing has to be counted on either side.
        let encoding = match encodings.first().and_then(Value::as_str) {
            Some("utf-8") => Encoding::Utf8,
            _ => Encoding::Utf16,
        };
        Self {
            encoding,
            related_information: can("textDocument/publishDiagnostics/relatedInformation"),
            document_changes: can("workspace/workspaceEdit/documentChanges"),
            snippets: can("textDocument/completion/completionItem/snippetSupport"),
            snippet_edits: can("workspace/workspaceEdit/snippetEditSupport"),
            watch: can("workspace/didChangeWatchedFiles/dynamicRegistration"),
            show_document: can("window/showDocument/support"),
            virtual_documents: at("workspace/textDocumentContent").is_some_and(Value::is_object),
            nested_symbols: can("textDocument/documentSymbol/hierarchicalDocumentSymbolSupport"),
        }
    }
}

/// The folders that the editor has open.
pub(crate) fn folders(params: &Value) -> Vec<lsp::Uri> {
    let uri = |value: &Value| Some(lsp::Uri(value.as_str()?.to_owned()));
    let folders = params.get("workspaceFolders").and_then(Value::as_array);
    match folders {
        Some(folders) => folders.iter().filter_map(|folder| uri(folder.get("uri")?)).collect(),
        None => params.get("rootUri").and_then(uri).into_iter().collect(),
    }
}

/// What is answered to `initialize`.
pub(crate) fn answer(client: Client) -> lsp::InitializeResult {
    let encoding = match client.encoding {
        Encoding::Utf8 => lsp::PositionEncodingKind::UTF8,
        Encoding::Utf16 => lsp::PositionEncodingKind::UTF16,
    };
    let sync = lsp::TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(lsp::TextDocumentSyncKind::Incremental),
        save: Some(true.into()),
        ..Default::default()
    };
    let characters = ["{", ".", "|", "\"", "(", "/", " ", ":", "["].map(str::to_owned).to_vec();
    let completion = lsp::CompletionOptions { trigger_characters: Some(characters), ..Default::default() };
    let kinds = vec![lsp::CodeActionKind::QuickFix, lsp::CodeActionKind::new(FIX_ALL)];
    let actions = lsp::CodeActionOptions { code_action_kinds: Some(kinds), ..Default::default() };
    let folders =
        lsp::WorkspaceFoldersServerCapabilities { supported: Some(true), change_notifications: Some(true.into()) };
    let workspace = lsp::WorkspaceOptions {
        workspace_folders: Some(folders),
        text_document_content: client
            .virtual_documents
            .then(|| lsp::TextDocumentContentOptions { schemes: vec![SCHEME.to_owned()] }.into()),
        ..Default::default()
    };
    let rename = lsp::RenameOptions { prepare_provider: Some(true), ..Default::default() };
    let commands = lsp::ExecuteCommandOptions { commands: vec![SHOW_PROMPT.to_owned()], ..Default::default() };
    lsp::InitializeResult {
        capabilities: lsp::ServerCapabilities {
            position_encoding: Some(encoding),
            text_document_sync: Some(sync.into()),
            completion_provider: Some(completion),
            hover_provider: Some(true.into()),
            definition_provider: Some(true.into()),
            references_provider: Some(true.into()),
            document_symbol_provider: Some(true.into()),
            code_action_provider: Some(actions.into()),
            code_lens_provider: Some(lsp::CodeLensOptions::default()),
            rename_provider: Some(rename.into()),
            execute_command_provider: Some(commands),
            workspace: Some(workspace),
            ..Default::default()
        },
        server_info: Some(lsp::ServerInfo {
            name: "taskclass".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
    }
}

/// The action that applies all safe fixes of a file.
pub(crate) const FIX_ALL: &str = "source.fixAll.taskclass";
/// The command behind an example's lens: the document's URI, the example's name.
pub(crate) const SHOW_PROMPT: &str = "taskclass.showPrompt";
/// The scheme of documents that are rendered prompts.
pub(crate) const SCHEME: &str = "taskclass-prompt";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_said_cannot_be_done_and_what_we_do_not_read_may_be_anything() {
        assert_eq!(Client::of(&json!({})), Client::default());
        assert_eq!(Client::of(&json!({"capabilities": 7})), Client::default());
        let encoding =
            |list: Value| Client::of(&json!({"capabilities": {"general": {"positionEncodings": list}}})).encoding;
        assert_eq!(encoding(json!(["utf-8", "utf-16"])), Encoding::Utf8);
        assert_eq!(encoding(json!(["utf-32", "utf-8"])), Encoding::Utf16);
        assert_eq!(encoding(json!("utf-8")), Encoding::Utf16);
        assert_eq!(folders(&json!({"workspaceFolders": [{"uri": "file:///a"}, 3]})).len(), 1);
        assert_eq!(folders(&json!({"workspaceFolders": null, "rootUri": "file:///a"})).len(), 1);
    }
}
