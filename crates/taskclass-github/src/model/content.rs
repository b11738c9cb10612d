//! A file or directory at a path.

use data_encoding::BASE64;
use serde::{Deserialize, Deserializer};

/// What is at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A file.
    File(ContentFile),
    /// A directory: at most 1,000 entries.
    Directory(Vec<ContentEntry>),
    /// A symbolic link, a submodule, or something this version does not know.
    Other(ContentEntry),
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentFile {
    /// Path from the root of the repository.
    pub path: String,
    /// The blob's id.
    pub sha: String,
    /// Size in bytes.
    pub size: u64,
    /// The bytes; `None` if GitHub left them out (above 1 MB).
    pub bytes: Option<Vec<u8>>,
}

/// Something at a path, without its content.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ContentEntry {
    /// `file`, `dir`, `symlink` or `submodule`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Path from the root of the repository.
    pub path: String,
    /// The object's id.
    pub sha: String,
    /// Size in bytes.
    pub size: u64,
}

#[derive(Deserialize)]
struct Single {
    #[serde(flatten)]
    entry: ContentEntry,
    #[serde(default)]
    content: Option<String>,
    #[serde(default)]
    encoding: Option<String>,
    #[serde(default)]
    entries: Option<Vec<ContentEntry>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Many(Vec<ContentEntry>),
    One(Box<Single>),
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let single = match Written::deserialize(deserializer)? {
            Written::Many(entries) => return Ok(Self::Directory(entries)),
            Written::One(single) => *single,
        };
        let Single { entry, content, encoding, entries } = single;
        Ok(match entry.kind.as_str() {
            "file" => {
                let bytes = match (content, encoding.as_deref()) {
                    (Some(text), Some("base64")) => Some(decode(&text).map_err(serde::de::Error::custom)?),
                    _ => None,
                };
                Self::File(ContentFile { path: entry.path, sha: entry.sha, size: entry.size, bytes })
            }
            "dir" => Self::Directory(entries.unwrap_or_default()),
            _ => Self::Other(entry),
        })
    }
}

/// GitHub breaks the base64 into lines.
fn decode(text: &str) -> Result<Vec<u8>, data_encoding::DecodeError> {
    let joined: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    BASE64.decode(&joined)
}
