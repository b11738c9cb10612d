//! The attack table: what somebody who can write to the registry, or who has one key, may try, and what is said then.
//!
//! Each row starts from a registry that is approved as it stands, does one thing, and ends in its own refusal.

use taskclass_approval::{Subject, trust::Pin};
use taskclass_source::{InMemory, RegistryPath};
use taskclass_spec::{
    Digest, Loaded, SchemaKind,
    model::TaskClass,
    written::{Policy, Revoked},
};

use crate::{
    support::{ALICE, BOB, CAROL, OPTIONS, key, line},
    world::{CLASS, PARTIAL, POLICY, PROMPT, World, link, trust},
};

type Attack = fn(&mut World);

/// What is done, and a part of what is said.
type Row = (&'static str, Attack, &'static str);

/// Who may sign, and for what and when.
const TRUST: &[Row] = &[
    (
        "one key under two principals",
        |w| {
            retrust(
                w,
                &trust()
                    .replace(CAROL, "mallory@acme.com")
                    .replace(&key(BOB).public_openssh(), &key(ALICE).public_openssh()),
            )
        },
        "this key already belongs to alice@acme.com (line 1); one key under two names would count twice",
    ),
    (
        "one key under a list of principals",
        |w| retrust(w, &trust().replace(ALICE, "alice@acme.com,mallory@acme.com")),
        "several names for one key",
    ),
    ("a principal pattern", |w| retrust(w, &trust().replace(ALICE, "*@acme.com")), "line 1: `*@acme.com` is a pattern"),
    (
        "a certificate authority",
        |w| retrust(w, &trust().replacen("namespaces", "cert-authority,namespaces", 1)),
        "line 1: `cert-authority` is refused",
    ),
    ("a namespace missing", |w| retrust(w, &trust().replacen(OPTIONS, "", 1)), "line 1: no namespaces="),
    (
        "a namespace of another kind",
        |w| retrust(w, &trust().replacen(OPTIONS, "namespaces=\"audit@taskclass\"", 1)),
        "may not sign for approval@taskclass",
    ),
    (
        "a key expired",
        |w| retrust(w, &trust().replacen(OPTIONS, &format!("{OPTIONS},valid-before=\"20261130Z\""), 1)),
        "was valid until 2026-11-30T00:00:00Z",
    ),
    (
        "a key not yet valid",
        |w| retrust(w, &trust().replacen(OPTIONS, &format!("{OPTIONS},valid-after=\"20261122Z\""), 1)),
        "is valid from 2026-11-22T00:00:00Z on, and was not yet at 2026-11-21T10:00:00Z",
    ),
    (
        "a key revoked",
        |w| {
            w.revoke_what(BOB, Revoked::Key(key(ALICE).fingerprint().to_string()));
        },
        "is revoked by bob@acme.com",
    ),
    (
        "a key taken out of the trust file",
        |w| retrust(w, &trust().replace(&line(ALICE, OPTIONS), "")),
        "which is not in trust/allowed_signers",
    ),
    (
        "another trust file than the pinned one",
        |w| w.repo.write("trust/allowed_signers", trust() + &line("eve@acme.com", OPTIONS)),
        "but the executor's configuration pins sha256:",
    ),
    ("no pin", |w| w.pin = Pin::Unpinned, "trust/allowed_signers is not pinned"),
];

/// Signatures and records.
const RECORDS: &[Row] = &[
    (
        "a signature over other bytes",
        |w| rewrite(w, ALICE, None, |text| text.replace("2027-05-20", "2027-05-19")),
        "it is over other bytes than these",
    ),
    (
        "a signature for another namespace",
        |w| {
            let mut draft = w.draft("notes", ALICE);
            draft.namespace = taskclass_spec::signers::Namespace::Revocation;
            w.put(&draft, ALICE);
        },
        "made for the namespace `revocation@taskclass`",
    ),
    (
        "no signature",
        |w| {
            let path = w.draft("notes", ALICE).signature_path();
            w.repo.git(&["rm", "-q", &path]);
        },
        "has no signature beside it",
    ),
    (
        "another person's key",
        |w| {
            let draft = w.draft("notes", ALICE);
            w.put(&draft, BOB);
        },
        "belongs to bob@acme.com",
    ),
    (
        "a key that nobody knows",
        |w| {
            let draft = w.draft("notes", ALICE);
            w.put(&draft, "eve@acme.com");
        },
        "which is not in trust/allowed_signers",
    ),
    (
        "a record for another registry",
        |w| resign(w, "acme/agent-tasks", "acme/other"),
        "is for the registry acme/other; this one is acme/agent-tasks",
    ),
    ("a record for another name", |w| resign(w, "\"notes\"", "\"notez\""), "is for `notez`"),
    (
        "a record for another version",
        |w| resign(w, "\"version\":1", "\"version\":2"),
        "names version 2, which is not this content's",
    ),
    (
        "a record for another digest",
        |w| {
            let digest = w.subject("notes").digest.to_string();
            resign(w, &digest, &Digest::of(b"x").to_string());
        },
        "approves other content (version 1, sha256:2d711642b726…)",
    ),
    (
        "a record for another kind",
        |w| resign(w, "\"task-class\",\"name\":\"notes\"", "\"policy\",\"name\":\"policy\""),
        "a task class has a version, the policy has none",
    ),
    ("a record for another risk", |w| resign(w, "\"low\"", "\"high\""), "was given for risk high; the risk is low now"),
    ("approved_at in the future", |w| resign(w, "2026-11-21", "2026-12-21"), "lies in the future"),
    (
        "expires_at beyond max_age",
        |w| resign(w, "2027-05-20", "2027-05-21"),
        "the policy's max_age of 180d ends it at 2027-05-20T10:00:00Z at the latest",
    ),
    (
        "duplicate JSON keys",
        |w| resign(w, "\"risk\":\"low\"", "\"risk\":\"low\",\"risk\":\"low\""),
        "the record sets `risk` twice",
    ),
    ("trailing bytes", |w| rewrite(w, ALICE, Some(ALICE), |text| text + "\n"), "bytes follow the record's end"),
    ("a form that is not canonical", |w| resign(w, "{\"approved_at\"", "{ \"approved_at\""), "not in canonical form"),
    (
        "the approval of another person under a second name",
        |w| {
            let draft = w.draft("notes", ALICE);
            let path = w.repo.file(&draft.path);
            std::fs::rename(
                &path,
                path.with_file_name(draft.path.rsplit('/').next().unwrap().replace("alice", "carol")),
            )
            .unwrap();
        },
        "is a signature without its record",
    ),
    (
        "a broken revocation",
        |w| w.repo.write("revocations/other/x.json", "{"),
        "this revocation cannot be checked and so stands",
    ),
    (
        "a revocation without its record",
        |w| w.repo.write("revocations/x.json.sig", "x"),
        "is a signature without its record",
    ),
];

/// Refs, history and files.
const FILES: &[Row] = &[
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
    (
        "a class only in the work tree",
        |w| {
            w.repo.git(&["rm", "-q", "--cached", "task-classes/notes.yaml"]);
        },
        "there is no class `notes` at commit",
    ),
    (
        "an approval only in the work tree",
        |w| {
            w.repo.git(&["rm", "-q", "-r", "--cached", "approvals/notes"]);
        },
        "0 of 1 approvals",
    ),
    (
        "a rewritten history",
        |w| {
            w.repo.git(&["checkout", "-q", "--orphan", "other"]);
            w.repo.git(&["commit", "-q", "-m", "x"]);
            w.repo.git(&["update-ref", "refs/heads/main", "HEAD"]);
            w.repo.git(&["checkout", "-q", "main"]);
        },
        "the registry's history was rewritten",
    ),
    (
        "an older state offered again",
        |w| {
            w.repo.git(&["reset", "-q", "--hard", "HEAD~1"]);
            w.nothing_to_commit = true;
        },
        "does not descend from",
    ),
    (
        "a branch that is gone, with tags and branches to shadow it",
        |w| {
            for shadow in ["refs/tags/main", "refs/tags/refs/heads/main", "refs/heads/refs/heads/main"] {
                w.repo.git(&["update-ref", shadow, "HEAD"]);
            }
            w.repo.git(&["checkout", "-q", "--detach"]);
            w.repo.git(&["update-ref", "-d", "refs/heads/main"]);
        },
        "refs/heads/main does not exist in the registry",
    ),
];

#[test]
fn each_attack_is_refused_with_its_own_words() {
    for (name, attack, words) in [TRUST, RECORDS, FILES].concat() {
        let mut world = World::approved();
        let last = world.repo.git(&["rev-parse", "HEAD"]);
        attack(&mut world);
        // What an attack has put into the index by itself stays as it is.
        if world.repo.git(&["diff", "--cached", "--name-only"]).is_empty() {
            world.repo.git(&["add", "-A"]);
        }
        if !world.nothing_to_commit {
            world.repo.git(&["commit", "-q", "--allow-empty", "-m", name]);
        }
        let said = world.class_since(Some(&last)).expect_err(name);
        assert!(said.contains(words), "{name}: {said}");
    }
}

/// The class's document and digest from these files, if it can be built from them.
fn build(class: &[u8], prompt: &[u8], partial: &[u8]) -> Option<(serde_json::Value, Subject)> {
    let path = |text: &str| RegistryPath::new(text).unwrap();
    let files = InMemory::new()
        .with(path("task-classes/prompts/notes.md"), prompt)
        .with(path("task-classes/prompts/partials/small.md"), partial);
    let policy =
        Loaded::<Policy>::parse(SchemaKind::Policy, &path("policy.yaml"), POLICY.as_bytes().to_vec()).written?;
    let loaded = Loaded::parse(SchemaKind::TaskClass, &path("task-classes/notes.yaml"), class.to_vec());
    let class = TaskClass::build(&loaded, &std::sync::Arc::new(policy), &files).ok()?;
    Some((loaded.root.as_ref()?.to_json(), Subject::of_class(&class)))
}

static GOOD: std::sync::LazyLock<(serde_json::Value, Subject)> =
    std::sync::LazyLock::new(|| build(CLASS.as_bytes(), PROMPT.as_bytes(), PARTIAL.as_bytes()).unwrap());

proptest::proptest! {
    #[test]
    fn a_class_or_a_file_of_it_with_one_bit_changed_is_other_content(at in 0..10_000usize, bit in 0..8u8) {
        let good = [CLASS, PROMPT, PARTIAL].map(|text| text.as_bytes().to_vec());
        let mut changed = good.clone();
        let at = at % good.iter().map(Vec::len).sum::<usize>();
        let mut offset = at;
        let file = changed.iter().position(|file| if offset < file.len() { true } else { offset -= file.len(); false }).unwrap();
        changed[file][offset] ^= 1 << bit;
        let (document, subject) = &*GOOD;
        if let Some((other_document, other_subject)) = build(&changed[0], &changed[1], &changed[2]) {
            // Only the class's own layout may change without its content.
            let same = file == 0 && other_document == *document;
            proptest::prop_assert_eq!(other_subject.digest == subject.digest, same);
        }
    }
}

/// Another trust file that is pinned, as if its change had been meant.
fn retrust(world: &mut World, text: &str) {
    world.repo.write("trust/allowed_signers", text);
    world.pin = Pin::Sha256(Digest::of(text.as_bytes()));
}

/// Alice's approval in other words, signed by her again.
fn resign(world: &World, from: &str, to: &str) {
    rewrite(world, ALICE, Some(ALICE), |text| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
}

/// A person's approval in other words; the signature is made again by `signer`, or stays.
fn rewrite(world: &World, person: &str, signer: Option<&str>, change: impl FnOnce(String) -> String) {
    let mut draft = world.draft("notes", person);
    draft.bytes = change(String::from_utf8(draft.bytes).unwrap()).into_bytes();
    match signer {
        Some(signer) => world.put(&draft, signer),
        None => world.repo.write(&draft.path, &draft.bytes),
    }
}

fn submodule(world: &World, path: &str) {
    let commit = world.repo.git(&["rev-parse", "HEAD"]);
    world.repo.git(&["rm", "-q", "-r", path]);
    world.repo.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{commit},{path}")]);
}

fn twin(world: &World, path: &str) {
    let blob = world.repo.git(&["rev-parse", "HEAD:policy.yaml"]);
    world.repo.git(&["update-index", "--add", "--cacheinfo", &format!("100644,{blob},{path}")]);
}
