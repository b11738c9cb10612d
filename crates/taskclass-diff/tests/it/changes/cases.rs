//! The changes.

use super::hostile;
use super::world::{
    Case,
    Edit::{Put, Remove, Swap},
    text,
};

const BUMP: &str = "task-classes/dependency-bump.yaml";
const NOTES: &str = "task-classes/release-note-draft.yaml";
const TESTS: &str = "task-classes/test-modernization.yaml";
const STUCK: &str = "task-classes/prompts/partials/when-stuck.md";
const POLICY: &str = "policy.yaml";
const TRUST: &str = "trust/allowed_signers";
const REVOKED: &str = "revocations/dependency-bump/50cd15e818d0.alice@acme.com.json";
const DAVE: &str = "dave@acme.com namespaces=\"approval@taskclass\" ssh-ed25519 \
                    AAAAC3NzaC1lZDI1NTE5AAAAIOw+Hpe+TsIR/rUGD/dMvOf7WgML6bHE1DIUjgM/oecs\n";

/// All of them.
pub(crate) fn cases() -> Vec<Case> {
    let wider = Swap(BUMP, "allow: [\"acme/svc-*\"]", "allow: [\"acme/svc-*\", \"acme/web-*\"]");
    let per_day = Swap(BUMP, "per_day: 1200, per_month: 20000", "per_day: 2400, per_month: 40000");
    let mut cases = vec![
        Case::new("repositories-widened", "A pattern is added that reaches 33 repositories", vec![wider]),
        Case::new(
            "deny-removed",
            "A class gives up a deny that the policy repeats",
            vec![Swap(BUMP, "  deny: [\"acme/svc-*-prod\"]\n", "")],
        ),
        Case::new("budget-doubled", "The budget of a day and of a month is doubled", vec![per_day]),
        Case::new(
            "model-added",
            "Callers may choose one more model",
            vec![Swap(BUMP, "allowed: [claude-sonnet-4.6]", "allowed: [claude-sonnet-4.6, claude-opus-4.6]")],
        ),
        Case::new(
            "partial-changed",
            "A partial changes that three classes draw in",
            vec![Swap(STUCK, "Two different attempts at the same problem are enough.", "Try at least five times.")],
        ),
        Case::new(
            "prompt-rewritten",
            "A prompt file says something else",
            vec![Swap(
                "task-classes/prompts/test-modernization.md",
                "Product code does not change.",
                "Product code may change where a test needs it.",
            )],
        ),
        Case::new(
            "policy-maxima-raised",
            "The policy's ceilings for money go up",
            vec![Swap(POLICY, "per_task: 200 ", "per_task: 900 "), Swap(POLICY, "per_day: 5000", "per_day: 90000")],
        ),
        Case::new(
            "policy-deny-removed",
            "The policy no longer keeps classes away from production",
            vec![
                Swap(POLICY, "{deny: [\"acme/*-prod\", \"acme/infra-*\"]}", "{deny: [\"acme/infra-*\"]}"),
                Swap(BUMP, "  deny: [\"acme/svc-*-prod\"]\n", ""),
            ],
        ),
        Case::new("quorum-lowered", "One signature is enough for everything", vec![Swap(POLICY, "high: 2", "high: 1")]),
        Case::new("trust-key-added", "A fourth person may sign", vec![Put(TRUST, text(TRUST) + DAVE)]),
        Case::new("revocation-removed", "What was withdrawn may count again", vec![Remove(REVOKED)]),
        Case::new(
            "class-added",
            "A class comes",
            vec![Put(
                "task-classes/changelog-draft.yaml",
                text(NOTES).replace("name: release-note-draft", "name: changelog-draft"),
            )],
        ),
        Case::new("class-removed", "A class goes", vec![Remove(NOTES)]),
        Case::new(
            "class-renamed",
            "A class gets another name and one more day",
            vec![
                Remove(TESTS),
                Put(
                    "task-classes/test-upkeep.yaml",
                    text(TESTS)
                        .replace("name: test-modernization", "name: test-upkeep")
                        .replace("review: 7d, total: 9d", "review: 8d, total: 10d"),
                ),
            ],
        ),
        Case::new("class-unreadable", "A line is broken", vec![Swap(BUMP, "risk: low", "risk: harmless\nauto: merge")]),
        Case::new(
            "pull-request-opened",
            "A class that only explored opens pull requests",
            vec![
                Swap(NOTES, "intent: explore ", "intent: change "),
                Swap(NOTES, "{create: never}", "{create: by_agent, labels: [docs], reviewers: [\"@acme/platform\"]}"),
            ],
        ),
        Case::new(
            "ladder-shortened",
            "A stage and the word of a person are gone from the rollout",
            vec![
                Swap(BUMP, "    - {name: few, repositories: 5, soak: 24h, approve: true}\n", ""),
                Swap(BUMP, "few: 4, ", ""),
                Swap(BUMP, "batch: 10, approve: true}", "batch: 25}"),
            ],
        ),
        Case::new(
            "input-weakened",
            "A pattern lets more through, a length is longer",
            vec![Swap(BUMP, "\"^[A-Za-z][A-Za-z0-9_-]*$\", max_length: 64", "\"^[^\\\\n]*$\", max_length: 200")],
        ),
        Case::new(
            "checks-dropped",
            "A check is no longer asked for",
            vec![Swap(
                BUMP,
                "  max_lines: 400\n  required_checks: [build, test]",
                "  max_lines: 900\n  required_checks: [build]",
            )],
        ),
        Case::new(
            "limits-narrowed",
            "Less of everything",
            vec![
                Swap(BUMP, "{per_hour: 150, per_day: 500}", "{per_hour: 15, per_day: 50}"),
                Swap(BUMP, "allow: [\"acme/svc-*\"]", "allow: [\"acme/svc-o*\"]"),
            ],
        ),
        Case::new(
            "title-only",
            "Other words for people",
            vec![Swap(BUMP, "title: Bump one dependency", "title: Raise one dependency")],
        ),
        Case::new(
            "layout-only",
            "A comment and quotes",
            vec![Swap(BUMP, "risk: low", "# A look at the tests is enough.\nrisk: \"low\"")],
        ),
        Case::new(
            "risk-raised",
            "A class weighs more: more people have to sign",
            vec![Swap(BUMP, "risk: low", "risk: high")],
        ),
        Case::new(
            "several-at-once",
            "A change of several documents",
            vec![
                Swap(BUMP, "allow: [\"acme/svc-*\"]", "allow: [\"acme/svc-*\", \"acme/web-*\"]"),
                Swap(BUMP, "version: 1\n", "version: 2\n"),
                Swap(BUMP, "{per_task: 40, per_day: 1200,", "{per_task: 60, per_day: 1800,"),
                Swap(BUMP, "title: Bump one dependency", "title: Raise one dependency 依存関係"),
                Swap(
                    STUCK,
                    "- Never delete, skip, weaken or mark as ignored a test, a check or a lint to get a green result. Never lower a version or a limit for it.\n",
                    "",
                ),
                Swap(NOTES, "per_month: 3000", "per_month: 2000"),
            ],
        ),
        Case::new("nothing", "No change at all", Vec::new()),
    ];
    cases.push(Case {
        approved: vec![("dependency-bump", true)],
        ..Case::new(
            "break-glass",
            "An emergency that one person signed",
            vec![Swap(BUMP, "waiting: 24h", "waiting: 48h")],
        )
    });
    cases.push(hostile::case());
    for case in &mut cases {
        match case.name {
            // The content is the same, and so are its approvals.
            "layout-only" => case.approved = vec![("dependency-bump", false)],
            "policy-deny-removed" => case.approved = vec![("release-note-draft", false), ("test-modernization", false)],
            "quorum-lowered" => case.needed = Some(1),
            "risk-raised" => case.needed = Some(2),
            _ => {}
        }
    }
    cases
}
