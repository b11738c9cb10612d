//! What a task class, a policy and an approval are: as written, validated, rendered, digested.
//!
//! Two forms of each document stand side by side. [`written`] is the file, field for field, and gives the JSON
//! Schema; [`model`] is what the rest of the workspace works with: checked, with defaults filled in and the policy
//! applied. Newtypes in the root check themselves when they are made, so a value that exists is well formed.

pub mod catalogue;
pub mod digest;
pub mod fields;
pub mod inputs;
pub mod inventory;
pub mod loaded;
pub mod model;
pub mod paths;
pub mod prompt;
pub mod record;
pub mod registry;
pub mod schema;
pub mod shape;
pub mod signers;
pub mod suggest;
pub mod written;

mod credits;
mod duration;
mod name;
mod newtype;
mod owner;
pub mod pattern;
mod percent;
mod region;
mod repo;

pub use credits::{Credits, NanoCredits};
pub use digest::Digest;
pub use duration::Duration;
pub use name::{AgentName, CheckName, ClassName, InputName, ModelId, NotifierName, Principal, RefName, StageName};
pub use newtype::Malformed;
pub use owner::{Caller, Owner};
pub use pattern::{PathPattern, RefPattern, RepoPattern};
pub use percent::Percent;
pub use region::Region;
pub use repo::RepoName;
pub use {inventory::Inventory, loaded::Loaded, registry::Registry, schema::SchemaKind};
