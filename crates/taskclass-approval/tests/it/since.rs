//! What was approved last, and what stands in the way of a change that vouches for itself.

use std::collections::BTreeSet;

use taskclass_approval::{
    AtCommit, Decision,
    git::Repository,
    registry::Grounds,
    since::{self, DocumentName, LastApproved},
    trust::Pin,
};
use taskclass_source::{Files, RegistryPath};
use taskclass_spec::signers::Namespace;

use crate::{
    support::{ALICE, BOB, CAROL, Repo, line},
    world::{CLASS, DAVE, PARTIAL, POLICY, World, trust},
};

const MALLORY: &str = "mallory@evil.com";

fn notes() -> DocumentName {
    DocumentName::Class("notes".parse().unwrap())
}

fn at<T>(world: &World, repository: &Repository, look: impl FnOnce(Grounds<'_>) -> T) -> T {
    look(Grounds::open(repository, world.head(repository), world.pin, world.now).unwrap())
}

fn last(world: &World, name: DocumentName) -> Option<LastApproved> {
    let repository = world.repository();
    at(world, &repository, |grounds| since::last_approved(&grounds, &[name]).unwrap().remove(0))
}

fn head(world: &World) -> String {
    world.repo.git(&["rev-parse", "HEAD"])
}

#[test]
fn the_newest_content_that_is_approved_now_is_found() {
    let world = World::approved();
    let approved = head(&world);
    assert_eq!(last(&world, notes()).unwrap().commit.as_str(), approved);
    // Away from it in the class, then in a partial, then back in both.
    world.repo.write("task-classes/notes.yaml", CLASS.replace("version: 1", "version: 2"));
    world.repo.commit(DAVE);
    let found = last(&world, notes()).unwrap();
    assert_eq!((found.commit.as_str(), found.standing.by[0].principal.as_str()), (approved.as_str(), ALICE));
    world.repo.write("task-classes/notes.yaml", CLASS);
    world.repo.write("task-classes/prompts/partials/small.md", "Change everything.\n");
    world.repo.commit(DAVE);
    assert_eq!(last(&world, notes()).unwrap().commit.as_str(), approved);
    world.repo.write("task-classes/prompts/partials/small.md", PARTIAL);
    world.repo.commit(DAVE);
    let back = head(&world);
    assert_eq!(last(&world, notes()).unwrap().commit.as_str(), back);
    assert_eq!(last(&world, DocumentName::Policy).unwrap().commit.as_str(), back);
    // What changes nothing of the document moves its commit only.
    world.repo.write("README.md", "x");
    world.repo.commit(DAVE);
    assert_eq!(last(&world, notes()).unwrap().commit.as_str(), head(&world));
}

#[test]
fn of_two_approved_contents_the_nearer_one_counts_until_it_is_withdrawn() {
    let world = World::approved();
    let first = head(&world);
    world.repo.write("task-classes/notes.yaml", CLASS.replace("version: 1", "version: 2"));
    world.repo.commit(DAVE);
    world.approve("notes", BOB);
    let second = world.repo.commit(BOB);
    let revoke = world.subject("notes").digest;
    world.repo.write("task-classes/notes.yaml", CLASS.replace("version: 1", "version: 3"));
    world.repo.commit(DAVE);
    assert_eq!(last(&world, notes()).unwrap().commit.as_str(), second);
    world.revoke_what(ALICE, taskclass_spec::written::Revoked::Digest(revoke));
    assert_eq!(last(&world, notes()).unwrap().commit.as_str(), first);
}

#[test]
fn nothing_approved_is_nothing_found() {
    let world = World::unsigned();
    assert_eq!(last(&world, notes()), None);
    world.approve("notes", DAVE);
    world.repo.commit(DAVE);
    assert_eq!(last(&world, notes()), None, "an author's word on their own content");
    assert_eq!(last(&world, DocumentName::Class("other".parse().unwrap())), None);
}

#[test]
fn a_merge_is_followed_to_where_the_approved_content_is() {
    let world = World::approved();
    let approved = head(&world);
    world.repo.git(&["checkout", "-q", "-b", "side"]);
    world.repo.write("task-classes/notes.yaml", CLASS.replace("version: 1", "version: 2"));
    world.repo.commit(DAVE);
    world.repo.git(&["checkout", "-q", "main"]);
    world.repo.write("README.md", "x");
    let main = world.repo.commit(DAVE);
    world.repo.git(&["merge", "-q", "--no-edit", "side"]);
    assert_eq!(last(&world, notes()).unwrap().commit.as_str(), approved, "it came from the side");
    // Changed in the merge itself: both ways are looked at, the nearer first.
    world.repo.write("task-classes/notes.yaml", CLASS.replace("version: 1", "version: 3"));
    world.repo.git(&["add", "-A"]);
    world.repo.git(&["commit", "-q", "--amend", "--no-edit"]);
    assert_eq!(last(&world, notes()).unwrap().commit.as_str(), main);
}

#[test]
fn history_that_is_cut_off_is_an_error_and_not_nothing() {
    let world = World::approved();
    world.repo.write("task-classes/notes.yaml", CLASS.replace("version: 1", "version: 2"));
    world.repo.commit(DAVE);
    let clone = Repo::new();
    let url = format!("file://{}", world.repo.path().display());
    clone.git(&["fetch", "-q", "--depth=1", &url, "main:refs/heads/here"]);
    let repository = Repository::open(clone.path()).unwrap();
    let commit = repository.resolve(&"refs/heads/here".parse().unwrap()).unwrap();
    let grounds = Grounds::open(&repository, commit, world.pin, world.now).unwrap();
    let error = since::last_approved(&grounds, &[notes()]).unwrap_err().to_string();
    assert!(error.contains("shallow"), "{error}");
}

#[test]
fn a_policy_is_held_to_the_quorum_that_it_asked_for_itself() {
    let world = World::approved();
    let approved = head(&world);
    world.repo.write("policy.yaml", POLICY.replace("high: 2", "high: 1"));
    world.repo.commit(DAVE);
    world.approve("policy", BOB);
    world.repo.commit(BOB);
    world.repo.write("policy.yaml", POLICY.replace("high: 2", "high: 3"));
    world.repo.commit(DAVE);
    let found = last(&world, DocumentName::Policy).unwrap();
    assert_ne!(found.commit.as_str(), approved, "by its own quorum of 1 the second content is approved");
    assert_eq!(found.standing.needed, 1);
}

/// Decides the class at the head of `world`, held to `base`.
fn held(world: &World, base: &str) -> Decision {
    let repository = world.repository();
    let base = Grounds::open(&repository, base.parse().unwrap(), Pin::Unpinned, world.now).unwrap();
    let grounds = Grounds::open(&repository, world.head(&repository), Pin::Unpinned, world.now).unwrap();
    let class = grounds.class(&"notes".parse().unwrap()).unwrap();
    let filed = grounds.filed_class(&class).unwrap();
    let authors = grounds.authors(std::slice::from_ref(&filed.sources)).unwrap();
    let own = grounds.decide(&filed, &authors);
    let held = grounds.decide_held_to(&base, &filed, &authors);
    assert!(own.is_approved() || !held.is_approved(), "being held to another commit never helps");
    held
}

#[test]
fn a_change_that_brings_its_own_signer_is_not_approved_by_them() {
    let world = World::approved();
    let base = head(&world);
    assert!(held(&world, &base).is_approved());
    let options = format!("namespaces=\"{}\"", Namespace::Approval);
    world.repo.write("trust/allowed_signers", trust() + &line(MALLORY, &options));
    world.repo.write("task-classes/notes.yaml", CLASS.replace("version: 1", "version: 2"));
    world.repo.commit(DAVE);
    world.approve("notes", MALLORY);
    world.repo.commit(DAVE);
    let Decision::NotApproved(shortfall) = held(&world, &base) else { panic!("approved by a stranger") };
    assert!(shortfall.by.is_empty() && shortfall.to_string().contains("allowed_signers"), "{shortfall}");
    world.approve("notes", ALICE);
    world.repo.commit(DAVE);
    assert!(held(&world, &base).is_approved());
    // Whom the change takes away does not count either.
    world
        .repo
        .write("trust/allowed_signers", [BOB, CAROL].map(|person| line(person, crate::support::OPTIONS)).concat());
    world.repo.commit(DAVE);
    assert!(!held(&world, &base).is_approved());
}

#[test]
fn a_change_cannot_drop_a_revocation_or_lower_the_quorum_for_itself() {
    let world = World::approved();
    let revocation = world.revoke(BOB);
    let base = head(&world);
    for path in [revocation.path.clone(), revocation.signature_path()] {
        std::fs::remove_file(world.repo.file(&path)).unwrap();
    }
    world.repo.commit(DAVE);
    assert!(matches!(held(&world, &base), Decision::NotApproved(_)));

    let world = World::unsigned();
    world.repo.write("policy.yaml", POLICY.replace("low: 1", "low: 2").replace("medium: 1", "medium: 2"));
    let base = world.repo.commit(DAVE);
    world.repo.write("policy.yaml", POLICY);
    world.repo.commit(DAVE);
    world.approve("notes", ALICE);
    world.repo.commit(DAVE);
    let Decision::NotApproved(shortfall) = held(&world, &base) else { panic!("by a quorum of its own") };
    assert_eq!((shortfall.needed, shortfall.by.len()), (2, 1));
}

#[test]
fn approvals_of_another_registry_do_not_come_in_with_its_name() {
    let world = World::approved();
    let base = head(&world);
    // The signers are the same people there; what they signed for it must not count here.
    let other = World::unsigned();
    other.repo.write("policy.yaml", POLICY.replace("acme/agent-tasks", "acme/other"));
    other.repo.write("task-classes/notes.yaml", CLASS.replace("version: 1", "version: 2"));
    other.repo.commit(DAVE);
    let draft = other.draft_for("acme/other", "notes", ALICE);
    for path in ["policy.yaml", "task-classes/notes.yaml"] {
        world.repo.write(path, std::fs::read(other.repo.file(path)).unwrap());
    }
    world.repo.commit(DAVE);
    world.put(&draft, ALICE);
    world.repo.commit(DAVE);
    let Decision::NotApproved(shortfall) = held(&world, &base) else { panic!("approved elsewhere") };
    assert!(shortfall.to_string().contains("is for the registry acme/other"), "{shortfall}");
}

#[test]
fn what_differs_between_two_commits_is_told_by_object_ids() {
    let world = World::unsigned();
    world.repo.write("below/policy.yaml", POLICY);
    let before = world.repo.commit(DAVE);
    world.repo.write("policy.yaml", POLICY.replace("high: 2", "high: 3"));
    world.repo.write("below/task-classes/a.yaml", CLASS);
    std::fs::remove_file(world.repo.file("task-classes/prompts/notes.md")).unwrap();
    world.repo.write("task-classes/prompts/notes.md/folder.md", "a folder in the place of a file");
    world.repo.git(&["add", "-A"]);
    world.repo.git(&["update-index", "--chmod=+x", "trust/allowed_signers"]);
    let after = world.repo.commit(DAVE);
    let repository = world.repository();
    let files = |commit: &str, below: &str| {
        let files = AtCommit::new(&repository, commit.parse().unwrap()).unwrap();
        files.below(&RegistryPath::new(below).unwrap()).unwrap()
    };
    let differing = |below: &str| -> Vec<String> {
        let (before, after) = (files(&before, below), files(&after, below));
        let paths = before.differing(&after).unwrap();
        assert_eq!(paths, after.differing(&before).unwrap());
        // By bytes it is the same.
        let root = RegistryPath::root();
        let all: BTreeSet<_> = [&before, &after].iter().flat_map(|files| files.list(&root).unwrap()).collect();
        let by_bytes: BTreeSet<_> =
            all.into_iter().filter(|path| before.read(path).ok() != after.read(path).ok()).collect();
        assert_eq!(paths, by_bytes);
        paths.iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        differing(""),
        [
            "below/task-classes/a.yaml",
            "policy.yaml",
            "task-classes/prompts/notes.md",
            "task-classes/prompts/notes.md/folder.md"
        ]
    );
    assert_eq!(differing("below"), ["task-classes/a.yaml"]);
    assert!(differing("nowhere").is_empty());
    assert!(files(&after, "nowhere").list(&RegistryPath::root()).unwrap().is_empty());
    assert!(files(&after, "policy.yaml").list(&RegistryPath::root()).unwrap().is_empty(), "no folder");
}

#[test]
fn a_file_that_a_twin_makes_unreadable_differs() {
    let world = World::unsigned();
    let before = world.repo.commit(DAVE);
    world.repo.write("Trust/other", "a folder beside `trust`");
    world.repo.write("task-classes/Notes.yaml", CLASS);
    let after = world.repo.commit(DAVE);
    let repository = world.repository();
    let files = |commit: &str| AtCommit::new(&repository, commit.parse().unwrap()).unwrap();
    let (before, after) = (files(&before), files(&after));
    let differing = before.differing(&after).unwrap();
    assert_eq!(differing, after.differing(&before).unwrap());
    let names: Vec<&str> = differing.iter().map(RegistryPath::as_str).collect();
    assert_eq!(names, ["Trust/other", "task-classes/Notes.yaml", "task-classes/notes.yaml", "trust/allowed_signers"]);
}
