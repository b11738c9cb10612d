//! What approvals change: the review since the last one, and the gate that lets approved changes pass.

use super::registry::{ALICE, BOB, CLASS, MALLORY, NAME, PROMPT, Registry, Said, TRUST, git, line, taskclass};

const GATE: [&str; 4] = ["--fail-on", "widens", "--unless-approved", "HEAD"];

fn gate(registry: &Registry, base: &str) -> Said {
    registry.diff(&[&[base, "HEAD"], &GATE[..3]].concat())
}

fn passes(registry: &Registry, base: &str) {
    let said = gate(registry, base);
    assert_eq!(said.code, 0, "{said:?}");
}

/// Fails for one document, and says why.
fn fails(registry: &Registry, base: &str, name: &str, why: &str) {
    let said = gate(registry, base);
    assert_eq!(said.code, 1, "{said:?}");
    told(&said, &format!("fails: {name} "), why);
}

/// What is said of a document, whatever its effect is.
fn told(said: &Said, begins: &str, holds: &str) {
    let found = said.err.lines().any(|line| line.starts_with(begins) && line.contains(holds));
    assert!(found, "no line `{begins}…{holds}`: {said:?}");
}

#[test]
fn a_widening_passes_once_those_whom_the_base_trusts_approved_it() {
    let registry = Registry::new();
    let base = registry.git(&["rev-parse", "HEAD"]);
    registry.edit(CLASS, "per_task: 30", "per_task: 40");
    registry.commit();
    fails(&registry, &base, NAME, "; 0 of 1 approvals");
    assert_eq!(registry.diff(&[&base, "HEAD", "--fail-on", "widens"]).code, 1);
    registry.approve(NAME, ALICE);
    passes(&registry, &base);
    let said = gate(&registry, &base);
    told(&said, "passes: docs-link-repair ", ", approved by alice@acme.com");
    assert_eq!(registry.diff(&[&base, "HEAD", "--fail-on", "widens"]).code, 1, "nothing excuses it unasked");
    for (fail_on, code) in [("widens", 0), ("rewrites", 0), ("any", 0)] {
        assert_eq!(registry.diff(&[&base, "HEAD", "--fail-on", fail_on, "--unless-approved"]).code, code);
    }
    // One more word, and it is other content.
    registry.edit(PROMPT, "links", "dead links");
    registry.commit();
    fails(&registry, &base, NAME, "; 0 of 1 approvals");
    // What is not committed cannot be approved.
    let said = registry.diff(&[&base, "--fail-on", "widens", "--unless-approved"]);
    assert_eq!(said.code, 1);
    told(&said, "fails: docs-link-repair ", "approvals are about commits");
}

#[test]
fn a_policy_needs_its_own_quorum() {
    let registry = Registry::new();
    let base = registry.approve(NAME, ALICE);
    registry.edit("policy.yaml", "high: 2", "high: 1");
    registry.edit("policy.yaml", "per_task: 100", "per_task: 200");
    registry.commit();
    registry.approve("policy", ALICE);
    fails(&registry, &base, "policy", "; 1 of 2 approvals");
    registry.approve("policy", BOB);
    passes(&registry, &base);
}

#[test]
fn a_trust_file_does_not_approve_itself_nor_what_comes_with_it() {
    let registry = Registry::new();
    let base = registry.git(&["rev-parse", "HEAD"]);
    registry.edit(CLASS, "per_task: 30", "per_task: 40");
    registry.write(TRUST, registry.read(TRUST) + &line(MALLORY));
    registry.commit();
    registry.approve(NAME, MALLORY);
    let said = gate(&registry, &base);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("fails: trust widens; no approval covers who may approve"), "{said:?}");
    told(&said, "fails: docs-link-repair ", "; 0 of 1 approvals");
    // Approved by who was trusted before: the class passes, the trust file never does.
    registry.approve(NAME, ALICE);
    let said = gate(&registry, &base);
    assert_eq!(said.code, 1);
    told(&said, "passes: docs-link-repair ", ", approved by alice@acme.com");
    assert!(said.err.contains("fails: trust widens"), "{said:?}");
    // Mallory alone, in a base that trusts them already: nobody else is asked.
    let base = registry.git(&["rev-parse", "HEAD"]);
    registry.edit(CLASS, "per_task: 40", "per_task: 50");
    registry.commit();
    registry.approve(NAME, MALLORY);
    passes(&registry, &base);
    // Whom the change takes away does not count for it.
    registry.edit(CLASS, "per_task: 50", "per_task: 60");
    registry.commit();
    registry.approve(NAME, MALLORY);
    registry.write(TRUST, [ALICE, BOB].map(line).concat());
    registry.commit();
    fails(&registry, &base, NAME, "; 0 of 1 approvals");
}

#[test]
fn what_cannot_be_read_passes_no_gate() {
    let registry = Registry::new();
    registry.approve(NAME, ALICE);
    let base = registry.git(&["rev-parse", "HEAD"]);
    registry.edit(CLASS, "budget: {", "budget: [");
    registry.commit();
    fails(&registry, &base, NAME, "cannot be read");
    registry.git(&["reset", "--quiet", "--hard", &base]);
    registry.edit(CLASS, "per_task: 30", "per_task: 40");
    registry.commit();
    registry.approve(NAME, ALICE);
    passes(&registry, &base);
    registry.edit("policy.yaml", "schema: policy/v1", "schema: policy/v2");
    registry.commit();
    fails(&registry, &base, "policy", "cannot be read");
    // Without a trust file at the base nobody could have approved anything.
    registry.git(&["reset", "--quiet", "--hard", &base]);
    registry.git(&["rm", "--quiet", TRUST]);
    let bare = registry.commit();
    registry.write(TRUST, [ALICE, BOB].map(line).concat());
    registry.edit(CLASS, "per_task: 30", "per_task: 40");
    registry.commit();
    registry.approve(NAME, ALICE);
    fails(&registry, &bare, NAME, "it is not known who may approve: trust/allowed_signers is missing");
}

/// Nobody knows how risky it was, so it needs as many as the riskiest.
#[test]
fn a_class_that_was_broken_is_mended_through_the_gate() {
    let registry = Registry::new();
    registry.edit(CLASS, "budget: {", "budget: [");
    let broken = registry.commit();
    registry.edit(CLASS, "budget: [", "budget: {");
    registry.commit();
    fails(&registry, &broken, NAME, " 0 of 2 approvals");
    registry.approve(NAME, ALICE);
    fails(&registry, &broken, NAME, " 1 of 2 approvals");
    registry.approve(NAME, BOB);
    passes(&registry, &broken);
    let said = registry.diff(&[&broken, "HEAD"]);
    assert!(said.out.contains("was unreadable before") && !said.out.contains("taskclass lint"), "{said:?}");
}

#[test]
fn a_registry_below_the_top_has_no_approvals() {
    let registry = Registry::below("teams/a");
    let base = registry.git(&["rev-parse", "HEAD"]);
    registry.edit(CLASS, "per_task: 30", "per_task: 40");
    registry.commit();
    fails(&registry, &base, NAME, "approvals are about a registry at the top of its repository");
    registry.diff(&["--since-approved"]).fails(&["at the top of its repository", "`teams/a`"]);
}

#[test]
fn since_approved_is_against_the_last_approved_content_of_each() {
    let registry = Registry::new();
    let said = registry.diff(&["--since-approved", "--format", "json"]);
    assert_eq!(said.effects().len(), 2, "{said:?}");
    assert!(said.err.contains("docs-link-repair: against nothing (no content of it is approved now)"), "{said:?}");
    registry.approve("policy", ALICE);
    registry.approve("policy", BOB);
    let approved = registry.approve(NAME, ALICE);
    let said = registry.diff(&["--since-approved"]);
    assert!(said.out.starts_with("nothing differs between what was last approved and the work tree"), "{said:?}");

    // The content moves on twice, the policy once, and the trust file as well.
    registry.edit(CLASS, "per_task: 30", "per_task: 40");
    registry.commit();
    registry.edit(CLASS, "title: Repair", "title: Mend");
    registry.edit("policy.yaml", "per_day: 1000", "per_day: 900");
    registry.commit();
    let short = &approved[..12];
    let said = registry.diff(&["--since-approved", "--format", "json"]);
    let mut names: Vec<String> = said.effects().into_iter().map(|(name, _)| name).collect();
    names.sort();
    assert_eq!(names, [NAME, "policy"], "{said:?}");
    assert!(said.err.contains(&format!("docs-link-repair: against {short} (approved by alice@acme.com)")), "{said:?}");
    let said = registry.diff(&["--since-approved", NAME]);
    assert!(said.out.contains(&format!("between {short} (approved by alice@acme.com) and the work tree")), "{said:?}");
    assert!(!said.err.contains("policy"), "{said:?}");
    assert_eq!(registry.diff(&["--since-approved", "--fail-on", "widens"]).code, 1);

    // A revision in front is what is looked at; so is the work tree without one.
    let said = registry.diff(&["HEAD~2", "--since-approved", NAME]);
    assert!(said.out.starts_with("nothing differs"), "{said:?}");
    registry.edit(CLASS, "per_task: 40", "per_task: 50");
    let said = registry.diff(&["--since-approved", NAME, "--format", "json"]);
    assert_eq!(said.json()["documents"][0]["cost"]["after"]["per_task"], 50, "{said:?}");

    registry.write(TRUST, registry.read(TRUST) + &line(MALLORY));
    let said = registry.diff(&["--since-approved", NAME, "--format", "json"]);
    assert!(
        said.effects().contains(&("trust".to_owned(), "widens".to_owned())),
        "who may approve is part of it: {said:?}"
    );
}

#[test]
fn one_signature_does_not_undo_what_takes_two() {
    let registry = Registry::new();
    registry.edit(CLASS, "risk: low", "risk: high");
    registry.commit();
    let base = registry.git(&["rev-parse", "HEAD"]);
    registry.edit(CLASS, "risk: high", "risk: low");
    registry.edit(CLASS, "per_task: 30", "per_task: 40");
    registry.commit();
    registry.approve(NAME, ALICE);
    fails(&registry, &base, NAME, "; 1 of 2 approvals: the risk was high before");
    registry.approve(NAME, BOB);
    passes(&registry, &base);
}

#[test]
fn since_approved_is_held_against_the_protected_branch() {
    let registry = Registry::new();
    registry.approve("policy", ALICE);
    registry.approve("policy", BOB);
    let main = registry.approve(NAME, ALICE);
    let trusted = registry.read(TRUST);
    registry.git(&["remote", "add", "origin", "https://example.invalid/registry"]);
    registry.git(&["update-ref", "refs/remotes/origin/main", &main]);
    registry.git(&["checkout", "--quiet", "-b", "proposal"]);
    // The branch lets a stranger sign what it widens, and then narrows it a little.
    registry.write(TRUST, trusted.clone() + &line(MALLORY));
    registry.commit();
    registry.edit(CLASS, "per_task: 30", "per_task: 400");
    registry.commit();
    registry.approve(NAME, MALLORY);
    registry.edit(CLASS, "per_task: 400", "per_task: 399");
    registry.commit();
    let short = &main[..12];
    let header = format!("docs-link-repair: against {short} (approved by alice@acme.com, on origin/main)");
    for restored in [false, true] {
        if restored {
            registry.write(TRUST, trusted.clone());
            registry.commit();
        }
        let said = registry.diff(&["--since-approved", NAME, "--format", "json"]);
        assert!(said.err.contains(&header), "{said:?}");
        assert!(said.effects().contains(&(NAME.to_owned(), "widens".to_owned())), "{said:?}");
        let trust = said.effects().iter().any(|(name, effect)| name == "trust" && effect == "widens");
        assert_eq!(trust, !restored, "{said:?}");
    }
    // Without a remote there is no branch to tell apart, and that is said.
    registry.git(&["update-ref", "-d", "refs/remotes/origin/main"]);
    let said = registry.diff(&["--since-approved", NAME]);
    assert!(said.err.contains("this clone knows no branch of a remote"), "{said:?}");
    // As it is named, or as an executor reads it.
    let said = registry.diff(&["--since-approved", NAME, "--base", &main]);
    assert!(said.err.contains("approved by alice@acme.com, on "), "{said:?}");
    assert!(!said.err.contains("this clone knows"), "{said:?}");
    registry.git(&["update-ref", "refs/remotes/origin/else", "HEAD"]);
    registry.diff(&["--since-approved", NAME]).fails(&["which branch of `origin` is protected", "--base", "set-head"]);
    registry.diff(&["--base", "main"]).fails(&["--since-approved"]);
}

#[test]
fn an_executors_configuration_says_whom_to_hold_it_against() {
    let registry = Registry::new();
    registry.approve(NAME, ALICE);
    let config = tempfile::tempdir().unwrap();
    let file = config.path().join("executor.yaml");
    let configured = |pin: &str| {
        let text = format!(
            "schema: executor/v1\nregistry:\n  git: {}\n  ref: refs/heads/main\n  allowed_signers: \"{pin}\"\n\
             github:\n  api: https://api.github.com\n  token: {{env: GH_TOKEN}}\nstate: state.db\n",
            registry.root.display()
        );
        std::fs::write(&file, text).unwrap();
        registry.diff(&["--since-approved", NAME, "--config", file.to_str().unwrap()])
    };
    let said = configured(&taskclass_spec::Digest::of(registry.read(TRUST).as_bytes()).to_string());
    assert!(said.err.contains("(approved by alice@acme.com, on main)"), "{said:?}");
    let said = configured(&taskclass_spec::Digest::of(b"other").to_string());
    assert!(said.err.contains("nothing counts as approved before: at main, trust/allowed_signers has"), "{said:?}");
    assert!(said.err.contains("against nothing (no content of it is approved now on main)"), "{said:?}");
}

#[test]
fn since_approved_says_what_it_cannot_do() {
    let registry = Registry::new();
    registry.diff(&["--since-approved", "docs-link-repare"]).fails(&["no class", "did you mean `docs-link-repair`?"]);
    registry.diff(&["main", "HEAD", "--since-approved"]).fails(&["cannot be used with"]);
    registry.diff(&["--since-approved", "--fail-on", "any", "--unless-approved"]).fails(&["cannot be used with"]);
    registry.diff(&["./trust", "--since-approved"]).fails(&["not of a folder"]);
    registry.approve(NAME, ALICE);
    registry.edit(CLASS, "per_task: 30", "per_task: 40");
    registry.commit();
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", registry.root.display());
    git(clone.path(), &["clone", "--quiet", "--depth=1", &url, "reg"]);
    let said = taskclass(&clone.path().join("reg"), &["diff", "--since-approved"]);
    said.fails(&["what was approved last cannot be found out", "shallow", "fetch-depth: 0"]);
}
