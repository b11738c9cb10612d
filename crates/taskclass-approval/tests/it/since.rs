//! What was approved last, and what stands in the way of a change that vouches for itself.

use std::collections::BTreeSet;

use taskclass_approval::{
    AtCommit, Decision,
    anchor::{Anchor, AnchorError, Protected},
    git::Repository,
    registry::Grounds,
    since::{self, DocumentName, LastApproved, Line},
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

/// What was approved last of a document as it is at `main`, by its own history.
fn last(world: &World, name: DocumentName) -> Option<LastApproved> {
    let repository = world.repository();
    let head = world.head(&repository);
    let anchor = Anchor::of(&repository, &head, Protected::AsCloned).unwrap();
    assert_eq!((anchor.branch, &anchor.tip, anchor.shared.as_ref()), (None, &head, Some(&head)));
    let grounds = Grounds::open(&repository, head.clone(), world.pin, world.now).unwrap();
    since::last_approved(Line { from: &head, rules: &grounds, reviewed: &grounds }, &[name]).unwrap().remove(0)
}

/// The same, held to another branch.
fn last_on(world: &World, branch: &str, name: DocumentName) -> Option<LastApproved> {
    let repository = world.repository();
    let commit = repository.resolve_revision("HEAD").unwrap();
    let anchor = Anchor::of(&repository, &commit, Protected::Revision(branch)).unwrap();
    let open = |commit| Grounds::open(&repository, commit, Pin::Unpinned, world.now).unwrap();
    let (rules, reviewed) = (open(anchor.tip), open(commit));
    let from = anchor.shared.unwrap();
    since::last_approved(Line { from: &from, rules: &rules, reviewed: &reviewed }, &[name]).unwrap().remove(0)
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
fn of_a_merge_the_line_of_the_branch_itself_is_followed() {
    let world = World::approved();
    world.repo.git(&["checkout", "-q", "-b", "side"]);
    world.repo.write("task-classes/notes.yaml", CLASS.replace("version: 1", "version: 2"));
    world.repo.commit(DAVE);
    world.repo.git(&["checkout", "-q", "main"]);
    world.repo.write("README.md", "x");
    let main = world.repo.commit(DAVE);
    world.repo.git(&["merge", "-q", "--no-edit", "side"]);
    assert_eq!(last(&world, notes()).unwrap().commit.as_str(), main, "it came from the side");
    // Changed in the merge itself: what main held before it.
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
    let line = Line { from: grounds.commit(), rules: &grounds, reviewed: &grounds };
    let error = since::last_approved(line, &[notes()]).unwrap_err().to_string();
    assert!(error.contains("shallow"), "{error}");
}

#[test]
fn a_policy_is_held_to_the_quorum_of_what_stood_before_it() {
    let world = World::approved();
    let approved = head(&world);
    let policy = || last(&world, DocumentName::Policy).unwrap();
    // Lowered and signed by one, in one step or in two, and raised again.
    world.repo.write("policy.yaml", POLICY.replace("high: 2", "high: 1"));
    world.repo.commit(DAVE);
    world.repo.write("policy.yaml", POLICY.replace("high: 2", "high: 1").replace("max_age: 180d", "max_age: 190d"));
    world.repo.commit(DAVE);
    world.approve("policy", BOB);
    let lowered = world.repo.commit(BOB);
    assert_eq!(policy().commit.as_str(), approved);
    world.repo.write("policy.yaml", POLICY.replace("high: 2", "high: 3"));
    world.repo.commit(DAVE);
    assert_eq!(policy().commit.as_str(), approved, "one signature is no approval by two");
    // As many as there had to be before lower it for good.
    world.repo.git(&["reset", "-q", "--hard", &lowered]);
    world.approve("policy", ALICE);
    let both = world.repo.commit(ALICE);
    assert_eq!((policy().commit.as_str(), policy().standing.needed), (both.as_str(), 2));
    world.repo.write("policy.yaml", POLICY.replace("high: 2", "high: 1"));
    world.repo.commit(DAVE);
    world.approve("policy", CAROL);
    let one = world.repo.commit(CAROL);
    assert_eq!((policy().commit.as_str(), policy().standing.needed), (one.as_str(), 1));
}

/// A branch off `main`, on which `change` is committed.
fn branch(world: &World, change: impl FnOnce()) {
    world.repo.git(&["checkout", "-q", "-b", "side"]);
    change();
}

/// Writes, commits and gives the commit.
fn commit(world: &World, path: &str, text: &str) -> String {
    world.repo.write(path, text);
    world.repo.commit(DAVE)
}

/// Approves the content of `HEAD`, wherever that is.
fn approve_here(world: &World, name: &str, person: &str) {
    let here = world.repo.git(&["symbolic-ref", "--short", "HEAD"]);
    // The fixture signs what `main` holds.
    let main = world.repo.git(&["rev-parse", "main"]);
    world.repo.git(&["update-ref", "refs/heads/main", "HEAD"]);
    world.approve(name, person);
    world.repo.git(&["update-ref", "refs/heads/main", &main]);
    assert_eq!(here, "side");
    world.repo.commit(person);
}

#[test]
fn a_branch_does_not_approve_for_itself_what_its_next_step_is_held_against() {
    // A signer of its own, who signs the widening; then a little is narrowed, and the trust file is as it was.
    let world = World::approved();
    let approved = head(&world);
    branch(&world, || {
        let options = format!("namespaces=\"{}\"", Namespace::Approval);
        commit(&world, "trust/allowed_signers", &(trust() + &line(MALLORY, &options)));
        commit(&world, "task-classes/notes.yaml", &CLASS.replace("version: 1", "version: 2"));
        approve_here(&world, "notes", MALLORY);
        commit(&world, "task-classes/notes.yaml", &CLASS.replace("version: 1", "version: 3"));
    });
    assert_eq!(last_on(&world, "main", notes()).unwrap().commit.as_str(), approved);
    commit(&world, "trust/allowed_signers", &trust());
    assert_eq!(last_on(&world, "main", notes()).unwrap().commit.as_str(), approved);
    // Merged against all advice, its trust file gone again: nobody whom main trusts has signed that.
    world.repo.git(&["checkout", "-q", "main"]);
    world.repo.git(&["merge", "-q", "--ff-only", "side"]);
    assert_eq!(last_on(&world, "main", notes()).unwrap().standing.subject.version, Some(1));

    // A quorum of its own for a class.
    let world = World::unsigned();
    let strict = POLICY.replace("low: 1", "low: 2").replace("medium: 1", "medium: 2");
    commit(&world, "policy.yaml", &strict);
    world.approve("notes", ALICE);
    world.approve("notes", BOB);
    let approved = world.repo.commit(ALICE);
    branch(&world, || {
        commit(&world, "policy.yaml", POLICY);
        commit(&world, "task-classes/notes.yaml", &CLASS.replace("version: 1", "version: 2"));
        approve_here(&world, "notes", ALICE);
        commit(&world, "task-classes/notes.yaml", &CLASS.replace("version: 1", "version: 3"));
        commit(&world, "policy.yaml", &strict);
    });
    assert_eq!(last_on(&world, "main", notes()).unwrap().commit.as_str(), approved);

    // A quorum of its own for the policy.
    let world = World::approved();
    let approved = head(&world);
    branch(&world, || {
        commit(&world, "policy.yaml", &POLICY.replace("high: 2", "high: 1"));
        approve_here(&world, "policy", BOB);
        commit(&world, "policy.yaml", &POLICY.replace("high: 2", "high: 3"));
    });
    assert_eq!(last_on(&world, "main", DocumentName::Policy).unwrap().commit.as_str(), approved);
    // What it revokes counts.
    world.revoke_what(ALICE, taskclass_spec::written::Revoked::Digest(world.subject("notes").digest));
    assert_eq!(last_on(&world, "main", notes()), None);
}

#[test]
fn the_protected_branch_is_found_in_one_order() {
    let world = World::approved();
    let here = head(&world);
    let repository = world.repository();
    let head = world.head(&repository);
    let find = || Anchor::of(&repository, &head, Protected::AsCloned);
    let name = || find().unwrap().branch;
    let git = |arguments: &[&str]| world.repo.git(arguments);
    // A remote of which nothing was ever fetched has no branch yet.
    git(&["remote", "add", "fork", "https://example.invalid/fork"]);
    assert_eq!(name(), None);
    git(&["update-ref", "refs/remotes/fork/main", &here]);
    assert_eq!(name().as_deref(), Some("fork/main"), "the only one");
    git(&["remote", "add", "team", "https://example.invalid/team"]);
    git(&["update-ref", "refs/remotes/team/main", &here]);
    assert!(matches!(find(), Err(AnchorError::NoRemote(remotes)) if remotes == ["fork", "team"]));
    git(&["remote", "add", "origin", "https://example.invalid/origin"]);
    git(&["update-ref", "refs/remotes/origin/proposal", &here]);
    assert!(
        matches!(find(), Err(AnchorError::NoBranch(remote)) if remote == "origin"),
        "a branch is not its own judge"
    );
    git(&["update-ref", "refs/remotes/origin/master", &here]);
    assert_eq!(name().as_deref(), Some("origin/master"));
    git(&["update-ref", "refs/remotes/origin/main", &here]);
    assert_eq!(name().as_deref(), Some("origin/main"));
    git(&["update-ref", "refs/remotes/origin/trunk", &here]);
    git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk"]);
    assert_eq!(name().as_deref(), Some("origin/trunk"));
    // Not what lies outside the remote, and not what is gone.
    git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/heads/main"]);
    assert_eq!(name().as_deref(), Some("origin/main"));
    git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/gone"]);
    assert_eq!(name().as_deref(), Some("origin/main"));
    // As an executor reads it, or as somebody says.
    let named = |protected| Anchor::of(&repository, &head, protected);
    let branch = "refs/heads/trunk".parse().unwrap();
    assert_eq!(named(Protected::Branch(&branch)).unwrap().branch.as_deref(), Some("origin/trunk"));
    let branch = "refs/heads/gone".parse().unwrap();
    assert!(named(Protected::Branch(&branch)).is_err());
    assert_eq!(named(Protected::Revision("fork/main")).unwrap().branch.as_deref(), Some("fork/main"));
}

#[test]
fn a_commit_left_the_branch_at_its_newest_state_that_it_holds() {
    let world = World::approved();
    let first = head(&world);
    let second = commit(&world, "README.md", "x");
    world.repo.git(&["checkout", "-q", "-b", "side", &first]);
    let side = commit(&world, "OTHER.md", "x");
    let repository = world.repository();
    let shared = |branch: &str| {
        let commit = repository.resolve_revision("HEAD").unwrap();
        Anchor::of(&repository, &commit, Protected::Revision(branch)).unwrap().shared.map(|commit| commit.to_string())
    };
    assert_eq!(shared("main"), Some(first));
    world.repo.git(&["merge", "-q", "--no-edit", "main"]);
    assert_eq!(shared("main"), Some(second.clone()));
    // Merged: its own commits were never a state of main.
    world.repo.git(&["checkout", "-q", "main"]);
    world.repo.git(&["merge", "-q", "--no-ff", "--no-edit", "side"]);
    world.repo.git(&["checkout", "-q", "--detach", &side]);
    assert_ne!(shared("main"), Some(side));
    world.repo.git(&["checkout", "-q", "--orphan", "apart"]);
    commit(&world, "OTHER.md", "y");
    assert_eq!(shared("main"), None);
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
fn a_change_cannot_lower_the_risk_for_itself() {
    let world = World::unsigned();
    let risky = CLASS.replace("risk: low", "risk: high").replace("risk: medium", "risk: high");
    let base = commit(&world, "task-classes/notes.yaml", &risky);
    commit(&world, "task-classes/notes.yaml", &risky.replace("risk: high", "risk: low"));
    world.approve("notes", ALICE);
    world.repo.commit(ALICE);
    let Decision::NotApproved(shortfall) = held(&world, &base) else { panic!("one undoes what takes two") };
    assert_eq!((shortfall.needed, shortfall.by.len()), (2, 1));
    world.approve("notes", BOB);
    world.repo.commit(BOB);
    assert!(held(&world, &base).is_approved());
    // What the base does not say of its own class is as risky as can be.
    let base = commit(&world, "task-classes/notes.yaml", &risky.replace("risk: high", "risk: [high]"));
    commit(
        &world,
        "task-classes/notes.yaml",
        &risky.replace("risk: high", "risk: low").replace("version: 1", "version: 2"),
    );
    world.approve("notes", ALICE);
    world.repo.commit(ALICE);
    assert!(!held(&world, &base).is_approved());
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
