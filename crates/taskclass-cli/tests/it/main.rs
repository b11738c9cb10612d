//! The program's own face: help, wrong usage, exit codes, what is printed where. What it does is tested in `tests/`.

#![allow(clippy::unwrap_used, reason = "a test says what it expects bluntly")]

mod face;
mod lint;
