//! A registry of three classes, what is done to it, and the review of that.

use std::{fs, path::Path};

use jiff::Timestamp;
use taskclass_diff::{Approvals, Diff, Given, Kind, Side, Standing, compare};
use taskclass_source::{Files, InMemory};

use crate::support::{asked, path};

/// One thing that is done to the registry.
pub(crate) enum Edit {
    /// In a file a text, which must be there once, is replaced by another.
    Swap(&'static str, &'static str, &'static str),
    /// A file is written.
    Put(&'static str, String),
    /// A file is gone.
    Remove(&'static str),
}

/// A change and what is known beside it.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) edits: Vec<Edit>,
    /// The classes whose content after is approved: as before, or by a break-glass approval.
    pub(crate) approved: Vec<(&'static str, bool)>,
    /// How many have to sign after, if not as many as before.
    pub(crate) needed: Option<u32>,
    /// The name of what it is after.
    pub(crate) head: &'static str,
}

impl Case {
    pub(crate) fn new(name: &'static str, what: &'static str, edits: Vec<Edit>) -> Self {
        Self { name, what, edits, approved: Vec::new(), needed: None, head: "HEAD" }
    }

    pub(crate) fn diff(&self) -> Diff {
        let (before, after) = (registry(), edited(&self.edits));
        let (base, head) = (Side::read("origin/main", &before), Side::read(self.head, &after));
        compare(&asked(&base, &head, self)).unwrap()
    }
}

/// As many as have to sign at the base: two for the policy.
fn needed(kind: Kind) -> u32 {
    if kind == Kind::Policy { 2 } else { 1 }
}

impl Approvals for Case {
    fn at_base(&self, kind: Kind, _: &str) -> Option<Standing> {
        let until = "2027-03-01T00:00:00Z";
        let by: Vec<Given> = ["alice@acme.com", "bob@acme.com"]
            .into_iter()
            .take(needed(kind) as usize)
            .map(|who| given(who, until, false))
            .collect();
        Some(Standing { needed: needed(kind), by, approved: true, authors: Vec::new(), revoked: None })
    }

    fn at_head(&self, kind: Kind, name: &str) -> Option<Standing> {
        let by: Vec<Given> = match self.approved.iter().find(|(class, _)| *class == name) {
            Some((_, true)) => vec![given("bob@acme.com", "2026-11-22T06:30:00Z", true)],
            Some((_, false)) => self.at_base(kind, name)?.by,
            None => Vec::new(),
        };
        let needed = self.needed.unwrap_or(needed(kind));
        let approved = by.len() >= needed as usize;
        Some(Standing { needed, by, approved, authors: vec!["carol@acme.com".to_owned()], revoked: None })
    }
}

fn given(who: &str, until: &str, break_glass: bool) -> Given {
    let until: Timestamp = until.parse().unwrap();
    Given { principal: who.parse().unwrap(), until, break_glass }
}

/// The registry in `changes/base`.
pub(crate) fn registry() -> InMemory {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/changes/base");
    let mut files = InMemory::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root.join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let name = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            if entry.file_type().unwrap().is_dir() {
                folders.push(name);
            } else {
                files.insert(path(&name), fs::read(entry.path()).unwrap());
            }
        }
    }
    files
}

/// The same with some edits.
pub(crate) fn edited(edits: &[Edit]) -> InMemory {
    let mut files = registry();
    edits.iter().for_each(|edit| apply(edit, &mut files));
    files
}

/// A file of the registry in `changes/base`.
pub(crate) fn text(name: &str) -> String {
    String::from_utf8(registry().read(&path(name)).unwrap().unwrap()).unwrap()
}

fn apply(edit: &Edit, files: &mut InMemory) {
    match edit {
        Edit::Swap(name, from, to) => {
            let text = String::from_utf8(files.read(&path(name)).unwrap().unwrap()).unwrap();
            assert_eq!(text.matches(from).count(), 1, "{from} in {name}");
            files.insert(path(name), text.replace(from, to));
        }
        Edit::Put(name, text) => files.insert(path(name), text.clone()),
        Edit::Remove(name) => files.remove(path(name)),
    }
}
