//! What a newcomer types first.

use std::{
    path::Path,
    process::{Command, Output},
};

fn taskclass(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_taskclass"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("RUST_BACKTRACE")
        .output()
        .unwrap()
}

fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn every_command_has_help_and_says_what_it_is_for() {
    let folder = tempfile::tempdir().unwrap();
    let (code, help, _) = said(&taskclass(&["--help"], folder.path()));
    assert_eq!(code, 0);
    assert!(help.contains("Exit codes: 0 fine"));
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(commands.len() > 25, "{commands:?}");
    for command in commands.into_iter().filter(|command| *command != "help") {
        let (code, help, _) = said(&taskclass(&[command, "--help"], folder.path()));
        assert!(code == 0 && help.contains("Usage: taskclass"), "{command}");
    }
}

#[test]
fn wrong_usage_is_2_and_goes_to_stderr() {
    let folder = tempfile::tempdir().unwrap();
    let cases: [(&[&str], &str); 6] = [
        (&["runn"], "unrecognized subcommand"),
        (&["explain", "unfenced-inputs"], "did you mean `unfenced-input`?"),
        (&["lint"], "there is no registry here"),
        (&["lint", "nowhere"], "`nowhere` cannot be read"),
        (&["status"], "there is no executor.yaml"),
        (&["models", "--format", "concise"], "invalid value 'concise'"),
    ];
    for (arguments, message) in cases {
        let (code, out, err) = said(&taskclass(arguments, folder.path()));
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {err}");
        assert!(err.contains(message), "{arguments:?}: {err}");
    }
}

#[test]
fn a_new_registry_is_clean_and_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let (code, ..) = said(&taskclass(&["init", "reg", "--name", "initech/agents"], folder.path()));
    assert_eq!(code, 0);
    let registry = folder.path().join("reg");
    let (code, out, err) = said(&taskclass(&["lint", "--fail-on", "warning"], &registry));
    assert_eq!((code, out.as_str()), (0, "1 class, 1 policy: nothing to report\n"), "{err}");
    assert!(!std::fs::read_to_string(registry.join("policy.yaml")).unwrap().contains("acme"));
    let (code, _, err) = said(&taskclass(&["init", "reg"], folder.path()));
    assert!(code == 2 && err.contains("exists already; nothing was written"), "{err}");
}

#[test]
fn a_registry_is_made_in_a_clone_beside_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| std::fs::write(folder.path().join(path), text).unwrap();
    std::fs::create_dir_all(folder.path().join(".git")).unwrap();
    write("README.md", "# Ours\n");
    write("LICENSE", "ours\n");
    write(".gitattributes", "*.sig -text\n");
    let (code, out, err) = said(&taskclass(&["init", "."], folder.path()));
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("wrote policy.yaml\n") && out.contains("kept  README.md, which was there\n"), "{out}");
    assert!(out.contains("kept  .gitattributes, which was there; add to it: `* text eol=lf`\n"), "{out}");
    assert!(err.ends_with("then\n  taskclass lint\n"), "{err}");
    assert_eq!(std::fs::read_to_string(folder.path().join("README.md")).unwrap(), "# Ours\n");
    let (code, out, err) = said(&taskclass(&["lint"], folder.path()));
    assert_eq!((code, out.as_str()), (0, "1 class, 1 policy: nothing to report\n"), "{err}");
}

#[test]
fn where_there_is_a_piece_of_a_registry_nothing_is_written() {
    for own in ["policy.yaml", "task-classes/x.yaml", "trust/x", ".github/workflows/taskclass.yml", "inventory.txt"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("reg").join(own);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, "theirs").unwrap();
        let (code, out, err) = said(&taskclass(&["init", "reg"], folder.path()));
        assert_eq!((code, out.as_str()), (2, ""), "{own}: {err}");
        assert!(err.contains("exists already; nothing was written"), "{own}: {err}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "theirs");
        assert!(!folder.path().join("reg/README.md").exists(), "{own}");
    }
}

#[test]
fn what_comes_next_is_typed_where_the_reader_stands() {
    let folder = tempfile::tempdir().unwrap();
    let (_, _, err) = said(&taskclass(&["init", "my reg"], folder.path()));
    assert!(err.ends_with("\n  cd 'my reg' && git init -b main && taskclass lint\n"), "{err}");
    let here = folder.path().join("here");
    std::fs::create_dir(&here).unwrap();
    let (_, _, err) = said(&taskclass(&["init"], &here));
    assert!(err.ends_with("\n  git init -b main && taskclass lint\n"), "{err}");
}

#[test]
fn a_new_class_needs_only_what_is_left_open() {
    let folder = tempfile::tempdir().unwrap();
    taskclass(&["init", "."], folder.path());
    let (code, ..) = said(&taskclass(&["new", "look-around"], folder.path()));
    assert_eq!(code, 0);
    let path = folder.path().join("task-classes/look-around.yaml");
    let (code, out, _) = said(&taskclass(&["lint"], folder.path()));
    assert_eq!(code, 1, "{out}");
    let filled = std::fs::read_to_string(&path)
        .unwrap()
        .replace("title: \"\"", "title: Look into one question")
        .replace(
            "description: \"\"",
            "description: Answer one question about a repository in writing, for whoever asked it.",
        )
        .replace("owners: []", "owners: [\"@acme/platform\"]")
        .replace("  allow: []       ", "  allow: [acme/docs]")
        .replace("examples: []", "examples: [{name: one, repository: acme/docs, inputs: {topic: Why is it slow?}}]")
        .replace("callers: {allow: []}", "callers: {allow: [\"github:user/octocat\"]}");
    std::fs::write(&path, filled).unwrap();
    let (code, out, _) = said(&taskclass(&["lint"], folder.path()));
    assert_eq!(code, 0, "{out}");
    let (code, out, _) = said(&taskclass(&["new", "second-look", "--from", "look-around"], folder.path()));
    assert_eq!(code, 0, "{out}");
    let (code, out, _) = said(&taskclass(&["lint"], folder.path()));
    assert_eq!(code, 0, "{out}");
}

#[test]
fn json_is_json_and_colour_stays_off_in_a_pipe() {
    let folder = tempfile::tempdir().unwrap();
    taskclass(&["init", "."], folder.path());
    for arguments in [
        &["models"][..],
        &["rules"],
        &["lint"],
        &["digest"],
        &["schema", "audit-event"],
        &["render", "docs-link-repair", "--example", "defaults"],
    ] {
        let mut json = arguments.to_vec();
        json.extend(["--format", "json"]);
        let (_, out, err) = said(&taskclass(&json, folder.path()));
        let parsed: Result<serde_json::Value, _> = serde_json::from_str(&out);
        assert!(parsed.is_ok(), "{arguments:?}: {out}{err}");
        let (_, out, _) = said(&taskclass(arguments, folder.path()));
        assert!(!out.contains('\u{1b}'), "{arguments:?}");
        let mut coloured = arguments.to_vec();
        coloured.extend(["--color", "always"]);
        if arguments == ["models"] {
            assert!(said(&taskclass(&coloured, folder.path())).1.contains('\u{1b}'));
        }
    }
}
