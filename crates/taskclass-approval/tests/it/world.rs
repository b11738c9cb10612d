//! A whole registry in a git repository, approved as it stands; tests change one thing at a time.

use jiff::Timestamp;
use taskclass_approval::{
    Approved, ApprovedRegistry, OpenError, Opening, Subject,
    git::{CommitId, Repository},
    trust::Pin,
    write::{self, Draft},
};
use taskclass_spec::{
    ClassName, Digest, Principal,
    model::TaskClass,
    written::{DocumentKind, Revoked},
};

use crate::support::{ALICE, BOB, CAROL, OPTIONS, Repo, at, days, key, line};

pub(crate) const POLICY: &str = include_str!("fixtures/registry/policy.yaml");
pub(crate) const CLASS: &str = include_str!("fixtures/registry/notes.yaml");
pub(crate) const PROMPT: &str = "Draft notes since {{ inputs.since }}.\n{% include \"partials/small.md\" %}\n";
pub(crate) const PARTIAL: &str = "Change nothing else.\n";
pub(crate) const DAVE: &str = "dave@acme.com";

/// A registry that Dave wrote and that Alice, Bob and Carol have approved.
pub(crate) struct World {
    pub(crate) repo: Repo,
    pub(crate) pin: Pin,
    pub(crate) now: Timestamp,
    /// The branch already is what the test wants; nothing is to be committed on it.
    pub(crate) nothing_to_commit: bool,
}

pub(crate) fn trust() -> String {
    [ALICE, BOB, CAROL].map(|person| line(person, OPTIONS)).concat()
}

impl World {
    pub(crate) fn unsigned() -> Self {
        let repo = Repo::new();
        repo.write("policy.yaml", POLICY);
        repo.write("task-classes/notes.yaml", CLASS);
        repo.write("task-classes/prompts/notes.md", PROMPT);
        repo.write("task-classes/prompts/partials/small.md", PARTIAL);
        repo.write("trust/allowed_signers", trust());
        repo.commit(DAVE);
        Self {
            repo,
            pin: Pin::Sha256(Digest::of(trust().as_bytes())),
            now: at("2026-12-01T00:00:00Z"),
            nothing_to_commit: false,
        }
    }

    pub(crate) fn approved() -> Self {
        let world = Self::unsigned();
        for person in [BOB, CAROL] {
            world.approve("policy", person);
        }
        world.approve("notes", ALICE);
        world.repo.commit(ALICE);
        world
    }

    pub(crate) fn repository(&self) -> Repository {
        Repository::open(self.repo.path()).unwrap()
    }

    pub(crate) fn head(&self, repository: &Repository) -> CommitId {
        repository.latest(&"refs/heads/main".parse().unwrap()).unwrap()
    }

    pub(crate) fn with<T>(
        &self,
        last: Option<&str>,
        look: impl FnOnce(Result<ApprovedRegistry<'_>, OpenError>) -> T,
    ) -> T {
        let repository = self.repository();
        let full_ref = "refs/heads/main".parse().unwrap();
        let commit = match repository.latest(&full_ref) {
            Ok(commit) => commit,
            Err(error) => return look(Err(error.into())),
        };
        let last_accepted = last.map(|last| last.parse().unwrap());
        look(Opening { repository: &repository, commit, pin: self.pin, last_accepted, now: self.now }.open())
    }

    /// The content as it is at the head now.
    pub(crate) fn subject(&self, name: &str) -> Subject {
        let repository = self.repository();
        let commit = self.head(&repository);
        let opening =
            Opening { repository: &repository, commit, pin: Pin::Unpinned, last_accepted: None, now: self.now };
        let registry = opening.open().unwrap();
        match name {
            "policy" => registry.policy_decision().subject().clone(),
            name => Subject::of_class(&registry.class(&name.parse().unwrap()).unwrap()),
        }
    }

    pub(crate) fn draft(&self, name: &str, person: &str) -> Draft {
        self.draft_for("acme/agent-tasks", name, person)
    }

    pub(crate) fn draft_for(&self, registry: &str, name: &str, person: &str) -> Draft {
        let repository = self.repository();
        let principal: Principal = person.parse().unwrap();
        write::approval(&write::Approval {
            registry: &registry.parse().unwrap(),
            subject: &self.subject(name),
            principal: &principal,
            reviewed_commit: &self.head(&repository),
            approved_at: at("2026-11-21T10:00:00Z"),
            lasts: days(180),
            note: "",
        })
        .unwrap()
    }

    pub(crate) fn put(&self, draft: &Draft, person: &str) {
        self.repo.write(&draft.path, &draft.bytes);
        self.repo.write(&draft.signature_path(), draft.sign(&key(person)).unwrap());
    }

    pub(crate) fn approve(&self, name: &str, person: &str) {
        self.put(&self.draft(name, person), person);
    }

    pub(crate) fn revoke(&self, person: &str) -> Draft {
        self.revoke_what(person, Revoked::Digest(self.subject("notes").digest))
    }

    pub(crate) fn revoke_what(&self, person: &str, revokes: Revoked) -> Draft {
        let draft = self.revocation(person, revokes);
        self.put(&draft, person);
        self.repo.commit(person);
        draft
    }

    pub(crate) fn revocation(&self, person: &str, revokes: Revoked) -> Draft {
        write::revocation(&write::Revocation {
            registry: &"acme/agent-tasks".parse().unwrap(),
            kind: DocumentKind::TaskClass,
            name: "notes",
            revokes,
            principal: &person.parse().unwrap(),
            revoked_at: at("2026-11-25T00:00:00Z"),
            reason: "wrong",
        })
        .unwrap()
    }

    pub(crate) fn class_since(&self, last: Option<&str>) -> Result<Approved<TaskClass>, String> {
        let name: ClassName = "notes".parse().unwrap();
        self.with(last, |registry| {
            registry.map_err(|error| error.to_string())?.approve_class(&name).map_err(|error| error.to_string())
        })
    }

    pub(crate) fn class(&self) -> Result<Approved<TaskClass>, String> {
        self.class_since(None)
    }
}

/// A symbolic link in the place of whatever was there, staged.
pub(crate) fn link(world: &World, path: &str, target: &str) {
    let path = world.repo.file(path);
    let _was_there = std::fs::remove_file(&path);
    std::os::unix::fs::symlink(target, path).unwrap();
    world.repo.git(&["add", "-A"]);
}
