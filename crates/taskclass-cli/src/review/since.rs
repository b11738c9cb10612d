//! Each document against the content of it that was approved last.

use std::collections::BTreeMap;

use jiff::Timestamp;
use taskclass_approval::{
    AtCommit,
    git::CommitId,
    registry::{Grounds, NotApproved},
    since::{DocumentName, LastApproved, last_approved},
    trust::Pin,
};
use taskclass_diff::{Asked, Diff, Document, Kind, Side, compare_document};
use taskclass_source::{Files, InMemory, SourceFile};
use taskclass_spec::{
    Inventory,
    record::POLICY_NAME,
    registry::{class_paths, paths, stem},
    suggest,
};

use super::{
    between::{Given, Sides, Source, label, open},
    example_request,
    standings::{AfterApproval, Authors, Table},
};
use crate::exit::Failure;

/// A review of documents since they were approved.
pub(crate) struct Since {
    pub(crate) diff: Diff,
    /// What each document was held against, a line each.
    pub(crate) against: Vec<String>,
}

/// Reviews the documents of these names, or all, as they are at `head`; what is approved is read from the commit of it, or
/// from `HEAD` for the work tree.
pub(crate) fn since_approved(
    sides: Sides,
    head: &Given,
    names: &[String],
    inventory: Option<&Inventory>,
    now: Timestamp,
) -> Result<Since, Failure> {
    if matches!(head, Given::Folder(_)) {
        return Err(Failure::usage("what was approved last is known of a repository's history, not of a folder"));
    }
    let (root, revisions) = sides.root()?;
    let revisions = revisions.ok_or_else(|| {
        Failure::usage(format!("the registry {} is in no git repository", root.display()))
            .help("approvals are about commits: `git init` and commit the registry first")
    })?;
    if !revisions.folder().is_root() {
        return Err(Failure::usage(format!(
            "approvals are about a registry at the top of its repository, and this one is in `{}`",
            revisions.folder()
        )));
    }
    let commit = match head {
        Given::Revision(revision) => revisions.resolve(revision)?,
        Given::Folder(_) | Given::WorkTree => revisions.resolve("HEAD")?,
    };
    let (label, head) = open(head, &root, Some(&revisions))?;
    let grounds = Grounds::open(&revisions.repository, commit, Pin::Unpinned, now).map_err(Failure::usage)?;
    let names = names_of(head.files(), names)?;
    review(&grounds, label, &head, &names, inventory, now)
}

/// The same of one document at one commit.
pub(super) fn for_signing(files: &AtCommit<'_>, name: &str, now: Timestamp) -> Result<Diff, Failure> {
    let commit = files.commit().clone();
    let repository = files.repository();
    let grounds = Grounds::open(repository, commit.clone(), Pin::Unpinned, now).map_err(Failure::usage)?;
    let head = Source::Commit(AtCommit::new(repository, commit.clone()).map_err(Failure::usage)?);
    let names = names_of(head.files(), &[name.to_owned()])?;
    Ok(review(&grounds, label(commit.as_str(), &commit), &head, &names, None, now)?.diff)
}

/// The documents that are asked for, each of which there must be.
fn names_of(files: &dyn Files, asked: &[String]) -> Result<Vec<DocumentName>, Failure> {
    let classes = class_paths(files).map_err(Failure::usage)?;
    let known: Vec<&str> = classes.iter().map(stem).collect();
    let class = |name: &str| name.parse().ok().filter(|_| known.contains(&name)).map(DocumentName::Class);
    if asked.is_empty() {
        return Ok(std::iter::once(DocumentName::Policy).chain(known.iter().filter_map(|name| class(name))).collect());
    }
    asked
        .iter()
        .map(|name| {
            if name == POLICY_NAME {
                return Ok(DocumentName::Policy);
            }
            class(name).ok_or_else(|| {
                let near = suggest::closest(name, known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
                Failure::usage(format!("there is no class `{name}` in this registry"))
                    .help(near.unwrap_or_else(|| format!("there are: policy, {}", known.join(", "))))
            })
        })
        .collect()
}

fn review(
    grounds: &Grounds<'_>,
    label: String,
    head: &Source<'_>,
    names: &[DocumentName],
    inventory: Option<&Inventory>,
    now: Timestamp,
) -> Result<Since, Failure> {
    let last = last_approved(grounds, names).map_err(|error| match error {
        NotApproved::History(_) => Failure::usage(format!("what was approved last cannot be found out: {error}"))
            .help("get the whole history: `git fetch --unshallow`; actions/checkout with `fetch-depth: 0`"),
        error => Failure::usage(error),
    })?;
    let own_inventory = if inventory.is_none() { inventory_of(head.files()) } else { None };
    let inventory = inventory.or(own_inventory.as_ref());
    let table = head.commit().map(|_| {
        let classes = names.iter().filter(|name| **name != DocumentName::Policy).map(ToString::to_string).collect();
        Table::of(grounds, None, Ok(classes), Authors::OfAll)
    });
    let after = Side::read(label.clone(), head.files());
    let nothing = InMemory::new();
    let of_nothing = Before { files: &nothing, last: None };
    let mut commits: BTreeMap<&CommitId, AtCommit<'_>> = BTreeMap::new();
    for found in last.iter().flatten() {
        let files = AtCommit::new(grounds.files().repository(), found.commit.clone()).map_err(Failure::usage)?;
        commits.insert(&found.commit, files);
    }
    let (mut documents, mut trust): (Vec<Document>, Option<Document>) = (Vec::new(), None);
    for (name, last) in names.iter().zip(&last) {
        let at = last.as_ref().and_then(|last| commits.get(&last.commit));
        let before = at.map_or(of_nothing, |files| Before { files, last: last.as_ref() });
        let changed = match (at, head.commit()) {
            (Some(before), Some(after)) => Some(before.differing(after).map_err(Failure::usage)?),
            _ => None,
        };
        let side = Side::read(before.label(), before.files);
        let asked = Asked {
            base: &side,
            head: &after,
            inventory,
            approvals: &AfterApproval { last: before.last, head: table.as_ref() },
            request: &example_request,
            changed: changed.as_ref(),
            now,
        };
        let kind = if *name == DocumentName::Policy { Kind::Policy } else { Kind::TaskClass };
        documents.extend(compare_document(&asked, kind, name.as_str()).map_err(Failure::usage)?);
        // Who may approve is part of what an approval meant.
        if at.is_some() {
            let found = compare_document(&asked, Kind::Trust, "trust").map_err(Failure::usage)?;
            trust = trust.into_iter().chain(found).max_by_key(Document::effect);
        }
    }
    documents.extend(trust);
    let base = match (names, last.as_slice()) {
        ([_], [last]) => Before { files: &nothing, last: last.as_ref() }.label(),
        _ => "what was last approved".to_owned(),
    };
    let against = names
        .iter()
        .zip(&last)
        .map(|(name, last)| format!("{name}: against {}", Before { files: &nothing, last: last.as_ref() }.label()))
        .collect();
    let known = inventory.map(|inventory| inventory.iter().count());
    Ok(Since { diff: Diff::new(base, label, documents, known), against })
}

/// What a document is held against.
#[derive(Clone, Copy)]
struct Before<'a> {
    files: &'a dyn Files,
    last: Option<&'a LastApproved>,
}

impl Before<'_> {
    fn label(&self) -> String {
        let Some(LastApproved { commit, standing }) = self.last else {
            return "nothing (no content of it is approved now)".to_owned();
        };
        let people: Vec<&str> = standing.by.iter().map(|by| by.principal.as_str()).collect();
        format!("{} (approved by {})", label(commit.as_str(), commit), people.join(", "))
    }
}

/// The registry's own inventory, if there is a sound one.
fn inventory_of(files: &dyn Files) -> Option<Inventory> {
    let bytes = files.read(&paths::at(paths::INVENTORY)).ok()??;
    Inventory::parse(SourceFile::new(paths::INVENTORY, String::from_utf8_lossy(&bytes).into_owned())).ok()
}
