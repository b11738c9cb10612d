//! What must hold, by layer.

mod fixes;
mod formats;
mod report;
mod review;
mod runnable;
mod text;
mod tree;

pub(crate) use fixes::fixes;
pub(crate) use formats::{formats, without_colours};
pub(crate) use report::report;
pub(crate) use review::review;
pub(crate) use runnable::runnable;
pub(crate) use text::{inside, shows_all};
pub(crate) use tree::tree;
