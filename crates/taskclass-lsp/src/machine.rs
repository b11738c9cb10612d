//! What the server asks of the machine that it runs on: the day, and the files of registries. Nothing else of it is touched.

use std::fmt;
use std::path::Path;

use jiff::civil::Date;
use taskclass_source::{Files, ReadError, WorkTree};
use taskclass_spec::paths;

/// The machine as the server sees it; tests put a small one of their own in its place.
pub trait Machine {
    /// The day, for rules that ask whether something has expired.
    fn today(&self) -> Date;

    /// Whether `folder` holds a registry: a `policy.yaml`, and a `task-classes` folder beside it or our schema named in it,
    /// since the file's name alone is other programs' too.
    fn is_registry(&self, folder: &Path) -> bool;

    /// The files of the registry in `root`.
    ///
    /// # Errors
    /// If the folder cannot be entered.
    fn files(&self, root: &Path) -> Result<Box<dyn Files>, ReadError>;
}

/// The real one; reads through [`WorkTree`], so within registries and over no links.
pub struct OnDisk<T> {
    today: T,
}

impl<T: Fn() -> Date> OnDisk<T> {
    /// With a clock that knows the day.
    pub fn new(today: T) -> Self {
        Self { today }
    }
}

impl<T> fmt::Debug for OnDisk<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnDisk").finish_non_exhaustive()
    }
}

impl<T: Fn() -> Date> Machine for OnDisk<T> {
    fn today(&self) -> Date {
        (self.today)()
    }

    fn is_registry(&self, folder: &Path) -> bool {
        let policy = folder.join(paths::POLICY);
        if !policy.is_file() {
            return false;
        }
        let ours = || {
            let bytes = WorkTree::open(folder).ok()?.read(&paths::at(paths::POLICY)).ok()??;
            Some(is_policy(&String::from_utf8_lossy(&bytes)))
        };
        folder.join(paths::CLASSES).is_dir() || ours().unwrap_or_default()
    }

    fn files(&self, root: &Path) -> Result<Box<dyn Files>, ReadError> {
        Ok(Box::new(WorkTree::open(root)?))
    }
}

/// Whether a text names our schema of a policy.
fn is_policy(text: &str) -> bool {
    text.lines().any(|line| line.strip_prefix("schema:").is_some_and(|value| value.trim_start().starts_with("policy/")))
}
