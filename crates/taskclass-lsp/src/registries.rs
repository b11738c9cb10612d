//! The registries that the editor looks into, and what was last said of each.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread;

use gen_lsp_types as lsp;
use taskclass_lint::{Linter, Scope};
use taskclass_source::{Files, Finding, InMemory, RegistryPath};

use crate::client::Client;
use crate::documents::Documents;
use crate::machine::Machine;
use crate::wire::Wire;

/// A registry.
pub(crate) struct Registry {
    /// As it lies on disk.
    below: Box<dyn Files>,
    /// Whether something changed since it was linted.
    stale: bool,
    /// What was found.
    pub(crate) findings: Vec<Finding>,
    /// What the editor shows, by file.
    shown: BTreeMap<RegistryPath, Vec<lsp::Diagnostic>>,
}

/// All of them, by folder.
#[derive(Default)]
pub(crate) struct Registries {
    known: BTreeMap<PathBuf, Registry>,
    /// The folders that the editor has open.
    folders: BTreeSet<PathBuf>,
}

/// The registry that a file is in, and the file's name there.
pub(crate) fn locate(machine: &dyn Machine, path: &Path) -> Option<(PathBuf, RegistryPath)> {
    let root = path.ancestors().skip(1).find(|folder| machine.is_registry(folder))?;
    let steps: Option<Vec<&str>> = path.strip_prefix(root).ok()?.iter().map(|step| step.to_str()).collect();
    Some((root.to_owned(), RegistryPath::new(steps?.join("/")).ok()?))
}

impl Registries {
    pub(crate) fn open_folder(&mut self, folder: PathBuf) {
        self.folders.insert(folder);
    }

    pub(crate) fn close_folder(&mut self, folder: &Path) {
        self.folders.remove(folder);
    }

    pub(crate) fn get(&self, root: &Path) -> Option<&Registry> {
        self.known.get(root)
    }

    /// Begins to look into the registry in `root`, if it is not known yet.
    pub(crate) fn know(&mut self, machine: &dyn Machine, root: &Path) {
        if !self.known.contains_key(root)
            && let Ok(below) = machine.files(root)
        {
            let registry = Registry { below, stale: true, findings: Vec::new(), shown: BTreeMap::new() };
            self.known.insert(root.to_owned(), registry);
        }
    }

    /// What was said of all registries may no longer hold.
    pub(crate) fn all_stale(&mut self) {
        for registry in self.known.values_mut() {
            registry.stale = true;
        }
    }

    /// The same of the one that `path` is in. One that is not known yet is stale from its first day.
    pub(crate) fn stale(&mut self, path: &Path) {
        for (_, registry) in self.known.iter_mut().filter(|(root, _)| path.starts_with(root)) {
            registry.stale = true;
        }
    }

    /// Lints what is stale; gives what the editor must be told: of files with findings, and of those that have none any more.
    pub(crate) fn settle(
        &mut self,
        machine: &dyn Machine,
        documents: &Documents,
        client: Client,
    ) -> Vec<lsp::PublishDiagnosticsParams> {
        let mut told = Vec::new();
        let open = documents.iter().filter_map(|document| Some(locate(machine, document.path.as_ref()?)?.0));
        let folders = self.folders.iter().filter(|folder| machine.is_registry(folder)).cloned();
        let wanted: BTreeSet<PathBuf> = open.chain(folders).collect();
        let gone: Vec<PathBuf> = self.known.keys().filter(|root| !wanted.contains(*root)).cloned().collect();
        for root in gone {
            if let Some(registry) = self.known.remove(&root) {
                let wire = Wire { client, documents, root: &root };
                told.extend(registry.shown.keys().filter_map(|path| silence(&wire, path)));
            }
        }
        for root in wanted {
            self.know(machine, &root);
            if let Some(registry) = self.known.get_mut(&root).filter(|registry| registry.stale) {
                registry.settle(machine, &Wire { client, documents, root: &root }, &mut told);
            }
        }
        told
    }
}

/// That there is nothing more to say of a file.
fn silence(wire: &Wire<'_>, path: &RegistryPath) -> Option<lsp::PublishDiagnosticsParams> {
    let uri = wire.uri(path.as_str())?;
    let version = wire.documents.get(&uri).map(|document| document.version);
    Some(lsp::PublishDiagnosticsParams { uri, version, diagnostics: Vec::new() })
}

impl Registry {
    /// Its files, the open documents above those on disk.
    pub(crate) fn files(&self, root: &Path, documents: &Documents) -> InMemory<&dyn Files> {
        let mut files = InMemory::over(&*self.below);
        for document in documents.iter() {
            let below = document.path.as_ref().and_then(|path| path.strip_prefix(root).ok());
            let steps: Option<Vec<&str>> = below.and_then(|path| path.iter().map(|step| step.to_str()).collect());
            if let Some(path) = steps.and_then(|steps| RegistryPath::new(steps.join("/")).ok()) {
                files.insert(path, document.text.as_bytes());
            }
        }
        files
    }

    fn settle(&mut self, machine: &dyn Machine, wire: &Wire<'_>, told: &mut Vec<lsp::PublishDiagnosticsParams>) {
        self.stale = false;
        let report = linter(machine).lint(&self.files(wire.root, wire.documents), &Scope::All);
        // Of a folder that cannot be listed nothing is known, and what was known holds no longer.
        self.findings = report.map(|report| report.findings).unwrap_or_default();
        let mut by_file: BTreeMap<RegistryPath, Vec<&Finding>> = BTreeMap::new();
        for finding in &self.findings {
            if let Ok(path) = RegistryPath::new(finding.primary.source.path()) {
                by_file.entry(path).or_default().push(finding);
            }
        }
        let shown: BTreeMap<_, _> =
            by_file.into_iter().map(|(path, findings)| (path, wire.diagnostics(&findings))).collect();
        for path in self.shown.keys().filter(|path| !shown.contains_key(*path)) {
            told.extend(silence(wire, path));
        }
        for (path, diagnostics) in &shown {
            let Some(uri) = wire.uri(path.as_str()) else { continue };
            let version = wire.documents.get(&uri).map(|document| document.version);
            // What an editor shows of an open document it has moved by itself as it was changed: say it anew.
            if version.is_some() || self.shown.get(path) != Some(diagnostics) {
                told.push(lsp::PublishDiagnosticsParams { uri, version, diagnostics: diagnostics.clone() });
            }
        }
        self.shown = shown;
    }
}

/// The linter of this day.
pub(crate) fn linter(machine: &dyn Machine) -> Linter<'static> {
    let threads = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    Linter::new(machine.today()).with_threads(threads)
}
