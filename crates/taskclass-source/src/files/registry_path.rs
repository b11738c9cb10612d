//! The name of a file or folder within a registry, which cannot lead out of it.

use std::fmt;
use std::str::FromStr;

use crate::text::visible;

/// The longest path, in bytes.
const MAX_BYTES: usize = 1024;

/// A relative path with forward slashes, without empty, `.` or `..` steps, backslashes and control characters; the case
/// is kept. The empty path is the registry's root folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct RegistryPath(Box<str>);

/// Why a text is no path within a registry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{shown}` is not a path within the registry: {reason}")]
pub struct RegistryPathError {
    /// The text, made visible.
    pub shown: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl RegistryPath {
    /// The registry's root folder.
    pub fn root() -> Self {
        Self::default()
    }

    /// Checks `text`, which is taken as it is: nothing is normalised, so that one file has one name.
    ///
    /// # Errors
    /// With the reason, if the text could name anything but one place within a registry.
    pub fn new(text: impl AsRef<str>) -> Result<Self, RegistryPathError> {
        let text = text.as_ref();
        match fault(text) {
            None => Ok(Self(text.into())),
            Some(reason) => Err(RegistryPathError { shown: visible(text).into_owned(), reason }),
        }
    }

    /// The path as text; empty for the root.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the root folder.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// `relative` below this folder.
    ///
    /// # Errors
    /// As [`RegistryPath::new`].
    pub fn join(&self, relative: impl AsRef<str>) -> Result<Self, RegistryPathError> {
        let relative = Self::new(relative)?;
        match (self.is_root(), relative.is_root()) {
            (true, _) => Ok(relative),
            (_, true) => Ok(self.clone()),
            _ => Self::new(format!("{self}/{relative}")),
        }
    }

    /// The folder that holds it; `None` for the root.
    pub fn parent(&self) -> Option<Self> {
        if self.is_root() {
            return None;
        }
        Some(self.0.rsplit_once('/').map_or_else(Self::root, |(folder, _)| Self(folder.into())))
    }

    /// The last step; `None` for the root.
    pub fn file_name(&self) -> Option<&str> {
        self.0.rsplit('/').next().filter(|name| !name.is_empty())
    }

    /// The file's name without its last extension: `a/b.c.yaml` → `b.c`; a name that begins with its only dot is all stem.
    pub fn file_stem(&self) -> Option<&str> {
        let name = self.file_name()?;
        Some(name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map_or(name, |(stem, _)| stem))
    }

    /// What stands behind the last dot of the file's name.
    pub fn extension(&self) -> Option<&str> {
        let (stem, extension) = self.file_name()?.rsplit_once('.')?;
        (!stem.is_empty()).then_some(extension)
    }

    /// The steps from the root.
    pub fn steps(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').filter(|step| !step.is_empty())
    }

    /// Whether it is `folder` or lies below it.
    pub fn is_within(&self, folder: &RegistryPath) -> bool {
        folder.is_root()
            || self.0.strip_prefix(folder.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

fn fault(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        return None;
    }
    if text.len() > MAX_BYTES {
        return Some("it is longer than 1024 bytes");
    }
    if text.starts_with('/') {
        return Some("it begins with `/`");
    }
    if text.contains('\\') {
        return Some("it has a `\\`; folders are separated by `/`");
    }
    if text.chars().any(char::is_control) {
        return Some("it has a control character");
    }
    // `C:` names a drive where a registry is checked out on Windows, and `name:stream` another stream of a file.
    if text.contains(':') {
        return Some("it has a `:`");
    }
    for step in text.split('/') {
        match step {
            "" => return Some("it has an empty step (`//`, or a `/` at the end)"),
            "." | ".." => return Some("it has a step `.` or `..`"),
            _ => {}
        }
    }
    None
}

impl FromStr for RegistryPath {
    type Err = RegistryPathError;

    fn from_str(text: &str) -> Result<Self, RegistryPathError> {
        Self::new(text)
    }
}

impl TryFrom<&str> for RegistryPath {
    type Error = RegistryPathError;

    fn try_from(text: &str) -> Result<Self, RegistryPathError> {
        Self::new(text)
    }
}

impl TryFrom<String> for RegistryPath {
    type Error = RegistryPathError;

    fn try_from(text: String) -> Result<Self, RegistryPathError> {
        Self::new(text)
    }
}

impl AsRef<str> for RegistryPath {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for RegistryPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for RegistryPath {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(text).map_err(serde::de::Error::custom)
    }
}
