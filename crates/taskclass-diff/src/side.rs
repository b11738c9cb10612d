//! A registry before or after a change: its files, each read once and only when somebody asks for it.

use std::{
    collections::BTreeMap,
    num::NonZeroUsize,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use taskclass_source::{Files, ReadError, RegistryPath, SourceFile};
use taskclass_spec::{Inventory, Loaded, SchemaKind, paths, registry, signers::TrustFile, written};

use crate::Label;

/// A registry before or after. It reads through its files and keeps what it read.
#[derive(Debug)]
pub struct Side<'f> {
    label: Label,
    files: Kept<'f>,
    threads: NonZeroUsize,
    classes: OnceLock<Result<Vec<RegistryPath>, ReadError>>,
    policy: OnceLock<Stands<Loaded<written::Policy>>>,
    trust: OnceLock<Stands<TrustFile>>,
    inventory: OnceLock<Option<Inventory>>,
}

/// What stands at a path.
#[derive(Debug, Clone)]
pub(crate) enum Stands<T> {
    /// Nothing.
    Absent,
    /// Something that cannot or must not be read.
    Refused(ReadError),
    /// This.
    Here(T),
}

impl<T> Stands<T> {
    /// What is there, if it could be read.
    pub(crate) fn here(&self) -> Option<&T> {
        match self {
            Self::Here(value) => Some(value),
            Self::Absent | Self::Refused(_) => None,
        }
    }

    pub(crate) fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

/// A file's bytes.
pub(crate) type Content = Stands<Arc<[u8]>>;

impl Content {
    /// Whether two sides say the same. What can be read on neither side could not be run before and cannot be run after.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Absent, Self::Absent) | (Self::Refused(_), Self::Refused(_)) => true,
            (Self::Here(a), Self::Here(b)) => Arc::ptr_eq(a, b) || a == b,
            _ => false,
        }
    }
}

impl<'f> Side<'f> {
    /// The registry in `files`, which the reader of the review knows as `label`. Nothing is read yet.
    pub fn read(label: impl Into<Label>, files: &'f dyn Files) -> Self {
        Self {
            label: label.into(),
            files: Kept { files, read: Mutex::default() },
            threads: NonZeroUsize::MIN,
            classes: OnceLock::new(),
            policy: OnceLock::new(),
            trust: OnceLock::new(),
            inventory: OnceLock::new(),
        }
    }

    /// Lets that many threads read the classes, as the side after. What is said does not depend on it.
    #[must_use]
    pub fn with_threads(self, threads: NonZeroUsize) -> Self {
        Self { threads, ..self }
    }

    pub(crate) fn threads(&self) -> NonZeroUsize {
        self.threads
    }

    /// What it is called.
    pub fn label(&self) -> &Label {
        &self.label
    }

    /// Its files, each read once.
    pub fn files(&self) -> &dyn Files {
        &self.files
    }

    /// What stands at `path`.
    pub(crate) fn content(&self, path: &RegistryPath) -> Content {
        self.files.content(path)
    }

    /// The paths of its classes, sorted.
    pub(crate) fn class_paths(&self) -> Result<&[RegistryPath], ReadError> {
        let paths = self.classes.get_or_init(|| registry::class_paths(self.files()));
        paths.as_deref().map_err(Clone::clone)
    }

    /// Its policy, with what is wrong still in it.
    pub(crate) fn policy(&self) -> &Stands<Loaded<written::Policy>> {
        let path = paths::at(paths::POLICY);
        self.policy.get_or_init(|| self.parsed(&path, |bytes| Loaded::parse(SchemaKind::Policy, &path, bytes)))
    }

    /// Its trust file, with what is wrong still in it.
    pub(crate) fn trust(&self) -> &Stands<TrustFile> {
        self.trust.get_or_init(|| self.parsed(&paths::at(paths::ALLOWED_SIGNERS), TrustFile::of))
    }

    /// Its inventory, if there is a sound one.
    pub(crate) fn inventory(&self) -> Option<&Inventory> {
        let read = || {
            let content = self.content(&paths::at(paths::INVENTORY));
            let text = String::from_utf8_lossy(content.here()?).into_owned();
            Inventory::parse(SourceFile::new(paths::INVENTORY, text)).ok()
        };
        self.inventory.get_or_init(read).as_ref()
    }

    fn parsed<T>(&self, path: &RegistryPath, parse: impl FnOnce(Vec<u8>) -> T) -> Stands<T> {
        match self.content(path) {
            Stands::Here(bytes) => Stands::Here(parse(bytes.to_vec())),
            Stands::Refused(error) => Stands::Refused(error),
            Stands::Absent => Stands::Absent,
        }
    }
}

/// Files of which each is read once: what is judged is what was compared.
struct Kept<'f> {
    files: &'f dyn Files,
    read: Mutex<BTreeMap<RegistryPath, Content>>,
}

impl Kept<'_> {
    fn content(&self, path: &RegistryPath) -> Content {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(content) = read.get(path) {
            return content.clone();
        }
        let content = match self.files.read(path) {
            Ok(Some(bytes)) => Stands::Here(Arc::from(bytes)),
            Ok(None) => Stands::Absent,
            Err(error) => Stands::Refused(error),
        };
        read.insert(path.clone(), content.clone());
        content
    }
}

impl Files for Kept<'_> {
    fn read(&self, path: &RegistryPath) -> Result<Option<Vec<u8>>, ReadError> {
        match self.content(path) {
            Stands::Here(bytes) => Ok(Some(bytes.to_vec())),
            Stands::Absent => Ok(None),
            Stands::Refused(error) => Err(error),
        }
    }

    fn list(&self, dir: &RegistryPath) -> Result<Vec<RegistryPath>, ReadError> {
        self.files.list(dir)
    }
}

impl std::fmt::Debug for Kept<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        f.debug_set().entries(read.keys()).finish()
    }
}
