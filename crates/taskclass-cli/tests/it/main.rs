//! The program's own face: help, wrong usage, exit codes, what is printed where. What it does is tested in `tests/`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests say what they expect bluntly; clippy.toml covers only functions marked #[test]"
)]

mod diff;
mod face;
mod lint;
mod manual;
