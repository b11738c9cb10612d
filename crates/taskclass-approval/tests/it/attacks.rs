//! The attack table: what somebody who can write to the registry, or who has one key, may try, and what is said then.
//!
//! Each row starts from a registry that is approved as it stands, does one thing, and ends in its own refusal.

use taskclass_approval::{Subject, git::FullRef, trust::Pin};
use taskclass_source::{InMemory, RegistryPath};
use taskclass_spec::{
    Digest, Loaded, SchemaKind,
    model::TaskClass,
    written::{Policy, Revoked},
};

use crate::{
    support::{ALICE, BOB, CAROL, OPTIONS, at, key, line},
    world::{CLASS, PARTIAL, POLICY, PROMPT, World, link, trust},
};

type Attack = fn(&mut World);

const THREADS: std::num::NonZeroUsize = std::num::NonZeroUsize::MIN;

/// The answer to any change of what an approval covers.
const SAME: &str =
    "approves other content (version 1, sha256:…); the content has changed since: review the change and approve again";

/// What is tried, how, and what is said of it: a line of it as a whole, or behind the record that it is about.
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
        "line 1: several names for one key (`alice@acme.com,mallory@acme.com`); one key speaks for one person",
    ),
    (
        "a principal pattern",
        |w| retrust(w, &trust().replace(ALICE, "*@acme.com")),
        "line 1: `*@acme.com` is a pattern; write the one name that the key belongs to",
    ),
    (
        "a certificate authority",
        |w| retrust(w, &trust().replacen("namespaces", "cert-authority,namespaces", 1)),
        "line 1: `cert-authority` is refused: it would let an authority outside this file name the signers",
    ),
    (
        "a namespace missing",
        |w| retrust(w, &trust().replacen(OPTIONS, "", 1)),
        "line 1: no namespaces=\"…\": the key would count for everything; write namespaces=\"approval@taskclass,revocation@taskclass\"",
    ),
    (
        "a namespace other than the one needed",
        |w| retrust(w, &trust().replacen(OPTIONS, "namespaces=\"audit@taskclass\"", 1)),
        "is signed by the key SHA256:…, which may not sign for approval@taskclass; add that to its namespaces= in trust/allowed_signers, line 1",
    ),
    (
        "a key expired",
        |w| retrust(w, &trust().replacen(OPTIONS, &format!("{OPTIONS},valid-before=\"20261130Z\""), 1)),
        "the key SHA256:… was valid until 2026-11-30T00:00:00Z, and is no longer at 2026-12-01T00:00:00Z; approve again with a valid key",
    ),
    (
        "a key not yet valid",
        |w| retrust(w, &trust().replacen(OPTIONS, &format!("{OPTIONS},valid-after=\"20261122Z\""), 1)),
        "the key SHA256:… is valid from 2026-11-22T00:00:00Z on, and was not yet at 2026-11-21T10:00:00Z",
    ),
    (
        "a key revoked",
        |w| {
            w.revoke_what(BOB, Revoked::Key(key(ALICE).fingerprint().to_string()));
        },
        "the key SHA256:… is revoked by bob@acme.com at 2026-11-25T00:00:00Z: wrong (revocations/notes/key-MKDRXONwpp6Z.bob@acme.com.json)",
    ),
    (
        "a key taken out of the trust file",
        |w| retrust(w, &trust().replace(&line(ALICE, OPTIONS), "")),
        "is signed by the key SHA256:…, which is not in trust/allowed_signers",
    ),
    (
        "a trust file that differs from the pin",
        |w| w.repo.write("trust/allowed_signers", trust() + &line("eve@acme.com", OPTIONS)),
        "trust/allowed_signers has sha256:…, but the executor's configuration pins sha256:…; if the change of signers is meant, review it and set registry.allowed_signers to the new value",
    ),
    (
        "a principal that looks like another",
        |w| retrust(w, &trust().replace(ALICE, "аlice@acme.com")),
        "line 1: `аlice@acme.com` is not a signer's name; write the e-mail address under which the person commits, such as `alice@acme.com`",
    ),
    (
        "a principal in two spellings",
        |w| retrust(w, &(trust() + &line("eve@acme.com", OPTIONS).replace("eve@acme.com", "Alice@acme.com"))),
        "line 4: this name differs from alice@acme.com (line 1) only in upper and lower case",
    ),
    (
        "no pin",
        |w| w.pin = Pin::Unpinned,
        "trust/allowed_signers is not pinned: a run needs registry.allowed_signers in the executor's configuration, outside the registry; if you trust the file as it is now, set it to \"sha256:…\"",
    ),
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
        "its signature does not count: it was made for the namespace `revocation@taskclass`, not for `approval@taskclass`; sign again with `-n approval@taskclass`",
    ),
    (
        "no signature",
        |w| {
            let path = w.draft("notes", ALICE).signature_path();
            w.repo.git(&["rm", "-q", &path]);
        },
        "has no signature beside it; sign it: ssh-keygen -Y sign -n approval@taskclass -f KEY FILE",
    ),
    (
        "another person's key",
        |w| {
            let draft = w.draft("notes", ALICE);
            w.put(&draft, BOB);
        },
        "is signed by the key SHA256:…, which belongs to bob@acme.com",
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
        "is misfiled: a record with this content is named approvals/notes/….alice@acme.com.json",
    ),
    (
        "a record for another kind",
        |w| {
            rewrite(w, ALICE, Some(ALICE), |text| {
                text.replace("\"task-class\",\"name\":\"notes\"", "\"policy\",\"name\":\"policy\"")
                    .replace(",\"version\":1", "")
            });
        },
        "is for another kind of document",
    ),
    (
        "a record of a class without a version",
        |w| resign(w, ",\"version\":1", ""),
        "a task class has a version, the policy has none",
    ),
    (
        "a record for another risk",
        |w| resign(w, "\"low\"", "\"high\""),
        "was given for risk high; the risk is low now: approve again",
    ),
    (
        "an approval that has ended",
        |w| w.now = at("2027-05-20T10:00:00Z"),
        "expired at 2027-05-20T10:00:00Z; approve again",
    ),
    (
        "a break-glass approval without its reason",
        |w| {
            w.now = at("2026-11-21T12:00:00Z");
            resign(w, "2027-05-20", "2026-11-22");
        },
        "is a break-glass approval (it lives 1d at most) without a reason; approve again and say why in the note",
    ),
    (
        "approved_at in the future",
        |w| resign(w, "2026-11-21", "2026-12-21"),
        "is dated 2026-12-21T10:00:00Z, which lies in the future (2026-12-01T00:00:00Z now); check the signer's clock",
    ),
    (
        "expires_at beyond max_age",
        |w| resign(w, "2027-05-20", "2027-05-21"),
        "lasts until 2027-05-21T10:00:00Z; the policy's max_age of 180d ends it at 2027-05-20T10:00:00Z at the latest: approve again",
    ),
    (
        "a record with duplicate JSON keys",
        |w| resign(w, "\"risk\":\"low\"", "\"risk\":\"low\",\"risk\":\"low\""),
        "the record sets `risk` twice",
    ),
    (
        "a record with trailing bytes",
        |w| rewrite(w, ALICE, Some(ALICE), |text| text + "\n"),
        "bytes follow the record's end, from byte 360 on; a record file ends with its closing brace",
    ),
    (
        "a record in non-canonical form",
        |w| resign(w, "{\"approved_at\"", "{ \"approved_at\""),
        "the record is not in canonical form (RFC 8785); it was not written by `taskclass approve`, or was changed since",
    ),
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
        "this revocation cannot be checked and so stands: the record is not JSON: EOF while parsing an object at line 1 column 1",
    ),
    (
        "a revocation without its record",
        |w| w.repo.write("revocations/x.json.sig", "x"),
        "this revocation cannot be checked and so stands: is a signature without its record",
    ),
];

/// Refs, history and files.
const FILES: &[Row] = &[
    (
        "one byte of the class",
        |w| w.repo.write("task-classes/notes.yaml", CLASS.replace("per_task: 10", "per_task: 11")),
        SAME,
    ),
    (
        "one byte of the prompt",
        |w| w.repo.write("task-classes/prompts/notes.md", PROMPT.replace("Draft", "Craft")),
        SAME,
    ),
    (
        "a partial swapped after approval",
        |w| w.repo.write("task-classes/prompts/partials/small.md", "Change all.\n"),
        SAME,
    ),
    (
        "one byte of the policy",
        |w| w.repo.write("policy.yaml", POLICY.replace("free_reach: 3", "free_reach: 4")),
        "2 approvals of earlier content; it has changed since: review the change and approve again (taskclass verify policy -v lists them)",
    ),
    (
        "no trust file",
        |w| {
            w.repo.git(&["rm", "-q", "trust/allowed_signers"]);
        },
        "trust/allowed_signers is missing at this commit; without it nothing is approved",
    ),
    (
        "no policy",
        |w| {
            w.repo.git(&["rm", "-q", "policy.yaml"]);
        },
        "policy.yaml is missing at this commit; without it nothing is approved",
    ),
    (
        "a broken policy",
        |w| w.repo.write("policy.yaml", "schema: policy/v1\n"),
        "policy.yaml is not valid: the document lacks `registry`, `models`, `approvals`, `maxima`, `free_reach`, `escalation` and `tokens`",
    ),
    (
        "a link in place of the class",
        |w| link(w, "task-classes/notes.yaml", "../policy.yaml"),
        "`task-classes/notes.yaml` is a symbolic link, and links are not followed",
    ),
    (
        "a symbolic link in place of a prompt",
        |w| link(w, "task-classes/prompts/notes.md", "../../policy.yaml"),
        "task-classes/notes.yaml is not valid: the prompt's file cannot be read: `task-classes/prompts/notes.md` is a symbolic link, and links are not followed",
    ),
    (
        "a link in place of a partial",
        |w| link(w, "task-classes/prompts/partials/small.md", "../notes.md"),
        "task-classes/notes.yaml is not valid: the partial `task-classes/prompts/partials/small.md` cannot be used: `task-classes/prompts/partials/small.md` is a symbolic link, and links are not followed",
    ),
    (
        "a link in place of the trust file",
        |w| link(w, "trust/allowed_signers", "/etc/passwd"),
        "`trust/allowed_signers` is a symbolic link, and links are not followed",
    ),
    (
        "a link in place of the approvals",
        |w| {
            w.repo.git(&["mv", "approvals/notes", "elsewhere"]);
            link(w, "approvals/notes", "../elsewhere");
        },
        "`approvals/notes` is a symbolic link, and links are not followed",
    ),
    (
        "a submodule in place of a prompt",
        |w| submodule(w, "task-classes/prompts/notes.md"),
        "task-classes/notes.yaml is not valid: the prompt's file cannot be read: `task-classes/prompts/notes.md` cannot be read: it is a submodule; its content is not part of this commit",
    ),
    (
        "`..` in an include",
        |w| {
            w.repo.write(
                "task-classes/prompts/notes.md",
                PROMPT.replace("partials/small.md", "partials/../../policy.yaml"),
            )
        },
        "task-classes/notes.yaml is not valid: `partials/../../policy.yaml` cannot be included: it has a step `.` or `..`",
    ),
    (
        "a Unicode-lookalike name: a prompt, composed in another way",
        |w| w.repo.write("task-classes/notes.yaml", CLASS.replace("prompts/notes.md", "prompts/no\u{0301}tes.md")),
        "task-classes/notes.yaml is not valid: the prompt's file cannot be read: `task-classes/prompts/no\u{301}tes.md` does not exist",
    ),
    (
        "a submodule in place of the folder of prompts",
        |w| submodule(w, "task-classes/prompts"),
        "task-classes/notes.yaml is not valid: the prompt's file cannot be read: `task-classes/prompts` cannot be read: it is a submodule; its content is not part of this commit",
    ),
    (
        "`..` in place of a prompt",
        |w| w.repo.write("task-classes/notes.yaml", CLASS.replace("prompts/notes.md", "../policy.yaml")),
        "task-classes/notes.yaml is not valid: `prompt.file` must be text such as `prompts/dependency-bump.md`",
    ),
    (
        "case-only names: a prompt",
        |w| twin(w, "task-classes/prompts/Notes.md"),
        "task-classes/notes.yaml is not valid: the prompt's file cannot be read: `task-classes/prompts/notes.md` cannot be read: `Notes.md` beside it differs only in upper and lower case; keep one of the two",
    ),
    (
        "case-only names: a class",
        |w| twin(w, "task-classes/Notes.yaml"),
        "`task-classes/notes.yaml` cannot be read: `Notes.yaml` beside it differs only in upper and lower case; keep one of the two",
    ),
    (
        "case-only names: approvals",
        |w| twin(w, "approvals/Notes/x.json"),
        "`approvals/notes` cannot be read: `Notes` beside it differs only in upper and lower case; keep one of the two",
    ),
    (
        "a Unicode-lookalike name: a class",
        |w| w.repo.write("task-classes/notes.yaml", CLASS.replace("name: notes", "name: nоtes")),
        "task-classes/notes.yaml is not valid: `name` must be a name of lower-case letters, digits and `-`, at most 60 long, beginning with a letter",
    ),
    (
        "the author approving their own change",
        |w| {
            w.repo.write("task-classes/notes.yaml", CLASS.replace("version: 1", "version: 2"));
            w.repo.commit("Alice@acme.com");
            w.approve("notes", ALICE);
        },
        "does not count: Alice@acme.com is the last author of this content; someone else has to approve it",
    ),
    (
        "the approver changed a partial last",
        |w| {
            w.repo.write("task-classes/prompts/partials/small.md", "Other.\n");
            w.repo.commit(ALICE);
            w.approve("notes", ALICE);
        },
        "does not count: alice@acme.com is the last author of this content; someone else has to approve it",
    ),
    (
        "a file only in the work tree: a class",
        |w| {
            w.repo.git(&["rm", "-q", "--cached", "task-classes/notes.yaml"]);
        },
        "there is no class `notes` at commit …; it has no classes",
    ),
    (
        "a file only in the work tree: an approval",
        |w| {
            w.repo.git(&["rm", "-q", "-r", "--cached", "approvals/notes"]);
        },
        "task class notes version 1 (sha256:…) is not approved: 0 of 1 approvals",
    ),
    (
        "a rewritten history",
        |w| {
            w.repo.git(&["checkout", "-q", "--orphan", "other"]);
            w.repo.git(&["commit", "-q", "-m", "x"]);
            w.repo.git(&["update-ref", "refs/heads/main", "HEAD"]);
            w.repo.git(&["checkout", "-q", "main"]);
        },
        "commit … does not descend from …, which was accepted last: the registry's history was rewritten, or an older state is offered again; restore the branch",
    ),
    (
        "a tag or branch named to shadow the ref that is gone",
        |w| {
            for shadow in ["refs/tags/main", "refs/tags/refs/heads/main", "refs/heads/refs/heads/main"] {
                w.repo.git(&["update-ref", shadow, "HEAD"]);
            }
            w.repo.git(&["checkout", "-q", "--detach"]);
            w.repo.git(&["update-ref", "-d", "refs/heads/main"]);
        },
        "refs/heads/main does not exist in the registry",
    ),
    (
        "a tag or branch named to shadow the ref that is there",
        |w| {
            // The shadows name what is approved; the branch itself has moved on.
            for shadow in ["refs/tags/main", "refs/tags/refs/heads/main", "refs/heads/refs/heads/main"] {
                w.repo.git(&["update-ref", shadow, "HEAD"]);
            }
            w.repo.write("policy.yaml", POLICY.replace("free_reach: 3", "free_reach: 5"));
        },
        "nothing can run under a policy that is not approved",
    ),
];

/// What is asked of a ref, how, and what is said.
type Question = (&'static str, fn() -> String, &'static str);

/// Refs, before anything is read.
const REFS: &[Question] = &[
    (
        "a short name for the ref in the executor's configuration",
        || "main".parse::<FullRef>().unwrap_err().to_string(),
        "`main` is a short name, which a tag or another branch can shadow; write it in full: refs/heads/main",
    ),
    (
        "a tag named as the branch, for whoever asks by its short name",
        || {
            let world = World::approved();
            world.repo.git(&["update-ref", "refs/tags/main", "HEAD"]);
            world.repository().resolve_revision("main").unwrap_err().to_string()
        },
        "`main` is the name of several: refs/heads/main, refs/tags/main; write the one that is meant in full",
    ),
];

/// What is neither digest, commit nor fingerprint of what is said.
fn without_hashes(said: &str) -> String {
    let (mut out, mut run) = (String::new(), String::new());
    let is_hash = |run: &str| run.len() >= 12 && run.bytes().all(|b| b.is_ascii_hexdigit()) || run.len() == 43;
    for c in said.chars().chain(['\n']) {
        if c.is_ascii_alphanumeric() || matches!(c, '+' | '/') && run.len() < 43 && out.ends_with("SHA256:") {
            run.push(c);
            continue;
        }
        out.push_str(if is_hash(&run) { "…" } else { &run });
        run.clear();
        out.push(c);
    }
    out.trim_end().replace("……", "…")
}

/// What is said of one attack: by a run, and by `verify`.
fn said(name: &str, attack: Attack) -> (String, String) {
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
    let run = world.class_since(Some(&last)).expect_err(name);
    let verify = world.with(Some(&last), |registry| {
        let registry = registry.map_err(|error| error.to_string())?;
        let class = "notes".parse().unwrap();
        let one = registry.class_state(&class).map_err(|error| error.to_string())?;
        let decided = one.state.map_err(|error| error.to_string());
        // The table of all documents says the same as the question about one.
        if let Ok(all) = registry.overview(THREADS) {
            let in_table = all.into_iter().find(|state| state.name == "notes").expect(name).state;
            assert_eq!(in_table.map_err(|error| error.to_string()), decided, "{name}");
        }
        registry.may_run(&decided?).map(|_| ()).map_err(|error| error.to_string())
    });
    (run, verify.expect_err(name))
}

#[test]
fn each_attack_is_refused_with_its_own_words_by_run_and_verify_alike() {
    let mut wrong = Vec::new();
    for (name, attack, words) in [TRUST, RECORDS, FILES].concat() {
        let (run, verify) = said(name, attack);
        assert_eq!(run, verify, "{name}: a run and `verify` differ");
        let said = without_hashes(&run);
        let is_it = |line: &str| line.trim_start() == words || line.ends_with(&format!(": {words}"));
        if !said.lines().any(is_it) {
            wrong.push(format!("BLESS {name}\t{words}\n{said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    for (name, said, words) in REFS {
        assert_eq!(said(), *words, "{name}");
    }
}

#[test]
fn no_two_attacks_have_the_same_answer() {
    let mut answers: Vec<&str> = [TRUST, RECORDS, FILES].concat().iter().map(|(_, _, words)| *words).collect();
    answers.extend(REFS.iter().map(|(_, _, words)| *words));
    answers.sort_unstable();
    let twice: Vec<_> = answers.windows(2).filter(|two| two[0] == two[1]).map(|two| two[0]).collect();
    assert_eq!(twice, [SAME; 2], "content that has changed is content that has changed, whichever file it was");
}

/// The table in the manual is this one.
#[test]
fn the_manual_says_what_is_tried_and_what_answers() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/src/security.md")).unwrap();
    let row = |name: &str, words: &str| format!("| {name} | {words} |\n");
    let of = |rows: &[Row]| rows.iter().map(|(name, _, words)| row(name, words)).collect::<String>();
    let refs = REFS.iter().map(|(name, _, words)| row(name, words)).collect();
    let tables = [
        ("Who may sign", of(TRUST)),
        ("Records and signatures", of(RECORDS)),
        ("Files and history", of(FILES)),
        ("Refs", refs),
    ];
    let tables = tables.map(|(title, rows)| format!("### {title}\n| tried | answer |\n|---|---|\n{rows}"));
    assert!(
        tables.iter().all(|table| page.contains(table)),
        "docs/src/security.md is to have\n\n{}",
        tables.join("\n")
    );
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
