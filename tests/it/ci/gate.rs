//! The gate: 0 passes, 1 waits for approvals, anything else could not be read; only 0 is green.

use std::{fs, os::unix::fs::PermissionsExt};

use super::Runner;

const REVIEW: &str = "<!-- taskclass-diff -->\n1 class widens\n";

#[test]
fn what_waits_for_nothing_passes() {
    let runner = Runner::new();
    runner.taskclass(REVIEW, "", 0);
    let step = runner.step("gate", &[]).ends(0, &[]);
    assert!(step.summary.contains("nothing in this change waits for an approval") && !step.summary.contains("widens"));
    let (base, head) = (runner.git(&["rev-parse", "main"]), runner.git(&["rev-parse", "HEAD"]));
    let asked = format!("diff {base} {head} --registry . --format markdown --fail-on widens --unless-approved\n");
    assert_eq!(runner.read("fake/taskclass-calls"), asked);
}

#[test]
fn what_waits_for_approvals_fails_with_the_review() {
    let runner = Runner::new().forked();
    runner.taskclass(REVIEW, "docs-link-repair is not approved\n", 1);
    let step = runner.step("gate", &[("FAIL_ON", "rewrites")]);
    let step = step.ends(1, &["is not approved", "::error title=This change waits for approvals::"]);
    assert!(step.summary.contains("this change waits for approvals") && step.summary.ends_with(REVIEW), "{step:#?}");
    assert!(runner.read("fake/taskclass-calls").ends_with("--fail-on rewrites --unless-approved\n"));
    assert_eq!(runner.read("fake/gh-calls"), "");
}

#[test]
fn what_could_not_be_read_fails_otherwise() {
    for code in [2, 3, 101] {
        let runner = Runner::new();
        runner.taskclass(REVIEW, "error: there is no registry at the base\n::notice::all is well\n", code);
        let step = runner.step("gate", &[]);
        let step = step.ends(2, &["no registry at the base", "::error title=This change could not be read::"]);
        assert!(step.summary.contains("could not be read") && !step.summary.contains("widens"), "{step:#?}");
        assert_eq!(step.commands().len(), 1, "{step:#?}");
    }
}

#[test]
fn a_program_that_is_not_there_is_no_pass() {
    let mut runner = Runner::new();
    runner.write("none/taskclass", "#!/there/is/none\n");
    fs::set_permissions(runner.path("none/taskclass"), fs::Permissions::from_mode(0o755)).unwrap();
    runner.programs = vec![runner.path("none")];
    runner.step("gate", &[]).ends(2, &["::error title=This change could not be read::"]);
}
