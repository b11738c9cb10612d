//! Which sides are compared, how they are named, and what is said where they cannot be had.

use std::{fs, path::Path};

use serde_json::Value;

use super::registry::{CLASS, NAME, PROMPT, Registry, Said, git, taskclass};

#[test]
fn the_same_is_found_in_commits_in_folders_and_below() {
    let (a, b) = (Registry::without_history(""), Registry::without_history(""));
    b.edit(CLASS, "per_task: 30", "per_task: 40");
    b.edit(PROMPT, "links", "dead links");
    b.edit("policy.yaml", "per_day: 1000", "per_day: 900");
    let paths = [a.root.to_str().unwrap(), b.root.to_str().unwrap()];
    let elsewhere = tempfile::tempdir().unwrap();
    let folders = taskclass(elsewhere.path(), &["diff", paths[0], paths[1], "--format", "json"]);
    let mut expected = folders.effects();
    assert_eq!(expected.len(), 2, "{folders:?}");
    expected.sort();
    for below in ["", "teams/a"] {
        let registry = Registry::below(below);
        for path in [CLASS, PROMPT, "policy.yaml"] {
            registry.write(path, b.read(path));
        }
        let mut tree = registry.diff(&["--format", "json"]).effects();
        tree.sort();
        assert_eq!(tree, expected, "work tree, {below}");
        registry.commit();
        // What lies elsewhere in the repository is no part of it.
        git(registry.folder.path(), &["rm", "--quiet", "-r", "--cached", "--ignore-unmatch", "README.md"]);
        let said = registry.diff(&["HEAD~1", "HEAD", "--format", "json"]);
        let mut commits = said.effects();
        commits.sort();
        assert_eq!(commits, expected, "commits, {below}");
        // But for what is known of approvals, the documents are the same as well.
        let strip = |said: &Said| {
            let mut document = said.json();
            for document in document["documents"].as_array_mut().unwrap() {
                document.as_object_mut().unwrap().remove("approval");
            }
            document["documents"].clone()
        };
        assert_eq!(strip(&said), strip(&folders), "{below}");
        let mixed = registry.diff(&[paths[0], "HEAD", "--format", "json"]);
        assert_eq!(strip(&mixed), strip(&folders), "a folder and a revision");
    }
}

#[test]
fn a_renamed_class_is_followed() {
    let registry = Registry::new();
    registry.git(&["mv", CLASS, "task-classes/link-repair.yaml"]);
    registry.edit("task-classes/link-repair.yaml", "name: docs-link-repair", "name: link-repair");
    registry.commit();
    let said = registry.diff(&["HEAD~1", "HEAD"]);
    assert!(said.out.contains("link-repair") && said.out.contains("renamed from `docs-link-repair`"), "{said:?}");
    let said = registry.diff(&["HEAD~1", "HEAD", "--format", "json"]);
    assert_eq!(said.effects().len(), 1, "{said:?}");
}

#[test]
fn a_name_that_is_a_folder_and_a_revision_is_not_guessed() {
    let registry = Registry::new();
    let copy = Registry::without_history("");
    registry.git(&["branch", "before"]);
    fs::rename(&copy.root, registry.root.join("before")).unwrap();
    registry.diff(&["before"]).fails(&["`before` is a folder and a revision", "./before", "refs/heads/before"]);
    assert!(registry.diff(&["./before"]).out.contains("between ./before and the work tree"));
    assert!(registry.diff(&["refs/heads/before"]).out.contains("between refs/heads/before ("));
    // A folder alone needs no more.
    registry.git(&["branch", "-D", "before"]);
    assert!(registry.diff(&["before"]).out.contains("between before and the work tree"));
}

#[test]
fn a_branch_that_a_tag_shadows_is_not_taken_for_the_tag() {
    let registry = Registry::new();
    registry.edit(CLASS, "per_task: 30", "per_task: 40");
    let evil = registry.commit();
    registry.git(&["update-ref", "refs/tags/main", &evil]);
    registry.diff(&["main"]).fails(&["`main` is the name of several: refs/heads/main, refs/tags/main"]);
    assert_eq!(registry.diff(&["refs/heads/main~1"]).code, 0);
}

#[test]
fn what_cannot_be_had_is_said_with_the_way_to_it() {
    let registry = Registry::new();
    registry.diff(&["mian"]).fails(&["there is no commit mian", "did you mean `main`?"]);
    registry.git(&["update-ref", "refs/remotes/origin/release", "HEAD"]);
    registry.diff(&["release"]).fails(&["did you mean `origin/release`?"]);
    registry.diff(&["no/such"]).fails(&["no commit no/such", "and no folder `no/such`"]);
    // A document's name is no side.
    registry.diff(&[NAME]).fails(&["it is a class: `taskclass diff --since-approved docs-link-repair`"]);
    registry.diff(&["main", "policy"]).fails(&["it is the policy: `taskclass diff --since-approved policy`"]);
    registry.diff(&["./nowhere"]).fails(&["`./nowhere` is not a folder"]);
    registry.diff(&["./trust"]).fails(&["`./trust` holds no registry: there is no policy.yaml"]);
    registry.diff(&["main", "main", "main"]).fails(&["unexpected argument"]);
    registry.diff(&["--", "--output=x"]).fails(&["there is no commit --output=x"]);
    registry.diff(&["main", "--inventory", "nowhere.txt"]).fails(&["the inventory `nowhere.txt` cannot be read"]);
    registry.diff(&["--unless-approved"]).fails(&["--fail-on"]);
    registry.diff(&["--format", "sarif"]).fails(&["[possible values: human, json, markdown]"]);

    let loose = Registry::without_history("");
    loose.diff(&[]).fails(&["`HEAD`: the registry", "is in no git repository", "taskclass diff ./before ./after"]);
    git(loose.folder.path(), &["init", "--quiet"]);
    loose.diff(&["main"]).fails(&["there is no commit main"]);
    loose.diff(&["--since-approved"]).fails(&["there is no commit HEAD", "nothing is committed here yet"]);
    loose.diff(&["HEAD", "HEAD"]).fails(&["there is no registry there at HEAD (no commit yet)"]);
    let nowhere = tempfile::tempdir().unwrap();
    taskclass(nowhere.path(), &["diff"]).fails(&["there is no registry here"]);
    taskclass(nowhere.path(), &["diff", "main", "HEAD"]).fails(&["there is no registry here"]);
}

#[test]
fn a_shallow_clone_says_that_it_is_one() {
    let registry = Registry::new();
    registry.edit(CLASS, "per_task: 30", "per_task: 40");
    registry.commit();
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", registry.root.display());
    git(clone.path(), &["clone", "--quiet", "--depth=1", &url, "reg"]);
    let root = clone.path().join("reg");
    taskclass(&root, &["diff", "HEAD~1", "HEAD"]).fails(&["there is no commit HEAD~1", "shallow", "fetch-depth: 0"]);
    assert_eq!(taskclass(&root, &["diff"]).code, 0);
}

#[test]
fn a_new_registry_is_all_new_and_a_gone_one_is_an_error() {
    let registry = Registry::below("teams/a");
    registry.git(&["checkout", "--quiet", "--orphan", "empty"]);
    git(registry.folder.path(), &["rm", "-r", "--quiet", "--cached", "."]);
    registry.git(&["commit", "--quiet", "--allow-empty", "-m", "x"]);
    let said = registry.diff(&["empty", "main", "--format", "json"]);
    assert!(said.code == 0 && said.err.contains("no registry in `teams/a` at empty"), "{said:?}");
    assert_eq!(said.effects().len(), 3, "trust, policy, class: {said:?}");
    registry.diff(&["main", "empty"]).fails(&["there is no registry in `teams/a` at empty"]);
}

#[test]
fn before_the_first_commit_everything_is_new_and_the_hook_does_not_fail() {
    for below in ["", "teams/a"] {
        let registry = Registry::without_history(below);
        git(registry.folder.path(), &["init", "--quiet"]);
        // As the hook runs it.
        let said = registry.diff(&["HEAD"]);
        assert!(said.code == 0 && said.out.contains("between HEAD (no commit yet) and the work tree"), "{said:?}");
        assert!(said.err.contains("at HEAD (no commit yet): everything counts as new"), "{said:?}");
        let effects = registry.diff(&["--format", "json"]).effects();
        assert_eq!(effects.len(), 3, "trust, policy, class: {effects:?}");
        // What fails then is what was asked to.
        assert_eq!(registry.diff(&["HEAD", "--fail-on", "widens", "--unless-approved"]).code, 1);
    }
    // A branch without a commit beside one with some.
    let registry = Registry::new();
    registry.git(&["checkout", "--quiet", "--orphan", "fresh"]);
    assert_eq!(registry.diff(&["HEAD"]).code, 0);
}

#[test]
fn what_lint_refuses_is_said_before_anybody_signs_it() {
    let registry = Registry::new();
    registry.edit(CLASS, "per_task: 30", "per_task: 4000");
    registry.edit(CLASS, "acme/web-shop]", "acme/web-shop, acme/web-shop]");
    registry.commit();
    for arguments in [&["HEAD~1", "HEAD"][..], &["HEAD~1"], &["--since-approved", NAME]] {
        let said = registry.diff(&[arguments, &["--format", "json"]].concat());
        let document =
            said.json()["documents"].as_array().unwrap().iter().find(|it| it["name"] == NAME).unwrap().clone();
        let refused = document["refused"].as_str().unwrap_or_else(|| panic!("{arguments:?}: {document}"));
        assert!(
            refused.starts_with("`taskclass lint` finds ") && refused.contains("approve and run refuse it"),
            "{refused}"
        );
    }
    // What reads and lints is not refused.
    registry.git(&["revert", "--no-edit", "HEAD"]);
    registry.edit(CLASS, "per_task: 30", "per_task: 20");
    let said = registry.diff(&["HEAD", "--format", "json"]);
    assert!(said.json()["documents"][0]["refused"].is_null(), "{said:?}");
}

#[test]
fn json_is_as_its_schema_says() {
    let registry = Registry::new();
    registry.edit(CLASS, "per_task: 30", "per_task: 40");
    registry.edit(CLASS, "acme/web-shop]", "acme/web-shop, acme/new]");
    registry.edit(PROMPT, "links", "dead links");
    registry.edit("policy.yaml", "per_day: 1000", "per_day: 900");
    registry.edit("trust/allowed_signers", "bob@", "robert@");
    registry.write("task-classes/broken.yaml", "name: [");
    registry.write("inventory.txt", "acme/docs\nacme/platform-portal\nacme/web-shop\nacme/new\n");
    registry.commit();
    let schema = taskclass(Path::new("."), &["schema", "diff"]);
    let validator = jsonschema::validator_for(&serde_json::from_str::<Value>(&schema.out).unwrap()).unwrap();
    for arguments in [&["HEAD~1", "HEAD"][..], &["HEAD", "HEAD"], &["HEAD~1"], &["--since-approved"]] {
        let said = registry.diff(&[arguments, &["--format", "json"]].concat());
        let errors: Vec<String> = validator.iter_errors(&said.json()).map(|error| error.to_string()).collect();
        assert!(said.code == 0 && errors.is_empty(), "{arguments:?}: {errors:?} {said:?}");
    }
}

#[test]
fn names_and_texts_from_a_registry_cannot_forge_what_is_printed() {
    let registry = Registry::new();
    let evil = "evil`$(x)`|@octocat<!--";
    registry.git(&["branch", evil]);
    registry.edit(CLASS, "title: Repair dead links", "title: \"\\e[31m\\r::error::<!-- @octocat | Repair dead links\"");
    registry.write("task-classes/a\u{202e}b\n::error::x.yaml", "name: x\n");
    registry.commit();
    for format in ["human", "json", "markdown"] {
        let said = registry.diff(&[evil, "HEAD", "--format", format, "--fail-on", "any"]);
        assert!(said.code == 1 || said.code == 2, "{said:?}");
        for text in [&said.out, &said.err] {
            assert!(!text.contains(['\u{1b}', '\r', '\u{202e}']), "{format}: {text:?}");
            assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{format}: {text:?}");
        }
        if format == "markdown" {
            assert!(!said.out.contains("<!-- @") && !said.out.contains("@octocat"), "{}", said.out);
        }
    }
}
