//! Approved classes, got the only way there is: a registry in a git repository, signed, read at a commit. The classes and the policy
//! are those that ship.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use jiff::Timestamp;
use taskclass_approval::git::Repository;
use taskclass_approval::keyfile::SigningKey;
use taskclass_approval::trust::Pin;
use taskclass_approval::{Approved, Opening, Subject, write};
use taskclass_spec::model::TaskClass;
use taskclass_spec::{ClassName, Digest, Duration};

/// When every test begins.
pub const NOW: &str = "2026-12-01T09:00:00Z";
const SIGNERS: [&str; 2] = ["alice@acme.com", "bob@acme.com"];
const POLICY: &str = include_str!("../../../policy.yaml");
const CLASSES: [(&str, &str); 5] = [
    ("dependency-bump", include_str!("../../../task-classes/dependency-bump.yaml")),
    ("migration-proposal", include_str!("../../../task-classes/migration-proposal.yaml")),
    ("new-service-scaffold", include_str!("../../../task-classes/new-service-scaffold.yaml")),
    ("release-note-draft", include_str!("../../../task-classes/release-note-draft.yaml")),
    ("test-modernization", include_str!("../../../task-classes/test-modernization.yaml")),
];
const PROMPTS: [(&str, &str); 7] = [
    ("migration-proposal.md", include_str!("../../../task-classes/prompts/migration-proposal.md")),
    ("new-service-scaffold.md", include_str!("../../../task-classes/prompts/new-service-scaffold.md")),
    ("test-modernization.md", include_str!("../../../task-classes/prompts/test-modernization.md")),
    ("partials/no-secrets.md", include_str!("../../../task-classes/prompts/partials/no-secrets.md")),
    ("partials/small-diff.md", include_str!("../../../task-classes/prompts/partials/small-diff.md")),
    ("partials/untrusted-text.md", include_str!("../../../task-classes/prompts/partials/untrusted-text.md")),
    ("partials/when-stuck.md", include_str!("../../../task-classes/prompts/partials/when-stuck.md")),
];

/// Classes by their names, each as it may be run.
pub type Classes = BTreeMap<ClassName, Approved<TaskClass>>;

fn key(person: &str) -> SigningKey {
    SigningKey::ed25519_from_seed(Digest::of(person.as_bytes()).hex().as_bytes()[..32].try_into().unwrap(), person)
}

fn git(dir: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    for (variable, _) in std::env::vars_os() {
        if variable.to_str().is_some_and(|variable| variable.starts_with("GIT_")) {
            command.env_remove(variable);
        }
    }
    let output = command
        .current_dir(dir)
        .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")])
        .envs([
            ("GIT_AUTHOR_NAME", "D"),
            ("GIT_AUTHOR_EMAIL", "dave@acme.com"),
            ("GIT_AUTHOR_DATE", "1790000000 +0000"),
        ])
        .envs([
            ("GIT_COMMITTER_NAME", "D"),
            ("GIT_COMMITTER_EMAIL", "dave@acme.com"),
            ("GIT_COMMITTER_DATE", "1790000000 +0000"),
        ])
        .args(arguments)
        .output()
        .expect("these tests need git");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn put(dir: &Path, path: &str, content: &[u8]) {
    let path = dir.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}

fn commit(dir: &Path) {
    git(dir, &["add", "-A"]);
    git(dir, &["commit", "-q", "-m", "change"]);
}

/// How two people sign.
struct Signing {
    /// For how long their approvals of classes and of the policy count.
    class: Duration,
    policy: Duration,
    note: &'static str,
}

const HALF_A_YEAR: Duration = Duration::from_seconds(180 * 86_400);
const A_DAY: Duration = Duration::from_seconds(86_400);
const LASTING: Signing = Signing { class: HALF_A_YEAR, policy: HALF_A_YEAR, note: "" };

/// A registry with these classes and this policy, everything signed by two people; its classes as they may be run.
fn build(policy: &str, classes: &[(&str, String)], signing: &Signing) -> Classes {
    let now: Timestamp = NOW.parse().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    git(dir, &["init", "-q", "-b", "main"]);
    put(dir, "policy.yaml", policy.as_bytes());
    for (name, text) in classes {
        put(dir, &format!("task-classes/{name}.yaml"), text.as_bytes());
    }
    for (name, text) in PROMPTS {
        put(dir, &format!("task-classes/prompts/{name}"), text.as_bytes());
    }
    let options = "namespaces=\"approval@taskclass,revocation@taskclass\"";
    let trust = SIGNERS.map(|person| format!("{person} {options} {}\n", key(person).public_openssh())).concat();
    put(dir, "trust/allowed_signers", trust.as_bytes());
    commit(dir);
    let pin = Pin::Sha256(Digest::of(trust.as_bytes()));
    let opening = |repository| {
        let commit = Repository::latest(repository, &"refs/heads/main".parse().unwrap()).unwrap();
        Opening { repository, commit, pin, last_accepted: None, now }
    };
    let repository = Repository::open(dir).unwrap();
    let registry = opening(&repository).open().unwrap();
    let mut subjects = vec![registry.policy_decision().subject().clone()];
    for (name, _) in classes {
        match registry.class(&name.parse().unwrap()) {
            Ok(class) => subjects.push(Subject::of_class(&class)),
            Err(error) => panic!("{error}"),
        }
    }
    for subject in &subjects {
        for person in SIGNERS {
            let draft = write::approval(&write::Approval {
                registry: &"acme/agent-tasks".parse().unwrap(),
                subject,
                principal: &person.parse().unwrap(),
                reviewed_commit: registry.commit(),
                approved_at: now,
                lasts: if subject.name == "policy" { signing.policy } else { signing.class },
                note: signing.note,
            })
            .unwrap();
            put(dir, &draft.path, draft.bytes.as_ref());
            put(dir, &draft.signature_path(), draft.sign(&key(person)).unwrap().as_bytes());
        }
    }
    commit(dir);
    drop(registry);
    let repository = Repository::open(dir).unwrap();
    let registry = opening(&repository).open().unwrap();
    let approve = |(name, _): &(&str, String)| {
        let name: ClassName = name.parse().unwrap();
        let class = registry.approve_class(&name).unwrap_or_else(|error| panic!("{error}"));
        (name, class)
    };
    classes.iter().map(approve).collect()
}

/// The five classes that ship, approved.
pub fn shipped() -> &'static Classes {
    static SHIPPED: OnceLock<Classes> = OnceLock::new();
    SHIPPED.get_or_init(|| build(POLICY, &CLASSES.map(|(name, text)| (name, text.to_owned())), &LASTING))
}

/// `dependency-bump`, approved for a day only, with some of its text replaced.
pub fn broken_glass(edits: &[(&str, &str)]) -> Classes {
    let class = edited_text(edits);
    build(
        POLICY,
        &[("dependency-bump", class)],
        &Signing { class: A_DAY, policy: HALF_A_YEAR, note: "@acme/all: CVE-1" },
    )
}

/// `dependency-bump` as it is, under a policy that is approved for a day only.
pub fn broken_glass_of_the_policy() -> Classes {
    let class = edited_text(&[]);
    build(POLICY, &[("dependency-bump", class)], &Signing { class: HALF_A_YEAR, policy: A_DAY, note: "CVE-1" })
}

/// `dependency-bump` with some of its text replaced, approved.
pub fn edited(edits: &[(&str, &str)]) -> Classes {
    build(POLICY, &[("dependency-bump", edited_text(edits))], &LASTING)
}

fn edited_text(edits: &[(&str, &str)]) -> String {
    let mut text = CLASSES[0].1.to_owned();
    for (from, to) in edits {
        assert!(text.contains(from), "the class has no `{from}`");
        text = text.replace(from, to);
    }
    text
}

/// `dependency-bump` as it is, under a policy with some of its text replaced, both approved.
pub fn under_policy(edits: &[(&str, &str)]) -> Classes {
    let mut text = POLICY.to_owned();
    for (from, to) in edits {
        assert!(text.contains(from), "the policy has no `{from}`");
        text = text.replace(from, to);
    }
    build(&text, &[("dependency-bump", CLASSES[0].1.to_owned())], &LASTING)
}

/// `dependency-bump` without its rollout, approved.
pub fn without_rollout() -> Classes {
    let text = CLASSES[0].1;
    let (before, rest) = text.split_once("rollout:\n").unwrap();
    let (_, after) = rest.split_once("callers:").unwrap();
    build(POLICY, &[("dependency-bump", format!("{before}callers:{after}"))], &LASTING)
}

/// `dependency-bump` without its rollout, under class and policy limits so wide that only GitHub's own are felt.
pub fn wide() -> Classes {
    wide_of(&[], &[("dependency-bump", &[])])
}

/// Classes like that one, each with a name and edits of its own, under a policy with further edits.
pub fn wide_of(policy: Edits<'_>, classes: &[(&'static str, Edits<'_>)]) -> Classes {
    let text = CLASSES[0].1;
    let (before, rest) = text.split_once("rollout:\n").unwrap();
    let (_, after) = rest.split_once("callers:").unwrap();
    let edit = |text: String, edits: Edits<'_>| {
        edits.iter().fold(text, |text, (from, to)| {
            assert!(text.contains(from), "there is no `{from}`");
            text.replace(from, to)
        })
    };
    let class = [
        ("in_flight: {total: 20, per_repository: 1}", "in_flight: {total: 100, per_repository: 1}"),
        ("{per_hour: 150, per_day: 500}", "{per_hour: 500, per_day: 5000}"),
        ("{total: 25, per_reviewer: 5}", "{total: 1000, per_reviewer: 1000}"),
        ("per_task: 40, per_day: 1200, per_month: 20000", "per_task: 40, per_day: 90000, per_month: 90000"),
    ];
    let wide = [
        ("per_day: 5000", "per_day: 90000"),
        ("submissions_per_hour: 400", "submissions_per_hour: 500"),
        ("in_flight: 60", "in_flight: 100"),
        ("open_pull_requests: 120", "open_pull_requests: 1000"),
        ("free_reach: 3 ", "free_reach: 1000 "),
        ("reserve: {critical: 20%}", "reserve: {critical: 0%}"),
    ];
    let class = edit(format!("{before}callers:{after}"), &class);
    let made = |(name, edits): &(&'static str, Edits<'_>)| {
        (*name, edit(class.replace("name: dependency-bump", &format!("name: {name}")), edits))
    };
    let classes: Vec<_> = classes.iter().map(made).collect();
    build(&edit(edit(POLICY.to_owned(), &wide), policy), &classes, &LASTING)
}

/// Texts, and what they are replaced by.
pub type Edits<'e> = &'e [(&'e str, &'e str)];
