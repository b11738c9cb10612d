//! The review: base and head found rightly, the text in the summary, a comment only where the token may write one.

use serde_json::json;

use super::Runner;

const REVIEW: &str = "<!-- taskclass-diff -->\n1 class widens\n";

#[test]
fn the_merge_commit_is_compared_with_its_first_parent() {
    let runner = Runner::new();
    runner.taskclass(REVIEW, "fails: docs-link-repair widens\n", 1);
    let step = runner.step("review", &[]).ends(0, &[]);
    assert_eq!(step.log, "", "nothing fails here for that");
    let (base, head) = (runner.git(&["rev-parse", "main"]), runner.git(&["rev-parse", "HEAD"]));
    let asked = format!("diff {base} {head} --registry . --format markdown --fail-on any\n");
    assert_eq!(runner.read("fake/taskclass-calls"), asked);
    assert_eq!(step.summary, REVIEW);
    assert_eq!(step.output("changed"), Some("true"));
    assert_eq!(std::fs::read_to_string(step.output("body").unwrap()).unwrap(), REVIEW);

    runner.taskclass("<!-- taskclass-diff -->\nno change\n", "", 0);
    assert_eq!(runner.step("review", &[]).ends(0, &[]).output("changed"), Some("false"));
}

#[test]
fn a_fork_gets_its_review_in_the_summary_and_no_comment() {
    for fork in [json!({ "id": 2 }), json!(null)] {
        let runner = Runner::new().with("/pull_request/head/repo", fork);
        runner.taskclass(REVIEW, "", 1);
        let step = runner.step("review", &[]);
        let step = step.ends(0, &["::notice title=The review is in the summary of this run::"]);
        assert_eq!((step.summary.as_str(), step.outputs.as_str()), (REVIEW, ""));
        assert_eq!(runner.read("fake/gh-calls"), "");
    }
}

#[test]
fn in_a_merge_queue_there_is_no_comment() {
    let mut runner = Runner::new();
    let base = runner.git(&["rev-parse", "main"]);
    runner.on = "merge_group";
    let runner = runner.with("", json!({ "merge_group": { "base_sha": base } }));
    runner.taskclass(REVIEW, "", 1);
    let step = runner.step("review", &[]).ends(0, &[]);
    assert_eq!((step.summary.as_str(), step.outputs.as_str()), (REVIEW, ""));
    assert!(runner.read("fake/taskclass-calls").starts_with(&format!("diff {base} ")));
}

#[test]
fn what_could_not_be_read_is_no_review() {
    for code in [2, 3, 101] {
        let runner = Runner::new();
        runner.taskclass("half a te", "error: \u{1b}[31m`x` cannot be read\n::add-mask::x\n##[error]y\n", code);
        let step = runner.step("review", &[]);
        let step = step.ends(2, &["cannot be read", "::error title=The change could not be read::"]);
        assert_eq!((step.summary.as_str(), step.outputs.as_str()), ("", ""));
        assert_eq!(step.commands().len(), 1, "{step:#?}");
    }
}

#[test]
fn a_checkout_that_is_not_the_merge_commit_is_refused() {
    let nothing_ran = |runner: &Runner| assert_eq!(runner.read("fake/taskclass-calls"), "");
    for check in ["review", "gate", "lint"] {
        // The head of the pull request instead of the merge commit.
        let runner = Runner::new();
        runner.git(&["checkout", "--quiet", "change"]);
        runner.step(check, &[]).ends(2, &["::error title=The commits are not here::"]);
        nothing_ran(&runner);

        // The merge of something else.
        let runner = Runner::new().with("/pull_request/head/sha", json!("1".repeat(40)));
        runner.step(check, &[]).ends(2, &["::error title=Another commit is checked out::"]);
        nothing_ran(&runner);

        // The base branch of the pull request was changed, and the merge commit is still with the old one.
        let runner = Runner::new();
        runner.git(&["checkout", "--quiet", "--orphan", "other"]);
        runner.commit("Other");
        runner.git(&["update-ref", "refs/remotes/origin/release", "other"]);
        runner.git(&["checkout", "--quiet", "--detach", "main"]);
        runner.git(&["merge", "--quiet", "--no-ff", "-m", "Merge", "change"]);
        let runner = runner.with("/pull_request/base/ref", json!("release"));
        runner.step(check, &[]).ends(2, &["::error title=The merge commit is of another base::"]);
        nothing_ran(&runner);

        // A shallow clone.
        let runner = Runner::new();
        let tip = runner.git(&["rev-parse", "HEAD"]);
        runner.write("work/.git/shallow", &format!("{tip}\n"));
        runner.step(check, &[]).ends(2, &["::error title=The history is not here::"]);
        nothing_ran(&runner);
    }
}

#[test]
fn other_events_have_nothing_to_compare() {
    for check in ["review", "gate"] {
        for (on, title) in [
            ("pull_request_target", "Not on pull_request_target"),
            ("push", "Nothing to compare"),
            ("issue_comment", "Nothing to compare"),
        ] {
            let mut runner = Runner::new();
            runner.on = on;
            runner.step(check, &[]).ends(2, &[&format!("::error title={title}::")]);
            assert_eq!(runner.read("fake/taskclass-calls"), "");
        }
    }
}
