//! `taskclass lint` as people and workflows call it.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

const CLASS: &str = "task-classes/docs-link-repair.yaml";
/// What every format must say something about and end alike for.
const FORMATS: [&str; 6] = ["human", "concise", "json", "sarif", "github", "markdown"];

/// A repository with a registry in it, committed.
struct Repository {
    folder: TempDir,
    registry: PathBuf,
}

impl Repository {
    /// With the registry at the top, or in a folder below.
    fn new(below: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let registry = folder.path().join(below);
        let made = Self { registry, folder };
        let (code, _, err) = lint_in(made.folder.path(), &["init", if below.is_empty() { "." } else { below }]);
        assert_eq!(code, 0, "{err}");
        made.git(&["init", "--quiet", "--initial-branch=main"]);
        made.commit();
        made
    }

    fn git(&self, arguments: &[&str]) {
        let status = Command::new("git").args(arguments).current_dir(self.folder.path()).status().unwrap();
        assert!(status.success(), "{arguments:?}");
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["-c", "user.name=A", "-c", "user.email=a@acme.example", "commit", "--quiet", "--message", "x"]);
    }

    fn lint(&self, arguments: &[&str]) -> (i32, String, String) {
        lint_in(&self.registry, &[&["lint"], arguments].concat())
    }

    fn text(&self) -> String {
        fs::read_to_string(self.registry.join(CLASS)).unwrap()
    }

    /// Edits the class.
    fn edit(&self, edit: impl Fn(&str) -> String) {
        let text = self.text();
        let edited = edit(&text);
        assert_ne!(edited, text);
        fs::write(self.registry.join(CLASS), edited).unwrap();
    }
}

fn lint_in(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output: Output = Command::new(env!("CARGO_BIN_EXE_taskclass"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("RUST_BACKTRACE")
        .env_remove("COLUMNS")
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_exit_code_does_not_depend_on_the_format() {
    let clean = Repository::new("");
    let warned = Repository::new("");
    warned.edit(|text| text.replacen("owners: [\"@acme/platform\"]", "owners: [\"@octocat\"]", 1));
    let broken = Repository::new("");
    broken.edit(|text| format!("{text}automerge: true\n"));
    for format in FORMATS {
        let code = |repository: &Repository, more: &[&str]| {
            let (code, out, err) = repository.lint(&[&["--format", format], more].concat());
            assert!(!out.is_empty() && !out.contains('\u{1b}'), "{format}: {out}{err}");
            code
        };
        assert_eq!((code(&clean, &[]), code(&clean, &["--fail-on", "warning"])), (0, 0), "{format}");
        assert_eq!((code(&warned, &[]), code(&warned, &["--fail-on", "warning"])), (0, 1), "{format}");
        assert_eq!(code(&broken, &[]), 1, "{format}");
    }
}

#[test]
fn other_commands_have_two_formats() {
    let repository = Repository::new("");
    let (code, _, err) = lint_in(&repository.registry, &["models", "--format", "sarif"]);
    assert!(code == 2 && err.contains("[possible values: human, json]"), "{err}");
    for before in [vec!["--format", "json", "lint"], vec!["lint", "--format", "json"]] {
        let (code, out, _) = lint_in(&repository.registry, &before);
        assert_eq!((code, &json(&out)["schema"]), (0, &Value::from("findings/v1")));
    }
}

#[test]
fn several_registries_give_one_document_with_paths_from_the_top() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a", "b c"] {
        assert_eq!(lint_in(folder.path(), &["init", name]).0, 0);
        let class = folder.path().join(name).join(CLASS);
        fs::write(&class, fs::read_to_string(&class).unwrap() + "automerge: true\n").unwrap();
    }
    fs::create_dir(folder.path().join(".git")).unwrap();
    let lint = |format: &str| lint_in(folder.path(), &["lint", "a", "b c", "--format", format]);
    let (code, out, _) = lint("json");
    let document = json(&out);
    assert_eq!((code, document["registries"].as_array().unwrap().len()), (1, 2));
    assert_eq!(document["checked"]["classes"], 2);
    let folders: Vec<_> = document["findings"].as_array().unwrap().iter().map(|one| &one["registry"]).collect();
    assert_eq!(folders, ["a", "b c"]);
    let (_, out, _) = lint("sarif");
    assert!(out.contains("\"b%20c/task-classes/docs-link-repair.yaml\""));
    assert_eq!(json(&out)["runs"].as_array().unwrap().len(), 1);
    let (_, out, _) = lint("human");
    assert!(out.starts_with("a:\n") && out.contains("\nb c:\n"), "{out}");
    let (_, out, _) = lint("github");
    assert!(out.contains("::error file=b c/task-classes/"), "{out}");
    // A person sees the way from where they stand.
    let (_, out, _) = lint_in(&folder.path().join("a/task-classes"), &["lint", "--format", "concise"]);
    assert!(out.starts_with("../task-classes/docs-link-repair.yaml:"), "{out}");
}

#[test]
fn the_life_of_a_baseline() {
    let repository = Repository::new("");
    repository.edit(|text| text.replacen("owners: [\"@acme/platform\"]", "owners: [\"@octocat\"]", 1));
    let known = ["--fail-on", "warning", "--baseline", "known.json"];
    let update = ["--fail-on", "warning", "--baseline", "known.json", "--update-baseline"];

    let (code, out, err) = repository.lint(&known);
    assert!(code == 2 && out.is_empty() && err.contains("there is no baseline `known.json`"), "{err}");
    assert!(err.contains("--update-baseline"), "{err}");

    let (code, out, err) = repository.lint(&update);
    assert_eq!(code, 0, "{out}{err}");
    assert!(err.contains("known.json: 1 known finding, 1 new, 0 taken out"), "{err}");
    assert!(out.ends_with("1 known finding of the baseline is not shown\n"), "{out}");
    let written = fs::read_to_string(repository.registry.join("known.json")).unwrap();
    assert_eq!(json(&written)["schema"], "lint-baseline/v1");
    assert_eq!(json(&written)["findings"][0]["rule"], "owner-not-a-team");

    // Lines above are moved: still known. A new fault is not.
    repository.edit(|text| format!("# a comment\n\n{text}"));
    assert_eq!(repository.lint(&known).0, 0);
    assert_eq!(repository.lint(&["--fail-on", "warning"]).0, 1);
    repository.edit(|text| format!("{text}automerge: true\n"));
    for format in FORMATS {
        let (code, out, _) = repository.lint(&[&known[..], &["--format", format]].concat());
        assert_eq!(code, 1, "{format}");
        assert!(out.contains("unknown-field"), "{format}: {out}");
        // A log lists all rules with their examples.
        let shown = if format == "sarif" { json(&out)["runs"][0]["results"].to_string() } else { out };
        assert!(!shown.contains("@octocat"), "{format}: {shown}");
    }
    // What the executor refuses cannot be recorded, and keeps failing.
    let (code, _, err) = repository.lint(&update);
    assert!(code == 1 && err.contains("1 finding cannot be recorded"), "{err}");

    // What is mended is counted as gone, until it is taken out.
    repository.edit(|text| text.replace("@octocat", "@acme/platform").replace("automerge: true\n", ""));
    let (code, out, _) = repository.lint(&known);
    assert!(code == 0 && out.ends_with("1 recorded finding is gone; --update-baseline takes it out\n"), "{out}");
    let (_, _, err) = repository.lint(&update);
    assert!(err.contains("0 known findings, 0 new, 1 taken out"), "{err}");
    assert_eq!(repository.lint(&known).1, "1 class, 1 policy: nothing to report\n");
}

#[test]
fn a_broken_baseline_is_an_error_and_stays_what_it_is() {
    let repository = Repository::new("");
    let path = repository.registry.join("known.json");
    for bad in ["", "[]", "{\"schema\": \"lint-baseline/v2\", \"findings\": []}"] {
        fs::write(&path, bad).unwrap();
        for more in [&[][..], &["--update-baseline"]] {
            let (code, out, err) = repository.lint(&[&["--baseline", "known.json"], more].concat());
            assert!(code == 2 && out.is_empty(), "{out}");
            assert!(err.contains("the baseline `known.json` cannot be used"), "{err}");
            assert_eq!(fs::read_to_string(&path).unwrap(), bad);
        }
    }
    let (code, _, err) = repository.lint(&["--update-baseline"]);
    assert!(code == 2 && err.contains("--baseline <FILE>"), "{err}");
}

#[test]
fn fixes_go_to_the_end_in_one_call_and_a_second_does_nothing() {
    let repository = Repository::new("");
    repository.edit(|text| text.replacen("title:", "titel:", 1).replacen("\ncallers:", "\ncaller:", 1));
    let broken = repository.text();
    let (code, out, err) = repository.lint(&["--diff"]);
    assert_eq!(code, 1, "{err}");
    assert!(out.contains("-titel: ") && out.contains("\n+title: ") && out.contains("--- a/task-classes/"), "{out}");
    assert!(err.contains("2 fixes in 1 file; nothing was written"), "{err}");
    assert_eq!(repository.text(), broken);

    let (code, out, err) = repository.lint(&["--fix"]);
    assert_eq!((code, out.as_str()), (0, "1 class, 1 policy: nothing to report\n"), "{err}");
    assert_eq!(err, "task-classes/docs-link-repair.yaml: 2 fixes\n");
    let fixed = repository.text();
    assert_eq!(fixed, broken.replacen("titel:", "title:", 1).replacen("\ncaller:", "\ncallers:", 1));
    let (code, _, err) = repository.lint(&["--fix"]);
    assert_eq!((code, err.as_str()), (0, "nothing to fix\n"));
    assert_eq!(repository.text(), fixed);
    assert_eq!(repository.lint(&["--diff"]).0, 0);
}

#[cfg(unix)]
#[test]
fn a_fixed_file_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let repository = Repository::new("");
    repository.edit(|text| text.replacen("title:", "titel:", 1));
    let path = repository.registry.join(CLASS);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(repository.lint(&["--fix"]).0, 0);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn a_base_is_found_in_a_registry_at_the_top_and_below() {
    for below in ["", "teams/platform"] {
        let repository = Repository::new(below);
        assert_eq!(repository.lint(&["--base", "main"]).0, 0);
        repository.edit(|text| text.replacen("risk: low", "risk: medium", 1));
        let (code, out, err) = repository.lint(&["--base", "main", "--format", "concise"]);
        assert!(code == 1 && out.contains("error[version-not-raised]"), "{out}{err}");
        assert!(!repository.lint(&["--format", "concise"]).1.contains("version-not-raised"));
        repository.commit();
        assert!(!repository.lint(&["--base", "HEAD", "--format", "concise"]).1.contains("version-not-raised"));
        assert!(repository.lint(&["--base", "HEAD~1", "--format", "concise"]).1.contains("version-not-raised"));
    }
}

#[test]
fn a_base_that_cannot_be_had_is_told() {
    let repository = Repository::new("teams/platform");
    let (code, out, err) = repository.lint(&["--base", "nowhere"]);
    assert!(code == 2 && out.is_empty() && err.contains("`--base nowhere`: there is no commit nowhere"), "{err}");
    assert_eq!(repository.lint(&["--base", "--help-me"]).0, 2);
    // A revision without a registry there.
    repository.git(&["checkout", "--quiet", "--orphan", "empty"]);
    repository.git(&["rm", "-r", "--quiet", "--cached", "."]);
    repository.git(&["-c", "user.name=A", "-c", "user.email=a@b", "commit", "--quiet", "--allow-empty", "-m", "x"]);
    let (code, _, err) = repository.lint(&["--base", "empty"]);
    assert!(code == 2 && err.contains("there is no registry in `teams/platform` at that revision"), "{err}");

    let folder = tempfile::tempdir().unwrap();
    lint_in(folder.path(), &["init", "."]);
    let (code, _, err) = lint_in(folder.path(), &["lint", "--base", "main"]);
    assert!(code == 2 && err.contains("is in no git repository"), "{err}");
}

#[test]
fn what_is_no_part_of_a_registry_is_said_to_be_none() {
    let repository = Repository::new("");
    for path in ["README.md", "schemas", "trust/../README.md"] {
        let (code, out, err) = repository.lint(&[path]);
        assert!(code == 2 && out.is_empty() && err.contains("is no part of a registry"), "{path}: {out}{err}");
    }
    let (code, _, err) = repository.lint(&["-"]);
    assert!(code == 2 && err.contains("reads no standard input"), "{err}");
    for path in ["policy.yaml", CLASS, "task-classes", "trust", "."] {
        let (code, out, err) = repository.lint(&[path]);
        assert!(code == 0 && out.contains("nothing to report"), "{path}: {out}{err}");
    }
}

#[test]
fn an_inventory_and_an_executor_can_be_brought() {
    let repository = Repository::new("");
    let write = |name: &str, text: &str| fs::write(repository.folder.path().join(name), text).unwrap();
    write("other.txt", "initech/none\n");
    let (_, out, err) = repository.lint(&["--inventory", "other.txt", "--format", "concise"]);
    assert!(out.contains("dead-pattern"), "{out}{err}");
    write("other.txt", "acme/ok\nnot a repository\n");
    let (code, _, err) = repository.lint(&["--inventory", "other.txt"]);
    assert!(code == 2 && err.contains("other.txt:2: `not a repository` is not a repository"), "{err}");
    let (code, _, err) = repository.lint(&["--inventory", "missing.txt"]);
    assert!(code == 2 && err.contains("the inventory `missing.txt` cannot be read"), "{err}");

    repository.edit(|text| text.replace("notify: [issue]", "notify: [\"webhook:oncall\"]"));
    let config = format!(
        "schema: executor/v1\nregistry: {{git: ., ref: refs/heads/main, allowed_signers: \"sha256:{}\"}}\n\
         github: {{api: https://api.github.com, token: {{env: GH_TOKEN}}}}\nstate: state.db\n",
        "0".repeat(64)
    );
    write("executor.yaml", &config);
    let (code, out, err) = repository.lint(&["--config", "executor.yaml", "--format", "concise"]);
    assert!(code < 2 && out.contains("unknown-notifier"), "{out}{err}");
    let (code, _, err) = repository.lint(&["--config", "missing.yaml"]);
    assert!(code == 2 && err.contains("`missing.yaml` cannot be read"), "{err}");
    write("executor.yaml", "schema: executor/v1\n");
    let (code, _, err) = repository.lint(&["--config", "executor.yaml"]);
    assert!(code == 2 && err.contains("has errors"), "{err}");
}

#[test]
fn a_narrow_terminal_gets_narrow_output() {
    let repository = Repository::new("");
    repository.edit(|text| text.replacen("title: ", "titel: ", 1));
    let output = Command::new(env!("CARGO_BIN_EXE_taskclass"))
        .arg("lint")
        .current_dir(&repository.registry)
        .env("COLUMNS", "40")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for line in text.lines().filter(|line| line.contains(" | ") || line.contains(" = ")) {
        assert!(line.chars().count() <= 48, "{line}");
    }
}

#[test]
fn a_class_is_linted_with_the_prompt_that_it_draws_in() {
    let repository = Repository::new("");
    let prompt = "task-classes/prompts/docs-link-repair.md";
    fs::write(repository.registry.join(prompt), "Repair {{ inputs.folde }}. Done when the build passes.\n").unwrap();
    let (code, out, err) = repository.lint(&[CLASS, "--format", "concise"]);
    assert!(code == 1 && out.contains(&format!("{prompt}:1:")), "{out}{err}");
    let (_, alone, _) = repository.lint(&["policy.yaml", "--format", "concise"]);
    assert!(!alone.contains(prompt), "{alone}");
}

#[test]
fn columns_count_characters() {
    let repository = Repository::new("");
    repository.edit(|text| format!("{text}漢字: {{漢字: 1, 漢字: 2}}\n"));
    for format in ["concise", "human"] {
        let (_, out, _) = repository.lint(&["--format", format]);
        assert!(out.contains(":13"), "{out}");
        assert!(!out.contains(":17"), "{out}");
    }
}

#[test]
fn who_stops_reading_changes_no_exit_code() {
    let repository = Repository::new("");
    // More than a pipe holds.
    repository.edit(|text| format!("{text}{}", "titel: x\n".repeat(3000)));
    for format in FORMATS {
        let mut lint = Command::new(env!("CARGO_BIN_EXE_taskclass"))
            .args(["lint", "--format", format])
            .current_dir(&repository.registry)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(lint.stdout.take().unwrap());
        out.read_until(b'\n', &mut Vec::new()).unwrap();
        drop(out);
        let output = lint.wait_with_output().unwrap();
        assert_eq!(
            (output.status.code(), String::from_utf8(output.stderr).unwrap()),
            (Some(1), String::new()),
            "{format}"
        );
    }
}

#[test]
fn fixes_and_a_configuration_are_named_from_where_one_stands() {
    let repository = Repository::new("teams/b");
    repository.edit(|text| text.replacen("risk: low", "risk: Low", 1));
    let here = repository.folder.path();
    let file = format!("teams/b/{CLASS}");
    let (_, diff, err) = lint_in(here, &["lint", "teams", "--diff"]);
    assert!(diff.contains(&format!("--- a/{file}\n+++ b/{file}\n")), "{diff}{err}");
    let (_, _, err) = lint_in(here, &["lint", "teams", "--fix"]);
    assert!(err.contains(&format!("{file}: 1 fix")), "{err}");
    let (code, _, err) = lint_in(here, &["lint", "teams", "--config", &file]);
    assert!(code == 2 && err.contains(&format!("--> {file}:")), "{err}");
}

#[test]
fn an_editor_that_announces_too_much_is_told_so() {
    let mut server = Command::new(env!("CARGO_BIN_EXE_taskclass"))
        .arg("lsp")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = server.stdin.take().unwrap();
    input.write_all(b"Content-Length: 99999999999\r\n\r\n{}").unwrap();
    let output = server.wait_with_output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && err.contains("99999999999 bytes is announced"), "{err}");
    drop(input);
}

#[test]
fn a_prompt_that_is_too_large_is_not_said_to_be_misspelt() {
    let repository = Repository::new("");
    let prompt = repository.registry.join("task-classes/prompts/docs-link-repair.md");
    fs::write(prompt, "Done. ".repeat(200_000)).unwrap();
    let (code, out, err) = repository.lint(&[]);
    assert!(code > 0 && out.contains("is larger than"), "{out}{err}");
    assert!(!out.contains("did you mean") && !out.contains("--fix"), "{out}");
}
