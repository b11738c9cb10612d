//! Text and where it is: files, spans, the YAML tree, findings as data.
//!
//! This is the lowest layer. It knows nothing of task classes: a file becomes a [`SourceFile`], its YAML a tree in which
//! every key and every value has its byte span ([`yaml`]), a place in that tree is named by a [`Path`], typed values are
//! read straight from the tree ([`de`]), and whatever a reader must be told is a [`Finding`].

pub mod crowd;
pub mod de;
pub mod files;
pub mod finding;
pub mod markdown;
pub mod path;
mod source;
mod span;
mod str;
pub mod text;
pub mod yaml;

pub use files::{Files, InMemory, ReadError, RegistryPath, WorkTree};
pub use finding::{Edit, Finding, Fix, Label, Level, Safety};
pub use path::Path;
pub use source::{Position, SourceFile};
pub use span::Span;
pub use str::Str;
pub use yaml::Node;
