//! Our answers in the protocol's words.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use gen_lsp_types as lsp;
use serde_json::json;
use taskclass_source::{Edit, Finding, Label, Level, Safety, SourceFile, Span};

use crate::actions::Action;
use crate::client::Client;
use crate::complete::{Item, Kind};
use crate::documents::{Document, Documents};
use crate::navigate::Target;
use crate::outline::{Shape, Symbol};
use crate::positions::Lines;
use crate::uri;

/// Rules whose findings mark what could be left out.
const UNNECESSARY: [&str; 5] =
    ["unused-input", "unused-suppression", "useless-deny", "shadowed-pattern", "duplicate-entry"];
/// Rules whose findings mark what is on its way out.
const DEPRECATED: [&str; 2] = ["retired-model", "closing-model"];

/// What it takes to put an answer into words: the editor, its documents, the registry's folder.
pub(crate) struct Wire<'a> {
    pub(crate) client: Client,
    pub(crate) documents: &'a Documents,
    pub(crate) root: &'a Path,
}

impl Wire<'_> {
    /// The document of a file, if it is open.
    fn document(&self, path: &str) -> Option<&Document> {
        self.documents.at(&self.root.join(path))
    }

    /// The file's name as the editor knows it.
    pub(crate) fn uri(&self, path: &str) -> Option<lsp::Uri> {
        match self.document(path) {
            Some(document) => Some(document.uri.clone()),
            None => uri::of_path(&self.root.join(path)),
        }
    }

    fn lines<'t>(&self, source: &'t SourceFile) -> Lines<'t> {
        Lines::new(source.text(), self.client.encoding)
    }

    pub(crate) fn range(&self, source: &SourceFile, span: Span) -> lsp::Range {
        self.lines(source).range(span)
    }

    pub(crate) fn location(&self, target: &Target) -> Option<lsp::Location> {
        Some(lsp::Location { uri: self.uri(target.source.path())?, range: self.range(&target.source, target.span) })
    }

    /// The findings of one file as diagnostics.
    pub(crate) fn diagnostics(&self, findings: &[&Finding]) -> Vec<lsp::Diagnostic> {
        let Some(first) = findings.first() else { return Vec::new() };
        // All are of one file: its lines are counted once.
        let lines = self.lines(&first.primary.source);
        findings.iter().map(|finding| self.diagnostic(finding, lines.range(finding.primary.span))).collect()
    }

    pub(crate) fn diagnostic(&self, finding: &Finding, range: lsp::Range) -> lsp::Diagnostic {
        let severity = match finding.level {
            Level::Error => lsp::DiagnosticSeverity::Error,
            Level::Warning => lsp::DiagnosticSeverity::Warning,
            Level::Note => lsp::DiagnosticSeverity::Information,
        };
        let rule = &*finding.rule;
        let mut message = finding.message.clone();
        if !finding.primary.text.is_empty() {
            message.push_str(&format!("\n{}", finding.primary.text));
        }
        message.extend(finding.help.iter().map(|help| format!("\nhelp: {help}")));
        message.extend(finding.notes.iter().map(|note| format!("\nnote: {note}")));
        let labels = finding.secondary.iter().filter(|label| !label.text.is_empty());
        let related = if self.client.related_information {
            labels.filter_map(|label| self.related(label)).collect()
        } else {
            message.extend(labels.map(|label| {
                let line = label.source.position(label.span.start).line;
                format!("\n{}:{line}: {}", label.source.path(), label.text)
            }));
            Vec::new()
        };
        let tags =
            [(&UNNECESSARY[..], lsp::DiagnosticTag::Unnecessary), (&DEPRECATED[..], lsp::DiagnosticTag::Deprecated)];
        let tags: Vec<_> = tags.into_iter().filter(|(rules, _)| rules.contains(&rule)).map(|(_, tag)| tag).collect();
        let fix = finding.fix.as_ref().map(|fix| {
            json!({ "fix": { "title": fix.title, "safety": if fix.safety == Safety::Safe { "safe" } else { "unsafe" } } })
        });
        lsp::Diagnostic {
            range,
            severity: Some(severity),
            code: Some(rule.to_owned().into()),
            code_description: None,
            source: Some("taskclass".to_owned()),
            message: message.into(),
            tags: (!tags.is_empty()).then_some(tags),
            related_information: (!related.is_empty()).then_some(related),
            data: fix,
        }
    }

    fn related(&self, label: &Label) -> Option<lsp::DiagnosticRelatedInformation> {
        let target = Target { source: Arc::clone(&label.source), span: label.span };
        Some(lsp::DiagnosticRelatedInformation { location: self.location(&target)?, message: label.text.clone() })
    }

    /// Edits, by file; those of an open document say which version they are for, where the editor can be told.
    pub(crate) fn workspace_edit(&self, edits: &[Edit], snippet: Option<&str>) -> Option<lsp::WorkspaceEdit> {
        let mut files: BTreeMap<&str, Vec<lsp::TextEdit>> = BTreeMap::new();
        for edit in edits {
            let (range, new_text) = self.lines(&edit.source).edit(edit.span, &edit.replacement);
            files.entry(edit.source.path()).or_default().push(lsp::TextEdit { range, new_text });
        }
        if !self.client.document_changes {
            let mut changes = HashMap::new();
            for (path, edits) in files {
                changes.insert(self.uri(path)?, edits);
            }
            return Some(lsp::WorkspaceEdit { changes: Some(changes), ..Default::default() });
        }
        let mut changes = Vec::new();
        for (path, edits) in files {
            let version = self.document(path).map(|document| document.version);
            let text_document_identifier = lsp::TextDocumentIdentifier { uri: self.uri(path)? };
            let text_document = lsp::OptionalVersionedTextDocumentIdentifier { version, text_document_identifier };
            let edit = |edit: lsp::TextEdit| match snippet.filter(|_| self.client.snippet_edits) {
                Some(value) => {
                    let snippet = lsp::StringValue { value: value.to_owned() };
                    lsp::SnippetTextEdit { range: edit.range, snippet, annotation_id: None }.into()
                }
                None => edit.into(),
            };
            let edits = edits.into_iter().map(edit).collect();
            changes.push(lsp::TextDocumentEdit { text_document, edits }.into());
        }
        Some(lsp::WorkspaceEdit { document_changes: Some(changes), ..Default::default() })
    }

    pub(crate) fn action(
        &self,
        action: &Action,
        kind: lsp::CodeActionKind,
        diagnostic: Option<lsp::Diagnostic>,
    ) -> Option<lsp::CodeAction> {
        Some(lsp::CodeAction {
            title: action.title.clone(),
            kind: Some(kind),
            diagnostics: diagnostic.map(|diagnostic| vec![diagnostic]),
            is_preferred: action.preferred.then_some(true),
            edit: Some(self.workspace_edit(&action.edits, action.snippet.as_deref())?),
            ..Default::default()
        })
    }

    /// What can be written, in the order in which it is given.
    pub(crate) fn completions(&self, source: &SourceFile, items: Vec<Item>) -> Vec<lsp::CompletionItem> {
        let lines = self.lines(source);
        let word = |order: usize, item: Item| {
            let kind = match item.kind {
                Kind::Field => lsp::CompletionItemKind::Property,
                Kind::Value => lsp::CompletionItemKind::EnumMember,
                Kind::Name => lsp::CompletionItemKind::Reference,
                Kind::Function => lsp::CompletionItemKind::Function,
                Kind::Keyword => lsp::CompletionItemKind::Keyword,
                Kind::File => lsp::CompletionItemKind::File,
            };
            let snippet = item.snippet.filter(|_| self.client.snippets);
            let format =
                if snippet.is_some() { lsp::InsertTextFormat::Snippet } else { lsp::InsertTextFormat::PlainText };
            let new_text = snippet.unwrap_or(item.text);
            let documentation = (!item.documentation.is_empty()).then(|| markdown(item.documentation).into());
            lsp::CompletionItem {
                kind: Some(kind),
                detail: Some(item.detail).filter(|detail| !detail.is_empty()),
                documentation,
                sort_text: Some(format!("{}{order:04}", item.rank)),
                // What is typed stands behind a quote or a blank that goes in with the text.
                filter_text: Some(item.label.clone()),
                label: item.label,
                tags: item.deprecated.then(|| vec![lsp::CompletionItemTag::Deprecated]),
                insert_text_format: Some(format),
                text_edit: Some(lsp::TextEdit { range: lines.range(item.replace), new_text }.into()),
                ..Default::default()
            }
        };
        items.into_iter().enumerate().map(|(order, item)| word(order, item)).collect()
    }

    /// The outline, for an editor that can show what is in what.
    pub(crate) fn symbols(&self, source: &SourceFile, symbols: Vec<Symbol>) -> Vec<lsp::DocumentSymbol> {
        let lines = self.lines(source);
        nested(&lines, symbols)
    }

    /// The outline as a flat list.
    pub(crate) fn flat_symbols(&self, source: &SourceFile, symbols: Vec<Symbol>) -> Vec<lsp::SymbolInformation> {
        let (lines, mut flat) = (self.lines(source), Vec::new());
        if let Some(uri) = self.uri(source.path()) {
            flatten(&lines, &uri, None, symbols, &mut flat);
        }
        flat
    }
}

pub(crate) fn markdown(value: String) -> lsp::MarkupContent {
    lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value }
}

fn symbol_kind(shape: Shape) -> lsp::SymbolKind {
    match shape {
        Shape::Section => lsp::SymbolKind::Object,
        Shape::List => lsp::SymbolKind::Array,
        Shape::Text => lsp::SymbolKind::String,
        Shape::Number => lsp::SymbolKind::Number,
        Shape::Truth => lsp::SymbolKind::Boolean,
        Shape::Nothing => lsp::SymbolKind::Null,
    }
}

fn nested(lines: &Lines<'_>, symbols: Vec<Symbol>) -> Vec<lsp::DocumentSymbol> {
    let one = |symbol: Symbol| {
        let children = nested(lines, symbol.children);
        #[expect(deprecated, reason = "the type has no other way to be made")]
        lsp::DocumentSymbol {
            name: symbol.name,
            detail: Some(symbol.detail).filter(|detail| !detail.is_empty()),
            kind: symbol_kind(symbol.shape),
            tags: None,
            deprecated: None,
            range: lines.range(symbol.whole),
            selection_range: lines.range(symbol.head),
            children: (!children.is_empty()).then_some(children),
        }
    };
    symbols.into_iter().map(one).collect()
}

fn flatten(
    lines: &Lines<'_>,
    uri: &lsp::Uri,
    container: Option<&str>,
    symbols: Vec<Symbol>,
    flat: &mut Vec<lsp::SymbolInformation>,
) {
    for symbol in symbols {
        let base_symbol_information = lsp::BaseSymbolInformation {
            name: symbol.name.clone(),
            kind: symbol_kind(symbol.shape),
            tags: None,
            container_name: container.map(str::to_owned),
        };
        let location = lsp::Location { uri: uri.clone(), range: lines.range(symbol.whole) };
        #[expect(deprecated, reason = "the type has no other way to be made")]
        flat.push(lsp::SymbolInformation { deprecated: None, location, base_symbol_information });
        flatten(lines, uri, Some(&symbol.name), symbol.children, flat);
    }
}
