//! The tutorial and the guides of the manual, done as they say.

use crate::harness::Reader;

const GUIDES: [&str; 5] = ["writing", "reviewing", "approving", "running", "adopting"];

#[test]
fn the_guides_can_be_followed_from_the_first_command_to_the_last() {
    let folder = tempfile::tempdir().unwrap();
    let mut reader = Reader::new(folder.path());
    for guide in GUIDES {
        reader.follows(&format!("guides/{guide}.md"));
    }
}

#[test]
fn the_tutorial_can_be_followed_from_the_first_command_to_the_last() {
    let folder = tempfile::tempdir().unwrap();
    Reader::new(folder.path()).follows("tutorial.md");
}
