//! A whole registry in a git repository: what is approved there, and the attacks that go through its files and history.

use jiff::Timestamp;
use taskclass_approval::{
    Approved, ApprovedRegistry, Decision, NotApproved, OpenError, Opening, Subject,
    git::Repository,
    trust::Pin,
    write::{self, Draft},
};
use taskclass_spec::{
    ClassName, Digest, Principal,
    model::TaskClass,
    written::{DocumentKind, Revoked},
};

use crate::support::{ALICE, BOB, CAROL, OPTIONS, Repo, at, days, key, line};

const POLICY: &str = include_str!("fixtures/registry/policy.yaml");
const CLASS: &str = include_str!("fixtures/registry/notes.yaml");
const PROMPT: &str = "Draft notes since {{ inputs.since }}.\n{% include \"partials/small.md\" %}\n";
const PARTIAL: &str = "Change nothing else.\n";
const DAVE: &str = "dave@acme.com";

/// A registry that Dave wrote and that Alice, Bob and Carol have approved.
struct World {
    repo: Repo,
    pin: Pin,
    now: Timestamp,
}

fn trust() -> String {
    [ALICE, BOB, CAROL].map(|person| line(person, OPTIONS)).concat()
}

impl World {
    fn unsigned() -> Self {
        let repo = Repo::new();
        repo.write("policy.yaml", POLICY);
        repo.write("task-classes/notes.yaml", CLASS);
        repo.write("task-classes/prompts/notes.md", PROMPT);
        repo.write("task-classes/prompts/partials/small.md", PARTIAL);
        repo.write("trust/allowed_signers", trust());
        repo.commit(DAVE);
        Self { repo, pin: Pin::Sha256(Digest::of(trust().as_bytes())), now: at("2026-12-01T00:00:00Z") }
    }

    fn approved() -> Self {
        let world = Self::unsigned();
        for person in [BOB, CAROL] {
            world.approve("policy", person);
        }
        world.approve("notes", ALICE);
        world.repo.commit(ALICE);
        world
    }

    fn repository(&self) -> Repository {
        Repository::open(self.repo.path()).unwrap()
    }

    fn head(&self, repository: &Repository) -> taskclass_approval::git::CommitId {
        repository.latest(&"refs/heads/main".parse().unwrap()).unwrap()
    }

    fn with<T>(&self, last: Option<&str>, look: impl FnOnce(Result<ApprovedRegistry<'_>, OpenError>) -> T) -> T {
        let repository = self.repository();
        let commit = self.head(&repository);
        let last_accepted = last.map(|last| last.parse().unwrap());
        look(Opening { repository: &repository, commit, pin: self.pin, last_accepted, now: self.now }.open())
    }

    /// The content as it is at the head now.
    fn subject(&self, name: &str) -> Subject {
        let repository = self.repository();
        let commit = self.head(&repository);
        let opening =
            Opening { repository: &repository, commit, pin: Pin::Unpinned, last_accepted: None, now: self.now };
        let registry = opening.open().unwrap();
        match name {
            "policy" => Subject::of_policy(registry.registry().policy.as_ref().unwrap()).unwrap().unwrap(),
            name => Subject::of_class(&registry.class(&name.parse().unwrap()).unwrap()),
        }
    }

    fn draft(&self, name: &str, person: &str) -> Draft {
        let repository = self.repository();
        let principal: Principal = person.parse().unwrap();
        write::approval(&write::Approval {
            registry: &"acme/agent-tasks".parse().unwrap(),
            subject: &self.subject(name),
            principal: &principal,
            reviewed_commit: &self.head(&repository),
            approved_at: at("2026-11-21T10:00:00Z"),
            lasts: days(180),
            note: "",
        })
        .unwrap()
    }

    fn put(&self, draft: &Draft, person: &str) {
        self.repo.write(&draft.path, &draft.bytes);
        self.repo.write(&draft.signature_path(), draft.sign(&key(person)).unwrap());
    }

    fn approve(&self, name: &str, person: &str) {
        self.put(&self.draft(name, person), person);
    }

    fn revoke(&self, person: &str) -> Draft {
        let draft = write::revocation(&write::Revocation {
            registry: &"acme/agent-tasks".parse().unwrap(),
            kind: DocumentKind::TaskClass,
            name: "notes",
            revokes: Revoked::Digest(self.subject("notes").digest),
            principal: &person.parse().unwrap(),
            revoked_at: at("2026-11-25T00:00:00Z"),
            reason: "wrong",
        })
        .unwrap();
        self.put(&draft, person);
        self.repo.commit(person);
        draft
    }

    fn class_since(&self, last: Option<&str>) -> Result<Approved<TaskClass>, String> {
        let name: ClassName = "notes".parse().unwrap();
        self.with(last, |registry| {
            registry.map_err(|error| error.to_string())?.approve_class(&name).map_err(|error| error.to_string())
        })
    }

    fn class(&self) -> Result<Approved<TaskClass>, String> {
        self.class_since(None)
    }
}

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

/// The table: what is done to an approved registry, and what is said then. Each is committed by its author.
#[test]
fn each_attack_through_files_is_refused_with_its_own_words() {
    type Attack = fn(&mut World);
    let table: &[(&str, Attack, &str)] = &[
        (
            "one byte of the class",
            |w| w.repo.write("task-classes/notes.yaml", CLASS.replace("per_task: 10", "per_task: 11")),
            "approves other content (version 1, sha256:",
        ),
        (
            "one byte of the prompt",
            |w| w.repo.write("task-classes/prompts/notes.md", PROMPT.replace("Draft", "Craft")),
            "approves other content",
        ),
        (
            "a partial swapped after approval",
            |w| w.repo.write("task-classes/prompts/partials/small.md", "Change all.\n"),
            "approves other content",
        ),
        (
            "one byte of the policy",
            |w| w.repo.write("policy.yaml", POLICY.replace("free_reach: 3", "free_reach: 4")),
            "the policy (sha256:",
        ),
        (
            "another trust file",
            |w| w.repo.write("trust/allowed_signers", trust() + &line("eve@acme.com", OPTIONS)),
            "but the executor's configuration pins sha256:",
        ),
        (
            "no trust file",
            |w| {
                w.repo.git(&["rm", "-q", "trust/allowed_signers"]);
            },
            "trust/allowed_signers is missing at this commit",
        ),
        (
            "no policy",
            |w| {
                w.repo.git(&["rm", "-q", "policy.yaml"]);
            },
            "policy.yaml is missing at this commit",
        ),
        ("a broken policy", |w| w.repo.write("policy.yaml", "schema: policy/v1\n"), "policy.yaml is not valid: "),
        (
            "a link in place of the class",
            |w| link(w, "task-classes/notes.yaml", "../policy.yaml"),
            "`task-classes/notes.yaml` is a symbolic link",
        ),
        (
            "a link in place of the prompt",
            |w| link(w, "task-classes/prompts/notes.md", "../../policy.yaml"),
            "is a symbolic link",
        ),
        (
            "a link in place of a partial",
            |w| link(w, "task-classes/prompts/partials/small.md", "../notes.md"),
            "is a symbolic link",
        ),
        (
            "a link in place of the trust file",
            |w| link(w, "trust/allowed_signers", "/etc/passwd"),
            "`trust/allowed_signers` is a symbolic link",
        ),
        (
            "a link in place of the approvals",
            |w| {
                w.repo.git(&["mv", "approvals/notes", "elsewhere"]);
                link(w, "approvals/notes", "../elsewhere");
            },
            "`approvals/notes` is a symbolic link",
        ),
        ("a submodule in place of the prompts", |w| submodule(w, "task-classes/prompts"), "it is a submodule"),
        (
            "`..` in place of a prompt",
            |w| w.repo.write("task-classes/notes.yaml", CLASS.replace("prompts/notes.md", "../policy.yaml")),
            "`prompt.file` must be text such as",
        ),
        (
            "a prompt whose name differs in case only",
            |w| twin(w, "task-classes/prompts/Notes.md"),
            "differs only in upper and lower case",
        ),
        (
            "a class whose name differs in case only",
            |w| twin(w, "task-classes/Notes.yaml"),
            "differs only in upper and lower case",
        ),
        (
            "approvals under a name in another case",
            |w| twin(w, "approvals/Notes/x.json"),
            "differs only in upper and lower case",
        ),
        (
            "the approval moved to another class",
            |w| {
                w.repo.write("task-classes/notez.yaml", CLASS.replace("name: notes", "name: notez"));
                w.repo.git(&["rm", "-q", "task-classes/notes.yaml"]);
                w.repo.git(&["mv", "approvals/notes", "approvals/notez"]);
            },
            "there is no class `notes` at commit",
        ),
        (
            "a look-alike name in the class",
            |w| w.repo.write("task-classes/notes.yaml", CLASS.replace("name: notes", "name: nоtes")),
            "is not valid",
        ),
        (
            "the approver is the last author",
            |w| {
                w.repo.write("task-classes/notes.yaml", CLASS.replace("version: 1", "version: 2"));
                w.repo.commit("Alice@acme.com");
                w.approve("notes", ALICE);
            },
            "Alice@acme.com is the last author of this content",
        ),
        (
            "the approver changed a partial last",
            |w| {
                w.repo.write("task-classes/prompts/partials/small.md", "Other.\n");
                w.repo.commit(ALICE);
                w.approve("notes", ALICE);
            },
            "alice@acme.com is the last author of this content",
        ),
        (
            "a broken revocation",
            |w| w.repo.write("revocations/other/x.json", "{"),
            "this revocation cannot be checked and so stands",
        ),
        (
            "a signature without its record",
            |w| w.repo.write("revocations/x.json.sig", "x"),
            "is a signature without its record",
        ),
    ];
    for (name, attack, words) in table {
        let mut world = World::approved();
        let last = world.repo.git(&["rev-parse", "HEAD"]);
        attack(&mut world);
        // What an attack has put into the index by itself stays as it is.
        let staged = !world.repo.git(&["diff", "--cached", "--name-only"]).is_empty();
        if !staged {
            world.repo.git(&["add", "-A"]);
        }
        world.repo.git(&["commit", "-q", "--allow-empty", "-m", name]);
        let said = world.class_since(Some(&last)).expect_err(name);
        assert!(said.contains(words), "{name}: {said}");
    }
}

fn link(world: &mut World, path: &str, target: &str) {
    let path = world.repo.file(path);
    let _ = std::fs::remove_file(&path);
    std::os::unix::fs::symlink(target, path).unwrap();
    world.repo.git(&["add", "-A"]);
}

fn submodule(world: &mut World, path: &str) {
    let commit = world.repo.git(&["rev-parse", "HEAD"]);
    world.repo.git(&["rm", "-q", "-r", path]);
    world.repo.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{commit},{path}")]);
}

fn twin(world: &mut World, path: &str) {
    let blob = world.repo.git(&["rev-parse", "HEAD:policy.yaml"]);
    world.repo.git(&["update-index", "--add", "--cacheinfo", &format!("100644,{blob},{path}")]);
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
        assert!(registry.overview().iter().all(|document| matches!(&document.state, Ok(Decision::Approved(_)))));
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
        let overview = registry.overview();
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
        assert!(unknown.contains("there are: broken, notes, other"), "{unknown}");
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
