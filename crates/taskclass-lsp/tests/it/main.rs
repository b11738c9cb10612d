//! The server as an editor sees it: messages in, messages out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests say what they expect bluntly; clippy.toml covers only functions marked #[test]"
)]

mod actions;
mod base;
mod completion;
mod conversation;
mod diagnostics;
mod editor;
mod hover;
mod lenses;
mod navigation;
