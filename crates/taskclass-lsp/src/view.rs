//! What a question is about: one document as it stands in the editor, and the registry around it.

use std::cell::OnceCell;
use std::sync::Arc;

use jiff::civil::Date;
use serde_json::Value;
use taskclass_source::yaml::{self, Parsed};
use taskclass_source::{Files, Node, RegistryPath, SourceFile};
use taskclass_spec::prompt::PromptSource;
use taskclass_spec::registry::is_class;
use taskclass_spec::written::{self, Catalogue, Policy};
use taskclass_spec::{Inventory, Loaded, SchemaKind, catalogue, paths};

/// What a file of a registry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    Class,
    Policy,
    Models,
    /// A prompt template or a partial.
    Prompt,
    /// Anything else: it can have findings, but there is nothing to say about its inside.
    Other,
}

impl FileKind {
    pub(crate) fn of(path: &RegistryPath) -> Self {
        match path.as_str() {
            paths::POLICY => Self::Policy,
            paths::MODELS => Self::Models,
            _ if is_class(path) => Self::Class,
            _ if path.is_within(&paths::at(paths::PROMPTS)) && path.extension() == Some("md") => Self::Prompt,
            _ => Self::Other,
        }
    }

    /// The schema of a YAML document.
    pub(crate) fn schema(self) -> Option<SchemaKind> {
        match self {
            Self::Class => Some(SchemaKind::TaskClass),
            Self::Policy => Some(SchemaKind::Policy),
            Self::Models => Some(SchemaKind::Models),
            Self::Prompt | Self::Other => None,
        }
    }
}

/// One document and the registry around it. What is needed of either is read once.
pub(crate) struct View<'a> {
    pub(crate) files: &'a dyn Files,
    pub(crate) today: Date,
    pub(crate) path: RegistryPath,
    pub(crate) kind: FileKind,
    pub(crate) source: Arc<SourceFile>,
    /// The same with a line feed at its end, as it is parsed: whoever types at the end of the last line will write one, and
    /// without it the text of a block is not what it will be.
    pub(crate) ended: Arc<SourceFile>,
    parsed: OnceCell<Parsed>,
    json: OnceCell<Value>,
    prompt: OnceCell<Option<PromptSource>>,
    policy: OnceCell<Option<Loaded<Policy>>>,
    own_catalogue: OnceCell<Option<Loaded<Catalogue>>>,
    inventory: OnceCell<Option<Inventory>>,
}

impl<'a> View<'a> {
    /// The file at `path` of `files`, whose text is `text`.
    pub(crate) fn new(files: &'a dyn Files, path: RegistryPath, text: Arc<str>, today: Date) -> Self {
        let source = SourceFile::new(path.as_str(), text);
        let ended = match source.text() {
            text if text.is_empty() || text.ends_with('\n') => Arc::clone(&source),
            text => SourceFile::new(path.as_str(), format!("{text}\n")),
        };
        Self {
            files,
            today,
            kind: FileKind::of(&path),
            path,
            source,
            ended,
            parsed: OnceCell::new(),
            json: OnceCell::new(),
            prompt: OnceCell::new(),
            policy: OnceCell::new(),
            own_catalogue: OnceCell::new(),
            inventory: OnceCell::new(),
        }
    }

    /// Another file of the same registry; `None` if there is none that can be read as text.
    pub(crate) fn other(&self, path: &RegistryPath) -> Option<View<'a>> {
        let bytes = self.files.read(path).ok()??;
        let text = String::from_utf8(bytes).ok()?;
        Some(View::new(self.files, path.clone(), text.into(), self.today))
    }

    /// The tree of a YAML document.
    pub(crate) fn parsed(&self) -> &Parsed {
        self.parsed.get_or_init(|| yaml::parse(&self.ended))
    }

    pub(crate) fn root(&self) -> Option<&Node> {
        self.parsed().root.as_ref()
    }

    /// The document as JSON, as the schemas are walked by.
    pub(crate) fn json(&self) -> &Value {
        self.json.get_or_init(|| self.root().map(Node::to_json).unwrap_or_default())
    }

    /// The value at `path`.
    pub(crate) fn node(&self, path: &str) -> Option<&Node> {
        Some(self.root()?.at(path)?.value)
    }

    /// The template that is this file, or stands in this class; `None` where a class has none of its own, or one whose text
    /// cannot be followed into the file.
    pub(crate) fn prompt(&self) -> Option<&PromptSource> {
        let read = || {
            let source = match self.kind {
                FileKind::Prompt => PromptSource::file(&self.path, self.files).ok()?,
                FileKind::Class => {
                    let node = self.node("prompt.template")?;
                    node.as_str()?;
                    PromptSource::inline(&self.ended, node)
                }
                _ => return None,
            };
            source.is_exact().then_some(source)
        };
        self.prompt.get_or_init(read).as_ref()
    }

    fn load<T: serde::de::DeserializeOwned>(&self, kind: SchemaKind, path: &'static str) -> Option<Loaded<T>> {
        let path = paths::at(path);
        let bytes = self.files.read(&path).ok()??;
        Some(Loaded::parse(kind, &path, bytes))
    }

    /// The policy as a document.
    pub(crate) fn policy_document(&self) -> Option<&Loaded<Policy>> {
        self.policy.get_or_init(|| self.load(SchemaKind::Policy, paths::POLICY)).as_ref()
    }

    /// The policy, if it is sound.
    pub(crate) fn policy(&self) -> Option<&Policy> {
        self.policy_document()?.written.as_ref()
    }

    /// The registry's own catalogue as a document.
    pub(crate) fn own_catalogue(&self) -> Option<&Loaded<Catalogue>> {
        self.own_catalogue.get_or_init(|| self.load(SchemaKind::Models, paths::MODELS)).as_ref()
    }

    /// The catalogue that counts.
    pub(crate) fn catalogue(&self) -> &Catalogue {
        self.own_catalogue().and_then(|own| own.written.as_ref()).unwrap_or_else(|| catalogue::built_in())
    }

    /// The inventory, if there is a sound one.
    pub(crate) fn inventory(&self) -> Option<&Inventory> {
        let read = || {
            let bytes = self.files.read(&paths::at(paths::INVENTORY)).ok()??;
            Inventory::parse(SourceFile::new(paths::INVENTORY, String::from_utf8(bytes).ok()?)).ok()
        };
        self.inventory.get_or_init(read).as_ref()
    }

    /// The declaration of an input of this class: where it is named, the value as written, and what it means if it is sound.
    pub(crate) fn input(&self, name: &str) -> Option<Declared<'_>> {
        let entry = self.node("inputs")?.as_map()?.entry(name)?;
        Some(Declared { entry, input: serde_json::from_value(entry.value.to_json()).ok() })
    }

    /// The names of the declared inputs, in the order written.
    pub(crate) fn input_names(&self) -> Vec<&str> {
        let entries = self.node("inputs").and_then(Node::as_map).map(|map| map.entries()).unwrap_or_default();
        entries.iter().map(|entry| entry.key.text.as_str()).collect()
    }
}

/// An input as declared.
pub(crate) struct Declared<'a> {
    pub(crate) entry: &'a yaml::Entry,
    pub(crate) input: Option<written::Input>,
}
