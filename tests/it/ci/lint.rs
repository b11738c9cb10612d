//! Lint: annotations for everybody, SARIF where it may be uploaded, the exit code of lint.

use super::Runner;

#[test]
fn findings_end_the_step_as_they_end_lint_and_are_uploaded_all_the_same() {
    for code in [0, 1] {
        let runner = Runner::new();
        runner.taskclass("::error file=policy.yaml,line=1::wrong\n", "", code);
        let step = runner.step("lint", &[]).ends(code, &["::error file=policy.yaml,line=1::wrong"]);
        assert_eq!(step.output("sarif"), Some(runner.path("temp dir/taskclass.sarif").to_str().unwrap()));
        let base = runner.git(&["rev-parse", "main"]);
        let asked = |format| format!("lint --registry . --fail-on error --base {base} --format {format}\n");
        assert_eq!(runner.read("fake/taskclass-calls"), asked("github") + &asked("sarif"));
    }
}

#[test]
fn what_could_not_be_read_is_not_uploaded() {
    let runner = Runner::new();
    runner.taskclass("", "error: `policy.yaml` cannot be read\n::stop-commands::x\n", 2);
    let step = runner.step("lint", &[]).ends(2, &["cannot be read", "::error title=The registry could not be read::"]);
    assert_eq!((step.outputs.as_str(), step.commands().len()), ("", 1));
}

#[test]
fn a_fork_has_annotations_only_and_is_told() {
    let runner = Runner::new().forked();
    runner.taskclass("::error::wrong\n", "", 1);
    let step = runner.step("lint", &[]).ends(1, &["::error::wrong", "::notice title=Findings are annotations only::"]);
    assert_eq!(step.outputs, "");
    let runner = Runner::new();
    let step = runner.step("lint", &[("CODE_SCANNING", "false"), ("FAIL_ON", "warning")]).ends(0, &[]);
    assert_eq!(step.outputs, "");
    assert!(runner.read("fake/taskclass-calls").contains("--fail-on warning"));
}

#[test]
fn a_push_and_a_first_registry_have_no_base() {
    let mut runner = Runner::new();
    runner.on = "push";
    runner.step("lint", &[]).ends(0, &[]);
    assert!(!runner.read("fake/taskclass-calls").contains("--base"));

    let runner = Runner::bare();
    runner.write("work/README.md", "one\n");
    runner.commit("Base");
    runner.git(&["checkout", "--quiet", "-b", "change"]);
    runner.write("work/teams/policy.yaml", "two\n");
    runner.commit("Change");
    let runner = runner.proposed();
    runner.taskclass("", "", 0);
    runner.step("lint", &[("REGISTRY", "teams")]).ends(0, &[]);
    let calls = runner.read("fake/taskclass-calls");
    assert!(calls.contains("--registry teams") && !calls.contains("--base"), "{calls}");
}
