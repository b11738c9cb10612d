//! A registry, read: what all classes share, and the classes. Who reads it through which `Files` cannot be told from here.
//!
//! Who needs one class after another (the linter) takes [`class_paths`] and [`Loaded::read`]; [`Registry`] is for those
//! who need all classes at once.

mod surroundings;

use taskclass_source::{Files, ReadError, RegistryPath};

/// Where things are in a registry.
pub use crate::paths;
pub use surroundings::Surroundings;

use crate::{ClassName, SchemaKind, loaded::Loaded, written};

/// A registry as read, with what is wrong still in it.
#[derive(Debug)]
pub struct Registry {
    /// What all classes share.
    pub surroundings: Surroundings,
    /// The classes, by path.
    pub classes: Vec<Loaded<written::TaskClass>>,
    /// Class files that exist and could not be read.
    pub unreadable: Vec<ReadError>,
}

impl Registry {
    /// Reads all documents.
    ///
    /// # Errors
    /// If a folder cannot be listed; what cannot be read of the files is part of the result.
    pub fn load(files: &dyn Files) -> Result<Self, ReadError> {
        let (mut classes, mut unreadable) = (Vec::new(), Vec::new());
        for path in class_paths(files)? {
            match Loaded::read(files, &path) {
                Ok(class) => classes.extend(class),
                Err(error) => unreadable.push(error),
            }
        }
        Ok(Self { surroundings: Surroundings::load(files), classes, unreadable })
    }

    /// The class whose file bears `name`.
    pub fn class(&self, name: &ClassName) -> Option<&Loaded<written::TaskClass>> {
        self.classes.iter().find(|class| stem(&class.path) == name.as_str())
    }

    /// The names of all class files, for "did you mean".
    pub fn class_names(&self) -> impl Iterator<Item = &str> {
        self.classes.iter().map(|class| stem(&class.path))
    }
}

impl Loaded<written::TaskClass> {
    /// Reads one class; `None` if there is no such file.
    ///
    /// # Errors
    /// If the file is there and cannot be read. What is wrong in it is part of the result.
    pub fn read(files: &dyn Files, path: &RegistryPath) -> Result<Option<Self>, ReadError> {
        let bytes = files.read(path)?;
        Ok(bytes.map(|bytes| Self::parse(SchemaKind::TaskClass, path, bytes)))
    }
}

/// The paths of all classes, sorted.
///
/// # Errors
/// If the folder cannot be listed.
pub fn class_paths(files: &dyn Files) -> Result<Vec<RegistryPath>, ReadError> {
    let mut paths = files.list(&paths::at(paths::CLASSES))?;
    paths.retain(is_class);
    Ok(paths)
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
        let Surroundings { policy, inventory, unreadable, .. } = &registry.surroundings;
        assert!(policy.as_ref().unwrap().checked().is_err());
        let class = registry.class(&"a".parse().unwrap()).unwrap();
        assert!(class.findings().iter().any(|f| f.rule == "wrong-type" && class.source.slice(f.primary.span) == "7"));
        assert!(inventory.is_none() && unreadable.is_empty() && registry.unreadable.is_empty());
        assert!(Loaded::read(&files, &paths::at("task-classes/b.yaml")).unwrap().is_none());
    }
}
