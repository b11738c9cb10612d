//! What the editor has open: its text, which counts above the file's until it is closed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gen_lsp_types as lsp;

use crate::positions::{Encoding, Lines};
use crate::uri;

/// A document that is open.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// As the editor names it, which need not be how we would.
    pub(crate) uri: lsp::Uri,
    /// Where it lies; `None` of what is no file yet.
    pub(crate) path: Option<PathBuf>,
    /// The editor's count of its changes.
    pub(crate) version: i32,
    /// Its text as it stands in the editor.
    pub(crate) text: Arc<str>,
}

/// The open documents, by the editor's names.
#[derive(Debug, Default)]
pub(crate) struct Documents(BTreeMap<String, Document>);

impl Documents {
    pub(crate) fn open(&mut self, item: lsp::TextDocumentItem) {
        let path = uri::to_path(&item.uri);
        let document = Document { path, version: item.version, text: item.text.into(), uri: item.uri };
        self.0.insert(document.uri.0.clone(), document);
    }

    /// Applies changes one after the other, each to what the one before left.
    pub(crate) fn change(&mut self, params: lsp::DidChangeTextDocumentParams, encoding: Encoding) {
        let id = params.text_document;
        let Some(document) = self.0.get_mut(&id.text_document_identifier.uri.0) else { return };
        document.version = id.version;
        for change in params.content_changes {
            document.text = match change {
                lsp::TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => whole.text.into(),
                lsp::TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
                    let span = Lines::new(&document.text, encoding).span(part.range);
                    let mut text = document.text.to_string();
                    text.replace_range(span.range(), &part.text);
                    text.into()
                }
            };
        }
    }

    pub(crate) fn close(&mut self, uri: &lsp::Uri) {
        self.0.remove(&uri.0);
    }

    pub(crate) fn get(&self, uri: &lsp::Uri) -> Option<&Document> {
        self.0.get(&uri.0)
    }

    /// The document that lies at `path`.
    pub(crate) fn at(&self, path: &Path) -> Option<&Document> {
        self.0.values().find(|document| document.path.as_deref() == Some(path))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Document> {
        self.0.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(text: &str) -> Documents {
        let mut documents = Documents::default();
        documents.open(lsp::TextDocumentItem {
            uri: "file:///r/a.yaml".into(),
            language_id: lsp::LanguageKind::YAML,
            version: 1,
            text: text.to_owned(),
        });
        documents
    }

    fn part(from: (u32, u32), to: (u32, u32), text: &str) -> lsp::TextDocumentContentChangeEvent {
        let at = |(line, character)| lsp::Position { line, character };
        let range = lsp::Range { start: at(from), end: at(to) };
        lsp::TextDocumentContentChangePartial { range, text: text.to_owned(), ..Default::default() }.into()
    }

    fn changed(text: &str, changes: Vec<lsp::TextDocumentContentChangeEvent>) -> (String, i32) {
        let mut documents = open(text);
        let uri: lsp::Uri = "file:///r/a.yaml".into();
        let text_document_identifier = lsp::TextDocumentIdentifier { uri: uri.clone() };
        let text_document = lsp::VersionedTextDocumentIdentifier { version: 7, text_document_identifier };
        documents.change(lsp::DidChangeTextDocumentParams { text_document, content_changes: changes }, Encoding::Utf16);
        let document = documents.get(&uri).unwrap();
        (document.text.to_string(), document.version)
    }

    #[test]
    fn changes_build_on_each_other_and_count_utf16() {
        let changes = vec![part((0, 2), (0, 2), "!"), part((0, 3), (1, 0), ""), part((9, 9), (9, 9), ".")];
        assert_eq!(changed("😀\n語", changes), ("😀!語.".to_owned(), 7));
    }

    #[test]
    fn a_whole_text_takes_the_place_and_a_range_turned_around_only_inserts() {
        let whole = lsp::TextDocumentContentChangeWholeDocument { text: "abc".to_owned() };
        assert_eq!(changed("x", vec![whole.into(), part((0, 2), (0, 1), "-")]).0, "ab-c");
    }
}
