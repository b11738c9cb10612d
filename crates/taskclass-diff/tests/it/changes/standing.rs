//! What is said of approvals, and what to do next.

use taskclass_diff::{
    Approvals, Diff, Kind, Side, Standing, compare,
    render::{Human, human, json, markdown},
};

use super::{
    cases::cases,
    world::{Case, Edit::Swap, edited, registry},
};
use crate::support::asked;

const BUMP: &str = "task-classes/dependency-bump.yaml";

fn of(name: &str) -> Case {
    cases().into_iter().find(|case| case.name == name).unwrap()
}

fn page(diff: &Diff) -> String {
    human(diff, Human { colour: false, width: 100 })
}

/// Fails if a page says that somebody should sign.
fn nobody_is_asked_to_sign(diff: &Diff) {
    for text in [page(diff), markdown(diff)] {
        for words in ["taskclass approve", "could sign", "cannot sign", "nothing runs before"] {
            assert!(!text.contains(words), "{words} in {text}");
        }
    }
}

/// The work tree: nothing is known of how its documents stand.
struct Uncommitted(Case);

impl Approvals for Uncommitted {
    fn at_base(&self, kind: Kind, name: &str) -> Option<Standing> {
        self.0.at_base(kind, name)
    }

    fn at_head(&self, _: Kind, _: &str) -> Option<Standing> {
        None
    }
}

fn uncommitted(case: Case) -> Diff {
    let (before, after) = (registry(), edited(&case.edits));
    let (base, head) = (Side::read("HEAD", &before), Side::read("the work tree", &after));
    compare(&asked(&base, &head, &Uncommitted(case))).unwrap()
}

#[test]
fn what_is_the_same_stays_approved_in_a_work_tree() {
    let diff = uncommitted(of("layout-only"));
    nobody_is_asked_to_sign(&diff);
    let said = "unchanged, still approved until 2027-03-01 00:00 UTC, unless a signer commits it";
    assert!(page(&diff).contains(said), "{}", page(&diff));
    assert!(markdown(&diff).contains("<td>still approved</td>"), "{}", markdown(&diff));
    let json: serde_json::Value = serde_json::from_str(&json(&diff)).unwrap();
    let approval = &json["documents"][0]["approval"];
    assert_eq!((&approval["standing"], &approval["unchanged"]["approved"]), (&serde_json::Value::Null, &true.into()));
}

#[test]
fn where_records_signers_or_the_policy_differ_nothing_is_said_to_stay_approved() {
    let revocation = "revocations/dependency-bump/50cd15e818d0.alice@acme.com.json";
    for edit in [
        Swap("trust/allowed_signers", "bob@acme.com", "rob@acme.com"),
        Swap("policy.yaml", "low: 1", "low: 2"),
        super::world::Edit::Remove(revocation),
        super::world::Edit::Put("approvals/dependency-bump/x.json", "{}".to_owned()),
    ] {
        let mut case = of("layout-only");
        case.edits.push(edit);
        let diff = uncommitted(case);
        let class = diff.documents.iter().find(|document| document.name == "dependency-bump").unwrap();
        assert_eq!(class.approval.as_ref().unwrap().unchanged, None);
        assert!(page(&diff).contains("approval  unchanged; needs"), "{}", page(&diff));
        assert!(!page(&diff).contains("still approved"), "{}", page(&diff));
    }
    // Other content is not the same, whatever else is.
    let diff = uncommitted(of("title-only"));
    assert_eq!(diff.documents[0].approval.as_ref().unwrap().unchanged, None);
    assert!(page(&diff).contains("taskclass approve dependency-bump "), "{}", page(&diff));
}

#[test]
fn nobody_is_sent_to_sign_what_lint_refuses_or_what_is_revoked() {
    let mut diff = of("budget-doubled").diff();
    assert!(page(&diff).contains("taskclass approve dependency-bump --as"));
    diff.documents[0].refused = Some("`taskclass lint` finds 2 errors in it".to_owned());
    nobody_is_asked_to_sign(&diff);
    let text = page(&diff);
    assert!(text.contains("approval  cannot be given: `taskclass lint` finds 2 errors in it"), "{text}");
    assert!(text.contains("Next: 1 document cannot be approved like this; what is wrong:\n  taskclass lint"), "{text}");

    let mut diff = of("budget-doubled").diff();
    let approval = diff.documents[0].approval.as_mut().unwrap();
    approval.standing.as_mut().unwrap().revoked = Some("revoked by bob@acme.com on 2026-11-01: leaks".to_owned());
    nobody_is_asked_to_sign(&diff);
    let text = page(&diff);
    assert!(text.contains("approval  cannot be given: revoked by bob@acme.com on 2026-11-01: leaks"), "{text}");
    assert!(text.contains("no approval outweighs a revocation"), "{text}");
    assert!(markdown(&diff).contains("<td><b>revoked</b></td>"));
}

#[test]
fn whoever_has_signed_enough_needs_no_list_of_who_could() {
    let mut case = of("budget-doubled");
    case.approved = vec![("dependency-bump", false)];
    let diff = case.diff();
    nobody_is_asked_to_sign(&diff);
    assert!(page(&diff).contains("approval  needs 1 signature: approved"), "{}", page(&diff));
}

#[test]
fn there_is_one_next_however_much_is_left_to_do() {
    let trust = "\n# somebody\n".to_owned() + &super::world::text("trust/allowed_signers");
    let edits = vec![
        Swap(BUMP, "risk: low", "risk: harmless"),
        Swap("task-classes/release-note-draft.yaml", "per_month: 3000", "per_month: 2000"),
        super::world::Edit::Put("trust/allowed_signers", trust),
    ];
    let diff = Case::new("much", "much", edits).diff();
    for (text, step) in [(page(&diff), "  - "), (markdown(&diff), "<li>")] {
        let (_, behind) = text.split_once("Next:").unwrap();
        assert!(!behind.contains("Next:"), "{text}");
        assert_eq!(behind.matches(step).count(), 3, "{text}");
    }
}
