//! The crate through its public face.
