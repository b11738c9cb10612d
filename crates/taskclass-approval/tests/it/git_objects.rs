//! Reading a registry at a commit: refs exactly, objects only, nothing that settings could change.

use taskclass_approval::{
    AtCommit,
    git::{FullRef, GitError, Repository},
    history::last_changes,
};
use taskclass_source::files::{Files, RegistryPath};

use crate::support::Repo;

fn main_ref() -> FullRef {
    "refs/heads/main".parse().unwrap()
}

fn path(text: &str) -> RegistryPath {
    RegistryPath::new(text).unwrap()
}

fn read(repository: &Repository, file: &str) -> Result<Option<String>, String> {
    let files = AtCommit::new(repository, repository.resolve(&main_ref()).unwrap()).unwrap();
    files
        .read(&path(file))
        .map(|bytes| bytes.map(|bytes| String::from_utf8(bytes).unwrap()))
        .map_err(|error| error.to_string())
}

#[test]
fn short_and_malformed_refs_are_refused() {
    for (text, words) in [
        ("main", "is a short name, which a tag or another branch can shadow; write it in full: refs/heads/main"),
        ("HEAD", "is a short name"),
        ("heads/main", "is a short name"),
        ("refs/heads/a..b", "is not a ref's name"),
        ("refs/heads/--output=x", "is not a ref's name"),
        ("refs/heads/main\n", "is not a ref's name"),
        ("refs/heads/main^{tree}", "is not a ref's name"),
        ("refs/heads/", "is not a ref's name"),
        ("refs/main", "is not a ref's name"),
    ] {
        let error = text.parse::<FullRef>().unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn a_tag_or_branch_that_shadows_the_ref_is_not_taken() {
    let repo = Repo::new();
    repo.write("a", "good");
    let good = repo.commit("a@acme.com");
    repo.git(&["checkout", "-q", "-b", "evil"]);
    repo.write("a", "evil");
    let evil = repo.commit("a@acme.com");
    for shadow in ["refs/tags/main", "refs/tags/refs/heads/main", "refs/heads/refs/heads/main", "refs/refs/heads/main"]
    {
        repo.git(&["update-ref", shadow, &evil]);
    }
    let repository = Repository::open(repo.path()).unwrap();
    assert_eq!(repository.resolve(&main_ref()).unwrap().as_str(), good);
    assert_eq!(read(&repository, "a").unwrap().unwrap(), "good");
    // With the branch gone, git's own look-up would go on to the shadows.
    repo.git(&["update-ref", "-d", "refs/heads/main"]);
    let error = repository.resolve(&main_ref()).unwrap_err();
    assert!(matches!(error, GitError::NoSuchRef(_)), "{error}");
    assert_eq!(error.to_string(), "refs/heads/main does not exist in the registry");
}

#[test]
fn what_is_only_in_the_work_tree_or_staged_is_not_read() {
    let repo = Repo::new();
    repo.write("a", "committed");
    repo.commit("a@acme.com");
    repo.write("a", "changed");
    repo.write("b", "new");
    repo.git(&["add", "-A"]);
    let repository = Repository::open(repo.path()).unwrap();
    assert_eq!(read(&repository, "a").unwrap().unwrap(), "committed");
    assert_eq!(read(&repository, "b").unwrap(), None);
    assert_eq!(read(&repository, "a/below").unwrap(), None);
}

#[test]
fn checkout_settings_filters_and_replace_refs_have_no_effect() {
    let repo = Repo::new();
    repo.write("a", "one\ntwo\n");
    repo.write(".gitattributes", "* text eol=crlf\n* filter=evil\n");
    let commit = repo.commit("a@acme.com");
    repo.git(&["config", "core.autocrlf", "true"]);
    repo.git(&["config", "filter.evil.smudge", "echo evil"]);
    repo.git(&["config", "filter.evil.textconv", "echo evil"]);
    // A replace ref would have git answer with another object for the same id.
    let blob = repo.git(&["rev-parse", "main:a"]);
    repo.write("evil", "evil");
    let evil = repo.git(&["hash-object", "-w", "--no-filters", "evil"]);
    repo.git(&["replace", &blob, &evil]);
    let repository = Repository::open(repo.path()).unwrap();
    assert_eq!(repository.resolve(&main_ref()).unwrap().as_str(), commit);
    assert_eq!(read(&repository, "a").unwrap().unwrap(), "one\ntwo\n");
}

#[test]
fn links_submodules_and_case_twins_are_refused() {
    let repo = Repo::new();
    repo.write("real/a", "x");
    std::os::unix::fs::symlink("a", repo.file("real/link")).unwrap();
    std::os::unix::fs::symlink("real", repo.file("linked")).unwrap();
    let commit = repo.commit("a@acme.com");
    repo.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{commit},module")]);
    let blob = repo.git(&["rev-parse", "main:real/a"]);
    repo.git(&["update-index", "--add", "--cacheinfo", &format!("100644,{blob},twins/Prompt.md")]);
    repo.git(&["update-index", "--add", "--cacheinfo", &format!("100644,{blob},twins/prompt.md")]);
    repo.git(&["commit", "-q", "-m", "odd"]);
    let repository = Repository::open(repo.path()).unwrap();
    assert_eq!(read(&repository, "real/a").unwrap().unwrap(), "x");
    for (file, words) in [
        ("real/link", "`real/link` is a symbolic link"),
        ("linked/a", "`linked` is a symbolic link"),
        ("module", "`module` cannot be read: it is a submodule"),
        ("module/a", "`module` cannot be read: it is a submodule"),
        ("twins/prompt.md", "`Prompt.md` beside it differs only in upper and lower case"),
        ("real", "is not a regular file"),
    ] {
        let error = read(&repository, file).unwrap_err();
        assert!(error.contains(words), "{error}");
    }
    let files = AtCommit::new(&repository, repository.resolve(&main_ref()).unwrap()).unwrap();
    assert!(files.list(&path("twins")).unwrap_err().to_string().contains("differs only in upper and lower case"));
    assert_eq!(files.list(&path("real")).unwrap(), [path("real/a"), path("real/link")]);
    assert!(files.list(&path("linked")).unwrap_err().to_string().contains("symbolic link"));
    assert!(files.list(&path("nothing")).unwrap().is_empty());
}

#[test]
fn names_that_are_no_paths_are_refused_and_not_skipped() {
    let repo = Repo::new();
    repo.write("a", "x");
    repo.commit("a@acme.com");
    let blob = repo.git(&["rev-parse", "main:a"]);
    repo.write("list", format!("100644 blob {blob}\tback\\slash\n"));
    let tree = std::process::Command::new("git")
        .current_dir(repo.path())
        .arg("mktree")
        .stdin(std::fs::File::open(repo.file("list")).unwrap())
        .output()
        .unwrap();
    let tree = String::from_utf8(tree.stdout).unwrap();
    let commit = repo.git(&["commit-tree", "-m", "x", tree.trim()]);
    repo.git(&["update-ref", "refs/heads/main", &commit]);
    let repository = Repository::open(repo.path()).unwrap();
    let files = AtCommit::new(&repository, repository.resolve(&main_ref()).unwrap()).unwrap();
    let error = files.list(&RegistryPath::root()).unwrap_err().to_string();
    assert!(error.contains("holds a name that a registry cannot have"), "{error}");
}

#[test]
fn a_rewritten_history_is_no_descendant() {
    let repo = Repo::new();
    repo.write("a", "1");
    let first = repo.commit("a@acme.com");
    repo.write("a", "2");
    let second = repo.commit("a@acme.com");
    repo.git(&["checkout", "-q", "--orphan", "other"]);
    let other = repo.commit("a@acme.com");
    let repository = Repository::open(repo.path()).unwrap();
    let id = |text: &str| text.parse().unwrap();
    assert!(repository.is_ancestor(&id(&first), &id(&second)).unwrap());
    assert!(repository.is_ancestor(&id(&first), &id(&first)).unwrap());
    assert!(!repository.is_ancestor(&id(&second), &id(&first)).unwrap());
    assert!(!repository.is_ancestor(&id(&first), &id(&other)).unwrap());
    assert!(!repository.is_ancestor(&id(&"1".repeat(40)), &id(&second)).unwrap(), "a commit that is gone");
}

#[test]
fn only_the_top_of_a_repository_is_opened_and_a_bare_one_too() {
    let repo = Repo::new();
    repo.write("below/policy.yaml", "x");
    let commit = repo.commit("a@acme.com");
    let error = Repository::open(&repo.file("below")).unwrap_err().to_string();
    assert!(error.contains("is not the top of a git repository"), "{error}");
    let bare = tempfile::tempdir().unwrap();
    let bare_path = bare.path().join("bare.git");
    repo.git(&["clone", "-q", "--bare", ".", bare_path.to_str().unwrap()]);
    assert_eq!(Repository::open(&bare_path).unwrap().resolve(&main_ref()).unwrap().as_str(), commit);
    let worktree = bare.path().join("tree");
    repo.git(&["worktree", "add", "-q", worktree.to_str().unwrap(), "-b", "side"]);
    assert_eq!(Repository::open(&worktree).unwrap().resolve(&main_ref()).unwrap().as_str(), commit);
}

#[test]
fn fetching_takes_what_origin_has_and_leaves_local_branches_alone() {
    let origin = Repo::new();
    origin.write("a", "1");
    let first = origin.commit("a@acme.com");
    let clone = tempfile::tempdir().unwrap();
    let clone = clone.path().join("clone");
    origin.git(&["clone", "-q", ".", clone.to_str().unwrap()]);
    origin.write("a", "2");
    let second = origin.commit("a@acme.com");
    // A tag of the branch's name, and a hook that would show.
    origin.git(&["tag", "main", &first]);
    std::fs::create_dir_all(clone.join(".git/hooks")).unwrap();
    let hook = clone.join(".git/hooks/reference-transaction");
    std::fs::write(&hook, format!("#!/bin/sh\ntouch {}\n", clone.join("hooked").display())).unwrap();
    std::fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let repository = Repository::open(&clone).unwrap();
    assert!(repository.has_origin().unwrap());
    assert_eq!(repository.resolve(&main_ref()).unwrap().as_str(), first);
    assert_eq!(repository.fetch(&main_ref()).unwrap().as_str(), second);
    assert_eq!(repository.resolve(&main_ref()).unwrap().as_str(), first);
    assert!(!clone.join("hooked").exists(), "no hook was run");
    assert!(!Repository::open(origin.path()).unwrap().has_origin().unwrap());
    let error = Repository::open(origin.path()).unwrap().fetch(&main_ref()).unwrap_err().to_string();
    assert!(error.starts_with("git fetch failed: "), "{error}");
}

#[test]
fn fetching_runs_no_program_that_the_repository_names() {
    let origin = Repo::new();
    origin.write("a", "1");
    origin.commit("a@acme.com");
    let repo = Repo::new();
    let marker = repo.file("ran");
    repo.git(&["config", "protocol.ext.allow", "always"]);
    repo.git(&["config", "remote.origin.url", &format!("ext::sh -c \"touch% {}\"", marker.display())]);
    let error = Repository::open(repo.path()).unwrap().fetch(&main_ref()).unwrap_err().to_string();
    assert!(error.contains("transport 'ext' not allowed"), "{error}");
    repo.git(&["config", "remote.origin.url", origin.path().to_str().unwrap()]);
    repo.git(&["config", "remote.origin.uploadpack", &format!("touch {}; git-upload-pack", marker.display())]);
    Repository::open(repo.path()).unwrap().fetch(&main_ref()).unwrap();
    assert!(!marker.exists());
}

#[test]
fn an_abbreviated_or_foreign_id_is_no_commit() {
    let repo = Repo::new();
    repo.write("a", "1");
    let commit = repo.commit("a@acme.com");
    let repository = Repository::open(repo.path()).unwrap();
    assert_eq!(repository.resolve_revision("HEAD").unwrap().as_str(), commit);
    for revision in ["--help", "HEAD:a", "nothing", ""] {
        let error = repository.resolve_revision(revision).unwrap_err().to_string();
        assert!(error.starts_with("there is no commit"), "{error}");
    }
    let blob: taskclass_approval::git::CommitId = repo.git(&["rev-parse", "HEAD:a"]).parse().unwrap();
    assert!(AtCommit::new(&repository, blob).unwrap_err().to_string().contains("not a commit"));
}

#[test]
fn a_revision_whose_name_several_refs_bear_is_not_guessed() {
    let repo = Repo::new();
    repo.write("a", "good");
    let good = repo.commit("a@acme.com");
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.write("a", "evil");
    let evil = repo.commit("a@acme.com");
    let repository = Repository::open(repo.path()).unwrap();
    let resolved = |revision: &str| repository.resolve_revision(revision).map(|id| id.to_string());
    assert_eq!(resolved("main").unwrap(), good);
    repo.git(&["update-ref", "refs/tags/main", &evil]);
    repo.git(&["update-ref", "refs/tags/refs/heads/gone", &evil]);
    for revision in ["main", "main~0", "main^{commit}"] {
        let error = resolved(revision).unwrap_err().to_string();
        assert!(error.contains("`main` is the name of several: refs/heads/main, refs/tags/main"), "{error}");
    }
    for revision in ["refs/heads/main", "heads/main", "side~1"] {
        assert_eq!(resolved(revision).unwrap(), good, "{revision}");
    }
    assert!(resolved("refs/heads/gone").unwrap_err().to_string().starts_with("there is no commit refs/heads/gone"));
    assert!(repository.refs().unwrap().contains(&"refs/heads/side".to_owned()));
    assert!(!repository.is_shallow().unwrap());
}

fn authors(repo: &Repo, sets: &[&[&str]]) -> Vec<String> {
    let repository = Repository::open(repo.path()).unwrap();
    let commit = repository.resolve(&main_ref()).unwrap();
    let sets: Vec<Vec<RegistryPath>> = sets.iter().map(|set| set.iter().map(|file| path(file)).collect()).collect();
    last_changes(&repository, &commit, &sets).unwrap().into_iter().map(|change| change.author).collect()
}

#[test]
fn the_last_author_is_who_made_the_files_what_they_are() {
    let repo = Repo::new();
    repo.write("task-classes/a.yaml", "1");
    repo.write("task-classes/prompts/a.md", "1");
    repo.write("task-classes/b.yaml", "1");
    repo.commit("first@acme.com");
    repo.write("task-classes/prompts/a.md", "2");
    repo.commit("prompt@acme.com");
    repo.write("task-classes/b.yaml", "2");
    repo.commit("b@acme.com");
    repo.write("unrelated", "x");
    repo.commit("unrelated@acme.com");
    let a: &[&str] = &["task-classes/a.yaml", "task-classes/prompts/a.md"];
    assert_eq!(
        authors(&repo, &[a, &["task-classes/a.yaml"], &["task-classes/b.yaml"], &["unrelated"], &["never"]]),
        ["prompt@acme.com", "first@acme.com", "b@acme.com", "unrelated@acme.com", "first@acme.com"]
    );
}

#[test]
fn a_merge_passes_the_author_on_and_an_evil_merge_is_its_own() {
    let repo = Repo::new();
    repo.write("a", "1");
    repo.write("b", "1");
    repo.commit("first@acme.com");
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.write("a", "2");
    repo.commit("side@acme.com");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("b", "2");
    repo.commit("main@acme.com");
    repo.git(&["merge", "-q", "--no-ff", "-m", "merge", "side"]);
    assert_eq!(authors(&repo, &[&["a"], &["b"]]), ["side@acme.com", "main@acme.com"]);
    repo.git(&["checkout", "-q", "-b", "evil", "HEAD~1"]);
    repo.git(&["merge", "-q", "--no-commit", "--no-ff", "side"]);
    repo.write("a", "neither");
    repo.commit("evil@acme.com");
    repo.git(&["update-ref", "refs/heads/main", "evil"]);
    assert_eq!(authors(&repo, &[&["a"], &["b"]]), ["evil@acme.com", "main@acme.com"]);
}

#[test]
fn the_walk_agrees_with_git_log_on_a_long_history() {
    let repo = Repo::new();
    for n in 0..40u32 {
        repo.write(&format!("task-classes/{}.yaml", n % 7), n.to_string());
        if n % 5 == 0 {
            repo.git(&["mv", "-f", "-k", "task-classes/1.yaml", "task-classes/moved.yaml"]);
        }
        repo.commit(&format!("author{n}@acme.com"));
    }
    let files = ["task-classes/0.yaml", "task-classes/3.yaml", "task-classes/6.yaml", "task-classes/moved.yaml"];
    let sets: Vec<&[&str]> = files.chunks(1).collect();
    let theirs: Vec<String> =
        files.iter().map(|file| repo.git(&["log", "-1", "--format=%ae", "main", "--", file])).collect();
    assert_eq!(authors(&repo, &sets), theirs);
}

#[test]
fn a_history_that_is_cut_off_names_no_author() {
    let origin = Repo::new();
    origin.write("a", "1");
    origin.commit("first@acme.com");
    origin.write("b", "1");
    let tip = origin.commit("second@acme.com");
    let dir = tempfile::tempdir().unwrap();
    let shallow = dir.path().join("shallow");
    let url = format!("file://{}", origin.path().display());
    origin.git(&["clone", "-q", "--depth", "1", &url, shallow.to_str().unwrap()]);
    let repository = Repository::open(&shallow).unwrap();
    let error = last_changes(&repository, &tip.parse().unwrap(), &[vec![path("a")]]).unwrap_err().to_string();
    assert!(error.contains("the clone is shallow or partial"), "{error}");
}
