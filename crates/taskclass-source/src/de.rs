//! Typed values straight from the tree, with errors that know their place.
//!
//! [`from_node`] reads any `Deserialize` type. An error names the path and the span of what is wrong: an unknown field its
//! key, a missing field the key of the mapping that lacks it, a wrong value the value. Inside untagged, flattened and
//! internally tagged types serde buffers what it reads, so an error there is placed at the whole value of that type.

mod error;
mod reader;

use std::marker::PhantomData;

pub use error::{DeError, DeErrorKind};

use crate::Node;

/// Reads a `T` from `node`.
///
/// # Errors
/// At the first thing that does not fit, with its place.
pub fn from_node<'de, T: serde::Deserialize<'de>>(node: &'de Node) -> Result<T, DeError> {
    reader::Reader::root(node).seed(PhantomData::<T>).map_err(error::Fault::place)
}

#[cfg(test)]
mod tests;
