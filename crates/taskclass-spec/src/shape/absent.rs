//! What is not there: fields that people look for and do not find, and sections that must not be missing.

/// What people look for in a registry's documents and do not find, and why.
pub(super) const NOT_HERE: [(&str, &str); 6] = [
    ("automerge", "taskclass never merges; see docs: \"What the executor never does\""),
    ("auto_merge", "taskclass never merges; see docs: \"What the executor never does\""),
    ("merge", "taskclass never merges; see docs: \"What the executor never does\""),
    ("approve", "nothing is approved by a class; approvals are signed, see docs: \"Approvals\""),
    ("retries", "a submission is never repeated blindly; see docs: \"What the executor never does\""),
    ("env", "an agent's environment is the repository's own setup; a class passes inputs only"),
];

/// Sections of a class whose absence has a rule of its own.
pub(super) struct Section {
    pub(super) name: &'static str,
    pub(super) rule: &'static str,
    pub(super) message: &'static str,
    pub(super) help: &'static str,
}

pub(super) const SECTIONS: [Section; 4] = [
    Section {
        name: "owners",
        rule: "missing-owner",
        message: "nobody answers for this class: it has no `owners`",
        help: "name the team that answers: `owners: [\"@acme/platform\"]`",
    },
    Section {
        name: "examples",
        rule: "missing-example",
        message: "nothing shows what the prompt looks like: there are no `examples`",
        help: "add one: `examples: [{name: first, repository: owner/name, inputs: {…}}]`",
    },
    Section {
        name: "budget",
        rule: "missing-budget",
        message: "nothing says what tasks may spend: there is no `budget`",
        help: "set it in whole AI credits: `budget: {per_task: 40, per_day: 400, per_month: 8000}`",
    },
    Section {
        name: "escalation",
        rule: "missing-escalation",
        message: "nobody is told when a task needs a person: there is no `escalation`",
        help: "say who is told: `escalation: {on: […], ladder: [{after: 0m, notify: [issue]}], deadline: {after: 24h, do: cancel}}`",
    },
];
