//! The words in which every command tells of a document that is not as it should be.

use taskclass_source::{Finding, Safety, yaml};
use taskclass_spec::{Loaded, SchemaKind, registry::paths, shape::Explainer, written};

use crate::shape::SOUND;

const EXECUTOR: &str = r#"schema: executor/v1
registry: {git: ../agent-tasks, ref: refs/heads/main, allowed_signers: "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}
github: {api: https://api.github.com, token: {env: TASKCLASS_TOKEN}}
state: taskclass.db
"#;

/// A finding in one line each: message, help, label, fix, notes.
fn told(finding: &Finding) -> Vec<String> {
    let label = Some(&finding.primary.text).filter(|text| !text.is_empty()).map(|text| format!("label: {text}"));
    let fix = finding.fix.as_ref().map(|fix| {
        let edits: Vec<_> =
            fix.edits.iter().map(|e| format!("{} -> {}", e.source.slice(e.span), e.replacement)).collect();
        let word = if fix.safety == Safety::Safe { "safe" } else { "unsafe" };
        format!("{word}: {}", edits.join("; "))
    });
    std::iter::once(format!("{}: {}", finding.rule, finding.message))
        .chain(label)
        .chain(finding.help.iter().map(|help| format!("help: {help}")))
        .chain(fix)
        .chain(finding.notes.iter().map(|note| format!("note: {note}")))
        .collect()
}

#[track_caller]
fn one(sound: &str, from: &str, to: &str, expected: &[&str]) {
    assert_eq!(sound.matches(from).count(), 1, "`{from}`");
    let text = sound.replace(from, to);
    let findings = if sound == EXECUTOR {
        Loaded::<written::ExecutorConfig>::parse(SchemaKind::Executor, &paths::at("executor.yaml"), text.into())
            .findings()
    } else {
        Loaded::<written::TaskClass>::parse(SchemaKind::TaskClass, &paths::at("task-classes/bump.yaml"), text.into())
            .findings()
    };
    assert_eq!(findings.iter().flat_map(told).collect::<Vec<_>>(), expected);
}

#[test]
fn a_misspelt_field_is_named_with_its_fix_and_is_not_missing_as_well() {
    let fields = "note: fields here: schema, name, version, title, description, owners, risk, intent, model, custom_agent, repositories, \
             base_ref, inputs, prompt, examples, pull_request, validation, limits, budget, escalation, rollout, callers";
    one(
        SOUND,
        "title: Bump",
        "titel: Bump",
        &[
            "unknown-field: `titel` is not a field of this document",
            "label: did you mean `title`?",
            "safe: titel -> title",
            fields,
        ],
    );
    one(
        EXECUTOR,
        "state: taskclass.db",
        "state: taskclass.db\nwatch: {min_intervall: 5s}",
        &[
            "unknown-field: `min_intervall` is not a field of `watch`",
            "label: did you mean `min_interval`?",
            "safe: min_intervall -> min_interval",
            "note: fields here: min_interval, max_interval",
        ],
    );
}

#[test]
fn a_stranger_among_alternatives_is_named() {
    let fields = "note: fields here: env, file, command";
    one(
        EXECUTOR,
        "env: TASKCLASS_TOKEN",
        "envv: TASKCLASS_TOKEN",
        &[
            "unknown-field: `envv` is not a field of `github.token`",
            "label: did you mean `env`?",
            "unsafe: envv -> env",
            fields,
        ],
    );
    one(
        EXECUTOR,
        "env: TASKCLASS_TOKEN",
        "value: x",
        &[
            "missing-field: `github.token` needs exactly one of `env`, `file`, `command`",
            "unknown-field: `value` is not a field of `github.token`",
            "help: take `value` out",
            fields,
        ],
    );
}

#[test]
fn a_field_in_the_wrong_place_is_sent_home() {
    one(
        SOUND,
        "risk: low",
        "risk: low\nladder: []",
        &[
            "unknown-field: `ladder` is not a field of this document",
            "help: `ladder` is a field of `escalation`: move it there",
            "note: fields here: schema, name, version, title, description, owners, risk, intent, model, custom_agent, repositories, \
             base_ref, inputs, prompt, examples, pull_request, validation, limits, budget, escalation, rollout, callers",
        ],
    );
}

#[test]
fn what_is_missing_is_one_finding_a_mapping() {
    one(
        SOUND,
        "queue: 30m, run: 65m, ",
        "",
        &["missing-field: `limits.timeouts` lacks `queue` and `run`", "help: add `queue` and `run`"],
    );
    one(
        EXECUTOR,
        "state: taskclass.db",
        "",
        &[
            "missing-field: the document lacks `state`",
            "help: add `state`: The SQLite file that holds the journal, as a path from this file",
        ],
    );
    one(
        SOUND,
        "owners: [\"@acme/deps\"]",
        "",
        &[
            "missing-owner: nobody answers for this class: it has no `owners`",
            "help: name the team that answers: `owners: [\"@acme/platform\"]`",
        ],
    );
}

#[test]
fn only_what_the_field_takes_is_offered() {
    one(
        SOUND,
        "per_task: 4,",
        "per_task: 0.5,",
        &[
            "float-value: `0.5` is not a whole number",
            "help: write `0` or `1`",
            "note: a number with a fraction has no one spelling, and a digest would depend on who computes it",
        ],
    );
    one(
        SOUND,
        "version: 3",
        "version: 0.5",
        &[
            "float-value: `0.5` is not a whole number",
            "help: write `1`",
            "note: a number with a fraction has no one spelling, and a digest would depend on who computes it",
        ],
    );
    one(
        SOUND,
        "run: 65m",
        "run: 65",
        &[
            "wrong-type: `limits.timeouts.run` must be a duration such as `30m`, `4h`, `7d` or `1h30m`, not a whole number",
            "help: say the unit: `65m`, `65h` or `65d`",
        ],
    );
    one(
        SOUND,
        "version: 3",
        "version: \"3\"",
        &["wrong-type: `version` must be a whole number, not text", "safe: \"3\" -> 3"],
    );
    one(
        SOUND,
        "title: Bump",
        "title: 2026",
        &["wrong-type: `title` must be text, not a whole number", "safe: 2026 -> \"2026\""],
    );
    one(
        SOUND,
        "intent: change",
        "intent: change\ncustom_agent:",
        &[
            "wrong-type: `custom_agent` must be a file name of letters, digits, `.`, `_` and `-`, without `.agent.md`, not nothing (null)",
            "help: give it a value, or leave `custom_agent` out: nothing is said by writing nothing",
        ],
    );
    one(
        SOUND,
        "repositories: {allow: [\"acme/svc-*\"]}",
        "repositories: {allow: [\"acme/svc-*\"], require: {firewall: yes}}",
        &[
            "ambiguous-scalar: `yes` does not mean the same to every reader",
            "label: text here, but YAML 1.1 reads it as true or false",
            "help: write `true`",
            "safe: yes -> true",
        ],
    );
}

/// Every spelling that a problem offers is one that its field takes: what `--fix` writes is never refused.
#[test]
fn a_fix_of_an_ambiguous_scalar_is_accepted() {
    for (from, word) in [
        ("version: 3", "version: "),
        ("title: Bump", "title: "),
        ("per_task: 4", "per_task: "),
        ("risk: low", "risk: "),
    ] {
        for scalar in ["yes", "~", "010", "0x10", "1_000", "1e3", "12:30", "40.5", "40.0", "True"] {
            let text = SOUND.replace(from, &format!("{word}{scalar}"));
            let parsed = yaml::parse(&taskclass_source::SourceFile::new("bump.yaml", text.clone()));
            let source = taskclass_source::SourceFile::new("bump.yaml", text.clone());
            let explainer = Explainer::new(SchemaKind::TaskClass, &source, parsed.root.as_ref());
            for finding in parsed.problems.iter().map(|problem| explainer.problem(problem)) {
                let Some(fix) = &finding.fix else { continue };
                let edit = &fix.edits[0];
                let mut fixed = text.clone();
                fixed.replace_range(edit.span.range(), &edit.replacement);
                let path = paths::at("task-classes/bump.yaml");
                let loaded = Loaded::<written::TaskClass>::parse(SchemaKind::TaskClass, &path, fixed.clone().into());
                assert_eq!(loaded.findings(), [], "{fixed}");
            }
        }
    }
}
