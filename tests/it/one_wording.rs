//! What is wrong with a document is said in the same words by every command, with what to write.

use crate::harness::{CLASS, CLASS_FILE, World};

/// What each of them must say of a misspelt `title`.
const SAID: [&str; 4] = [
    "unknown-field",
    "`titel` is not a field of this document",
    "did you mean `title`?",
    "fields here: schema, name, version, title,",
];

#[test]
fn a_misspelt_field_of_a_class_is_told_of_alike_by_every_command() {
    let world = World::new();
    let registry = &world.registry;
    registry.replace(CLASS_FILE, "\ntitle:", "\ntitel:");
    registry.commit("A slip");
    registry.taskclass(&["lint"]).exits(1).prints(&SAID);
    registry.taskclass(&["verify", CLASS]).exits(3).prints(&SAID);
    registry.taskclass(&["digest", CLASS]).exits(1).says(&SAID).says(&["write `title`", "taskclass lint --fix"]);
    registry.taskclass(&["render", CLASS, "--example", "minor"]).exits(1).says(&SAID).says(&["taskclass lint --fix"]);
    registry.approve(CLASS, "alice").exits(1).says(&SAID).says(&["nothing was signed"]);
    world.run(&["--dry-run"]).exits(3).says(&SAID);
    registry.taskclass(&["lint", "--fix"]).exits(0);
    registry.taskclass(&["digest", CLASS]).exits(0);
}

#[test]
fn a_misspelt_field_of_the_configuration_is_told_of_in_the_same_words() {
    let world = World::new();
    world.reconfigure("state:", "stat:");
    world.executor(&["status"]).exits(2).says(&[
        "unknown-field",
        "`stat` is not a field of this document",
        "did you mean `state`?",
        "fields here: schema, registry, github, state, watch, notify",
        "taskclass explain executor",
    ]);
}

#[test]
fn explain_knows_rules_fields_and_formats_and_what_was_probably_meant() {
    let world = World::new();
    let explain = |subject: &str| world.registry.taskclass(&["explain", subject]);
    explain("budget.per_task").exits(0).prints(&["whole AI credits", "a whole number", "budget-against-policy"]);
    explain("escalation.ladder[0].after").exits(0).prints(&["escalation.ladder[].after (task-class/v1)", "a duration"]);
    explain("policy.maxima.run").exits(0).prints(&["maxima.run (policy/v1)"]);
    explain("executor").exits(0).prints(&["executor/v1", "github.token.env"]);
    explain("budget-against-policy").exits(0).prints(&["Fields", "budget.per_task"]);
    explain("budgt.per_task").exits(2).says(&["did you mean `budget.per_task`?"]);
    explain("unfenced-inptu").exits(2).says(&["did you mean `unfenced-input`?"]);
    explain("per_task").exits(2).says(&["`budget.per_task`"]);
    let json = world.registry.taskclass(&["explain", "limits.timeouts.run", "--format", "json"]).exits(0).json();
    assert_eq!(json["fields"][0]["field"]["required"], true, "{json}");
}
