//! A registry, read: policy, classes, catalogue, inventory. Who reads it through which `Files` cannot be told from here.

use std::{collections::BTreeMap, sync::Arc};

use taskclass_source::{Files, Finding, Label, ReadError, RegistryPath, SourceFile};

/// Where things are in a registry.
pub use crate::paths;
use crate::{
    ClassName, SchemaKind, catalogue,
    digest::DocumentDigest,
    inventory::{Inventory, InventoryError},
    loaded::Loaded,
    written,
};

/// A registry as read, with what is wrong still in it.
#[derive(Debug)]
pub struct Registry {
    /// The policy; `None` if there is no such file.
    pub policy: Option<Loaded<written::Policy>>,
    /// The classes, by path.
    pub classes: Vec<Loaded<written::TaskClass>>,
    /// The registry's own catalogue; `None` where the built-in one serves.
    pub own_catalogue: Option<Loaded<written::Catalogue>>,
    /// The inventory, or its bad lines; `None` if there is no such file.
    pub inventory: Option<Result<Inventory, Vec<InventoryError>>>,
    /// Files that exist and could not be read.
    pub unreadable: Vec<ReadError>,
}

impl Registry {
    /// Reads all documents. Only a folder that cannot be listed is an error; what cannot be read of the files is part of
    /// the result.
    pub fn load(files: &dyn Files) -> Result<Self, ReadError> {
        let mut unreadable = Vec::new();
        let mut read = |path: &RegistryPath| match files.read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                unreadable.push(error);
                None
            }
        };
        let policy_path = paths::at(paths::POLICY);
        let policy = read(&policy_path).map(|bytes| Loaded::parse(SchemaKind::Policy, &policy_path, bytes));
        let models_path = paths::at(paths::MODELS);
        let own_catalogue = read(&models_path).map(|bytes| Loaded::parse(SchemaKind::Models, &models_path, bytes));
        let inventory_path = paths::at(paths::INVENTORY);
        let inventory = read(&inventory_path).map(|bytes| {
            Inventory::parse(SourceFile::new(paths::INVENTORY, String::from_utf8_lossy(&bytes).into_owned()))
        });
        let mut classes = Vec::new();
        for path in files.list(&paths::at(paths::CLASSES))? {
            if is_class(&path)
                && let Some(bytes) = read(&path)
            {
                classes.push(Loaded::parse(SchemaKind::TaskClass, &path, bytes));
            }
        }
        Ok(Self { policy, classes, own_catalogue, inventory, unreadable })
    }

    /// The class whose file bears `name`.
    pub fn class(&self, name: &ClassName) -> Option<&Loaded<written::TaskClass>> {
        self.classes.iter().find(|class| stem(&class.path) == name.as_str())
    }

    /// The names of all class files, for "did you mean".
    pub fn class_names(&self) -> impl Iterator<Item = &str> {
        self.classes.iter().map(|class| stem(&class.path))
    }

    /// The catalogue that counts: the registry's own if it is sound, else the built-in one.
    pub fn catalogue(&self) -> &written::Catalogue {
        self.own_catalogue.as_ref().and_then(|own| own.written.as_ref()).unwrap_or_else(|| catalogue::built_in())
    }

    /// The inventory, if there is a sound one.
    pub fn inventory(&self) -> Option<&Inventory> {
        self.inventory.as_ref()?.as_ref().ok()
    }

    /// The policy's digest. It draws in no files.
    ///
    /// # Errors
    /// What keeps the policy from being read.
    pub fn policy_digest(&self) -> Result<DocumentDigest, Vec<Finding>> {
        let Some(loaded) = &self.policy else { return Err(Vec::new()) };
        loaded.checked()?;
        let root = loaded.root.as_ref().ok_or_else(|| loaded.findings())?;
        DocumentDigest::of(&root.to_json(), BTreeMap::new()).map_err(|error| {
            vec![Finding::error("float-value", error.to_string(), Label::mark(&loaded.source, root.span))]
        })
    }

    /// The typed policy, if there is a sound one.
    pub fn written_policy(&self) -> Option<Arc<written::Policy>> {
        self.policy.as_ref()?.written.clone().map(Arc::new)
    }
}

/// Whether a file under `task-classes/` is a class: a `.yaml` directly in it.
pub fn is_class(path: &RegistryPath) -> bool {
    let name = path.as_str().strip_prefix("task-classes/");
    name.is_some_and(|name| !name.contains('/') && name.ends_with(".yaml"))
}

/// A class file's name without folder and ending.
pub fn stem(path: &RegistryPath) -> &str {
    path.file_stem().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use taskclass_source::InMemory;

    use super::*;

    #[test]
    fn reads_what_is_there_and_keeps_what_is_wrong() {
        let files = InMemory::new()
            .with(paths::at("policy.yaml"), "schema: policy/v1\n")
            .with(paths::at("task-classes/a.yaml"), "schema: task-class/v1\nname: 7\n")
            .with(paths::at("task-classes/prompts/a.yaml"), "not a class")
            .with(paths::at("task-classes/notes.md"), "not a class");
        let registry = Registry::load(&files).unwrap();
        assert_eq!(registry.class_names().collect::<Vec<_>>(), ["a"]);
        assert!(registry.policy.as_ref().unwrap().checked().is_err());
        let class = registry.class(&"a".parse().unwrap()).unwrap();
        assert!(class.findings().iter().any(|f| f.rule == "wrong-type" && class.source.slice(f.primary.span) == "7"));
        assert!(registry.inventory().is_none() && registry.unreadable.is_empty());
    }
}
