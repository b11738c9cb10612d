//! A whole registry in a git repository: what is approved there, and what happens to it over time.

use taskclass_approval::{Decision, NotApproved, Opening, git::Repository, registry::Pending, trust::Pin};
use taskclass_spec::written::Revoked;

use crate::{
    support::{ALICE, BOB, CAROL, at, key},
    world::{CLASS, DAVE, POLICY, World},
};

const THREADS: std::num::NonZeroUsize = std::num::NonZeroUsize::new(2).unwrap();

#[test]
fn an_approved_class_comes_out_with_its_approvals() {
    let world = World::approved();
    let head = world.repo.git(&["rev-parse", "HEAD"]);
    let class = world.class_since(Some(&head)).unwrap();
    assert_eq!(class.get().name().as_str(), "notes");
    assert_eq!(*class.digest(), class.get().digest().digest);
    assert_eq!(class.approvals()[0].principal.as_str(), ALICE);
    assert_eq!(class.commit().as_str(), head);
    assert_eq!(class.policy().registry.as_str(), "acme/agent-tasks");
    assert_eq!(class.until(), at("2027-05-20T10:00:00Z"));
}

#[test]
fn nothing_signed_is_not_approved_and_says_what_is_needed() {
    let world = World::unsigned();
    let said = world.class().unwrap_err();
    assert!(said.contains("nothing can run under a policy that is not approved"), "{said}");
    assert!(said.contains("0 of 2 approvals") && said.contains("taskclass approve policy"), "{said}");
    world.approve("policy", BOB);
    world.approve("policy", CAROL);
    world.repo.commit(DAVE);
    let said = world.class().unwrap_err();
    assert!(said.contains("task class notes version 1") && said.contains("0 of 1 approvals"), "{said}");
}

#[test]
fn a_policy_cannot_lower_the_quorum_by_which_it_is_judged() {
    let world = World::approved();
    let last = world.repo.git(&["rev-parse", "HEAD"]);
    world.repo.write("policy.yaml", POLICY.replace("high: 2", "high: 1"));
    world.repo.commit(DAVE);
    world.approve("policy", BOB);
    world.repo.commit(BOB);
    let said = world.class_since(Some(&last)).unwrap_err();
    assert!(said.contains("1 of 2 approvals"), "{said}");
    world.approve("policy", CAROL);
    world.repo.commit(CAROL);
    world.class_since(Some(&last)).unwrap();
}

#[test]
fn a_rewritten_or_older_history_is_refused() {
    let world = World::approved();
    let last = world.repo.git(&["rev-parse", "HEAD"]);
    world.repo.git(&["reset", "-q", "--hard", "HEAD~1"]);
    let said = world.class_since(Some(&last)).unwrap_err();
    assert!(said.contains("does not descend from") && said.contains(&last), "{said}");
    world.repo.git(&["commit", "-q", "--allow-empty", "-m", "other"]);
    let said = world.class_since(Some(&last)).unwrap_err();
    assert!(said.contains("history was rewritten"), "{said}");
}

#[test]
fn an_unpinned_trust_file_is_for_looking_only() {
    let mut world = World::approved();
    world.pin = Pin::Unpinned;
    let said = world.class().unwrap_err();
    assert!(said.contains("trust/allowed_signers is not pinned") && said.contains("sha256:"), "{said}");
    world.with(None, |registry| {
        let registry = registry.unwrap();
        assert!(!registry.trust().is_pinned());
        assert!(
            registry
                .overview(THREADS)
                .unwrap()
                .iter()
                .all(|document| matches!(&document.state, Ok(Decision::Approved(_))))
        );
    });
}

#[test]
fn what_is_only_in_the_work_tree_neither_helps_nor_hurts() {
    let world = World::approved();
    world.repo.write("task-classes/notes.yaml", "broken");
    world.class().unwrap();
    let world = World::unsigned();
    world.approve("policy", BOB);
    world.approve("policy", CAROL);
    world.repo.commit(DAVE);
    world.approve("notes", ALICE);
    assert!(world.class().unwrap_err().contains("0 of 1 approvals"));
}

#[test]
fn what_lies_in_the_work_tree_is_judged_as_it_will_be_once_it_is_committed() {
    let world = World::approved();
    let about = |name: &str, lasts: bool| {
        world.with(None, |registry| {
            let registry = registry.unwrap();
            let tree = taskclass_source::WorkTree::open(world.repo.path()).unwrap();
            let pending = Pending::of(&registry, &tree).unwrap();
            let state = match name {
                "policy" => registry.policy_state(),
                name => registry.class_state(&name.parse().unwrap()).unwrap(),
            };
            pending.about(&state, lasts).unwrap()
        })
    };
    assert!(about("notes", false).is_none());
    world.approve("notes", CAROL);
    assert!(about("notes", true).is_none(), "one that is approved needs no more");
    let more = about("notes", false).unwrap();
    assert_eq!((more.approvals.len(), more.then.by().len()), (1, 2));
    let subject = world.subject("notes");
    for (revokes, approved) in [
        (Revoked::Digest(subject.digest), [false, true]),
        (Revoked::All, [false, true]),
        (Revoked::Key(key(BOB).fingerprint().to_string()), [true, false]),
    ] {
        world.put(&world.revocation(BOB, revokes), BOB);
        for (name, approved) in ["notes", "policy"].into_iter().zip(approved) {
            match about(name, true) {
                None => assert!(approved, "{name}"),
                Some(uncommitted) => {
                    assert_eq!(uncommitted.revocations.len(), 1, "{name}");
                    assert_eq!(uncommitted.then.is_approved(), approved, "{name}: {uncommitted:?}");
                }
            }
        }
        std::fs::remove_dir_all(world.repo.file("revocations")).unwrap();
    }
    // One that nobody can read may be about anything.
    world.repo.write("revocations/notes/x.json", "{}");
    for name in ["notes", "policy"] {
        assert!(!about(name, true).unwrap().then.is_approved());
    }
}

#[test]
fn a_revocation_holds_and_deleting_it_does_not_undo_it() {
    let world = World::approved();
    let draft = world.revoke(BOB);
    let said = world.class().unwrap_err();
    assert!(said.contains("revoked by bob@acme.com at 2026-11-25T00:00:00Z: wrong"), "{said}");
    let last = world.repo.git(&["rev-parse", "HEAD"]);
    world.repo.git(&["rm", "-q", &draft.path, &draft.signature_path()]);
    world.repo.commit(DAVE);
    let said = world.class_since(Some(&last)).unwrap_err();
    assert!(said.contains(&draft.path) && said.contains("deleting a revocation does not undo it"), "{said}");
}

#[test]
fn a_revocation_that_never_held_can_be_taken_away() {
    let world = World::approved();
    world.repo.write("revocations/notes/x.json", "{}");
    world.repo.write("revocations/notes/x.json.sig", "x");
    world.repo.commit(DAVE);
    let last = world.repo.git(&["rev-parse", "HEAD"]);
    world.class().unwrap_err();
    world.repo.git(&["rm", "-q", "-r", "revocations"]);
    world.repo.commit(DAVE);
    world.class_since(Some(&last)).unwrap();
}

#[test]
fn line_ends_by_checkout_settings_have_no_effect() {
    let world = World::approved();
    world.repo.git(&["config", "core.autocrlf", "true"]);
    world.repo.git(&["rm", "-q", "-r", "--cached", "."]);
    world.repo.git(&["reset", "-q", "--hard"]);
    assert!(std::fs::read_to_string(world.repo.file("task-classes/notes.yaml")).unwrap().contains("\r\n"));
    world.class().unwrap();
}

#[test]
fn the_overview_names_every_document() {
    let world = World::approved();
    world.repo.write("task-classes/broken.yaml", "schema: task-class/v1\n");
    world.repo.write("task-classes/other.yaml", CLASS.replace("name: notes", "name: other"));
    std::os::unix::fs::symlink("notes.yaml", world.repo.file("task-classes/linked.yaml")).unwrap();
    world.repo.commit(DAVE);
    world.with(None, |registry| {
        let registry = registry.unwrap();
        let overview = registry.overview(THREADS).unwrap();
        let states: Vec<(&str, &str)> = overview
            .iter()
            .map(|document| {
                let state = match &document.state {
                    Ok(Decision::Approved(_)) => "approved",
                    Ok(Decision::NotApproved(_)) => "not approved",
                    Err(NotApproved::Invalid { .. }) => "invalid",
                    Err(NotApproved::Unreadable(_)) => "unreadable",
                    Err(error) => panic!("{error}"),
                };
                (document.name.as_str(), state)
            })
            .collect();
        assert_eq!(
            states,
            [
                ("policy", "approved"),
                ("broken", "invalid"),
                ("linked", "unreadable"),
                ("notes", "approved"),
                ("other", "not approved")
            ]
        );
        let unknown = registry.approve_class(&"nothing".parse().unwrap()).unwrap_err().to_string();
        assert!(unknown.contains("there are: broken, linked, notes, other"), "{unknown}");
    });
}

#[test]
fn a_shallow_clone_is_refused_where_the_author_decides() {
    let world = World::approved();
    let dir = tempfile::tempdir().unwrap();
    let shallow = dir.path().join("shallow");
    let url = format!("file://{}", world.repo.path().display());
    world.repo.git(&["clone", "-q", "--depth", "1", &url, shallow.to_str().unwrap()]);
    let repository = Repository::open(&shallow).unwrap();
    let commit = repository.resolve(&"refs/heads/main".parse().unwrap()).unwrap();
    let opening = Opening { repository: &repository, commit, pin: world.pin, last_accepted: None, now: world.now };
    assert!(opening.open().unwrap_err().to_string().contains("the clone is shallow or partial"));
}
