//! Approving and revoking as people do it: at a terminal, with a passphrase, through an agent, with a key that is elsewhere.

use std::{fs, process::Command};

use tempfile::TempDir;

use crate::harness::{Agent, CLASS, CLASS_FILE, Registry, Terminal, taskclass};

const ALICE: &str = "alice@acme.com";

/// A registry that nothing runs from: no simulator, no executor.
struct Place {
    registry: Registry,
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("taskclass-e2e-").tempdir().unwrap();
        Self { registry: Registry::make(folder.path()), folder }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        taskclass(self.registry.root(), self.registry.home(), arguments)
    }

    /// The same before a person.
    fn at_terminal(&self, arguments: &[&str]) -> Terminal {
        let mut command = self.command(arguments);
        command.env("NO_COLOR", "1");
        Terminal::start(command)
    }

    fn key(&self, person: &str) -> String {
        self.registry.key(person).to_str().unwrap().to_owned()
    }

    /// The files below a folder of records.
    fn records(&self, folder: &str) -> Vec<String> {
        let folder = self.registry.root().join(folder);
        let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// What OpenSSH says of a record and its signature under the registry's own trust file.
    fn openssh_verifies(&self, folder: &str, person: &str, namespace: &str) {
        let record = self.records(folder).into_iter().find(|name| name.ends_with(".json")).unwrap();
        let record = format!("{folder}/{record}");
        let script = format!(
            "ssh-keygen -Y verify -f trust/allowed_signers -I {person} -n {namespace} -s {record}.sig < {record}"
        );
        let output = Command::new("sh").args(["-c", &script]).current_dir(self.registry.root()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn approve_shows_what_is_signed_and_asks() {
    let place = Place::new();
    let key = place.key("alice");
    let arguments = ["approve", CLASS, "--as", ALICE, "--key", &key, "--note", "Read both prompts"];

    // Nobody to ask: nothing is signed.
    place.registry.taskclass(&arguments).fails_clearly(2, &["no terminal", "--yes", "diff --since-approved"]);
    for answer in ["", "n", "no", "yep"] {
        let mut terminal = place.at_terminal(&arguments);
        terminal.reads("Sign? [y/N] ");
        terminal.types(answer);
        terminal.ends(3);
    }
    assert!(place.records(&format!("approvals/{CLASS}")).is_empty());

    let mut terminal = place.at_terminal(&arguments);
    let shown = terminal.reads("Sign? [y/N] ");
    for part in [
        "dependency-bump version",
        "all of it is new to you:\n  git show ",
        ":./task-classes/dependency-bump.yaml",
        "sha256:",
        "0 of 1 now, 1 of 1 with yours",
        "in 180 days",
        "alice@acme.com",
        "SHA256:",
        "Read both prompts",
        "effect       all of it is new",
    ] {
        assert!(shown.contains(part), "`{part}` is not shown\n{shown}");
    }
    terminal.types("y");
    let seen = terminal.ends(0);
    for part in ["wrote", "1 of 1, approved", "git add approvals/dependency-bump", "git push"] {
        assert!(seen.contains(part), "`{part}` is not told\n{seen}");
    }
    place.openssh_verifies(&format!("approvals/{CLASS}"), ALICE, "approval@taskclass");
    place.registry.commit("Approved");
    place.registry.taskclass(&["verify", CLASS]).exits(3).prints(&["1 of 1", ALICE, "is approved"]);

    // Again, a moment later: that it is not needed is part of the question.
    let mut terminal = place.at_terminal(&arguments);
    let shown = terminal.reads("Your approval still lasts 180 days. Sign? [y/N] ");
    assert!(shown.contains("effect       nothing has changed since it was approved"), "{shown}");
    terminal.types("n");
    terminal.ends(3);

    // The review's last word stands beside the question, and nothing is wider than the terminal.
    place.registry.replace(CLASS_FILE, "max_files: ", "max_files: 1");
    let version = place.registry.read(CLASS_FILE);
    let version = version.lines().find(|line| line.starts_with("version:")).unwrap().to_owned();
    place.registry.replace(CLASS_FILE, &version, "version: 9");
    place.registry.commit("Larger results");
    let mut command = place.command(
        &[&arguments[..7], &["Read it, and looked at the last ten results of the class as well as at their size"]]
            .concat(),
    );
    command.env("NO_COLOR", "1").env("COLUMNS", "80");
    let mut terminal = Terminal::start(command);
    let shown = terminal.reads("Sign? [y/N] ");
    assert!(shown.contains("effect       widens: 1 widens, 1 neutral"), "{shown}");
    let signed = shown.split_once("To be signed").unwrap().1;
    assert!(signed.contains("\n  digest\n  sha256:"), "{signed}");
    assert!(signed.contains("of the class as well\n               as at their size"), "{signed}");
    // Only the key's path may be: a path is not broken.
    let wide: Vec<&str> = signed.lines().filter(|line| line.chars().count() > 80 && !line.contains("keys/")).collect();
    assert!(wide.is_empty(), "{wide:?}");
    terminal.types("n");
    terminal.ends(3);
}

#[test]
fn a_passphrase_is_asked_for_unseen_and_three_times() {
    let place = Place::new();
    let key = place.key("alice");
    place.registry.ssh_keygen(&["-q", "-p", "-P", "", "-N", "open sesame", "-f", &key]);
    let arguments = ["approve", CLASS, "--as", ALICE, "--key", &key];
    let said = place
        .registry
        .taskclass(&[&arguments[..], &["--yes"]].concat())
        .fails_clearly(2, &["has a passphrase", "no terminal", "ssh-add", "--agent"]);
    assert!(!said.stderr.contains("To be signed"), "it is known before the review\n{said}");

    let mut terminal = place.at_terminal(&arguments);
    terminal.reads("Sign? [y/N] ");
    terminal.types("y");
    for _ in 0..2 {
        terminal.reads("Passphrase of ");
        terminal.types("let me in");
        terminal.reads("that is not the passphrase");
    }
    terminal.reads("Passphrase of ");
    terminal.types("let me in");
    let seen = terminal.ends(2);
    assert!(seen.contains("dependency-bump: not signed") && !seen.contains("let me in"), "{seen}");
    assert!(place.records(&format!("approvals/{CLASS}")).is_empty());

    // Ctrl-C is an answer, and the terminal shows again what is typed.
    let mut terminal = place.at_terminal(&[&arguments[..], &["--yes"]].concat());
    terminal.reads("Passphrase of ");
    terminal.types("open\u{3}");
    let seen = terminal.ends(130);
    assert!(seen.contains("interrupted: no passphrase was given"), "{seen}");

    // Two documents, one passphrase.
    let both = ["approve", CLASS, "policy", "--as", ALICE, "--key", &key];
    let mut terminal = place.at_terminal(&both);
    terminal.reads("Sign? [y/N] ");
    terminal.types("y");
    terminal.reads("Passphrase of ");
    terminal.types("open sesame");
    terminal.reads("Sign? [y/N] ");
    terminal.types("y");
    let seen = terminal.ends(0);
    assert!(!seen.contains("sesame"), "{seen}");
    assert!(seen.contains("policy: 1 of 2, 1 more to sign") && seen.contains("bob@acme.com could"), "{seen}");
    place.openssh_verifies(&format!("approvals/{CLASS}"), ALICE, "approval@taskclass");
}

#[test]
fn an_agent_signs_with_the_signers_key() {
    let place = Place::new();
    let agent = Agent::start(place.folder.path(), place.registry.home());
    let with_agent = |arguments: &[&str]| {
        let mut command = place.command(arguments);
        command.env("SSH_AUTH_SOCK", agent.socket());
        crate::harness::Running::start(command).wait()
    };
    let arguments = ["approve", CLASS, "--as", ALICE, "--agent", "--yes"];
    place.registry.taskclass(&arguments).fails_clearly(2, &["SSH_AUTH_SOCK is not set", "ssh-add"]);
    with_agent(&arguments).fails_clearly(2, &["holds no key", "ssh-add", "SHA256:"]);
    agent.holds(&place.registry.key("bob"));
    with_agent(&arguments).fails_clearly(2, &["no key that trust/allowed_signers has for alice@acme.com", "(bob)"]);
    agent.holds(&place.registry.key("alice"));
    with_agent(&arguments).exits(0);
    place.openssh_verifies(&format!("approvals/{CLASS}"), ALICE, "approval@taskclass");
    place.registry.commit("Approved");
    place.registry.taskclass(&["verify", CLASS]).exits(3).prints(&["1 of 1", ALICE, "is approved"]);

    // Two keys of one person: which one is said.
    let second = place.registry.new_signer("alice2").replace("alice2@", "alice@");
    let trust = place.registry.read("trust/allowed_signers") + &second;
    place.registry.write("trust/allowed_signers", &trust);
    place.registry.commit("A second key");
    agent.holds(&place.registry.key("alice2"));
    let policy = ["approve", "policy", "--as", ALICE, "--agent", "--yes"];
    with_agent(&policy).fails_clearly(2, &["holds 2 keys of alice@acme.com", "--key FILE.pub"]);
    let public = format!("{}.pub", place.key("alice2"));
    let said = with_agent(&[&policy[..], &["--key", &public]].concat()).exits(0);
    let shown = place.registry.ssh_keygen(&["-l", "-f", &public]);
    let fingerprint = shown.split_whitespace().nth(1).unwrap();
    said.says(&[fingerprint, "ssh-agent"]);
    // An agent that goes in the middle: what was signed is told and stays.
    let mut locking = place.command(&["approve", "policy", CLASS, "--as", "bob@acme.com", "--agent"]);
    locking.env("SSH_AUTH_SOCK", agent.socket()).env("NO_COLOR", "1");
    let mut terminal = Terminal::start(locking);
    terminal.reads("Sign? [y/N] ");
    terminal.types("y");
    terminal.reads("Sign? [y/N] ");
    agent.loses(&place.registry.key("bob"));
    terminal.types("y");
    let seen = terminal.ends(2);
    for part in
        ["policy: 2 of 2, approved", "git add approvals/policy &&", "refused to sign", "dependency-bump: not signed"]
    {
        assert!(seen.contains(part), "`{part}` is not told\n{seen}");
    }
    agent.holds(&place.registry.key("bob"));

    let revoke = ["revoke", CLASS, "--as", "bob@acme.com", "--agent", "--yes", "--reason", "wrong lock file"];
    with_agent(&revoke).exits(0).says(&["no longer approved", "git add revocations/dependency-bump"]);
    place.openssh_verifies(&format!("revocations/{CLASS}"), "bob@acme.com", "revocation@taskclass");
}

#[test]
fn bytes_are_printed_signed_elsewhere_and_brought_back() {
    let place = Place::new();
    let elsewhere = place.folder.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    let (file, signature) = (elsewhere.join("record.json"), elsewhere.join("record.json.sig"));
    let sign = |namespace: &str, person: &str| {
        let _ = fs::remove_file(&signature);
        place.registry.ssh_keygen(&[
            "-Y",
            "sign",
            "-q",
            "-n",
            namespace,
            "-f",
            &place.key(person),
            file.to_str().unwrap(),
        ]);
    };
    let attach = ["approve", CLASS, "--as", ALICE, "--attach", signature.to_str().unwrap()];
    let said = place.registry.taskclass(&["approve", CLASS, "--as", ALICE, "--print"]).exits(0);
    fs::write(&file, &said.stdout).unwrap();
    let head = place.registry.git(&["rev-parse", "--short=12", "HEAD"]);
    let back = format!("--commit {} --attach {CLASS}.json.sig", head.trim());
    let said = said.says(&["ssh-keygen -Y sign -n approval@taskclass", &back]);
    assert!(said.stdout.starts_with('{') && said.stdout.ends_with('}'), "{said}");
    assert!(place.records(&format!("approvals/{CLASS}")).is_empty(), "nothing half done lies in the registry");

    place.registry.taskclass(&attach).fails_clearly(2, &["record.json.sig", "cannot be read"]);
    sign("revocation@taskclass", "alice");
    place
        .registry
        .taskclass(&attach)
        .fails_clearly(3, &["would not count", "approval@taskclass", "nothing was written"]);
    sign("approval@taskclass", "bob");
    place.registry.taskclass(&attach).fails_clearly(3, &["would not count", "belongs to bob@acme.com"]);
    sign("approval@taskclass", "alice");
    let record = fs::read_to_string(&file).unwrap();
    for changed in [record.replace("\"low\"", "\"high\""), format!("{record}\n"), record.replace(':', ": ")] {
        fs::write(&file, changed).unwrap();
        let ended = place.registry.taskclass(&attach);
        assert_eq!(ended.code, Some(3), "{ended}");
    }
    fs::write(&file, &record).unwrap();
    let other = ["approve", "policy", "--as", ALICE, "--attach", signature.to_str().unwrap()];
    place.registry.taskclass(&other).fails_clearly(3, &["approval of dependency-bump"]);
    assert!(place.records("approvals/policy").is_empty() && place.records(&format!("approvals/{CLASS}")).is_empty());

    place.registry.taskclass(&attach).exits(0).says(&["1 of 1, approved"]);
    place.registry.commit("Approved");
    place.registry.taskclass(&["verify", CLASS]).exits(3).prints(&["1 of 1", ALICE, "is approved"]);

    // The same way back for a revocation.
    let print = ["revoke", CLASS, "--as", ALICE, "--print", "--reason", "wrong lock file"];
    fs::write(&file, place.registry.taskclass(&print).exits(0).stdout).unwrap();
    sign("revocation@taskclass", "alice");
    let attach = ["revoke", CLASS, "--as", ALICE, "--attach", signature.to_str().unwrap()];
    place.registry.taskclass(&[&attach[..], &["--all"]].concat()).fails_clearly(3, &["says something else"]);
    place.registry.taskclass(&attach).exits(0).says(&["no longer approved"]);
    place.openssh_verifies(&format!("revocations/{CLASS}"), ALICE, "revocation@taskclass");
    // The same again changes nothing; other words do not take the place of what stands, committed or not, here or gone.
    place.registry.taskclass(&attach).exits(0);
    let standing = fs::read(&file).unwrap();
    let folder = format!("revocations/{CLASS}");
    let stands = || {
        let name = place.records(&folder).into_iter().find(|name| name.ends_with(".json")).unwrap();
        fs::read(place.registry.root().join(&folder).join(name)).unwrap()
    };
    let other = String::from_utf8(standing.clone()).unwrap().replace("wrong lock file", "a better reason");
    fs::write(&file, other).unwrap();
    sign("revocation@taskclass", "alice");
    place.registry.taskclass(&attach).fails_clearly(3, &["you have revoked that already", "nothing was written"]);
    assert_eq!(stands(), standing);
    place.registry.commit("Revoked");
    fs::remove_dir_all(place.registry.root().join(&folder)).unwrap();
    place.registry.taskclass(&attach).fails_clearly(3, &["you have revoked that already"]);
    assert!(place.records(&folder).is_empty());
    let blank = ["revoke", "policy", "--as", ALICE, "--print", "--reason", "\u{200b} "];
    place.registry.taskclass(&blank).fails_clearly(2, &["a revocation says why", "can be seen"]);
}

#[test]
fn keys_that_do_not_count_are_refused_before_anything_is_signed() {
    let place = Place::new();
    let rsa = place.key("rsa");
    place.registry.ssh_keygen(&["-q", "-t", "rsa", "-b", "2048", "-N", "secret", "-f", &rsa]);
    let approve =
        |key: &str, name: &str| place.registry.taskclass(&["approve", CLASS, "--as", name, "--key", key, "--yes"]);
    approve(&rsa, ALICE).fails_clearly(3, &["RSA keys are refused", "ssh-keygen -t ed25519"]);
    approve(&place.key("bob"), ALICE).fails_clearly(3, &["is not alice@acme.com's", "it is bob@acme.com's"]);
    approve(&format!("{}.pub", place.key("alice")), ALICE).fails_clearly(2, &["public key", "--agent"]);
    approve(&place.key("alice"), "eve@acme.com").fails_clearly(3, &["eve@acme.com is not in trust/allowed_signers"]);
    approve(&place.key("alice"), "alice").fails_clearly(3, &["alice is not in", "did you mean `alice@acme.com`?"]);
    let trust = place.registry.read("trust/allowed_signers");
    let eve = place.registry.new_signer("eve");
    place.registry.write("trust/allowed_signers", &format!("{trust}{eve}"));
    approve(&place.key("eve"), "eve@acme.com")
        .fails_clearly(3, &["eve@acme.com is not in trust/allowed_signers", "that is not committed yet"]);
    for (old, new, says) in [
        ("approval@taskclass,revocation@taskclass\"", "revocation@taskclass\"", "may not sign for approval@taskclass"),
        ("revocation@taskclass\"", "revocation@taskclass\",valid-before=\"20260101Z\"", "was valid until"),
        ("revocation@taskclass\"", "revocation@taskclass\",valid-after=\"20990101Z\"", "is valid from"),
    ] {
        place.registry.write("trust/allowed_signers", &trust.replacen(old, new, 1));
        place.registry.commit("Another trust");
        approve(&place.key("alice"), ALICE).fails_clearly(3, &["would not count", says]);
    }
    assert!(place.records(&format!("approvals/{CLASS}")).is_empty());
}

#[test]
fn an_approval_ends_with_its_key_and_says_so() {
    let place = Place::new();
    let end = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * 30);
    let compact: String = end.to_string().chars().filter(char::is_ascii_digit).take(8).collect();
    let trust = place.registry.read("trust/allowed_signers");
    let ending = format!("revocation@taskclass\",valid-before=\"{compact}Z\"");
    place.registry.write("trust/allowed_signers", &trust.replacen("revocation@taskclass\"", &ending, 1));
    place.registry.commit("Alice's key ends");
    let midnight = format!("{}-{}-{}T00:00:00Z", &compact[..4], &compact[4..6], &compact[6..]);
    place
        .registry
        .approve(CLASS, "alice")
        .exits(0)
        .says(&[&format!("ends at {midnight}, and with it the approval"), &format!("approved until {midnight}")]);
}

#[test]
fn break_glass_is_short_says_why_and_is_marked() {
    let place = Place::new();
    let key = place.key("alice");
    let approve = |more: &[&str]| {
        let usual = ["approve", CLASS, "--as", ALICE, "--key", &key, "--yes"];
        place.registry.taskclass(&[&usual[..], more].concat())
    };
    approve(&["--break-glass"]).fails_clearly(3, &["break-glass", "--note REASON", "escalates"]);
    approve(&["--break-glass", "--note", "Outage 7", "--expires", "25h"]).fails_clearly(3, &["at most", "25h"]);
    approve(&["--expires", "24h"]).fails_clearly(3, &["this short is a break-glass approval", "--note"]);
    approve(&["--expires", "400d"]).fails_clearly(3, &["max_age"]);
    assert!(place.records(&format!("approvals/{CLASS}")).is_empty());
    approve(&["--break-glass", "--note", "Outage 7", "--expires", "2h"]).exits(0).says(&[
        "break-glass",
        "whatever runs under it escalates",
        "in 2h",
        "approved (break-glass)",
    ]);
    // An ordinary one follows.
    approve(&[]).exits(0).says(&["renews your approval that ends in 1h", "in 180 days"]);
    approve(&[]).exits(0).says(&["renews your approval that ends in 180 days", "1 of 1 now, 1 of 1 with yours"]);
    approve(&["--break-glass", "--note", "Outage 8"]).fails_clearly(3, &["already", "end sooner"]);
    let printed = approve(&["--expires", "90d", "--format", "json"]);
    printed.fails_clearly(3, &["end sooner"]);
}

#[test]
fn all_that_waits_is_approved_at_once_and_a_second_person_completes_it() {
    let place = Place::new();
    let approve = |person: &str, more: &[&str]| {
        let (principal, key) = (format!("{person}@acme.com"), place.key(person));
        let usual = ["approve", "--all", "--as", &principal, "--key", &key, "--yes"];
        place.registry.taskclass(&[&usual[..], more].concat())
    };
    let signed = approve("alice", &["--format", "json"]).exits(0).json();
    let rows = signed["signed"].as_array().unwrap();
    let shipped = fs::read_dir(place.registry.root().join("task-classes")).unwrap();
    let classes = shipped.filter(|entry| entry.as_ref().unwrap().path().extension().is_some()).count();
    assert_eq!(rows.len(), classes + 1, "{signed}");
    assert_eq!(rows[0]["name"], "policy");
    assert_eq!((&rows[0]["approved"], &rows[0]["quorum"]), (&false.into(), &2.into()));
    approve("alice", &[]).exits(0).says(&["nothing waits for an approval by alice@acme.com"]);
    // Nothing is committed yet, and Bob's signature meets Alice's.
    approve("bob", &[]).exits(0).says(&["policy: 2 of 2, approved"]);
    place.registry.commit("Approvals");
    place.registry.taskclass(&["verify"]).exits(0);

    // A higher risk asks for more people, and says so.
    place.registry.replace(CLASS_FILE, "risk: low", "risk: high");
    let version = place.registry.read(CLASS_FILE);
    let version = version.lines().find(|line| line.starts_with("version:")).unwrap().to_owned();
    place.registry.replace(CLASS_FILE, &version, "version: 9");
    place.registry.commit("Riskier");
    place.registry.approve(CLASS, "alice").exits(0).says(&[
        "0 of 2 now, 1 of 2 with yours",
        "2 instead of 1: the risk was low and is high",
        "dependency-bump: 1 of 2, 1 more to sign: bob@acme.com could",
    ]);
    place.registry.approve(CLASS, "bob").exits(0).says(&["1 of 2 now, 2 of 2 with yours", "2 of 2, approved"]);
}

#[test]
fn what_is_revoked_cannot_be_approved_and_revoking_says_what_follows() {
    let place = Place::new();
    place.registry.approve_all();
    let key = place.key("bob");
    let revoke = |what: &[&str]| {
        let usual = ["--as", "bob@acme.com", "--key", &key, "--reason", "the prompt lets paths escape"];
        place.registry.taskclass(&[&["revoke"], what, &usual[..]].concat())
    };
    revoke(&[CLASS]).fails_clearly(2, &["no terminal", "--yes"]);
    revoke(&["no-such-class", "--all", "--yes"]).fails_clearly(2, &["no-such-class"]);
    revoke(&[CLASS, "--digest", "cafe", "--yes"]).fails_clearly(2, &["is no digest"]);
    revoke(&[CLASS, "--digest", "cafecafecafe", "--yes"]).fails_clearly(2, &["no approval of dependency-bump"]);

    // A key: Alice's. The policy needs two, the class one.
    let shown = place.registry.ssh_keygen(&["-l", "-f", &place.key("alice")]);
    let fingerprint = shown.split_whitespace().nth(1).unwrap();
    revoke(&["--signed-by", fingerprint, "--yes"]).exits(0).says(&[
        "every approval by the key",
        "policy: 1 of 2, without alice@acme.com",
        "dependency-bump: 0 of 1, without alice@acme.com",
        "nothing runs then",
        "git add revocations/policy",
    ]);
    place.registry.approve(CLASS, "alice").fails_clearly(3, &["would not count", "revoked by bob@acme.com"]);
    fs::remove_dir_all(place.registry.root().join("revocations")).unwrap();

    let told = revoke(&["--signed-by", fingerprint, "--yes", "--quiet", "--format", "json"]).exits(0);
    assert_eq!(told.stderr, "");
    let told = told.json();
    assert_eq!(told["consequences"][0]["name"], "policy");
    assert_eq!(told["consequences"][1]["without"][0], ALICE);
    assert_eq!(told["consequences"][1]["approved"], false);
    fs::remove_dir_all(place.registry.root().join("revocations")).unwrap();

    // Every version: what comes after counts.
    revoke(&[CLASS, "--all", "--yes"]).exits(0).says(&["every approval of dependency-bump until", "0 of 1"]);
    fs::remove_dir_all(place.registry.root().join("revocations")).unwrap();

    // One content, by the beginning of its digest as the record's file name has it, at the terminal.
    let record = place.records(&format!("approvals/{CLASS}")).remove(0);
    let mut terminal = place.at_terminal(&[
        "revoke",
        CLASS,
        "--digest",
        &record[..12],
        "--as",
        "bob@acme.com",
        "--key",
        &key,
        "--note",
        "paths escape",
    ]);
    let shown = terminal.reads("Sign? [y/N] ");
    assert!(shown.contains("no longer approved  dependency-bump: 0 of 1"), "{shown}");
    terminal.types("YES");
    terminal.ends(0);
    revoke(&[CLASS, "--yes"]).fails_clearly(3, &["you have revoked that already"]);
    for (principal, person) in [(ALICE, "alice"), ("bob@acme.com", "bob")] {
        place.registry.approve(CLASS, person).fails_clearly(3, &["has been revoked", "bob@acme.com", "paths escape"]);
        let print = ["approve", CLASS, "--as", principal, "--print"];
        place.registry.taskclass(&print).fails_clearly(3, &["has been revoked"]);
    }
    // Deleted before it is committed it is gone; afterwards it stands.
    place.registry.commit("Revoked");
    fs::remove_dir_all(place.registry.root().join("revocations")).unwrap();
    place.registry.approve(CLASS, "alice").fails_clearly(3, &["has been revoked"]);
}

#[test]
fn nothing_is_written_where_a_link_leads_out_of_the_registry() {
    let place = Place::new();
    let outside = place.folder.path().join("outside");
    fs::create_dir(&outside).unwrap();
    std::os::unix::fs::symlink(&outside, place.registry.root().join("approvals")).unwrap();
    let ended = place.registry.approve(CLASS, "alice");
    assert_eq!(ended.code, Some(2), "{ended}");
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
}
