//! Each document against the content of it that was approved last.

use std::collections::BTreeMap;

use jiff::Timestamp;
use taskclass_approval::{
    AtCommit,
    git::CommitId,
    registry::{Grounds, NotApproved},
    since::{DocumentName, LastApproved, Line, last_approved},
    trust::{Pin, TrustSource},
};
use taskclass_diff::{Asked, Diff, Document, Kind, Label, Side, Status, compare, compare_document};
use taskclass_source::{Files, InMemory, ReadError, SourceFile};
use taskclass_spec::{
    Inventory,
    record::POLICY_NAME,
    registry::{class_paths, paths, stem},
    suggest,
};

use super::{
    between::{Given, Sides, Source, label, open},
    example_request,
    gate::signed_by,
    held::{Branch, HeldTo},
    refused,
    standings::{AfterApproval, Authors, Table},
};
use crate::exit::Failure;

/// A review of documents since they were approved.
pub(crate) struct Since {
    pub(crate) diff: Diff,
    /// What each document that differs was held against, a line each.
    pub(crate) against: Vec<String>,
    /// How the signers came to be trusted; `None` where nobody is.
    pub(crate) trust: Option<TrustSource>,
    /// What whoever reads it has to know besides.
    pub(crate) note: Option<String>,
}

/// Reviews the documents of these names, or all, as they are at `head`, which for the work tree stands on `HEAD`.
pub(crate) fn since_approved(
    sides: Sides,
    head: &Given,
    names: &[String],
    inventory: Option<&Inventory>,
    held: &HeldTo,
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
    let mut since = review(&grounds, label, &head, &names, inventory, held, now)?;
    refused::say(&mut since.diff, head.files(), now)?;
    Ok(since)
}

/// The same of one document at one commit.
pub(super) fn for_signing(files: &AtCommit<'_>, name: &str, held: &HeldTo, now: Timestamp) -> Result<Since, Failure> {
    let commit = files.commit().clone();
    let repository = files.repository();
    let grounds = Grounds::open(repository, commit.clone(), Pin::Unpinned, now).map_err(Failure::usage)?;
    let head = Source::Commit(AtCommit::new(repository, commit.clone()).map_err(Failure::usage)?);
    let names = names_of(head.files(), &[name.to_owned()])?;
    review(&grounds, label(commit.as_str(), &commit), &head, &names, None, held, now)
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
    label: Label,
    head: &Source<'_>,
    names: &[DocumentName],
    inventory: Option<&Inventory>,
    held: &HeldTo,
    now: Timestamp,
) -> Result<Since, Failure> {
    let branch = held.branch(grounds, now)?;
    let last = match (&branch.rules, &branch.from) {
        (Ok(rules), Some(from)) => last_approved(Line { from, rules, reviewed: grounds }, names).map_err(unknown)?,
        _ => vec![None; names.len()],
    };
    let own_inventory = if inventory.is_none() { inventory_of(head.files()) } else { None };
    let inventory = inventory.or(own_inventory.as_ref());
    let table = head.commit().map(|_| {
        let classes = names.iter().filter(|name| **name != DocumentName::Policy).map(ToString::to_string).collect();
        // A change does not vouch for itself.
        let base = branch.rules.as_ref().ok().filter(|rules| rules.commit() != grounds.commit());
        Table::of(grounds, base, Ok(classes), Authors::OfAll)
    });
    let after = Side::read(label.clone(), head.files());
    // All documents of one base in one go: most of them are approved as they are.
    let mut groups: BTreeMap<Option<&CommitId>, BTreeMap<&str, Option<&LastApproved>>> = BTreeMap::new();
    for (name, last) in names.iter().zip(&last) {
        groups.entry(last.as_ref().map(|last| &last.commit)).or_default().insert(name.as_str(), last.as_ref());
    }
    let (mut documents, mut trust): (Vec<Document>, Option<Document>) = (Vec::new(), None);
    for (commit, members) in groups {
        let before = match commit {
            Some(commit) => {
                Source::Commit(AtCommit::new(grounds.files().repository(), commit.clone()).map_err(Failure::usage)?)
            }
            None => Source::Nothing(InMemory::new()),
        };
        let changed = match (before.commit(), head.commit()) {
            (Some(before), Some(after)) => Some(before.differing(after).map_err(Failure::usage)?),
            _ => None,
        };
        let asked = Asked {
            base: &Side::read(String::new(), before.files()),
            head: &after,
            inventory,
            approvals: &AfterApproval { last: &members, head: table.as_ref() },
            request: &example_request,
            changed: changed.as_ref(),
            now,
        };
        documents.extend(of_group(&asked, &members).map_err(Failure::usage)?);
        // Who may approve is part of what an approval meant.
        if commit.is_some() {
            let found = compare_document(&asked, Kind::Trust, "trust").map_err(Failure::usage)?;
            trust = trust.into_iter().chain(found).max_by_key(Document::effect);
        }
    }
    documents.extend(trust);
    let base = match (names, last.as_slice()) {
        ([_], [last]) => before(last.as_ref(), &branch),
        _ => "what was last approved".into(),
    };
    let against = names
        .iter()
        .zip(&last)
        .map(|(name, last)| format!("{name}: against {}", before(last.as_ref(), &branch)))
        .collect();
    let known = inventory.map(|inventory| inventory.iter().count());
    let trust = branch.rules.as_ref().ok().map(Grounds::trust);
    Ok(Since { diff: Diff::new(base, label, documents, known), against, trust, note: branch.note() })
}

fn unknown(error: NotApproved) -> Failure {
    match error {
        NotApproved::History(_) => Failure::usage(format!("what was approved last cannot be found out: {error}"))
            .help("get the whole history: `git fetch --unshallow`; actions/checkout with `fetch-depth: 0`"),
        error => Failure::usage(error),
    }
}

/// From so many documents on, comparing everything at once is less work than comparing each.
const MANY: usize = 10;

/// The documents of these names that differ from one base.
fn of_group(asked: &Asked<'_>, names: &BTreeMap<&str, Option<&LastApproved>>) -> Result<Vec<Document>, ReadError> {
    let kind = |name: &str| if name == POLICY_NAME { Kind::Policy } else { Kind::TaskClass };
    let mut documents = Vec::new();
    let mut one_by_one: Vec<&str> = names.keys().copied().collect();
    if names.len() >= MANY {
        // What was approved was approved under its name: a class that bears a new one is new.
        let (renamed, same): (Vec<_>, Vec<_>) = compare(asked)?
            .documents
            .into_iter()
            .filter(|document| document.kind != Kind::Trust && names.contains_key(document.name.as_str()))
            .partition(|document| matches!(document.status, Status::Renamed { .. }));
        one_by_one.retain(|name| renamed.iter().any(|document| document.name == *name));
        documents = same;
    }
    for name in one_by_one {
        documents.extend(compare_document(asked, kind(name), name)?);
    }
    Ok(documents)
}

/// What a document is held against, and where that was approved.
fn before(last: Option<&LastApproved>, branch: &Branch<'_>) -> Label {
    let on = branch.name.as_ref().map(|name| format!(" on {name}")).unwrap_or_default();
    let Some(LastApproved { commit, standing }) = last else {
        let note = format!("no content of it is approved now{on}");
        return Label { note: Some(note), ..Label::from("nothing") };
    };
    let people: Vec<String> = standing.by.iter().map(|by| signed_by(by.principal.as_str(), by.break_glass)).collect();
    let comma = if on.is_empty() { "" } else { "," };
    let note = format!("approved by {}{comma}{on}", people.join(", "));
    Label { note: Some(note), ..label(commit.as_str(), commit) }
}

/// The registry's own inventory, if there is a sound one.
fn inventory_of(files: &dyn Files) -> Option<Inventory> {
    let bytes = files.read(&paths::at(paths::INVENTORY)).ok()??;
    Inventory::parse(SourceFile::new(paths::INVENTORY, String::from_utf8_lossy(&bytes).into_owned())).ok()
}
