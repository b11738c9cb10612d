//! What runs in a workflow: the action's steps with a fake `gh` and `taskclass` on their path, the same with the real program, and the
//! workflows as documents.

mod comment;
mod gate;
mod install;
mod lint;
mod review;
mod runner;
mod story;
mod workflows;

use runner::Runner;

/// The repository.
fn root() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}
