//! What is installed is the pinned source, or an archive with the checksum that the workflow names.

use std::process::Command;

use super::{Runner, root};

const VERSION: (&str, &str) = ("VERSION", "0.1.0");

/// A job with a fake machine, and the checksum of the archive that it can download.
fn machine() -> (Runner, String) {
    let mut runner = Runner::new();
    runner.programs = vec![root().join("tests/fixtures/ci/machine")];
    runner.write("release/taskclass", "#!/bin/sh\necho taskclass 0.1.0\n");
    runner.write("release/.bashrc", "touch pwned\n");
    let script =
        "chmod +x taskclass && tar -czf ../fake/archive.tar.gz taskclass .bashrc && sha256sum ../fake/archive.tar.gz";
    let made = Command::new("sh").args(["-c", script]).current_dir(runner.path("release")).output().unwrap();
    let sum = String::from_utf8(made.stdout).unwrap();
    let sum = sum.split_whitespace().next().unwrap().to_owned();
    (runner, sum)
}

#[test]
fn without_a_version_the_pinned_commit_is_built_where_it_stands() {
    let (runner, _) = machine();
    let step = runner.step("install", &[("CHECK", "gate")]).ends(0, &["taskclass built"]);
    let calls = runner.read("fake/cargo-calls");
    let expected = format!("{}: install --locked --path crates/taskclass-cli --root ", root().display());
    assert!(calls.starts_with(&expected), "{calls}");
    assert_eq!(runner.read("path").trim(), runner.path("temp dir/taskclass-bin").to_str().unwrap());
    assert_eq!((step.outputs.as_str(), runner.read("fake/curl-calls").as_str()), ("", ""));
}

#[test]
fn a_version_is_an_archive_with_its_checksum() {
    let (runner, sum) = machine();
    runner.step("install", &[("CHECK", "gate"), VERSION, ("SHA256", &sum)]).ends(0, &["taskclass 0.1.0"]);
    let calls = runner.read("fake/curl-calls");
    assert!(calls.contains("--proto =https --tlsv1.2"), "{calls}");
    assert!(
        calls.contains("https://github.com/taskclass/taskclass/releases/download/v0.1.0/taskclass-0.1.0-"),
        "{calls}"
    );
    // Nothing else of the archive is unpacked.
    assert!(!runner.path("temp dir/taskclass-bin/.bashrc").exists());
}

#[test]
fn another_archive_is_not_unpacked() {
    let (runner, _) = machine();
    let step = runner.step("install", &[("CHECK", "gate"), VERSION, ("SHA256", &"0".repeat(64))]);
    step.ends(2, &["::error title=The archive is another one::"]);
    assert!(!runner.path("temp dir/taskclass-bin/taskclass").exists());
    assert_eq!(runner.read("path"), "");
}

#[test]
fn half_a_pin_is_none_and_an_unknown_check_is_no_success() {
    let (runner, sum) = machine();
    for (environment, title) in [
        (vec![VERSION], "No checksum"),
        (vec![VERSION, ("SHA256", "abc")], "No checksum"),
        (vec![("SHA256", &*sum)], "A checksum of what?"),
        (vec![("VERSION", "latest"), ("SHA256", &*sum)], "No version"),
        (vec![("VERSION", "0.1.0/../../evil"), ("SHA256", &*sum)], "No version"),
        (vec![("CHECK", "gates")], "Which check?"),
        (vec![("CHECK", "")], "Which check?"),
    ] {
        let environment = [vec![("CHECK", "gate")], environment].concat();
        runner.step("install", &environment).ends(2, &[&format!("::error title={title}::")]);
    }
    assert_eq!((runner.read("fake/curl-calls"), runner.read("fake/cargo-calls")), Default::default());
}
